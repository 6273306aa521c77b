"""What a call's own page says of its line: who is on it, where it may go on to, what was sent.

Unlike a board's row it is drawn for one member: who is on the line, and what I may do there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import AgencyKind, Role
from nowrongdoor.agencies.routes import RouteRow
from nowrongdoor.calls import queries, rules
from nowrongdoor.calls.clip import RemarkStep, What, remark
from nowrongdoor.calls.facts import ContactFacts
from nowrongdoor.calls.holding import HoldingRow
from nowrongdoor.calls.reads import LegRow, ParticipantRow, ResponderRow
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes import rules as episode_rules
from nowrongdoor.episodes.queries import OPEN_EPISODE, EpisodeRow, StepRow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.conditions import holds
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage import rules as triage_rules
from nowrongdoor.triage.facts import Level
from nowrongdoor.triage.queries import CurrentLevelRow
from nowrongdoor.triage.words import responder_words


@dataclass(frozen=True, slots=True)
class Mine:
    """Where I am on one line, and what I may do about it."""

    leg: LegRow
    on: ParticipantRow | None
    must_see: bool
    recorded: bool
    """911 is on it, and records its lines until it leaves."""
    may_leave_at: datetime | None
    """From when on I may leave the line; None while I hold the person."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """What to do while the line does not answer. A person's key does it, never the program."""

    keep: bool
    recommend_police: bool
    minutes: int


def lines(
    by: Actor,
    legs: Mapping[UUID, Sequence[LegRow]],
    need: CurrentLevelRow | None,
    *,
    holds: bool,
    at: datetime,
) -> tuple[Mine, ...]:
    """The open lines of one person, and where I am on each."""
    least_s = int(community.setting("watch_check_s", at)[0])
    rose = 0 if need is None else need.rose_step
    found: list[Mine] = []
    for each in legs.values():
        for leg in each:
            mine = next((one for one in leg.on if one.member_id == by.member_id), None)
            listens = mine is not None and mine.mode == "listening"
            leave_at = None if holds or mine is None else mine.since_at
            if listens and mine is not None:
                leave_at = mine.since_at + timedelta(seconds=least_s)
            must_see = mine is not None and mine.seen_step < rose
            recorded = any(is_psap(one.program_id) for one in leg.on)
            found.append(Mine(leg, mine, must_see, recorded, leave_at))
    return tuple(found)


def no_answer(
    by: Actor, row: HoldingRow, need: CurrentLevelRow | None, *, at: datetime
) -> NoAnswer | None:
    """What to do about an offer of ours that nobody answered; None while there is none."""
    if row.offer is None or not row.offer.ours or not row.offer.unanswered:
        return None
    level = Level.STANDARD if need is None else need.shown
    unknown = need is None or need.provisional or _stop_unknown(by, need)
    advice = triage_rules.no_answer(level, hard_stop_unknown=unknown)
    minutes = int(community.setting("counselor_call_back_min", at))
    return NoAnswer(advice.keep, advice.recommend_police, minutes)


def _stop_unknown(by: Actor, need: CurrentLevelRow) -> bool:
    protocol = triage.protocol(by, at=need.at)
    given = triage.answers(by, need.episode_id)
    return triage_rules.hard_stop_unknown(protocol, given)


def suggestions(by: Actor, found: EpisodeRow, *, at: datetime) -> tuple[lookup.Alike, ...]:
    """Open episodes of the same place or number that began lately, or near to when this one did."""
    if found.card is None or found.facts.joined_into_id is not None:
        return ()
    window = _near(at)
    lately = Q(opened_at__gte=at - window) | lookup.around(found.held.opened_at, window)
    among = OPEN_EPISODE & lately & ~Q(pk=found.held.id)
    return lookup.alike(by, found.card.facts(), among=among)


def alike_on_paper(by: Actor, contact: ContactFacts, *, at: datetime) -> tuple[lookup.Alike, ...]:
    """Episodes of the same place or number that began when this contact came, closed ones too."""
    return lookup.alike(by, contact.card, among=lookup.around(contact.at, _near(at)))


def _near(at: datetime) -> timedelta:
    return timedelta(minutes=int(community.setting("join_suggest_min", at)))


def copy_remark(found: EpisodeRow, released: Sequence[tuple[datetime, str]], *, zone: str) -> str:
    """The line that goes back into CAD: who took it and when, and nothing about the person."""
    steps = [one for each in found.steps for one in _said(each)]
    steps += [RemarkStep(left, What.OFF, program) for left, program in released]
    steps.sort(key=lambda one: one.at)
    if found.closed_at is not None:
        steps.append(RemarkStep(found.closed_at, What.CLOSED))
    number = found.held.number
    return remark(steps, number, zone_name=ZoneInfo(zone)) if steps else number


def _said(step: StepRow) -> list[RemarkStep]:
    if step.purpose not in ("transfer", "take_back"):
        return []
    if step.purpose == "take_back":
        return [RemarkStep(step.offered_at, What.RETURNED, step.to_program)]
    said = [RemarkStep(step.offered_at, What.SENT, step.to_program)]
    answers = {"accepted": What.ACCEPTED, "declined": What.DECLINED}
    if step.ended_at is not None and step.ended in answers:
        given = step.by_name.split(" ")[0]
        said.append(RemarkStep(step.ended_at, answers[step.ended], step.to_program, given))
    return said


@dataclass(frozen=True, slots=True)
class RouteLine:
    """One way on. `ring` is the number to ring another 911 centre on, '' where none is known."""

    value: str
    to_program_id: UUID
    to_program: str
    to_agency: str
    to_psap: bool
    ring: str


def route_line(route: RouteRow, psaps: Mapping[UUID, tuple[tuple[str, ...], str]]) -> RouteLine:
    number = psaps[route.to_program_id][1] if route.to_program_id in psaps else ""
    return RouteLine(
        route.value,
        route.to_program_id,
        route.to_program,
        route.to_agency,
        is_psap(route.to_program_id),
        number,
    )


def nearest_first(
    routes: Sequence[RouteLine],
    psaps: Mapping[UUID, tuple[tuple[str, ...], str]],
    *,
    zone: str,
) -> list[RouteLine]:
    """The other ways on; the 911 centre that answers for the zone before any other."""
    return sorted(
        routes, key=lambda one: zone == "" or zone not in psaps.get(one.to_program_id, ((), ""))[0]
    )


def may_take_back(by: Actor, found: EpisodeRow, mine: Sequence[Mine]) -> bool:
    """Whether I handed this person on last and still listen."""
    with act_as(by):
        via = lookup.via(found.facts)
    on = [one.on for one in mine if one.on is not None]
    listening = any(one.mode == "listening" for one in on) or any(
        one.leg.medium == "text" and one.on is not None for one in mine
    )
    return episode_rules.may_take_back(by, found.facts, via, listening=listening).allowed


def may_request_call(by: Actor, found: EpisodeRow) -> bool:
    """Whether a clinician may ask for this call: they may, where a way runs to their program."""
    if by.role != Role.IN_CENTER_CLINICIAN or not rules.may_request_call(by, found.facts).allowed:
        return False
    waits = [one for one in found.held.offers if one.to_program_id == by.program_id]
    return not waits and not queries.call_requests(by, [found.held.id])


@dataclass(frozen=True, slots=True)
class ResponderLine:
    row: ResponderRow
    words: str


def responders(by: Actor, ids: Collection[UUID]) -> tuple[ResponderLine, ...]:
    words = responder_words()
    return tuple(
        ResponderLine(row, words.get(f"{row.axis}:{row.value}", row.value))
        for row in queries.responders(by, ids)
    )


def outcome(by: Actor, found: EpisodeRow, *, at: datetime) -> str:
    """What came of it: in full to whoever closed it, to the others as a code that was agreed on."""
    if found.closed_at is None:
        return ""
    return outcomes(by, found.held.holder_program_id, at=at).get(found.outcome, "")


def outcomes(by: Actor, holder_program_id: UUID, *, at: datetime) -> Mapping[str, str]:
    """How outcomes are called to `by` that this program closed with; one that is not told has no name."""
    if holder_program_id == by.program_id:
        return community.code_names("outcomes", by.language)
    return queries.feedback_given(by.language, at=at)


def lost_is_urgent(by: Actor, episode_id: UUID, *, at: datetime) -> bool:
    """Whether by the protocol somebody lost is looked for at once; unknown is a risk."""
    try:
        protocol = triage.protocol(by, at=at)
    except triage.NoProtocol:
        return True
    settled = triage_rules.settle(protocol, triage.answers(by, episode_id))
    return protocol.if_lost is None or holds(protocol.if_lost, settled)


def is_psap(program_id: UUID) -> bool:
    return agencies.kind_of(program_id) == AgencyKind.PSAP
