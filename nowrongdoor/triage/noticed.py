"""Breaking a protocol to see who notices: each rule dropped or weakened, each response less."""

from collections.abc import Iterable
from dataclasses import replace

import z3  # type: ignore[import-untyped]  # it ships no types

from nowrongdoor.triage.conditions import call_in_words, compiled
from nowrongdoor.triage.facts import (
    Answers,
    Duty,
    Exempt,
    Fate,
    LevelRule,
    Mutation,
    Protocol,
    Story,
)
from nowrongdoor.triage.mutants import Mutant, mutants
from nowrongdoor.triage.proof import broken, told
from nowrongdoor.triage.solver import NO_LIMIT, Formula, Limit, Model, Outcome


def mutations(protocol: Protocol, limit: Limit = NO_LIMIT) -> tuple[Mutation, ...]:
    """Change each rule in turn, and say who notices (sources, "Every rule is noticed").

    Shape: one row for each mutant, level rules first; then a row for each exception that nothing
        needs, and for each invariant that notices none. The check passes where every row does.
    Errors: NotProved where the solver reaches its limit.
    """
    table = _Table(protocol, limit)
    rows = [table.row(mutant) for mutant in mutants(protocol)]
    needed = {row.name for row in rows if row.fate is Fate.EXEMPT}
    idle = [each for each in protocol.exceptions if each.mutation not in needed]
    return (*rows, *(Mutation(each.mutation, Fate.STALE, because=each.because) for each in idle))


class _Table:
    def __init__(self, protocol: Protocol, limit: Limit) -> None:
        self.protocol = protocol
        self.model = Model(protocol, limit)
        self.exempt: dict[str, Exempt] = {each.mutation: each for each in protocol.exceptions}
        self.stories = [
            (story, {**protocol.benign, **story.answers}) for story in protocol.stories
        ]

    def row(self, mutant: Mutant) -> Mutation:
        outcome = self.after(mutant)
        if not self.model.possible(self.differs(outcome)):
            return Mutation(mutant.name, Fate.SAME)
        if by := self.noticing(mutant, outcome):
            return Mutation(mutant.name, Fate.NOTICED, by)
        if (exempt := self.exempt.get(mutant.name)) is not None:
            return Mutation(mutant.name, Fate.EXEMPT, because=exempt.because)
        call = self.model.call(self.differs(outcome)) or {}
        because = f"{call_in_words(self.protocol, call)} -> {told(self.protocol, call)} before"
        return Mutation(mutant.name, Fate.MISSED, because=because)

    def after(self, mutant: Mutant) -> Outcome:
        """What the rules make of a call once this one is changed."""
        model = self.model
        matched = model.any([]) if mutant.when is None else model.formula(mutant.when)
        if isinstance(mutant.rule, Duty):
            return model.outcome(model.matches, {**model.called_for, mutant.rule.id: matched})
        place = self.protocol.levels.index(mutant.rule)
        matches = [*model.matches[:place], matched, *model.matches[place + 1 :]]
        return model.outcome(matches, model.called_for)

    def differs(self, after: Outcome) -> Formula:
        """A call that is told another level, other duties, or for which something else goes."""
        before = self.model.now
        pairs = [(before.levels[level], after.levels[level]) for level in before.levels]
        pairs += [(before.duties[duty], after.duties[duty]) for duty in before.duties]
        pairs += [
            (one, after.axes[axis][value])
            for axis, values in before.axes.items()
            for value, one in values.items()
        ]
        return self.model.any(z3.Xor(one, other) for one, other in pairs)

    def noticing(self, mutant: Mutant, after: Outcome) -> tuple[str, ...]:
        """Invariants that break, calls without a level, rules never reached, stories told otherwise."""
        model, ids = self.model, [rule.id for rule in self.protocol.levels]
        breaks = {
            each.id: model.all(broken(model, each, after)) for each in self.protocol.invariants
        }
        breaks["a call without a level"] = z3.Not(model.any(after.levels.values()))
        by = [id for id, found in zip(breaks, model.each_possible(breaks.values()), strict=True) if found]
        changed = self.changed(mutant)
        now = [compiled(changed).judge(call) for _story, call in self.stories]
        witnessed = {ids[place] for place, _duties, _axes in now if place >= 0}
        firsts = {id: one for id, one in zip(ids, after.firsts, strict=True) if id not in witnessed}
        reached = model.each_possible(firsts.values())
        by += [f"{id} is never reached" for id, found in zip(firsts, reached, strict=True) if not found]
        id = mutant.rule.id
        if isinstance(mutant.rule, Duty) and not model.possible(after.duties[id]):
            by.append(f"{id} is never reached")
        before = compiled(self.protocol)
        told_otherwise = (
            story.id
            for (story, call), found in zip(self.stories, now, strict=True)
            if _tells(story, before.judge(call)) != _tells(story, found)
        )
        return (*by, *told_otherwise)

    def changed(self, mutant: Mutant) -> Protocol:
        """The protocol with the rule as the mutant has it; a rule that is dropped never matches."""
        return replace(
            self.protocol,
            levels=tuple(map(mutant.turned, self.protocol.levels)),
            duties=tuple(map(mutant.turned, self.protocol.duties)),
        )


def _tells(
    story: Story, found: tuple[int, tuple[str, ...], tuple[int, int, int]]
) -> tuple[object, ...]:
    """What a story would notice: what goes only where it says that."""
    place, duties, axes = found
    return (place, duties) if story.response is None else (place, duties, axes)
