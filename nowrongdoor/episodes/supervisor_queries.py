"""Who waits, as supervisors, clinicians and the morning's sheet ask. Row-level security decides which."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.clocks import queries as clocks
from nowrongdoor.community.queries import code_names, in_language, setting
from nowrongdoor.episodes.facts import Purpose
from nowrongdoor.episodes.models import OPEN, Episode, Handoff
from nowrongdoor.episodes.queries import OPEN_EPISODE, silent
from nowrongdoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class HeldNow:
    """An open episode that `by`'s program works on, as far as a supervisor is asked."""

    id: UUID
    unreachable: bool
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitRow:
    """An offer that waits, or was declined. `since` is since when; `reason` why it was declined."""

    id: UUID
    episode_id: UUID
    relief: bool
    from_name: str
    to_name: str
    to_program_id: UUID
    since: datetime
    declined: bool
    reason: str


@dataclass(frozen=True, slots=True)
class BackRow:
    """Somebody handed on whose episode is over. `outcome` is a code: what is told of it is another."""

    id: UUID
    number: str
    class_code: str
    closed_at: datetime
    outcome: str
    closed_in: str
    by_name: str
    """Who of ours handed them on last."""


def held_now(by: Actor, *, at: datetime) -> tuple[HeldNow, ...]:
    """Whom `by`'s program works on, with whether the holder can be asked and what is due.

    Four queries, and one more for each program with a queue.
    """
    with act_as(by):
        rows = list(_worked(by).select_related("holder_via"))
        due = clocks.next_due([row.pk for row in rows])
        lost_after_s = int(setting("presence_lost_s", at))
        members = {row.holder_member_id for row in rows if row.holder_member_id is not None}
        reachable = agencies.reachable_members(members, lost_after_s, at=at)
        queues = {row.holder_program_id for row in rows if row.holder_member_id is None}
        manned = {each for each in queues if agencies.anybody_present(each, lost_after_s, at=at)}
        first = {id: each.at for id, each in due.items()}
        return tuple(
            HeldNow(row.pk, silent(row, reachable, manned), first.get(row.pk)) for row in rows
        )


def offers(by: Actor, *, since: datetime) -> tuple[WaitRow, ...]:
    """Offers from or to `by`'s program that nobody answered in time; reliefs open, or declined since.

    A relief that was declined counts while the one who asked still holds; the last one counts.
    """
    late = OPEN & Q(alerts__gt=0)
    relief = Q(purpose=Purpose.RELIEF.value) & (
        OPEN | Q(declined_at__gte=since, episode__holder_member_id=F("from_member_id"))
    )
    with act_as(by):
        rows = _sides(by).filter(late | relief, episode__closed_at=None, episode__joined_into=None)
        found: dict[tuple[UUID, bool], WaitRow] = {}
        for row in _with_names(rows).order_by("offered_at", "id"):
            wait = _wait(row, by.language)
            key = wait.episode_id if wait.relief else wait.id
            found[key, wait.relief] = wait
        return tuple(found.values())


def not_accepted(by: Actor, *, since: datetime) -> tuple[WaitRow, ...]:
    """Whom `by`'s program handed over, or was handed, and nobody accepted: the last offer of each.

    One that still waits counts whatever its age; one that was declined, since `since`. Two queries.
    """
    with act_as(by):
        reasons = code_names("decline_reasons", by.language)
        rows = _sides(by).filter(
            purpose=Purpose.TRANSFER.value, episode__closed_at=None, episode__joined_into=None
        )
        last: dict[UUID, Handoff] = {}
        for row in _with_names(rows).order_by("offered_at", "id"):
            last[row.episode_id] = row
        return tuple(
            _wait(row, by.language, reasons)
            for row in last.values()
            if row.ended == "" or (row.declined_at is not None and row.declined_at >= since)
        )


def released(by: Actor) -> dict[UUID, tuple[UUID, ...]]:
    """Whom other programs hold because `by`'s handed them on: by program. One query."""
    with act_as(by):
        rows = _worked(by).filter(_handed_on(by)).exclude(holder_program_id=by.program_id)
        found: dict[UUID, tuple[UUID, ...]] = {}
        for program_id, id in rows.order_by("held_since").values_list("holder_program_id", "id"):
            found[program_id] = (*found.get(program_id, ()), id)
        return found


def held_in(by: Actor, program_ids: Collection[UUID]) -> frozenset[UUID]:
    """The open episodes that these programs hold and `by`'s works on. One query."""
    with act_as(by):
        rows = _worked(by).filter(holder_program_id__in=program_ids)
        return frozenset(rows.values_list("id", flat=True))


def offered_to(by: Actor) -> frozenset[UUID]:
    """The episodes offered to `by` by name, or to their program. One query."""
    with act_as(by):
        rows = Handoff.objects.filter(
            OPEN,
            Q(to_member_id=None) | Q(to_member_id=by.member_id),
            to_program_id=by.program_id,
            purpose=Purpose.TRANSFER.value,
        )
        return frozenset(rows.values_list("episode_id", flat=True))


def roots(by: Actor, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Of these episodes, those that are not closed, each with the one it is joined to. One query."""
    with act_as(by):
        rows = Episode.objects.filter(pk__in=ids, closed_at=None)
        return {id: root or id for id, root in rows.values_list("id", "joined_into_id")}


def joined(by: Actor, ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Each of these episodes with those joined to it: several callers about one person. One query."""
    whole: dict[UUID, tuple[UUID, ...]] = {id: (id,) for id in ids}
    with act_as(by):
        rows = Episode.objects.filter(joined_into_id__in=ids)
        for id, root in rows.values_list("id", "joined_into_id"):
            if root is not None:
                whole[root] = (*whole[root], id)
    return whole


def came_back(by: Actor, *, since: datetime) -> tuple[BackRow, ...]:
    """Whom `by`'s program handed on and another closed since then, the newest first. Two queries."""
    with act_as(by):
        rows = Episode.objects.filter(
            _handed_on(by), closed_at__gte=since, worked_by__contains=[by.program_id]
        ).exclude(holder_program_id=by.program_id)
        found = list(rows.select_related("holder_program").order_by("-closed_at", "id"))
        sent = Handoff.objects.filter(
            episode__in=found, from_program_id=by.program_id, accepted_at__isnull=False
        )
        names = {
            row.episode_id: row.from_member.name if row.from_member else ""
            for row in sent.select_related("from_member").order_by("accepted_at")
        }
        return tuple(
            BackRow(
                id=row.pk,
                number=row.label,
                class_code=row.class_code,
                closed_at=row.closed_at,
                outcome=row.outcome,
                closed_in=in_language(row.holder_program.names, by.language),
                by_name=names.get(row.pk, ""),
            )
            for row in found
            if row.closed_at is not None
        )


def _worked(by: Actor) -> QuerySet[Episode]:
    return Episode.objects.filter(OPEN_EPISODE, worked_by__contains=[by.program_id])


def _handed_on(by: Actor) -> Exists:
    """Whether `by`'s program handed this episode on, and somebody accepted."""
    rows = Handoff.objects.filter(episode_id=OuterRef("pk"), from_program_id=by.program_id)
    return Exists(rows.filter(accepted_at__isnull=False).exclude(to_program_id=by.program_id))


def _sides(by: Actor) -> QuerySet[Handoff]:
    return Handoff.objects.filter(Q(from_program_id=by.program_id) | Q(to_program_id=by.program_id))


def _with_names(rows: QuerySet[Handoff]) -> QuerySet[Handoff]:
    return rows.select_related("from_program", "from_member", "to_program", "to_member")


def _wait(row: Handoff, language: str, reasons: dict[str, str] | None = None) -> WaitRow:
    to_program = in_language(row.to_program.names, language)
    from_program = in_language(row.from_program.names, language)
    return WaitRow(
        id=row.pk,
        episode_id=row.episode_id,
        relief=row.purpose == Purpose.RELIEF.value,
        from_name=row.from_member.name if row.from_member else from_program,
        to_name=row.to_member.name if row.to_member else to_program,
        to_program_id=row.to_program_id,
        since=row.declined_at or row.offered_at,
        declined=row.declined_at is not None,
        reason=(reasons or {}).get(row.reason, row.reason),
    )
