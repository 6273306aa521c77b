"""Deciding a disclosure by a community's table.

A table is compiled once. Each row is a bit; for each class, sender, recipient and purpose there is one number
that holds the rows which speak of it. What speaks of a disclosure is then four numbers laid over each other,
however long the table is: bits from the lowest are its rows in their order, those that deny first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter

from nowrongdoor.kernel.conditions import FLAG, Always, Compare, Condition, Either, Every, Negated
from nowrongdoor.kernel.verdict import BadInput, Verdict, no
from nowrongdoor.kernel.words import _
from nowrongdoor.sharing.facts import NONE, Allow, Asked, Deny, Disclosure, Table
from nowrongdoor.sharing.words import in_words

Test = Callable[[Asked], bool]
Decide = Callable[[Asked], Disclosure]
WHO = {"data": "data", "sender": "sender", "to": "recipient", "purpose": "purpose"}
"""What a condition calls it, and what it is called in what is asked."""
LINE = {"data": "data", "from": "sender", "to": "recipient", "purpose": "purpose"}

COVERED_BY_NO_ROW = Disclosure(no("gate.none", "No rule covers this disclosure."), NONE)


def may_disclose(table: Table, asked: Asked) -> Disclosure:
    """Say whether this may be told, by which row, and what goes with it.

    Shape: the first row of `deny` that matches, unless what it names holds; else the first row of `allow`
        whose needs hold; else a no of row `none`. A row that counsel has not settled is passed over, and
        named, until the community has signed it off.
    Errors: KeyError for a name that the table does not have; `read_asked` refuses those.
    Source: the community's table, in which each row names its own.
    """
    return compiled(table)(asked)


@lru_cache(maxsize=32)
def compiled(table: Table) -> Decide:
    """The table as one function, made once."""
    rows = [*(_denying(row) for row in table.deny), *(_allowing(row, table) for row in table.allow)]
    scopes = [row.scope for row in table.rows]
    by_data = _index(table.data, [scope.data for scope in scopes])
    by_sender = _index(table.kinds, [scope.senders for scope in scopes])
    by_recipient = _index(table.recipients, [scope.recipients for scope in scopes])
    by_purpose = _index(table.purposes, [scope.purposes for scope in scopes])
    of_others = ~sum(1 << place for place, scope in enumerate(scopes) if scope.same)

    def decide(asked: Asked) -> Disclosure:
        left = (
            by_data[asked.data]
            & by_sender[asked.sender]
            & by_recipient[asked.recipient]
            & by_purpose[asked.purpose]
        )
        if asked.sender != asked.recipient:
            left &= of_others
        shut: list[_Row] = []
        passed: list[str] = []
        while left:
            lowest = left & -left
            left ^= lowest
            row = rows[lowest.bit_length() - 1]
            if not row.holds(asked):
                shut.append(row)
            elif row.counts:
                return _with_passed(row.answer, passed) if passed else row.answer
            else:
                passed.append(row.answer.row)
        return _nothing(shut, passed)

    return decide


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: when it holds, and what it answers then. `opens`: what would make it hold, where it allows."""

    answer: Disclosure
    holds: Test
    counts: bool = True
    opens: str = ""


def _index(names: Iterable[str], of_rows: Sequence[frozenset[str]]) -> dict[str, int]:
    """For each name the rows that speak of it, as the bits of a number."""
    bits = dict.fromkeys(names, 0)
    for place, named in enumerate(of_rows):
        for name in named:
            bits[name] |= 1 << place
    return bits


def _denying(row: Deny) -> _Row:
    verdict = no("gate.denied", "Rule {row} denies this: {why}.", row=row.id, why=row.because)
    lifted = tested(row.unless) if row.unless is not None else None
    holds: Test = (lambda _asked: True) if lifted is None else (lambda asked: not lifted(asked))
    return _Row(Disclosure(verdict, row.id), holds)


def _allowing(row: Allow, table: Table) -> _Row:
    needs = in_words(row.needs, table)
    why = row.because or f"it needs {needs}"
    verdict = Verdict(
        allowed=True,
        rule="gate.allowed",
        sentence=_("Rule {row} allows this: {why}."),
        values={"row": row.id, "why": why},
    )
    answer = Disclosure(verdict, row.id, row.fields, row.duties, row.basis)
    counts = table.counts(row)
    return _Row(answer, tested(row.needs), counts, f"{row.id} ({needs})" if counts else "")


def _with_passed(answer: Disclosure, passed: Sequence[str]) -> Disclosure:
    verdict = replace(
        answer.verdict,
        sentence=_(
            "Rule {row} allows this: {why}. Counsel has not settled {passed}; it was passed over."
        ),
        values={**answer.verdict.values, "passed": ", ".join(passed)},
    )
    return replace(answer, verdict=verdict, passed_over=tuple(passed))


def _nothing(shut: Sequence[_Row], passed: Sequence[str]) -> Disclosure:
    """No row decides. What is named are the rows that would, and what each still needs."""
    opens = "; ".join(row.opens for row in shut if row.opens)
    if passed:
        verdict = no(
            "gate.unsettled",
            "No rule in force allows this. {passed} would, but counsel has not settled it and this"
            " community has not signed it off.",
            passed=", ".join(passed),
        )
    elif opens:
        verdict = no(
            "gate.needs", "No rule allows this as it stands. It opens by {opens}.", opens=opens
        )
    else:
        return COVERED_BY_NO_ROW
    return Disclosure(verdict, NONE, passed_over=tuple(passed))


def tested(condition: Condition) -> Test:
    """The condition as a function."""
    match condition:
        case Always():
            return lambda _asked: True
        case Compare(name, values, among):
            return _compared(name, frozenset(values), among=among)
        case Every(parts):
            every = [tested(part) for part in parts]
            return lambda asked: all(test(asked) for test in every)
        case Either(parts):
            either = [tested(part) for part in parts]
            return lambda asked: any(test(asked) for test in either)
        case Negated(part):
            inner = tested(part)
            return lambda asked: not inner(asked)


def _compared(name: str, values: frozenset[str], *, among: bool) -> Test:
    if name in WHO:
        read = attrgetter(WHO[name])
        return lambda asked: (read(asked) in values) is among
    when_true, when_false = ((flag in values) is among for flag in reversed(FLAG))
    if name == "same":
        return lambda asked: when_true if asked.sender == asked.recipient else when_false
    return lambda asked: when_true if name in asked.facts else when_false


def read_asked(table: Table, given: object) -> Asked:
    """Read one disclosure from outside: `data`, `from`, `to`, `purpose`, and facts as true or false.

    Shape: a fact that is left out is false.
    Errors: BadInput for the first name that this table does not have, or what is missing or no true or false.
    """
    if not isinstance(given, Mapping):
        raise BadInput("line", "disclosure.shape", "A disclosure is given as names and values.")
    known = {
        "data": table.data,
        "from": table.kinds,
        "to": table.recipients,
        "purpose": table.purposes,
    }
    who = {LINE[key]: _name(key, given.get(key), names) for key, names in known.items()}
    facts = frozenset(_true_facts(table, {k: v for k, v in given.items() if k not in known}))
    return Asked(**who, facts=facts)


def _name(key: str, value: object, known: Iterable[str]) -> str:
    if not isinstance(value, str):
        raise BadInput(key, "disclosure.missing", "Say {key} as one name.", key=key)
    if value not in known:
        raise BadInput(
            key, "disclosure.unknown", "{key} is never {value}.", key=key, value=value[:40]
        )
    return value


def _true_facts(table: Table, given: Mapping[object, object]) -> Iterator[str]:
    for key, value in given.items():
        name = str(key)
        if name not in table.facts:
            raise BadInput(
                name[:40], "disclosure.fact", "This table has no fact {fact}.", fact=name[:40]
            )
        if not isinstance(value, bool):
            raise BadInput(name, "disclosure.boolean", "{fact} is true or false.", fact=name)
        if value:
            yield name
