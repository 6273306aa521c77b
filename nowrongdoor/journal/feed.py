"""The journal as a feed: entries by their seal number, in the order of commits."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from nowrongdoor.journal.models import Seal


@dataclass(frozen=True, slots=True)
class FedEntry:
    seq: int
    id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    by: str
    agency_id: UUID | None
    program_id: UUID | None
    episode_id: UUID | None
    ids: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Page:
    """Entries after a position; `more` says whether there are further ones."""

    entries: tuple[FedEntry, ...]
    more: bool


_AFTER = """
SELECT s.seq, e.id, e.kind, e.at, e.recorded_at, e.by, e.agency_id, e.program_id, e.episode_id, e.ids
FROM journal_seal s JOIN journal_entry e ON e.id = s.entry_id
WHERE s.seq > %s ORDER BY s.seq LIMIT %s
"""


def snapshot() -> str:
    """What is visible now, as PostgreSQL writes it: while it stays the same, nothing new can be read.

    One query, with no transaction around it: inside one it may stay as it was.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        [text] = cursor.fetchone()
    return str(text)


def latest_position() -> int:
    """The number of the last seal; 0 where there is none."""
    seq = Seal.objects.order_by("-seq").values_list("seq", flat=True).first()
    return seq or 0


def entries_after(seq: int, most: int) -> Page:
    """At most `most` entries after this position, as far as the acting context may read them."""
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, [seq, most + 1])
        rows = cursor.fetchall()
    entries = tuple(_fed(row) for row in rows[:most])
    return Page(entries, more=len(rows) > most)


def _fed(row: tuple[Any, ...]) -> FedEntry:
    return FedEntry(*(*row[:-1], json.loads(row[-1])))
