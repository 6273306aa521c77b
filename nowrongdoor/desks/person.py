"""The page of one record of a person, drawn for one member of the program that keeps it.

A module shows something on it by one name in one of these lists.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from nowrongdoor.desks.person_told import TOLD
from nowrongdoor.identity import parts as identity
from nowrongdoor.identity import queries
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.parts import read_parts, reading

COLUMNS = ((TOLD,), (identity.RECORD, identity.POSSIBLE, identity.JUDGMENTS))


def person(by: Actor, person_id: UUID, *, at: datetime) -> dict[str, Any]:
    """Errors: NotFound where the record is not the program's own."""
    with reading():
        return {
            "desk": ("person", person_id),
            "row": queries.record(by, person_id),
            "columns": [read_parts(column, by, person_id, at=at) for column in COLUMNS],
        }
