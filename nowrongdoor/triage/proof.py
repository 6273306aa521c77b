"""Proving a protocol for every possible answer, and breaking it to see who notices. By z3.

The solver reads the same tree as the evaluator (sources, "One reading of the protocol"). Its
unknowns are the raw answers: a truth value for each value of each question, at most one of them
true; none true is *not asked*.
Every model has a context of its own, so two drafts can be proved at the same time.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import z3  # type: ignore[import-untyped]  # it ships no types

from nowrongdoor.triage.conditions import call_in_words, compiled, holds, settling_order
from nowrongdoor.triage.facts import (
    UNKNOWN,
    Always,
    Answers,
    Claim,
    Compare,
    Condition,
    Either,
    Every,
    Exempt,
    Fate,
    Invariant,
    Level,
    LevelRule,
    Mutation,
    Negated,
    Proof,
    Protocol,
    Question,
    Story,
)
from nowrongdoor.triage.mutants import Mutant, mutants

Formula: TypeAlias = z3.BoolRef


class Model:
    """A protocol as formulas over its raw answers."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.context = z3.Context()
        self.solver = z3.SimpleSolver(ctx=self.context)
        self.never = z3.BoolVal(val=False, ctx=self.context)
        self.raw = {
            question.id: {
                value: z3.Bool(f"{question.id}={value}", self.context) for value in question.values
            }
            for question in protocol.questions
        }
        self.settled: dict[str, dict[str, Formula]] = {}
        for question in settling_order(protocol.questions):
            self.settled[question.id] = self._settled(question)
            self.solver.add(z3.AtMost(*self.raw[question.id].values(), 1))
        self.matches = [self.formula(rule.when) for rule in protocol.levels]
        self.duties = {duty.id: self.formula(duty.when) for duty in protocol.duties}
        self.firsts = self.first_of(self.matches)
        self.levels = self.levels_of(self.firsts)

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

    def first_of(self, matches: Sequence[Formula]) -> list[Formula]:
        """For each rule: it matches, and none before it does."""
        firsts, before = [], self.any([])
        for matched in matches:
            firsts.append(z3.And(matched, z3.Not(before)))
            before = z3.Or(before, matched)
        return firsts

    def levels_of(self, firsts: Sequence[Formula]) -> dict[Level, Formula]:
        rules = list(zip(self.protocol.levels, firsts, strict=True))
        return {
            level: self.any(first for rule, first in rules if rule.level is level)
            for level in Level
        }

    def possible(self, *wanted: Formula) -> bool:
        """Whether any answers at all make all of these true."""
        self.solver.push()
        self.solver.add(*wanted)
        found = self.solver.check()
        self.solver.pop()
        if found == z3.unknown:
            raise RuntimeError("the solver gave up on a finite question")
        return bool(found == z3.sat)

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


def prove(protocol: Protocol) -> Proof:
    """Look at every possible answer. What fails comes with a call, in words, that shows it."""
    model = Model(protocol)
    claims = (
        *(_invariant(model, each) for each in protocol.invariants),
        *(_reached(model, "level rule", rule.id, first) for rule, first in zip(protocol.levels, model.firsts, strict=True)),
        *(_reached(model, "duty", id, matched) for id, matched in model.duties.items()),
        _every_call(model),
        *(_story(protocol, story) for story in protocol.stories),
    )  # fmt: skip
    return Proof(f"{protocol.id} {protocol.version}", claims)


def _broken(model: Model, invariant: Invariant, levels: dict[Level, Formula]) -> list[Formula]:
    """What a call that breaks the invariant makes true."""
    wanted = [levels[level] for level in invariant.level_in]
    wanted += [model.duties[duty] for duty in invariant.duty_any]
    return [model.formula(invariant.when), z3.Not(model.any(wanted))]


def _invariant(model: Model, invariant: Invariant) -> Claim:
    call = model.call(*_broken(model, invariant, model.levels))
    because = "" if call is None else _counter(model.protocol, call, _wants(invariant))
    return Claim("invariant", invariant.id, invariant.text, call is None, because)


def _wants(invariant: Invariant) -> str:
    *most, last = [level.value for level in invariant.level_in] or invariant.duty_any
    return f"{invariant.id} wants {' or '.join(filter(None, (', '.join(most), last)))}"


def _counter(protocol: Protocol, call: Answers, wants: str) -> str:
    return f"{call_in_words(protocol, call)} -> {_told(protocol, call)}, but {wants}"


def _told(protocol: Protocol, call: Answers) -> str:
    place, duties = compiled(protocol).judge(call)
    rule = protocol.levels[place]
    level = f"level {rule.level.value} by {rule.id}" if place >= 0 else "no level"
    return f"{level}, duties {', '.join(duties)}" if duties else level


def _reached(model: Model, kind: str, id: str, formula: Formula) -> Claim:
    reached = model.possible(formula)
    because = "" if reached else "No call ever reaches it: others take every call that it would."
    return Claim(kind, id, "some call reaches it", reached, because)


def _every_call(model: Model) -> Claim:
    call = model.call(z3.Not(model.any(model.matches)))
    because = "" if call is None else _counter(model.protocol, call, "every call needs one")
    return Claim("every call", "level", "every call gets a level", call is None, because)


def _story(protocol: Protocol, story: Story) -> Claim:
    call = {**protocol.benign, **story.answers}
    place, duties = compiled(protocol).judge(call)
    rule = protocol.levels[place] if place >= 0 else None
    agrees = rule is not None and (rule.id, rule.level, duties) == (
        story.rule,
        story.level,
        story.duties,
    )
    asked = ", ".join((f"level {story.level.value} by {story.rule}", *story.duties))
    because = "" if agrees else _counter(protocol, call, f"the story says {asked}")
    return Claim("story", story.id, story.story, agrees, because)


def mutations(protocol: Protocol) -> tuple[Mutation, ...]:
    """Drop or change each rule in turn, and say who notices (sources, "Every rule is noticed").

    Shape: one row for each mutant, level rules first; then a row for each exception that nothing
        needs. The check passes where every row does.
    """
    table = _Table(protocol)
    rows = [table.row(mutant) for mutant in mutants(protocol)]
    needed = {row.name for row in rows if row.fate is Fate.EXEMPT}
    idle = [each for each in protocol.exceptions if each.mutation not in needed]
    return (*rows, *(Mutation(each.mutation, Fate.STALE, because=each.because) for each in idle))


class _Table:
    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.model = Model(protocol)
        self.exempt: dict[str, Exempt] = {each.mutation: each for each in protocol.exceptions}
        settle = compiled(protocol).settle
        self.stories = [
            (story, settle({**protocol.benign, **story.answers})) for story in protocol.stories
        ]
        self.hits = [
            [holds(rule.when, settled) for rule in protocol.levels] for _, settled in self.stories
        ]

    def row(self, mutant: Mutant) -> Mutation:
        if isinstance(mutant.rule, LevelRule):
            changed, by = self.level(mutant, self.protocol.levels.index(mutant.rule))
        else:
            changed, by = self.duty(mutant)
        if not self.model.possible(changed):
            return Mutation(mutant.name, Fate.SAME)
        if by:
            return Mutation(mutant.name, Fate.NOTICED, by)
        if (exempt := self.exempt.get(mutant.name)) is not None:
            return Mutation(mutant.name, Fate.EXEMPT, because=exempt.because)
        call = self.model.call(changed) or {}
        because = f"{call_in_words(self.protocol, call)} -> {_told(self.protocol, call)} before"
        return Mutation(mutant.name, Fate.MISSED, because=because)

    def level(self, mutant: Mutant, place: int) -> tuple[Formula, tuple[str, ...]]:
        """What the mutant changes, and who notices: invariants, reach, stories."""
        model = self.model
        matches = list(model.matches)
        matches[place] = self.matched(mutant)
        firsts = model.first_of(matches)
        levels = model.levels_of(firsts)
        changed = model.any(z3.Xor(levels[level], model.levels[level]) for level in Level)
        by = [
            each.id
            for each in self.protocol.invariants
            if each.level_in and model.possible(*_broken(model, each, levels))
        ]
        if model.possible(z3.Not(model.any(matches))):
            by.append("a call without a level")
        told = self.retold(mutant, place)
        reached = set(told.values())  # a story is witness enough
        by += [
            f"{rule.id} is never reached"
            for rule, first in zip(self.protocol.levels, firsts, strict=True)
            if rule.id not in reached and not model.possible(first)
        ]
        by += [story.id for story, _ in self.stories if told[story.id] != story.rule]
        return changed, tuple(by)

    def retold(self, mutant: Mutant, place: int) -> dict[str, str]:
        """For each story the level rule that it now gets, '' for none."""
        told = {}
        for (story, settled), hits in zip(self.stories, self.hits, strict=True):
            hit = mutant.when is not None and holds(mutant.when, settled)
            found = [*hits[:place], hit, *hits[place + 1 :], True]
            rules = [rule.id for rule in self.protocol.levels]
            told[story.id] = [*rules, ""][found.index(True)]
        return told

    def duty(self, mutant: Mutant) -> tuple[Formula, tuple[str, ...]]:
        model, id = self.model, mutant.rule.id
        before, after = model.duties[id], self.matched(mutant)
        model.duties[id] = after
        by = [
            each.id
            for each in self.protocol.invariants
            if id in each.duty_any and model.possible(*_broken(model, each, model.levels))
        ]
        if not model.possible(after):
            by.append(f"{id} is never reached")
        model.duties[id] = before
        by += [
            story.id
            for story, settled in self.stories
            if (mutant.when is not None and holds(mutant.when, settled)) != (id in story.duties)
        ]
        return z3.Xor(before, after), tuple(by)

    def matched(self, mutant: Mutant) -> Formula:
        return self.model.any([]) if mutant.when is None else self.model.formula(mutant.when)
