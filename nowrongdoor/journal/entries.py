"""Writing an entry. Called last in every command, inside its transaction."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.ids import new_id


def canonical(ids: Mapping[str, str | int]) -> str:
    """The one text of these ids: sorted keys, no spaces, ASCII."""
    return json.dumps(ids, sort_keys=True, separators=(",", ":"))


# In every command, so in plain SQL: a third of what the ORM takes for one row.
_APPEND = """
INSERT INTO journal_entry (id, kind, at, by, agency_id, program_id, episode_id, ids)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def write(
    kind: str,
    ids: Mapping[str, str | int],
    *,
    episode_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Append one entry; answers its id. Takes no lock; the sequencer numbers it after the commit.

    Called by `journal.kinds.record` alone, which makes sure that no text is among the ids.
    """
    id = new_id(at)
    row = (id, kind, at, by.code, by.agency_id, by.program_id, episode_id, canonical(ids))
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, row)
    return id
