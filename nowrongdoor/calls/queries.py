"""Every read of contacts and callers' lines. Row-level security decides which."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.calls import numbers
from nowrongdoor.calls.facts import CALL_BACK, Entered, Left, Stages
from nowrongdoor.calls.later import STAGES
from nowrongdoor.calls.models import (
    CallRequest,
    Contact,
    ExternalResponder,
    Leg,
    LineStatus,
    Participant,
    PlanNote,
    Psap,
    Search,
)
from nowrongdoor.calls.reads import (
    CallerRow,
    CallRequestRow,
    DownRow,
    LegRow,
    ParticipantRow,
    PlanRow,
    ResponderRow,
    SearchRow,
    TakenRow,
    UnattendedRow,
    WishRow,
)
from nowrongdoor.clocks.queries import due_of
from nowrongdoor.community.queries import code_names, in_language, setting
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes.facts import Source
from nowrongdoor.kernel.actor import Actor


def entered(by: Actor, refs: Collection[str]) -> dict[str, tuple[Entered, ...]]:
    """What `by`'s program has entered under these foreign numbers, whatever its source. Two queries."""
    with act_as(by):
        rows = list(Contact.objects.filter(external_ref__in=refs).order_by("received_at", "id"))
        found: dict[str, tuple[Entered, ...]] = {}
        for row, each in zip(rows, entered_as(rows), strict=True):
            found[row.external_ref] = (*found.get(row.external_ref, ()), each)
        return found


def entered_as(rows: Sequence[Contact]) -> list[Entered]:
    """Rows as what a later line is held against. One query."""
    standing = standings([row.episode_id for row in rows if row.episode_id])
    return [_entered(row, standing.get(row.episode_id) if row.episode_id else None) for row in rows]


def standings(episode_ids: Collection[UUID]) -> dict[UUID, lookup.Standing]:
    return lookup.standings(episode_ids) if episode_ids else {}


def _entered(row: Contact, standing: lookup.Standing | None) -> Entered:
    return Entered(
        id=row.pk,
        received_at=row.received_at,
        class_code=row.class_code,
        source=Source(row.source),
        stages=Stages(**{name: getattr(row, name) for name in STAGES}),
        external_ref=row.external_ref,
        episode_id=row.episode_id,
        untouched=standing is not None and standing.untouched,
        open=standing is not None and standing.open,
        outcome="" if standing is None else standing.outcome,
    )


def reference(by: Actor, episode_id: UUID) -> str:
    """Another system's number of the first contact, '' where there is none to see. One query."""
    with act_as(by):
        rows = Contact.objects.filter(episode_id=episode_id).order_by("id")
        return rows.values_list("external_ref", flat=True).first() or ""


def on_hand(by: Actor) -> int:
    """How many lines `by` is on, in whatever program. One query; asked at sign-out and idle lock."""
    if by.member_id is None:
        return 0
    with connection.cursor() as cursor:  # a narrow function: no context is needed
        cursor.execute("SELECT count(*) FROM calls_participant_by(%s)", [by.member_id])
        [lines] = cursor.fetchone()
    return int(lines)


def call_back_at(by: Actor, episode_id: UUID) -> datetime | None:
    """By when a counselor's call back was promised; None where none is. One query."""
    with act_as(by):
        return due_of(episode_id, CALL_BACK)


def legs(by: Actor, ids: Collection[UUID]) -> dict[UUID, tuple[LegRow, ...]]:
    """The open lines of these episodes. Two queries."""
    with act_as(by):
        rows = list(
            Leg.objects.filter(episode_id__in=ids, ended_at=None).order_by("began_at", "id")
        )
        on: dict[UUID, list[ParticipantRow]] = {}
        people = Participant.objects.filter(leg__in=rows, until_at=None).order_by("since_at", "id")
        for one in people.select_related("member", "program", "relief_to"):
            on.setdefault(one.leg_id, []).append(_on(one, by))
        found: dict[UUID, tuple[LegRow, ...]] = {}
        for row in rows:
            leg = LegRow(
                row.pk,
                row.episode_id,
                row.medium,
                row.began_at,
                row.alone_since,
                tuple(on.get(row.pk, ())),
            )
            found[row.episode_id] = (*found.get(row.episode_id, ()), leg)
        return found


def lines(by: Actor, *, at: datetime, episode_id: UUID) -> tuple[LegRow, ...]:  # noqa: ARG001 - as every read
    """The open lines of a person your program works for, and who is on them: of this episode and of
    those joined to it.

    Errors: NotFound where the program does not work on it: "nobody is on it" would be a lie.
    """
    with act_as(by):
        lookup.require_works_on(by, episode_id)
        found = legs(by, lookup.joined_group(episode_id))
    return tuple(leg for each in found.values() for leg in each)


def _on(row: Participant, by: Actor) -> ParticipantRow:
    return ParticipantRow(
        name=row.member.name if row.member else row.attested_name,
        program=in_language(row.program.names, by.language),
        program_id=row.program_id,
        member_id=row.member_id,
        you=row.member_id is not None and row.member_id == by.member_id,
        mode=row.mode,
        since_at=row.since_at,
        seen_step=row.seen_step,
        relief_to=row.relief_to.name if row.relief_to else "",
    )


def searches(by: Actor, ids: Collection[UUID] | None = None) -> tuple[SearchRow, ...]:
    """What is being sought in these episodes (or in any open one), with every try. Three queries."""
    with act_as(by):
        ways = code_names("search_tries", by.language)
        rows = Search.objects.filter(found_at=None).select_related("owner")
        open_ = Q(episode__closed_at=None)  # what nobody found before they closed is sought no more
        rows = rows.filter(open_ if ids is None else Q(episode_id__in=ids))
        return tuple(
            SearchRow(
                id=row.pk,
                episode_id=row.episode_id,
                seeking=row.seeking,
                owner=row.owner.name if row.owner else "",
                began_at=row.began_at,
                tries=tuple(
                    (each.at, ways.get(each.how, each.how), each.by_member.name)
                    for each in row.tries.all()
                ),
            )
            for row in rows.prefetch_related("tries__by_member").order_by("began_at")
        )


def responders(by: Actor, ids: Collection[UUID]) -> tuple[ResponderRow, ...]:
    """What was sent to these people, in order. One query."""
    with act_as(by):
        rows = ExternalResponder.objects.filter(episode_id__in=ids).order_by("at", "id")
        return tuple(
            _responders(row, by.language) for row in rows.select_related("by_member", "program")
        )


def _responders(row: ExternalResponder, language: str) -> ResponderRow:
    return ResponderRow(
        id=row.pk,
        episode_id=row.episode_id,
        axis=row.axis,
        value=row.value,
        at=row.at,
        by_name=row.by_member.name,
        program=in_language(row.program.names, language),
        rescue=row.rescue,
        met_at=row.met_at,
        not_found_at=row.not_found_at,
    )


def call_requests(by: Actor, ids: Collection[UUID] | None = None) -> tuple[CallRequestRow, ...]:
    """Who asks for which call and waits for an answer; what `by`'s program asks, or is asked."""
    with act_as(by):
        rows = CallRequest.objects.filter(answered_at=None).order_by("asked_at", "id")
        if ids is not None:
            rows = rows.filter(episode_id__in=ids)
        return tuple(
            CallRequestRow(row.pk, row.episode_id, row.asked_by.name, row.program_id, row.asked_at)
            for row in rows.select_related("asked_by")
        )


def plans(by: Actor, episode_id: UUID) -> tuple[PlanRow, ...]:
    """The notes and plans of `by`'s own program, the newest first. One query."""
    with act_as(by):
        rows = PlanNote.objects.filter(episode_id=episode_id).order_by("-at", "-id")
        return tuple(
            PlanRow(row.text, row.wishes_follow_up, row.at, row.by_member.name)
            for row in rows.select_related("by_member")
        )


def caller(by: Actor, episode_id: UUID) -> CallerRow | None:
    """Who is on the line, where `by`'s program took the contact. One query."""
    with act_as(by):
        row = Contact.objects.filter(episode_id=episode_id).order_by("received_at").first()
    return None if row is None else caller_row(row)


def caller_row(row: Contact) -> CallerRow:
    return CallerRow(
        row.pk,
        row.channel,
        row.caller_name,
        row.caller_callback,
        row.caller_language,
        row.caller_relay,
        row.caller_unverified,
        numbers.alone(row.external_ref) if _of_cad(row) else "",
        row.received_either,
    )


def _of_cad(row: Contact) -> bool:
    return row.source == Source.IMPORT or row.external_ref.startswith(numbers.CLIP)


def taken(by: Actor, reference: str, *, at: datetime) -> TakenRow | None:
    """The episode of a contact that `by`'s program has under this number already, whatever brought it.

    Under the very reference at any time; under its number alone while it is open, or within a day. One
    query; none without such a number.
    """
    if not reference.startswith(numbers.CLIP):
        return None
    lately = Q(received_at__gte=at - numbers.TAKEN) | Q(episode__closed_at=None)
    number = reference.rpartition(":")[2]
    same = Q(external_ref=reference) | (lately & Q(external_ref__endswith=f":{number}"))
    with act_as(by):
        rows = Contact.objects.filter(same, episode__isnull=False).order_by("-received_at")
        row = rows.select_related("episode__holder_member", "episode__holder_program").first()
    if row is None or row.episode is None:
        return None
    held = row.episode
    program = in_language(held.holder_program.names, by.language)
    name = held.holder_member.name if held.holder_member else program
    return TakenRow(held.pk, held.label, "" if held.closed_at else name)


def participants(episode_id: UUID) -> tuple[tuple[UUID | None, UUID], ...]:
    """Whose ears an episode's tones are for: (member, program), None for a queue. One query."""
    with act_as_task("live"), connection.cursor() as cursor:
        cursor.execute("SELECT member_id, program_id FROM calls_ears(%s)", [episode_id])
        return tuple(cursor.fetchall())


def unattended_callers(by: Actor) -> tuple[UnattendedRow, ...]:
    """The callers on whose line nobody of ours is. One query."""
    with act_as(by):
        rows = Leg.objects.filter(alone_since__isnull=False, ended_at=None).order_by("alone_since")
        return tuple(
            UnattendedRow(row.pk, row.episode_id, row.alone_since)
            for row in rows
            if row.alone_since is not None
        )


def rescues(by: Actor) -> tuple[ResponderRow, ...]:
    """The rescues of which nobody has confirmed that the person was met. One query."""
    with act_as(by):
        rows = ExternalResponder.objects.filter(met_at=None).exclude(rescue="").order_by("at", "id")
        return tuple(
            _responders(row, by.language) for row in rows.select_related("by_member", "program")
        )


def wishes(by: Actor) -> tuple[WishRow, ...]:
    """Who wished to be called again, the last note of each, as `by`'s own program wrote it down.

    Until the episode is closed with somebody accountable, or the person's own decline. One query.
    """
    over = Q(episode__closed_at__isnull=False) & (
        Q(episode__accountable_member__isnull=False) | Q(episode__declined_by_person=True)
    )
    with act_as(by):
        rows = PlanNote.objects.filter(~over, wishes_follow_up__isnull=False)
        last = rows.order_by("episode_id", "-at", "-id").distinct("episode_id")
        return tuple(
            WishRow(
                row.episode_id,
                row.episode.label,
                row.episode.class_code,
                row.at,
                row.by_member.name,
            )
            for row in sorted(last.select_related("episode", "by_member"), key=lambda row: row.at)
            if row.wishes_follow_up
        )


def down(by: Actor) -> dict[UUID, DownRow]:
    """The programs whose lines do not answer, as somebody said. One query."""
    with act_as(by):
        rows = LineStatus.objects.filter(up_at=None).select_related("down_by")
        return {
            row.program_id: DownRow(row.program_id, row.down_at, row.down_by.name) for row in rows
        }


def feedback_given(language: str, *, at: datetime) -> dict[str, str]:
    """What the program that handed on is told of each outcome: a code's name, nothing else."""
    names = code_names("told_back", language)
    return {outcome: names.get(code, "") for outcome, code in setting("told_back", at).items()}


def lines_down(by: Actor) -> dict[UUID, datetime]:
    """The programs whose lines do not answer, as somebody said, and since when. One query."""
    with act_as(by):
        rows = LineStatus.objects.filter(up_at=None)
        return dict(rows.values_list("program_id", "down_at"))


def psaps() -> dict[UUID, tuple[tuple[str, ...], str]]:
    """The 911 centres: each with its zones and the number to ring it on. One query."""
    return {row.program_id: (tuple(row.zones), row.emergency_number) for row in Psap.objects.all()}


def released(by: Actor, ids: Collection[UUID]) -> tuple[tuple[datetime, str], ...]:
    """When whoever stayed on left the line, and of which program. One query."""
    with act_as(by):
        rows = Participant.objects.filter(episode_id__in=ids, ended_as=Left.RELEASED.value)
        return tuple(
            (row.until_at, in_language(row.program.names, by.language))
            for row in rows.select_related("program").order_by("until_at")
            if row.until_at is not None
        )


def listening(by: Actor) -> int:
    """On how many lines `by` listens on. One query."""
    if by.member_id is None:
        return 0
    with act_as(by):
        rows = Participant.objects.filter(member_id=by.member_id, until_at=None)
        return rows.filter(mode="listening").count()


def watches_for(by: Actor) -> int:
    """On how many lines a colleague asks `by` to listen on. One query."""
    with act_as(by):
        return Participant.objects.filter(relief_to_id=by.member_id, until_at=None).count()


def has_to_do_with(episode_ids: Collection[UUID], program_id: UUID) -> bool:
    """Whether somebody of this program is on a line of these episodes, or seeks somebody. Two queries."""
    on = Participant.objects.filter(
        episode_id__in=episode_ids, program_id=program_id, until_at=None
    )
    seeks = Search.objects.filter(episode_id__in=episode_ids, program_id=program_id, found_at=None)
    return on.exists() or seeks.exists()
