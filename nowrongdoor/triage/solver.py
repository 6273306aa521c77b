"""A protocol as formulas over its raw answers, for z3.

The solver reads the same tree as the evaluator (sources, "One reading of the protocol"). Its
unknowns are the raw answers: a truth value for each value of each question, at most one of them
true; none true is *not asked*. So every formula speaks of whole and of partly asked calls.
A model has a context of its own, so two drafts can be proved at the same time; two versions that are
compared share one, and with it the answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import z3  # type: ignore[import-untyped]  # it ships no types

from nowrongdoor.kernel.conditions import Always, Compare, Condition, Either, Every, Negated
from nowrongdoor.triage.conditions import settling_order
from nowrongdoor.triage.facts import (
    TOP,
    UNKNOWN,
    Clinical,
    Ems,
    Level,
    Police,
    Protocol,
    Question,
    Response,
)
from nowrongdoor.triage.rules import HEIGHT

Formula: TypeAlias = z3.BoolRef
AXES: Mapping[str, Sequence[str]] = {
    "police": tuple(Police),
    "ems": tuple(Ems),
    "clinical": tuple(Clinical),
}
HEIGHTS = sorted(set(HEIGHT.values()))


class NotProved(Exception):  # noqa: N818 - it is an answer, not a fault
    """The solver was given no more time or steps for one question."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What one question to the solver may cost. `steps` is z3's own count (rlimit): the same on every
    machine. None: as long as it takes."""

    milliseconds: int | None = None
    steps: int | None = None


NO_LIMIT = Limit()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules make of a call. `firsts`: each level rule gives the level. `high`: the level is at
    least so high. `axes`: each axis is at least so far. `kept`: the same without the floors."""

    firsts: list[Formula]
    levels: dict[Level, Formula]
    duties: dict[str, Formula]
    high: dict[int, Formula]
    axes: dict[str, dict[str, Formula]]
    kept: dict[str, dict[str, Formula]]


class Model:
    def __init__(
        self,
        protocol: Protocol,
        limit: Limit = NO_LIMIT,
        *,
        beside: "Model | None" = None,
        mark: str = "",
    ) -> None:
        self.protocol = protocol
        self.context: z3.Context = z3.Context() if beside is None else beside.context
        self.solver: z3.Solver = (
            z3.SimpleSolver(ctx=self.context) if beside is None else beside.solver
        )
        self._limit(limit)
        self.never = z3.BoolVal(val=False, ctx=self.context)
        self.raw = {
            question.id: {
                value: z3.Bool(f"{question.id}{mark}={value}", self.context)
                for value in question.values
            }
            for question in protocol.questions
        }
        self.settled: dict[str, dict[str, Formula]] = {}
        for question in settling_order(protocol.questions):
            self.settled[question.id] = self._settled(question)
            self.solver.add(z3.AtMost(*self.raw[question.id].values(), 1))
        self.matches = [self.formula(rule.when) for rule in protocol.levels]
        self.called_for = {
            duty.id: self.formula(duty.when) for duty in protocol.duties if duty.when is not None
        }
        self.now = self.outcome(self.matches, self.called_for)

    def _limit(self, limit: Limit) -> None:
        if limit.milliseconds is not None:
            self.solver.set("timeout", limit.milliseconds)
        if limit.steps is not None:
            self.solver.set("rlimit", limit.steps)

    def not_asked(self, question_id: str) -> Formula:
        return z3.Not(self.any(self.raw[question_id].values()))

    def _settled(self, question: Question) -> dict[str, Formula]:
        raw = self.raw[question.id]
        unasked = self.not_asked(question.id)
        settled = dict(raw)
        if question.hard_stop:
            settled[UNKNOWN] = self.any([raw[UNKNOWN], unasked])
        elif question.ask_when is None:
            settled[question.benign] = self.any([raw[question.benign], unasked])
        else:
            called_for = self.formula(question.ask_when)
            for value, counts in ((UNKNOWN, called_for), (question.benign, z3.Not(called_for))):
                settled[value] = self.any([settled[value], self.all([unasked, counts])])
        return settled

    def formula(self, condition: Condition) -> Formula:
        match condition:
            case Always():
                return self.all([])
            case Compare(question, values, among):
                one = self.any(self.settled[question][value] for value in values)
                return one if among else z3.Not(one)
            case Every(parts):
                return self.all(map(self.formula, parts))
            case Either(parts):
                return self.any(map(self.formula, parts))
            case Negated(part):
                return z3.Not(self.formula(part))

    def any(self, formulas: Iterable[Formula]) -> Formula:
        return z3.Or(self.never, *formulas)

    def all(self, formulas: Iterable[Formula]) -> Formula:
        return z3.And(z3.Not(self.never), *formulas)

    def outcome(
        self,
        matches: Sequence[Formula],
        called_for: Mapping[str, Formula],
        sends: Protocol | None = None,
    ) -> Outcome:
        """What follows where these level rules match and these duties are called for. `sends`: by whose
        table of responses; its own."""
        table = sends or self.protocol
        firsts, counted = self._order(matches)
        ruled = list(zip(self.protocol.levels, firsts, counted, strict=True))
        levels = {
            level: self.any(first for rule, first, _ in ruled if rule.level is level)
            for level in Level
        }
        sent = [
            (table.responses[rule.level], one, rule.floor)
            for rule, _, one in ruled
            if rule.level is not Level.STANDARD
        ]
        helped = self.any(one for goes, one, _ in sent if goes.clinical >= Clinical.TEAM)
        joins = self.all([self.any(levels[level] for level in TOP), helped])
        duties = {duty.id: called_for.get(duty.id, joins) for duty in self.protocol.duties}
        added = [(table.raises.get(id, Response()), one) for id, one in duties.items()]
        here = z3.Not(levels[Level.STANDARD])
        return Outcome(
            firsts=firsts,
            levels=levels,
            duties=duties,
            high={
                height: self.any(one for level, one in levels.items() if HEIGHT[level] >= height)
                for height in HEIGHTS[1:]
            },
            axes=self._axes(here, [*((goes, one) for goes, one, _ in sent), *added]),
            kept=self._axes(
                here, [*((goes, one) for goes, one, floor in sent if not floor), *added]
            ),
        )

    def _axes(
        self, here: Formula, sent: Sequence[tuple[Response, Formula]]
    ) -> dict[str, dict[str, Formula]]:
        """Each axis at least at each of its values but the first; nowhere but `here`."""
        return {
            axis: {
                to: self.all(
                    [here, self.any(one for goes, one in sent if getattr(goes, axis) >= to)]
                )
                for to in values[1:]
            }
            for axis, values in AXES.items()
        }

    def _order(self, matches: Sequence[Formula]) -> tuple[list[Formula], list[Formula]]:
        """For each rule: it is the first that matches; what it sends counts."""
        firsts, counted = [], []
        before, gone = self.any([]), self.any([])
        for rule, matched in zip(self.protocol.levels, matches, strict=True):
            first = z3.And(matched, z3.Not(before))
            firsts.append(first)
            counted.append(first if rule.floor else z3.And(matched, z3.Not(gone)))
            before = z3.Or(before, matched)
            if rule.level is Level.STANDARD:
                gone = z3.Or(gone, matched)
        return firsts, counted

    def among(self, outcome: Outcome, axis: str, values: Sequence[str]) -> Formula:
        """The axis is at one of these values."""
        order = AXES[axis]
        at_least = {order[0]: self.all([])} | outcome.axes[axis]
        return self.any(
            self.all([at_least[value], *(z3.Not(at_least[each]) for each in order[order.index(value) + 1 :][:1])])
            for value in values
        )  # fmt: skip

    def possible(self, *wanted: Formula) -> bool:
        """Whether any answers at all make all of these true. Errors: NotProved."""
        self.solver.push()
        self.solver.add(*wanted)
        found = self.solver.check()
        self.solver.pop()
        if found == z3.unknown:
            raise NotProved(self.solver.reason_unknown())
        return bool(found == z3.sat)

    def each_possible(self, formulas: Iterable[Formula]) -> list[bool]:
        """For each formula, whether any answers make it true. One call shows several of them."""
        wanted = list(formulas)
        found = [False] * len(wanted)
        while left := [place for place, seen in enumerate(found) if not seen]:
            self.solver.push()
            self.solver.add(self.any(wanted[place] for place in left))
            answer = self.solver.check()
            if answer == z3.sat:
                shown = self.solver.model()
                for place in left:
                    found[place] = z3.is_true(shown.eval(wanted[place], model_completion=True))
            self.solver.pop()
            if answer == z3.unknown:
                raise NotProved(self.solver.reason_unknown())
            if answer == z3.unsat:
                break
        return found

    def call(self, *wanted: Formula) -> dict[str, str] | None:
        """The plainest answers that make all of these true, or None. Benign where that is possible,
        answered rather than not asked."""
        if not self.possible(*wanted):
            return None
        chosen = list(wanted)
        answers = {}
        for question in self.protocol.questions:
            raw = self.raw[question.id]
            for value in (question.benign, *question.values):
                if self.possible(*chosen, raw[value]):
                    chosen.append(raw[value])
                    answers[question.id] = value
                    break
            else:
                chosen.append(self.not_asked(question.id))
        return answers

    def twin(self) -> "Model":
        """The same protocol over another call's answers, beside this one's."""
        return Model(self.protocol, beside=self, mark="'")
