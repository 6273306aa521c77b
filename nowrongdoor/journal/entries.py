"""Writing an entry. Called last in every command, inside its transaction."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import connection
from django.db.models import Model

from nowrongdoor.journal import vouching as facts
from nowrongdoor.journal.chain import Link
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.ids import new_id


def canonical(ids: Mapping[str, str | int]) -> str:
    """The one text of these ids: sorted keys, no spaces, ASCII."""
    return json.dumps(ids, sort_keys=True, separators=(",", ":"))


# In every command, so in plain SQL: a third of what the ORM takes for one row.
_APPEND = "INSERT INTO journal_entry (id, kind, at, by, agency_id, program_id, episode_id, ids, facts) VALUES "
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_Row = tuple[UUID | str | datetime | None, ...]
_waiting: ContextVar[list[_Row] | None] = ContextVar("waiting", default=None)


def write(
    kind: str,
    ids: Mapping[str, str | int],
    *,
    episode_id: UUID | None = None,
    by: Actor,
    at: datetime,
    rows: Iterable[Model] = (),
) -> UUID:
    """Append one entry; answers its id. Takes no lock; the sequencer numbers it after the commit.

    Of `rows` it says what they now say (`facts`).

    Inside `together` it waits for the others of its transaction: until then nobody can read it.
    Called by `journal.kinds.record` alone, which makes sure that no text is among the ids.
    """
    waiting = _waiting.get()
    id = _after(new_id(at), waiting)
    link = Link(
        0, id, kind, at, at, by.code, by.agency_id, by.program_id, episode_id, canonical(ids)
    )
    said = facts.of_entry(link, {facts.name(each): facts.text(each) for each in rows})
    row = (id, kind, at, by.code, by.agency_id, by.program_id, episode_id, link.ids, said)
    if waiting is None:
        _append([row])
    else:
        waiting.append(row)
    return id


def _after(id: UUID, waiting: list[_Row] | None) -> UUID:
    """An id that sorts after those of the same millisecond before it, whose moment may be the same."""
    if not waiting:
        return id
    last = cast("UUID", waiting[-1][0])
    same_ms = last.int >> 80 == id.int >> 80
    return UUID(int=last.int + 1) if same_ms and last > id else id


@contextmanager
def together() -> Iterator[None]:
    """Write the entries of a transaction by one statement, at its end, in the order of their writing.

    A trigger stamps each as its row is written, so the order stays. Where the block fails they are
    dropped: so nobody may catch an error inside, roll back to a savepoint and go on.
    """
    rows: list[_Row] = []
    token = _waiting.set(rows)
    try:
        yield
    finally:
        _waiting.reset(token)
    if rows and not connection.needs_rollback:
        _append(rows)


def _append(rows: list[_Row]) -> None:
    text = _APPEND + ", ".join([_ROW] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(text, [value for row in rows for value in row])
