"""Writing an entry. Called last in every command, inside its transaction."""

import json
from datetime import datetime

from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.event import Event
from nowrongdoor.rows.ids import new_id


def canonical(ids: dict[str, str | int]) -> str:
    """The one text of these ids: sorted keys, no spaces, ASCII."""
    return json.dumps(ids, sort_keys=True, separators=(",", ":"))


def write(event: Event, *, by: Actor, at: datetime) -> Entry:
    """Append one entry. Takes no lock; the sequencer numbers it after the commit."""
    return Entry.objects.create(
        id=new_id(at),
        kind=event.kind,
        at=at,
        by=by.code,
        agency_id=by.agency_id,
        program_id=by.program_id,
        episode_id=event.episode_id,
        ids=canonical(event.ids()),
    )
