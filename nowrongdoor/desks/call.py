"""What a call's own page says: the person, the questions, the line, what was sent.

Unlike a board's row it is drawn for one member: who is on the line, and what I may do there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import acting
from nowrongdoor.agencies.facts import Action, AgencyKind, Role
from nowrongdoor.agencies.routes import RouteRow
from nowrongdoor.agencies.rules import may
from nowrongdoor.calls import queries, rules
from nowrongdoor.calls.clip import RemarkStep, What, remark
from nowrongdoor.calls.need import blocks_release
from nowrongdoor.calls.queries import LegRow, OnRow, SentRow
from nowrongdoor.community import queries as community
from nowrongdoor.desks.board import BoardRow
from nowrongdoor.episodes import rules as episode_rules
from nowrongdoor.episodes import standing
from nowrongdoor.episodes.queries import EpisodeRow, StepRow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage import rules as triage_rules
from nowrongdoor.triage.conditions import holds
from nowrongdoor.triage.facts import UNKNOWN, YNU, Level, Protocol, Question
from nowrongdoor.triage.queries import NeedRow


@dataclass(frozen=True, slots=True)
class Value:
    code: str
    key: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """One question with its keys. `said` is the answer in words, '' where it is not asked yet."""

    id: str
    words: str
    hard_stop: bool
    benign: str
    values: tuple[Value, ...]
    said: str


@dataclass(frozen=True, slots=True)
class DutyLine:
    code: str
    words: str
    done: bool
    blocks: bool


@dataclass(frozen=True, slots=True)
class Screen:
    """The screening panel: the level with its reason, then what to ask."""

    protocol: str
    step: int
    level: str
    level_words: str
    why: str
    rule: str
    provisional: bool
    hard: tuple[Ask, ...]
    asks: tuple[Ask, ...]
    stops_open: bool
    duties: tuple[DutyLine, ...]
    response: Mapping[str, str]
    said: str
    said_by: str
    may_recommend: bool
    levels: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mine:
    """Where I am on one line, and what I may do about it."""

    leg: LegRow
    on: OnRow | None
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


def level_words(level: str) -> str:
    """What a level means, in a few words."""
    return {
        "E": gettext("ambulance first"),
        "4": gettext("danger now: police, and a counselor on the phone"),
        "3B": gettext("a pair, or a team with police near"),
        "3A": gettext("a mobile team"),
        "2": gettext("the crisis line"),
        "1": gettext("information or a referral"),
        "X": gettext("the agency's standard protocol"),
    }.get(level, "")


def screen(by: Actor, episode_id: UUID, *, at: datetime) -> Screen | None:
    """The panel for one episode; None where no protocol is in force, or `by` does not screen."""
    if not may(by, Action.SCREEN).allowed:
        return None
    try:
        protocol = triage.protocol(by, at=at)
    except triage.NoProtocol:
        return None
    need = triage.needs(by, [episode_id]).get(episode_id)
    given = triage.answers(by, episode_id)
    asks = _asks(protocol, triage.with_weather(given, at=at), by.language)
    hard = tuple(one for one in asks if one.hard_stop)
    level = "" if need is None else need.shown.value
    return Screen(
        protocol=f"{protocol.id} {protocol.version}",
        step=0 if need is None else need.step,
        level=level,
        level_words=level_words(level),
        why="" if need is None else need.because,
        rule="" if need is None else need.rule,
        provisional=need is None or need.provisional,
        hard=hard,
        asks=tuple(one for one in asks if not one.hard_stop),
        stops_open=any(not one.said for one in hard),
        duties=() if need is None else _duties(protocol, need, by.language),
        response={} if need is None else _response(need),
        said="" if need is None else need.said,
        said_by="" if need is None else need.said_by,
        may_recommend=by.role in triage_rules.CLINICIANS | triage_rules.SUPERVISORS,
        levels=tuple((one.value, level_words(one.value)) for one in Level),
    )


def _asks(protocol: Protocol, given: Mapping[str, str], language: str) -> list[Ask]:
    """Hard stops first, then the rest in the order of the file: what is always asked, what the
    answers so far call for, and what was answered."""
    settled = triage_rules.settle(protocol, given)

    def asked(one: Question) -> bool:
        called_for = one.ask_when is not None and holds(one.ask_when, settled)
        return one.hard_stop or one.always or called_for or one.id in given

    shown = [one for one in protocol.questions if not one.external and asked(one)]
    return [_ask(one, given, language) for one in sorted(shown, key=lambda one: not one.hard_stop)]


def _ask(question: Question, given: Mapping[str, str], language: str) -> Ask:
    chosen = given.get(question.id, "")
    values = tuple(
        Value(value, key, _words(question, value, language), value == chosen)
        for value, key in zip(question.values, _keys(question), strict=True)
    )
    return Ask(
        id=question.id,
        words=question.ask.get(language) or question.ask["en"],
        hard_stop=question.hard_stop,
        benign=question.benign,
        values=values,
        said=_words(question, chosen, language) if chosen else "",
    )


def _keys(question: Question) -> list[str]:
    """Y, N, U for a yes or no; in a list N for none, U for not known, and figures for the rest."""
    if question.values == YNU:
        return [value.lower() for value in question.values]
    figures = count(1)
    plain = {"none": "n", UNKNOWN: "u"}
    return [plain.get(value) or str(next(figures)) for value in question.values]


def _words(question: Question, value: str, language: str) -> str:
    words = question.says.get(value, {})
    return words.get(language) or words.get("en") or value


def _duties(protocol: Protocol, need: NeedRow, language: str) -> tuple[DutyLine, ...]:
    blocking = blocks_release(protocol, language)
    words = {duty.id: duty.says.get(language) or duty.says["en"] for duty in protocol.duties}
    return tuple(
        DutyLine(duty, words.get(duty, duty), duty in need.done, duty in blocking)
        for duty in need.duties
    )


def _response(need: NeedRow) -> dict[str, str]:
    names = sent_words()
    return {
        axis: names[f"{axis} {value}"]
        for axis, value in (
            ("police", need.response.police.value),
            ("ems", need.response.ems.value),
            ("clinical", need.response.clinical.value),
        )
        if f"{axis} {value}" in names
    }


def sent_words() -> dict[str, str]:
    """What can be sent, in words: by axis and value."""
    return {
        "police aware": gettext("police told, not rolling"),
        "police staged": gettext("police staged near"),
        "police now": gettext("police now"),
        "ems staged": gettext("ambulance staged"),
        "ems now": gettext("ambulance now"),
        "clinical line": gettext("counselor on the phone"),
        "clinical team": gettext("mobile team"),
        "clinical pair": gettext("pair of officer and clinician"),
    }


def lines(
    by: Actor, whole: Collection[UUID], need: NeedRow | None, *, holds: bool, at: datetime
) -> tuple[Mine, ...]:
    """The open lines of one person, and where I am on each."""
    least_s = int(community.setting("watch_check_s", at)[0])
    rose = 0 if need is None else need.rose_step
    found: list[Mine] = []
    for legs in queries.legs(by, whole).values():
        for leg in legs:
            mine = next((one for one in leg.on if one.member_id == by.member_id), None)
            listens = mine is not None and mine.mode == "listening"
            leave_at = None if holds or mine is None else mine.since_at
            if listens and mine is not None:
                leave_at = mine.since_at + timedelta(seconds=least_s)
            must_see = mine is not None and mine.seen_step < rose
            recorded = any(is_psap(one.program_id) for one in leg.on)
            found.append(Mine(leg, mine, must_see, recorded, leave_at))
    return tuple(found)


def no_answer(by: Actor, row: BoardRow, need: NeedRow | None, *, at: datetime) -> NoAnswer | None:
    """What to do about an offer of ours that nobody answered; None while there is none."""
    if row.offer is None or not row.offer.ours or not row.offer.unanswered:
        return None
    level = Level.STANDARD if need is None else need.shown
    unknown = need is None or need.provisional or _stop_unknown(by, need)
    advice = triage_rules.no_answer(level, hard_stop_unknown=unknown)
    minutes = int(community.setting("counselor_call_back_min", at))
    return NoAnswer(advice.keep, advice.recommend_police, minutes)


def _stop_unknown(by: Actor, need: NeedRow) -> bool:
    protocol = triage.protocol(by, at=need.at)
    given = triage.answers(by, need.episode_id)
    return triage_rules.hard_stop_unknown(protocol, given)


def suggestions(by: Actor, found: EpisodeRow, *, at: datetime) -> dict[UUID, str]:
    """Open episodes of the same place or number that began lately, with their numbers."""
    if found.card is None or found.facts.joined_into_id is not None:
        return {}
    since = at - timedelta(minutes=int(community.setting("join_suggest_min", at)))
    return standing.alike(by, found.held.id, found.card.facts(), since=since)


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
    with acting(by):
        via = standing.via(found.facts)
    on = [one.on for one in mine if one.on is not None]
    listening = any(one.mode == "listening" for one in on) or any(
        one.leg.medium == "text" and one.on is not None for one in mine
    )
    return episode_rules.may_take_back(by, found.facts, via, listening=listening).allowed


def may_ask_for(by: Actor, found: EpisodeRow) -> bool:
    """Whether a clinician may ask for this call: they may, where a way runs to their program."""
    if by.role != Role.IN_CENTER_CLINICIAN or not rules.may_ask_for(by, found.facts).allowed:
        return False
    waits = [one for one in found.held.offers if one.to_program_id == by.program_id]
    return not waits and not queries.pulls(by, [found.held.id])


@dataclass(frozen=True, slots=True)
class SentLine:
    row: SentRow
    words: str


def sent(by: Actor, ids: Collection[UUID]) -> tuple[SentLine, ...]:
    words = sent_words()
    return tuple(
        SentLine(row, words.get(f"{row.axis} {row.value}", row.value))
        for row in queries.sent(by, ids)
    )


def outcome(by: Actor, found: EpisodeRow, *, at: datetime) -> str:
    """What came of it: in full to whoever closed it, to the others as a code that was agreed on."""
    if found.closed_at is None:
        return ""
    if found.held.holder_program_id == by.program_id:
        return community.code_names("outcomes", by.language).get(found.outcome, "")
    return queries.told_back(by.language, at=at).get(found.outcome, "")


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
