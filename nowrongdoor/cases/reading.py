"""Reading a community's kinds of case. All that is wrong is named at once: file, line, key, in words."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from nowrongdoor.cases import schema
from nowrongdoor.cases.facts import (
    Book,
    Kind,
    Opening,
    Outcome,
    Plan,
    PlannedTask,
    Result,
    State,
    Then,
)
from nowrongdoor.community.files import BadCommunity
from nowrongdoor.community.written import Written, text_of

FILE = "cases.yaml"
LONGEST, MOST_MARKS = 500_000, 100_000
"""Bytes of a text and marks in it: ten times the community's own."""
EVENTS = frozenset({"call_closed"})
"""What can happen that opens a case: the names are the code's."""
Place = tuple[str | int, ...]


def read(file: Path) -> Book:
    """Read a file of cases. Errors: BadCommunity with every problem found."""
    return read_text(text_of(file), file.name)


def read_text(text: str, name: str = FILE) -> Book:
    """Read kinds of case from a text; `name` is what problems call the file. Errors: as `read`."""
    written = Written(text, name, schema.CasesFile, longest=LONGEST, most_marks=MOST_MARKS)
    problems = [written.at(*each) for each in _checks(written.rows)]
    if problems:
        raise BadCommunity(sorted(problems, key=lambda each: each.line))
    rows = written.rows
    return Book(rows.cases, rows.version, {row.code: _kind(row) for row in rows.kinds})


def _kind(row: schema.KindRow) -> Kind:
    return Kind(
        code=row.code,
        name=row.name,
        owners=frozenset(row.owners),
        untaken=row.untaken,
        first=row.first,
        states={each.code: State(each.code, each.name, each.pauses) for each in row.states},
        moves=frozenset((one, each.to) for each in row.moves for one in each.senders),
        results={
            each.code: Result(each.code, each.name, each.then, each.to or "")
            for each in row.results
        },
        outcomes={
            each.code: Outcome(each.code, each.name, frozenset(each.needs)) for each in row.outcomes
        },
        plans={each.code: _plan(each) for each in row.plans},
        opened_by=tuple(
            Opening(
                each.event,
                frozenset(each.senders),
                frozenset(each.levels),
                each.to,
                each.plan,
                each.basis,
            )
            for each in row.opened_by
        ),
    )


def _plan(row: schema.PlanRow) -> Plan:
    return Plan(
        row.code,
        row.name,
        tuple(
            PlannedTask(each.code, each.name, each.due, each.tries, each.opens or "")
            for each in row.tasks
        ),
    )


def _checks(rows: schema.CasesFile) -> Iterator[tuple[Place, str]]:
    """What no single row can say of itself."""
    yield from _twice(("kinds",), [each.code for each in rows.kinds])
    for n, kind in enumerate(rows.kinds):
        at: Place = ("kinds", n)
        for key in ("states", "results", "outcomes", "plans"):
            yield from _twice((*at, key), [each.code for each in getattr(kind, key)])
        for place, plan in enumerate(kind.plans):
            yield from _twice((*at, "plans", place, "tasks"), [each.code for each in plan.tasks])
        yield from _states(kind, at)
        yield from _openings(kind, at)
        if all(each.then is not Then.DONE for each in kind.results):
            yield (*at, "results"), "by none of these a task is ever done"
        if all(each.needs for each in kind.outcomes):
            yield (*at, "outcomes"), "each of these needs something: a case could stay open forever"


def _states(kind: schema.KindRow, at: Place) -> Iterator[tuple[Place, str]]:
    known = {each.code for each in kind.states}
    named: list[tuple[Place, str]] = [((*at, "first"), kind.first)]
    for n, move in enumerate(kind.moves):
        named += [((*at, "moves", n, "from"), one) for one in move.senders]
        named.append(((*at, "moves", n, "to"), move.to))
    named += [
        ((*at, "results", n, "to"), each.to) for n, each in enumerate(kind.results) if each.to
    ]
    for path, state in named:
        if state not in known:
            yield path, f"there is no state {state} here"
    ways = {(one, each.to) for each in kind.moves for one in each.senders}
    for n, result in enumerate(kind.results):
        if result.to and (kind.first, result.to) not in ways:
            yield (*at, "results", n, "to"), f"no move leads from {kind.first} to {result.to}"
    for each in sorted(known - _returning(kind, ways)):
        yield (*at, "moves"), f"{each} pauses the case, and no move leads out of that"


def _returning(kind: schema.KindRow, ways: Collection[tuple[str, str]]) -> set[str]:
    """The states from which a case gets to one that does not pause it."""
    found = {each.code for each in kind.states if not each.pauses}
    while more := {one for one, to in ways if to in found} - found:
        found |= more
    return found


def _openings(kind: schema.KindRow, at: Place) -> Iterator[tuple[Place, str]]:
    plans = {each.code for each in kind.plans}
    for n, each in enumerate(kind.opened_by):
        path: Place = (*at, "opened_by", n)
        if each.event not in EVENTS:
            known = ", ".join(sorted(EVENTS))
            yield (*path, "event"), f"nothing tells of {each.event}; what opens a case is {known}"
        if each.to not in kind.owners:
            yield (*path, "to"), f"{each.to} may not own this"
        if each.plan not in plans:
            yield (*path, "plan"), f"there is no plan {each.plan} here"


def _twice(path: Place, codes: Sequence[str]) -> Iterator[tuple[Place, str]]:
    for n, code in enumerate(codes):
        if code in codes[:n]:
            yield (*path, n), f"{code} stands here twice"
