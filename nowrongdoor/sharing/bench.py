"""The privacy officer's bench: could one tell the other this, for that? It asks the gate and writes nothing. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from nowrongdoor.sharing.facts import Asked, Disclosure, Table
from nowrongdoor.sharing.rules import may_disclose


@dataclass(frozen=True, slots=True)
class Other:
    """What one change would make of it: a fact more or less, or another purpose."""

    fact: str
    added: bool
    answer: Disclosure


def others(table: Table, asked: Asked) -> tuple[Other, ...]:
    """Each single fact that would change the answer, those that are true now first."""
    now = may_disclose(table, asked)

    def changed() -> Iterator[Other]:
        for fact in sorted(table.facts, key=lambda each: (each not in asked.facts, each)):
            answer = may_disclose(table, replace(asked, facts=asked.facts ^ {fact}))
            if (answer.row, answer.fields) != (now.row, now.fields):
                yield Other(fact, fact not in asked.facts, answer)

    return tuple(changed())


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger, as a changed table is tried on it."""

    asked: Asked
    row: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a changed table would answer differently: how many lines of this row, and what it says now."""

    row: str
    now: str
    allowed: bool
    lines: int


def replay(table: Table, lines: Iterable[Line]) -> tuple[Changed, ...]:
    """Try a table on what was told: which lines it would not tell, or tell by another row.

    Shape: the most lines first. A line whose words the table does not know any more counts as a no.
    """
    found: Counter[tuple[str, str, bool]] = Counter()
    for each in lines:
        answer = _answered(table, each.asked)
        row, allowed = ("none", False) if answer is None else (answer.row, answer.allowed)
        if row != each.row:
            found[each.row, row, allowed] += 1
    return tuple(
        Changed(before, now, allowed, count)
        for (before, now, allowed), count in found.most_common()
    )


def _answered(table: Table, asked: Asked) -> Disclosure | None:
    known = (
        asked.data in table.data
        and asked.sender in table.kinds
        and asked.recipient in table.recipients
        and asked.purpose in table.purposes
    )
    return may_disclose(table, asked) if known else None
