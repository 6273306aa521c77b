"""The screening panel of one call: the level with its reason, the duties, and what to ask next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.episodes import lookup
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import queries, rules, step
from nowrongdoor.triage.facts import (
    UNKNOWN,
    YNU,
    Axes,
    CurrentLevel,
    Level,
    Protocol,
    Question,
    Response,
)
from nowrongdoor.triage.queries import CurrentLevelRow
from nowrongdoor.triage.words import blocks_release, level_words, responder_words


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
    """Something the rules ask for. `blocks_release`: nobody leaves the line before it is done."""

    id: str
    says: str
    done: bool
    blocks_release: bool


@dataclass(frozen=True, slots=True)
class NeedNow:
    """What screening says. `level` "" and `response` null: not screened, and unknown is a risk; at X `response`
    is null too, where the agency's own protocol decides.

    `provisional`: a hard stop is still to be asked. `step` counts the steps of screening; at
    `rose_step` the need rose last, 0 for never: whoever is on the line and has `seen_step` below it has
    not seen that yet.
    """

    level: str = ""
    why: str = ""
    rule: str = ""
    provisional: bool = True
    step: int = 0
    rose_step: int = 0
    duties: tuple[DutyLine, ...] = ()
    response: Axes | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """The screening panel: the level with its reason, then what to ask.

    `level` while an emergency question is open: what was said, and nothing of what was not asked; '' where that
    gives none. `screened`: an emergency question was answered. `unasked`: so many of the emergency questions and of the minimum are open.
    """

    protocol: str
    step: int
    level: str
    level_words: str
    screened: bool
    why: str
    rule: str
    provisional: bool
    hard: tuple[Ask, ...]
    asks: tuple[Ask, ...]
    stops_open: bool
    unasked: int
    duties: tuple[DutyLine, ...]
    response: Mapping[str, str]
    axes: Response
    said: str
    said_by: str
    may_recommend: bool
    levels: tuple[tuple[str, str], ...]

    @property
    def stop_said(self) -> bool:
        """Whether an emergency question was answered with anything but what is harmless."""
        chosen = [(e.benign, v.code) for e in self.hard for v in e.values if v.chosen]
        return any(benign != code for benign, code in chosen)

    @property
    def asked(self) -> int:
        return sum(bool(each.said) for each in (*self.hard, *self.asks))

    @property
    def of(self) -> int:
        return len(self.hard) + len(self.asks)


def need(by: Actor, *, at: datetime, episode_id: UUID) -> NeedNow:  # noqa: ARG001 - as every read
    """The level a screen shows and why, for an episode your program works on. No answer is told."""
    with act_as(by):
        lookup.require_works_on(by, episode_id)
        row = queries.needs(by, [episode_id]).get(episode_id)
        if row is None:
            return NeedNow()
        protocol = queries.protocol(by, at=row.at)
    return NeedNow(
        level=row.shown.value if row.screened else "",
        why=row.because if row.screened else "",
        rule=row.rule if row.screened else "",
        provisional=row.provisional,
        step=row.step,
        rose_step=row.rose_step,
        duties=_duties(protocol, row, by.language),
        response=row.response if row.screened and not row.response.standard else None,
    )


def screen(by: Actor, episode_id: UUID, *, at: datetime) -> Screen | None:
    """The panel for one episode; None where no protocol is in force, or `by` does not screen."""
    if not may(by, Action.SCREEN).allowed:
        return None
    try:
        protocol, need, given = step.screened(by, episode_id, at=at)
    except queries.NoProtocol:
        return None
    asks = _asks(protocol, queries.with_weather(given, at=at), by.language)
    hard = tuple(one for one in asks if one.hard_stop)
    stops_open = any(not one.said for one in hard)
    unasked = sum(not one.said for one in asks if one.id in {e.id for e in protocol.screened_by})
    named = need if need is not None and need.screened else None
    now = None if named is None else _spoken(protocol, named, stops_open=stops_open)
    level = "" if now is None else now.level.value
    told = named is not None and named.shown.value == level  # the rule behind what is shown
    return Screen(
        protocol=f"{protocol.id} {protocol.version}",
        step=0 if need is None else need.step,
        level=level,
        level_words=level_words(level),
        screened=named is not None,
        why=named.because if named is not None and told else "",
        rule=named.rule if named is not None and told else "",
        provisional=need is None or need.provisional,
        hard=hard,
        asks=tuple(one for one in asks if not one.hard_stop),
        stops_open=stops_open,
        unasked=unasked,
        duties=() if need is None else _duties(protocol, need, by.language),
        response={} if now is None else _response(now.response),
        axes=Response() if now is None else now.response,
        said="" if need is None else need.said,
        said_by="" if need is None else need.said_by,
        may_recommend=by.role in rules.CLINICIANS | rules.SUPERVISORS,
        levels=tuple((one.value, level_words(one.value)) for one in Level),
    )


def _asks(protocol: Protocol, given: Mapping[str, str], language: str) -> list[Ask]:
    """Hard stops first, then the minimum in its own order, then what the answers so far call for (plan, means,
    time), then what is always asked; each in the order of the file, also what was answered."""
    settled = rules.settle(protocol, given)

    def asked(one: Question) -> bool:
        return one.id in given or rules.is_asked(protocol, one, settled)

    shown = [one for one in protocol.questions if not one.external and asked(one)]
    first = {one.id: place for place, one in enumerate(protocol.screened_by)}
    shown.sort(key=lambda one: (first.get(one.id, len(first)), one.always))
    return [_ask(one, given, language) for one in shown]


def _spoken(protocol: Protocol, need: CurrentLevelRow, *, stops_open: bool) -> CurrentLevel | None:
    """The level that header and next step follow: while an emergency question is open, what was said stands.

    None where nothing that was said gives one. What was not asked counts as unknown for whoever leaves the line
    (`blocks_release`, ADR 0024), not here.
    """
    if not stops_open or need.standing is need.shown:
        return CurrentLevel(need.shown, need.response)
    if need.standing is Level.STANDARD:
        return None
    return CurrentLevel(need.standing, protocol.responses[need.standing])


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


def _duties(protocol: Protocol, need: CurrentLevelRow, language: str) -> tuple[DutyLine, ...]:
    blocking = blocks_release(protocol, language)
    words = {duty.id: duty.says.get(language) or duty.says["en"] for duty in protocol.duties}
    return tuple(
        DutyLine(duty, words.get(duty, duty), duty in need.done, duty in blocking)
        for duty in need.duties
    )


def _response(axes: Response) -> dict[str, str]:
    names = responder_words()
    return {
        axis: names[f"{axis}:{value}"]
        for axis, value in (
            ("police", axes.police.value),
            ("ems", axes.ems.value),
            ("clinical", axes.clinical.value),
        )
        if f"{axis}:{value}" in names
    }
