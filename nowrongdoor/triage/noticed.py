"""Breaking a protocol to see who notices: each rule dropped or weakened, each response less."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import z3  # type: ignore[import-untyped]  # it ships no types

from nowrongdoor.triage.conditions import call_in_words, compiled
from nowrongdoor.triage.facts import Exempt, Fate, Mutation, Protocol
from nowrongdoor.triage.mutants import Mutant, mutants, weaker
from nowrongdoor.triage.proof import broken, told
from nowrongdoor.triage.solver import NO_LIMIT, Formula, Limit, Model, Outcome

Told = tuple[int, tuple[str, ...], tuple[int, int, int] | None]


def mutations(protocol: Protocol, limit: Limit = NO_LIMIT) -> tuple[Mutation, ...]:
    """Change each rule in turn, and say who notices (sources, "Every rule is noticed").

    Shape: one row for each mutant, level rules first; then a row for each exception that nothing
        needs. The check passes where every row does.
    Errors: NotProved where the solver reaches its limit.
    """
    rows = list(_Table(protocol, limit).rows())
    needed = {row.name for row in rows if row.fate is Fate.EXEMPT}
    idle = [each for each in protocol.exceptions if each.mutation not in needed]
    return (*rows, *(Mutation(each.mutation, Fate.STALE, because=each.because) for each in idle))


class _Table:
    """Two outcomes over the same answers: as the rules are, and with one of them changed. The second is
    made once, over a sign for each rule; what a sign stands for is said anew for each mutant."""

    def __init__(self, protocol: Protocol, limit: Limit) -> None:
        self.protocol = protocol
        self.model = model = Model(protocol, limit)
        self.exempt: dict[str, Exempt] = {each.mutation: each for each in protocol.exceptions}
        self.calls = [{**protocol.benign, **story.answers} for story in protocol.stories]
        self.told = self._tells(protocol)
        matches = {rule.id: one for rule, one in zip(protocol.levels, model.matches, strict=True)}
        self.before: dict[str, Formula] = {**matches, **model.called_for}
        self.signs = {id: z3.Bool(f"sign {id}", model.context) for id in self.before}
        self.mended = {id: z3.Bool(f"changed {id}", model.context) for id in self.before}
        for id, sign in self.signs.items():
            model.solver.add(z3.Or(self.mended[id], sign == self.before[id]))
        self.after = model.outcome(
            [self.signs[id] for id in matches], {id: self.signs[id] for id in model.called_for}
        )
        self.breaks = self._breaks(self.after)
        self.differs = self._differs(self.after)

    def rows(self) -> Iterator[Mutation]:
        for mutant in mutants(self.protocol):
            yield self._turned(mutant)
        for name, changed in weaker(self.protocol):
            after = self.model.outcome(self.model.matches, self.model.called_for, changed)
            yield self._row(name, changed, after, self._breaks(after), self._differs(after))

    def _turned(self, mutant: Mutant) -> Mutation:
        model, turned = self.model, mutant.rule.id
        to = model.any([]) if mutant.when is None else model.formula(mutant.when)
        changed = replace(
            self.protocol,
            levels=tuple(map(mutant.turned, self.protocol.levels)),
            duties=tuple(map(mutant.turned, self.protocol.duties)),
        )
        model.solver.push()
        try:
            model.solver.add(self.signs[turned] == to)
            model.solver.add(*(z3.Not(one) for id, one in self.mended.items() if id != turned))
            return self._row(mutant.name, changed, self.after, self.breaks, self.differs)
        finally:
            model.solver.pop()

    def _row(
        self,
        name: str,
        changed: Protocol,
        after: Outcome,
        breaks: Mapping[str, Formula],
        differs: Formula,
    ) -> Mutation:
        told_now = self._tells(changed)
        if told_now == self.told and not self.model.possible(differs):
            return Mutation(name, Fate.SAME)
        if by := self._noticing(told_now, after, breaks):
            return Mutation(name, Fate.NOTICED, by)
        if (exempt := self.exempt.get(name)) is not None:
            return Mutation(name, Fate.EXEMPT, because=exempt.because)
        call = self.model.call(differs) or {}
        because = f"{call_in_words(self.protocol, call)} -> {told(self.protocol, call)} before"
        return Mutation(name, Fate.MISSED, because=because)

    def _breaks(self, after: Outcome) -> dict[str, Formula]:
        model = self.model
        breaks = {
            each.id: model.all(broken(model, each, after)) for each in self.protocol.invariants
        }
        return {**breaks, "a call without a level": z3.Not(model.any(after.levels.values()))}

    def _differs(self, after: Outcome) -> Formula:
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

    def _noticing(
        self, told: Sequence[Told], after: Outcome, breaks: Mapping[str, Formula]
    ) -> tuple[str, ...]:
        """Invariants that break, calls without a level, rules never reached, stories told otherwise."""
        found = self.model.each_possible(breaks.values())
        by = [id for id, broke in zip(breaks, found, strict=True) if broke]
        reached = {self.protocol.levels[each[0]].id for each in told} | {
            duty for each in told for duty in each[1]
        }  # a story is witness enough
        ways = dict(zip((rule.id for rule in self.protocol.levels), after.firsts, strict=True))
        rest = {id: one for id, one in {**ways, **after.duties}.items() if id not in reached}
        found = self.model.each_possible(rest.values())
        by += [f"{id} is never reached" for id, seen in zip(rest, found, strict=True) if not seen]
        stories = zip(self.protocol.stories, self.told, told, strict=True)
        return (*by, *(story.id for story, before, now in stories if before != now))

    def _tells(self, protocol: Protocol) -> list[Told]:
        """What each story gets; what goes only where it says that."""
        judge = compiled(protocol).judge
        return [
            judge(call)[:3] if story.response is not None else (*judge(call)[:2], None)
            for story, call in zip(protocol.stories, self.calls, strict=True)
        ]
