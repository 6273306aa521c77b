"""A disclosure table as formulas over everything that could be asked, for z3.

The solver reads the same trees as the evaluator. Its unknowns are truth values: one for each class, sender,
recipient and purpose, of which one is true; and one for each fact.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import z3  # type: ignore[import-untyped]  # it ships no types

from nowrongdoor.kernel.conditions import FLAG, Always, Compare, Condition, Either, Every, Negated
from nowrongdoor.sharing.facts import AGREEMENT, Allow, Asked, Deny, Scope, Table
from nowrongdoor.sharing.rules import WHO

Formula: TypeAlias = z3.BoolRef
NAMES = tuple(WHO)


class Model:
    """`decides`: each row, with what makes it the one that answers."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.context = z3.Context()
        self.solver = z3.SimpleSolver(ctx=self.context)
        self.one: dict[str, dict[str, Formula]] = {}
        for name, values in zip(
            NAMES, (table.data, table.kinds, table.recipients, table.purposes), strict=True
        ):
            self.one[name] = {value: self.unknown(f"{name}={value}") for value in values}
            self.solver.add(z3.PbEq([(each, 1) for each in self.one[name].values()], 1))
        self.facts = {fact: self.unknown(fact) for fact in table.facts}
        self.same = self.any(
            z3.And(tells, self.one["to"][kind]) for kind, tells in self.one["sender"].items()
        )
        self.decides = list(self._decides())

    def unknown(self, name: str) -> Formula:
        return z3.Bool(name, self.context)

    def any(self, formulas: Iterable[Formula]) -> Formula:
        return z3.Or(z3.BoolVal(val=False, ctx=self.context), *formulas)

    def all(self, formulas: Iterable[Formula]) -> Formula:
        return z3.And(z3.BoolVal(val=True, ctx=self.context), *formulas)

    def _decides(self) -> Iterator[tuple[Deny | Allow, Formula]]:
        """In their order; a row that does not count shuts nothing behind it."""
        before: list[Formula] = []
        for row in self.table.rows:
            matched = z3.And(self.scope(row.scope), self._holds(row))
            yield row, z3.And(matched, z3.Not(self.any(before)))
            if isinstance(row, Deny) or self.table.counts(row):
                before.append(matched)

    def _holds(self, row: Deny | Allow) -> Formula:
        if isinstance(row, Allow):
            return self.formula(row.needs)
        return self.all([]) if row.unless is None else z3.Not(self.formula(row.unless))

    def scope(self, scope: Scope) -> Formula:
        named = zip(
            NAMES, (scope.data, scope.senders, scope.recipients, scope.purposes), strict=True
        )
        parts = [self.any(self.one[name][value] for value in sorted(of)) for name, of in named]
        return self.all([*parts, *([self.same] if scope.same else [])])

    def formula(self, condition: Condition, row: Allow | None = None) -> Formula:
        """`row`: of which row an invariant speaks, where it speaks of one."""
        match condition:
            case Always():
                return self.all([])
            case Compare(name, values, among):
                one = self._among(name, values, row)
                return one if among else z3.Not(one)
            case Every(parts):
                return self.all(self.formula(part, row) for part in parts)
            case Either(parts):
                return self.any(self.formula(part, row) for part in parts)
            case Negated(part):
                return z3.Not(self.formula(part, row))

    def _among(self, name: str, values: Iterable[str], row: Allow | None) -> Formula:
        if name in self.one:
            return self.any(self.one[name][value] for value in values)
        if row is not None and name in (of_row := _of_row(row)):
            return z3.BoolVal(val=of_row[name] in values, ctx=self.context)
        true = self.same if name == "same" else self.facts[name]
        return self.any(true if value == FLAG[1] else z3.Not(true) for value in values)

    def possible(self, wanted: Formula) -> bool:
        self.solver.push()
        self.solver.add(wanted)
        found = self._satisfied()
        self.solver.pop()
        return found

    def _satisfied(self, *literals: Formula) -> bool:
        """Errors: RuntimeError where the solver gives up: what is not proved is never taken to hold."""
        found = self.solver.check(*literals)
        if found == z3.unknown:
            raise RuntimeError(f"the solver gave up: {self.solver.reason_unknown()}")
        return bool(found == z3.sat)

    def found(self, wanted: Formula) -> Asked | None:
        """A disclosure that makes this true, with as few facts as will do; None where there is none."""
        self.solver.push()
        self.solver.add(wanted)
        found = self._plainest() if self._satisfied() else None
        self.solver.pop()
        return found

    def _plainest(self) -> Asked:
        model = self.solver.model()
        who = {
            WHO[name]: next(value for value, each in of.items() if z3.is_true(model.eval(each)))
            for name, of in self.one.items()
        }
        for name, of in self.one.items():
            self.solver.add(of[who[WHO[name]]])
        true = set()
        for fact, unknown in self.facts.items():
            if self._satisfied(z3.Not(unknown)):
                self.solver.add(z3.Not(unknown))
            else:
                self.solver.add(unknown)
                true.add(fact)
        return Asked(**who, facts=frozenset(true))


def _of_row(row: Allow) -> Mapping[str, str]:
    alone = FLAG[row.needs == AGREEMENT]
    return {"basis": row.basis, "row_needs_agreement_only": alone}
