"""Checking the whole journal: nothing changed, removed, put in, or cut off.

Reads as the owner, in constant memory. What it cannot prove is said in docs/domain/journal.md.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

from psycopg import Connection

from nowrongdoor.journal import vouching as facts
from nowrongdoor.journal.anchor import Anchor
from nowrongdoor.journal.chain import Finding, Link, Sealed, check

UNSEALED_FOR = timedelta(minutes=1)
BATCH = 5_000

_CHAIN = """
SELECT s.seq, s.entry_id, s.hash, s.prev,
       e.id, e.kind, e.at, e.recorded_at, e.by, e.agency_id, e.program_id, e.episode_id, e.ids, e.facts,
       s.sealed_at
FROM journal_seal s LEFT JOIN journal_entry e ON e.id = s.entry_id ORDER BY s.seq
"""
# Older than its sealed neighbours, and yet without a place: it was not there when they were sealed.
_UNSEALED = """
SELECT e.id FROM journal_entry e LEFT JOIN journal_seal s ON s.entry_id = e.id
WHERE s.seq IS NULL AND e.recorded_at + %s < (
    SELECT l.recorded_at FROM journal_seal t JOIN journal_entry l ON l.id = t.entry_id
    ORDER BY t.seq DESC LIMIT 1
) ORDER BY e.id
"""


_WAITING = """
SELECT count(*), clock_timestamp() - min(e.recorded_at)
FROM journal_entry e LEFT JOIN journal_seal s ON s.entry_id = e.id WHERE s.seq IS NULL
"""


def chain_findings(owner: Connection[tuple[object, ...]]) -> Iterator[Finding]:
    """Walk the chain, then look for entries without a place in it."""
    with owner.cursor(name="verify") as cursor:
        cursor.itersize = BATCH
        cursor.execute(_CHAIN)
        keyed = _Keyed()
        yield from check(keyed.seen(_sealed(row)) for row in cursor)
    yield from keyed.findings
    for [entry_id] in owner.execute(_UNSEALED, [UNSEALED_FOR]):
        because = "it has no seal, though later ones have"
        yield Finding("entry unsealed", because, None, entry_id)  # type: ignore[arg-type]


class _Keyed:
    """Looks, as the chain is walked, at what each entry says of itself under the key."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._begun = False

    def seen(self, sealed: Sealed) -> Sealed:
        link, secret = sealed.link, facts.key()
        if link is not None and secret:
            if link.facts:
                self._begun = True
                said = json.loads(link.facts)
                if said.get(facts.OWN) != facts.of_itself(secret, link, said):
                    because = "it was not written under NWD_FACTS_KEY"
                    self.findings.append(Finding("entry forged", because, link.seq, link.id))
            elif self._begun:
                because = "those before it were written under NWD_FACTS_KEY, and it was not"
                self.findings.append(Finding("entry without a key", because, link.seq, link.id))
        return sealed


def unsealed(owner: Connection[tuple[object, ...]]) -> tuple[int, timedelta]:
    """How many entries are not sealed yet, and for how long the oldest has waited."""
    row = owner.execute(_WAITING).fetchone() or (0, None)
    return int(str(row[0])), row[1] if isinstance(row[1], timedelta) else timedelta()


def anchor_findings(
    owner: Connection[tuple[object, ...]], anchors: Sequence[Anchor]
) -> Iterator[Finding]:
    """Compare the chain with what was written outside: a shorter or other chain is named."""
    for anchor in anchors:
        row = owner.execute("SELECT hash FROM journal_seal WHERE seq = %s", [anchor.seq]).fetchone()
        if row is None:
            yield Finding("tail cut", f"at {anchor.at} the chain reached {anchor.seq}", anchor.seq)
        elif row[0] != anchor.hash:
            yield Finding("chain rewritten", f"at {anchor.at} it read otherwise", anchor.seq)


def _sealed(row: tuple[object, ...]) -> Sealed:
    seq, entry_id, hash, prev, *entry = row
    link = Link(seq, *entry) if entry[0] is not None else None  # type: ignore[arg-type]
    return Sealed(seq, entry_id, hash, prev, link)  # type: ignore[arg-type]
