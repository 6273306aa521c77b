"""`nowrongdoor verify`: is everything as it was written, and is everything that keeps it so still there?

Five looks, as the owner: the journal's chain; the anchors outside; every constraint, trigger and
policy that the migrations made; every row against the constraints and against what only triggers
keep; and every counter that comes near its end. See docs/howto/verify.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connections

from nowrongdoor.journal import anchor as anchors
from nowrongdoor.journal.chain import Finding
from nowrongdoor.journal.verify import anchor_findings, chain_findings
from nowrongdoor.site import counters, safeguards

Owner = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """`findings` in words; empty is clean. `entries` is how many seals were checked."""

    findings: tuple[str, ...]
    entries: int

    def text(self) -> str:
        head = f"{self.entries} journal entries checked, with every constraint, trigger and policy."
        if not self.findings:
            return f"{head}\nNothing was found: everything is as it was written."
        return "\n".join([head, f"{len(self.findings)} findings:", *self.findings])


def verify(anchor_file: Path | None) -> Report:
    """Check everything. Reads in constant memory; changes nothing."""
    connection = connections["owner"]
    connection.ensure_connection()
    owner: Owner = connection.connection
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            findings = tuple(_findings(owner, anchor_file))
            cursor.execute("SELECT count(*) FROM journal_seal")
            [entries] = cursor.fetchone()
        finally:
            cursor.execute("ROLLBACK")
    return Report(findings, entries)


def _findings(owner: Owner, anchor_file: Path | None) -> Iterator[str]:
    written = anchors.read(anchor_file) if anchor_file is not None else ()
    for finding in (*chain_findings(owner), *anchor_findings(owner, written)):
        yield in_words(finding)
    yield from safeguards.missing(owner)
    yield from safeguards.broken(owner)
    yield from counters.near_their_end(owner)


def in_words(finding: Finding) -> str:
    place = "" if finding.seq is None else f" at {finding.seq}"
    entry = "" if finding.entry_id is None else f" (entry {finding.entry_id})"
    return f"journal: {finding.what}{place}{entry}: {finding.because}"
