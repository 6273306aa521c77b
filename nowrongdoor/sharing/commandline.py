"""What the command line prints of a disclosure table. No database, no settings."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from nowrongdoor.kernel import json_lines
from nowrongdoor.sharing.facts import Claim, Table
from nowrongdoor.sharing.rules import may_disclose, read_asked


def gate(table: Table, lines: Iterable[str | bytes], write: Callable[[str], Any]) -> int:
    """Write what each disclosure comes to. The exit code: 1 where any line could not be answered."""
    return json_lines.write_answers(lines, partial(_answer, table), write)


def _answer(table: Table, given: object) -> dict[str, object]:
    answer = may_disclose(table, read_asked(table, given))
    return {
        "allowed": answer.allowed,
        "row": answer.row,
        "fields": sorted(answer.fields),
        "duties": sorted(answer.duties),
    }


def proof_lines(table: Table, claims: Sequence[Claim], later: Sequence[Claim]) -> Iterator[str]:
    """What the proof looked at, and every failure with the disclosure that shows it. `later`: what would fail
    were every row signed off."""
    kinds = Counter(claim.kind for claim in claims)
    looked = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
    yield f"{table.id} {table.version}: looked at {looked}."
    failures = [claim for claim in claims if not claim.holds]
    yield from _failing("fails", failures)
    waiting = sorted(row.id for row in table.allow if not table.counts(row))
    if waiting:
        yield f"passed over until the community signs them off: {', '.join(waiting)}."
    yield from _failing("would fail once all are signed off", later)
    if not failures:
        yield "Proved for every possible disclosure."


def _failing(said: str, claims: Iterable[Claim]) -> Iterator[str]:
    for claim in claims:
        text = f" ({claim.text})" if claim.text else ""
        yield f"{said}: {claim.kind} {claim.id}{text}"
        yield f"  {claim.because}"
