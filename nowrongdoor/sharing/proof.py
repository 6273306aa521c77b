"""Proving a disclosure table for everything that could be asked. By z3 (`solver`).

What the proof looks at: every invariant; that every row can be reached; what must be possible, and what must
not. A row that is not settled counts where the community has signed it off; it has to be reachable either way.
"""

from collections.abc import Iterator
from dataclasses import replace

import z3  # type: ignore[import-untyped]  # it ships no types

from nowrongdoor.sharing.facts import Allow, Claim, Deny, Flow, Invariant, Table
from nowrongdoor.sharing.rules import may_disclose
from nowrongdoor.sharing.solver import Formula, Model
from nowrongdoor.sharing.words import told


def prove(table: Table) -> tuple[Claim, ...]:
    """Look at every possible disclosure. What fails comes with one, in words, that shows it."""
    model = Model(table)
    return (
        *(_invariant(model, each) for each in table.invariants),
        *(_reached(model, row, decides) for row, decides in model.decides),
        *(_flow(table, each) for each in table.flows),
    )


def if_all_signed(table: Table) -> tuple[Claim, ...]:
    """The invariants once more, as if the community had signed off every row. Those that fail then."""
    unsettled = {row.id for row in table.allow if not row.settled}
    if unsettled == table.signed_off:
        return ()
    model = Model(replace(table, signed_off=frozenset(unsettled)))
    claims = (_invariant(model, each) for each in table.invariants)
    return tuple(each for each in claims if not each.holds)


def _invariant(model: Model, invariant: Invariant) -> Claim:
    broken = model.any(_broken(model, invariant))
    asked = model.found(broken)
    because = ""
    if asked is not None:
        answer = may_disclose(model.table, asked)
        duties = ", ".join(answer.duties) or "none"
        because = f"{told(asked)}: {answer.row} allows it (duties: {duties})."
    return Claim("invariant", invariant.id, invariant.text, because)


def _broken(model: Model, invariant: Invariant) -> Iterator[Formula]:
    """For each row that may decide, that it does so against the invariant."""
    for row, decides in model.decides:
        if isinstance(row, Allow) and model.table.counts(row):
            if invariant.never is not None:
                yield z3.And(decides, model.formula(invariant.never, row))
            elif invariant.when is not None and not _dutiful(row, invariant):
                yield z3.And(decides, model.formula(invariant.when, row))


def _dutiful(row: Allow, invariant: Invariant) -> bool:
    if invariant.duty_any:
        return not set(invariant.duty_any).isdisjoint(row.duties)
    return set(invariant.duty_all) <= set(row.duties)


def _reached(model: Model, row: Deny | Allow, decides: Formula) -> Claim:
    shut = "No disclosure reaches it: rows before it decide all that it matches."
    because = "" if model.possible(decides) else shut
    return Claim("row", row.id, "some disclosure is decided by it", because)


def _flow(table: Table, flow: Flow) -> Claim:
    answer = may_disclose(table, flow.asked)
    kind = "must work" if flow.works else "must not"
    because = (
        "" if answer.allowed is flow.works else f"{told(flow.asked)}: {answer.verdict.because}"
    )
    return Claim(kind, flow.text, "", because)
