"""`nowrongdoor verify`: is everything as it was written, and is everything that keeps it so still there?

Six looks, as the owner: the journal's chain; the anchors outside; all that the database's catalogue
says of itself; every row against the constraints and against what only triggers keep; what the journal
vouches for in rows, with the key; and every counter that comes near its end. See docs/howto/verify.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
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
            cursor.execute("SELECT set_config('search_path', 'public', true)")
            findings = tuple(_findings(owner, anchor_file))
            waiting, longest = unsealed(owner)
            if sealing and longest > UNSEALED_FOR:
                minutes = int(longest.total_seconds() // 60)
                findings += (
                    f"sealing stands still: {waiting} entries wait, {minutes} minutes so far",
                )
            cursor.execute("SELECT count(*) FROM journal_seal")
            [entries] = cursor.fetchone()
        finally:
            cursor.execute("ROLLBACK")
    return Report(findings, entries, waiting, tuple(_unseen(anchor_file)))


def _unseen(anchor_file: Path | None) -> Iterator[str]:
    if not facts.key():
        yield "what stands in rows, and who wrote an entry: NWD_FACTS_KEY is not set"
    if anchor_file is None:
        yield "whether the journal's end was cut off: no anchor was given"


def _findings(owner: Owner, anchor_file: Path | None) -> Iterator[str]:
    written = anchors.read(anchor_file) if anchor_file is not None else ()
    for finding in (*chain_findings(owner), *anchor_findings(owner, written)):
        yield in_words(finding)
    yield from safeguards.missing(owner)
    yield from safeguards.broken(owner)
    if facts.key():
        yield from fact_findings(owner, facts.covered_models())
    yield from counters.near_their_end(owner)


def in_words(finding: Finding) -> str:
    place = "" if finding.seq is None else f" at {finding.seq}"
    entry = "" if finding.entry_id is None else f" (entry {finding.entry_id})"
    return f"journal: {finding.what}{place}{entry}: {finding.because}"
