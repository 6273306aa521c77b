"""`nowrongdoor verify`: is everything as it was written, and is everything that keeps it so still there?

Six looks, as the owner: the journal's chain; the anchors outside; all that the database's catalogue
says of itself; every row against the constraints and against what only triggers keep; what the journal
vouches for in rows, with the key; and every counter that comes near its end. See docs/howto/verify.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
from django.db import connections

from nowrongdoor.journal import anchor as anchors
from nowrongdoor.journal import vouching as facts
from nowrongdoor.journal.chain import Finding
from nowrongdoor.journal.verify import UNSEALED_FOR, anchor_findings, chain_findings, unsealed
from nowrongdoor.journal.witness import fact_findings
from nowrongdoor.site import counters, safeguards

Owner = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """`findings` in words; empty is clean. `entries` is how many seals were checked.

    `unsealed` is how many entries wait for one; `unseen` is what could not be looked at.
    """

    findings: tuple[str, ...]
    entries: int
    unsealed: int = 0
    unseen: tuple[str, ...] = ()

    def text(self) -> str:
        counted = f"{self.entries} journal entries checked, and {self.unsealed} are not sealed yet"
        head = [
            f"{counted}; with everything in the catalogue.",
            *(f"Not checked: {each}" for each in self.unseen),
        ]
        if not self.findings:
            return "\n".join([*head, "Nothing was found: everything is as it was written."])
        return "\n".join([*head, f"{len(self.findings)} findings:", *self.findings])


def verify(anchor_file: Path | None, *, sealing: bool = True) -> Report:
    """Check everything. Reads in constant memory; changes nothing.

    `sealing` False: nobody seals here yet, as in what was just restored.
    """
    connection = connections["owner"]
    connection.ensure_connection()
    owner: Owner = connection.connection
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            return look(owner, anchor_file, sealing=sealing)
        finally:
            cursor.execute("ROLLBACK")


def look(owner: Owner, anchor_file: Path | None, *, sealing: bool = True) -> Report:
    """As `verify`, within the transaction of this connection."""
    owner.execute("SELECT set_config('search_path', 'public', true)")
    findings = tuple(_findings(owner, anchor_file))
    entries = waiting = 0
    try:
        with owner.transaction():
            waiting, longest = unsealed(owner)
            [entries] = owner.execute("SELECT count(*) FROM journal_seal").fetchone() or (0,)  # type: ignore[assignment]  # a count
    except psycopg.Error:  # `_findings` says so
        longest = timedelta()
    if sealing and longest > UNSEALED_FOR:
        minutes = int(longest.total_seconds() // 60)
        findings += (f"sealing stands still: {waiting} entries wait, {minutes} minutes so far",)
    return Report(findings, entries, waiting, tuple(_unseen(anchor_file)))


def _unseen(anchor_file: Path | None) -> Iterator[str]:
    if not facts.key():
        yield "what stands in rows, and who wrote an entry: NWD_FACTS_KEY is not set"
    if anchor_file is None:
        yield "whether the journal's end was cut off: no anchor was given"


def _findings(owner: Owner, anchor_file: Path | None) -> Iterator[str]:
    written = anchors.read(anchor_file) if anchor_file is not None else ()
    looks: dict[str, Callable[[], Iterator[str]]] = {
        "the catalogue": lambda: safeguards.missing(owner),
        "the journal's chain": lambda: map(in_words, chain_findings(owner)),
        "the anchors": lambda: map(in_words, anchor_findings(owner, written)),
        "rows against what keeps them": lambda: safeguards.broken(owner),
        "what is vouched for": lambda: _facts(owner),
        "counters": lambda: counters.near_their_end(owner),
    }
    for what, begin in looks.items():
        yield from _each(owner, what, begin)


def _each(owner: Owner, what: str, begin: Callable[[], Iterator[str]]) -> Iterator[str]:
    """What one look finds; that the database does not let it look is a finding too, and ends no other."""
    try:
        with owner.transaction():
            yield from begin()
    except psycopg.Error as error:
        yield f"not looked at to its end, {what}: {error.diag.message_primary or 'not answered'}"


def _facts(owner: Owner) -> Iterator[str]:
    return fact_findings(owner, facts.covered_models()) if facts.key() else iter(())


def in_words(finding: Finding) -> str:
    place = "" if finding.seq is None else f" at {finding.seq}"
    entry = "" if finding.entry_id is None else f" (entry {finding.entry_id})"
    return f"journal: {finding.what}{place}{entry}: {finding.because}"
