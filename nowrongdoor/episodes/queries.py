"""Every read of episodes, as frozen rows. Row-level security decides which; nothing is filtered here twice.

`board` makes 6 queries however many rows there are, and at most 3 more for each program with a queue.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.clocks import queries as clocks
from nowrongdoor.community.queries import code_names, in_language, setting
from nowrongdoor.episodes import arriving
from nowrongdoor.episodes.facts import EpisodeFacts, Moves, Purpose
from nowrongdoor.episodes.models import OPEN, Card, Episode, Handoff, Party
from nowrongdoor.episodes.numbers import spoken
from nowrongdoor.episodes.reads import EpisodeNow, OfferNow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.rows.locks import missing

MOST = 1000
"""How many rows a board draws."""

OPEN_EPISODE = Q(closed_at=None, joined_into=None)
NOT_MET = Q(moves=Moves.ON_CONTACT.value, accepted_at__isnull=False)
"""Accepted, and moving the holder only on contact: those since the holder last changed are waited for."""
BROUGHT = Q(kind__by_team=True, accepted_at__isnull=False)
"""Where a team brings somebody: the last place that accepted is waited for, until they are received."""


@dataclass(frozen=True, slots=True)
class OfferRow(OfferNow):
    """The same with what a page shows besides."""

    kind_name: str
    attestable: bool
    from_program_id: UUID
    from_program: str
    from_name: str
    to_member_id: UUID | None
    to_name: str


@dataclass(frozen=True, slots=True)
class HeldRow(EpisodeNow):
    """The same with what a page shows besides.

    `place` '' is being sought; None is on a card that this program may not open.
    `due_kind` says which deadline is due at `due_at`.
    """

    zone_code: str
    place: str | None
    holder_agency: str
    holder_member_id: UUID | None
    in_queue: bool
    supervisor: str
    source: str
    due_kind: str
    offers: tuple[OfferRow, ...]


@dataclass(frozen=True, slots=True)
class PartyRow:
    program: str
    agency: str
    role: str
    basis_name: str
    since_at: datetime
    until_at: datetime | None
    pointer_record: str
    pointer_status: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of holding: an offer and how it ended."""

    purpose: str
    kind_name: str
    from_program: str
    from_name: str
    to_program: str
    to_name: str
    offered_at: datetime
    ended: str
    ended_at: datetime | None
    by_name: str
    attested: bool
    reason: str


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """One episode whole, as the asking program may see it."""

    held: HeldRow
    facts: EpisodeFacts
    closed_at: datetime | None
    outcome: str
    accountable_name: str
    declined_by_person: bool
    joined_into: str
    joined: tuple[str, ...]
    card: Card | None
    parties: tuple[PartyRow, ...]
    steps: tuple[StepRow, ...]

    def held_by(self, by: Actor) -> bool:
        """Whether `by` holds it: by name, or at a desk of the program in whose queue it waits."""
        ours = self.held.holder_program_id == by.program_id
        return ours and self.held.holder_member_id in (None, by.member_id)


def board(by: Actor, *, at: datetime, ids: frozenset[UUID] | None = None) -> tuple[HeldRow, ...]:
    """Every open episode that your program may see, oldest first; at most 1000.

    `ids`: of these alone.
    """
    with act_as(by):
        rows = Episode.objects.filter(OPEN_EPISODE).order_by("opened_at", "id")
        if ids is not None:
            rows = rows.filter(pk__in=ids)
        return _held(rows[:MOST], by=by, at=at)


def one_episode(by: Actor, *, at: datetime, episode_id: UUID) -> HeldRow:
    """One episode, also after it was closed."""
    return episode(by, episode_id, at=at).held


def count_open(by: Actor) -> int:
    with act_as(by):
        return Episode.objects.filter(OPEN_EPISODE).count()


def open_ids(by: Actor) -> tuple[UUID, ...]:
    """Every open episode that `by`'s program may see, oldest first. One query, however many there are."""
    with act_as(by):
        rows = Episode.objects.filter(OPEN_EPISODE).order_by("opened_at", "id")
        return tuple(rows.values_list("id", flat=True))


def holding_count(by: Actor) -> int:
    """How many open episodes `by` holds by name, in whatever program. One query.

    Asked at sign-out and idle lock: whoever changed programs still holds whom they held.
    """
    return 0 if by.member_id is None else len(held_by_member(by.member_id))


def holding_here(by: Actor) -> list[UUID]:
    """Those of them in the program `by` acts for: what relief would hand over. One query."""
    held = {} if by.member_id is None else held_by_member(by.member_id)
    return [id for id, program_id in held.items() if program_id == by.program_id]


def held_by_member(member_id: UUID) -> dict[UUID, UUID]:
    """The open episodes that a member holds in whatever program, with that program. One query."""
    with connection.cursor() as cursor:  # a narrow function: no context is needed
        cursor.execute("SELECT id, program_id FROM episodes_held_by(%s)", [member_id])
        return dict(cursor.fetchall())


def by_number(by: Actor, said: str) -> UUID:
    """The episode with this number, as it was read over a radio: its counter alone is enough.

    Errors: BadInput where there is none that `by` may see.
    """
    heard = spoken(said)
    with act_as(by):
        row = heard and Episode.objects.filter(number=heard.number).only("label").first()
    if heard and row and heard.is_of(row.label):
        return row.pk
    raise BadInput(
        "number", "number.unknown", "No call with that number, or you don't have access to it."
    )


def episode(by: Actor, episode_id: UUID, *, at: datetime) -> EpisodeRow:
    """One episode whole. Errors: NotFound where there is none that `by` may see."""
    with act_as(by):
        rows = Episode.objects.filter(pk=episode_id)
        held = _held(rows, by=by, at=at)
        row = rows.select_related("accountable_member", "joined_into").first()
        if row is None or not held:
            raise missing()
        return EpisodeRow(
            held=held[0],
            facts=row.facts(),
            closed_at=row.closed_at,
            outcome=row.outcome,
            accountable_name=row.accountable_member.name if row.accountable_member else "",
            declined_by_person=row.declined_by_person,
            joined_into=row.joined_into.label if row.joined_into else "",
            joined=tuple(row.joined.order_by("number").values_list("label", flat=True)),
            card=Card.objects.filter(episode=row).order_by("-made_at", "-id").first(),
            parties=_parties(row, by.language),
            steps=_steps(row, by.language),
        )


def relief_batches(by: Actor) -> dict[UUID, int]:
    """The reliefs offered to `by` by name that wait for an answer, with how many episodes each."""
    with act_as(by):
        rows = Handoff.objects.filter(
            OPEN, purpose=Purpose.RELIEF.value, to_member_id=by.member_id
        ).values_list("batch_id", flat=True)
        batches: dict[UUID, int] = {}
        for batch_id in rows:
            if batch_id is not None:
                batches[batch_id] = batches.get(batch_id, 0) + 1
        return batches


def kind_name(row: Handoff, language: str) -> str:
    """What a handoff is called on screen: the community's word for a transfer, ours for the rest."""
    if row.kind is not None:
        return in_language(row.kind.names, language)
    return {
        Purpose.TRANSFER: gettext("Call transfer"),
        Purpose.RELIEF: gettext("Shift change"),
        Purpose.TAKE: gettext("Taken from the queue"),
        Purpose.ASSUME: gettext("Taken over"),
        Purpose.JOIN: gettext("Linked"),
        Purpose.SEPARATE: gettext("Unlinked"),
        Purpose.TAKE_BACK: gettext("Taken back"),
    }[Purpose(row.purpose)]


def _held(rows: QuerySet[Episode], *, by: Actor, at: datetime) -> tuple[HeldRow, ...]:
    joined = ("holder_program__agency", "holder_member", "holder_via", "zone")
    found = list(rows.select_related(*joined).defer("zone__shape"))
    ids = [row.pk for row in found]
    places = _places(ids)
    offers = offers_of({row.pk: row.held_since for row in found}, by.language)
    due = clocks.next_due(ids)
    lost_after_s = int(setting("presence_lost_s", at)) if found else 0
    reachable = agencies.reachable_members(
        {row.holder_member_id for row in found if row.holder_member_id}, lost_after_s, at=at
    )
    queues = {row.holder_program_id for row in found if row.holder_member_id is None}
    manned = {each for each in queues if agencies.anybody_present(each, lost_after_s, at=at)}
    supervisors = {each: agencies.supervisor_of(each, at=at) for each in queues}
    return tuple(
        HeldRow(
            id=row.pk,
            number=row.label,
            incident_class=row.class_code,
            zone=in_language(row.zone.names, by.language) if row.zone else "",
            zone_code=row.zone.code if row.zone else "",
            place=places.get(row.pk),
            opened_at=row.opened_at,
            holder_program_id=row.holder_program_id,
            holder_program=in_language(row.holder_program.names, by.language),
            holder_agency=in_language(row.holder_program.agency.names, by.language),
            holder_member_id=row.holder_member_id,
            holder_name=row.holder_member.name if row.holder_member else "",
            in_queue=_in_queue(row),
            attested_name=row.holder_via.attested_name if row.holder_via else "",
            supervisor="" if row.holder_member_id else supervisors.get(row.holder_program_id, ""),
            held_since=row.held_since,
            unreachable=silent(row, reachable, manned),
            offers=tuple(offers.get(row.pk, ())),
            due_at=due[row.pk].at if row.pk in due else None,
            due_kind=due[row.pk].kind if row.pk in due else "",
            source=row.source,
            version=row.version,
        )
        for row in found
    )


def silent(row: Episode, reachable: Collection[UUID], manned: Collection[UUID]) -> bool:
    """Nobody here can be asked: the holder's desk is silent, or the queue has no desk at all.

    Whoever accepted by voice is no user; there is no desk to be silent.
    """
    if row.holder_member_id is not None:
        return row.holder_member_id not in reachable
    return _in_queue(row) and row.holder_program_id not in manned


def _in_queue(row: Episode) -> bool:
    """Whether nobody holds it by name: neither a member, nor whoever accepted by voice.

    How it came to its holder is on an offer; where the asking program may not see that, it does
    not know, and nothing is claimed.
    """
    if row.holder_member_id is not None:
        return False
    if row.holder_via_id is None:
        return True
    return row.holder_via is not None and row.holder_via.attested_name == ""


def _places(ids: list[UUID]) -> dict[UUID, str]:
    latest = Card.objects.filter(episode_id__in=ids).order_by("episode_id", "-made_at", "-id")
    return dict(latest.distinct("episode_id").values_list("episode_id", "place"))


def offers_of(since: Mapping[UUID, datetime], language: str) -> dict[UUID, list[OfferRow]]:
    """What waits: open offers first, then those accepted for a contact that was not made yet.

    `since`: the episodes, with the time since which each is held as it is.
    """
    rows = Handoff.objects.filter(OPEN | NOT_MET | BROUGHT, episode_id__in=since).order_by(
        F("accepted_at").asc(nulls_first=True), "offered_at", "id"
    )
    found = list(
        rows.select_related(
            "kind", "from_program", "from_member", "to_program", "to_member", "accepted_by"
        )
    )
    brought = {row.episode_id: row for row in found if row.facts().by_team and row.accepted_at}
    offers: dict[UUID, list[OfferRow]] = {}
    for row in found:
        if row.facts().by_team and row.accepted_at is not None:
            if row is not brought[row.episode_id] or not arriving.by_arrival(row.facts()):
                continue  # they arrived, or another place accepted since
        elif row.accepted_at is not None and row.accepted_at < since[row.episode_id]:
            continue  # contact was made, or the episode went another way
        offers.setdefault(row.episode_id, []).append(
            OfferRow(
                id=row.pk,
                purpose=row.purpose,
                kind_name=kind_name(row, language),
                attestable=row.kind is not None and row.kind.attestable,
                from_program_id=row.from_program_id,
                from_program=in_language(row.from_program.names, language),
                from_name=row.from_member.name if row.from_member else "",
                to_program_id=row.to_program_id,
                to_program=in_language(row.to_program.names, language),
                to_member_id=row.to_member_id,
                to_name=row.to_member.name if row.to_member else "",
                offered_at=row.offered_at,
                alerts=row.alerts,
                by_arrival=arriving.by_arrival(row.facts()),
                accepted_name=row.accepted_by.name if row.accepted_by else row.attested_name,
            )
        )
    return offers


def _parties(row: Episode, language: str) -> tuple[PartyRow, ...]:
    parties = Party.objects.filter(episode=row).select_related("program__agency")
    bases = code_names("bases", language)
    return tuple(
        PartyRow(
            program=in_language(party.program.names, language),
            agency=in_language(party.program.agency.names, language),
            role=party.role,
            basis_name=bases.get(party.basis, party.basis),
            since_at=party.since_at,
            until_at=party.until_at,
            pointer_record=party.pointer_record,
            pointer_status=party.pointer_status,
        )
        for party in parties.order_by("since_at", "id")
    )


def _steps(row: Episode, language: str) -> tuple[StepRow, ...]:
    handoffs = Handoff.objects.filter(episode=row).select_related(
        "kind",
        "from_program",
        "from_member",
        "to_program",
        "to_member",
        "accepted_by",
        "declined_by",
    )
    reasons = code_names("decline_reasons", language) | code_names("assume_reasons", language)
    return tuple(_step(each, reasons, language) for each in handoffs.order_by("offered_at", "id"))


def _step(row: Handoff, reasons: Mapping[str, str], language: str) -> StepRow:
    answered_by = row.accepted_by or row.declined_by
    return StepRow(
        purpose=row.purpose,
        kind_name=kind_name(row, language),
        from_program=in_language(row.from_program.names, language),
        from_name=row.from_member.name if row.from_member else "",
        to_program=in_language(row.to_program.names, language),
        to_name=row.to_member.name if row.to_member else "",
        offered_at=row.offered_at,
        ended=row.ended,
        ended_at=row.accepted_at or row.declined_at or row.withdrawn_at,
        by_name=answered_by.name if answered_by else row.attested_name,
        attested=bool(row.attested_name),
        reason=reasons.get(row.reason, row.reason),
    )
