"""Writing down that somebody saw a call, on whichever page: the first time of each day."""

from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.parties import party
from nowrongdoor.episodes.known import seen_call
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing import commands

INFORMED = "A01"
"""The row by which a standing feed tells whoever does not work on the call."""


def saw_call(by: Actor, episode_id: UUID, *, page: str, at: datetime) -> None:
    found = seen_call(by, episode_id)
    if found is None:
        return
    commands.looked(
        by=by,
        at=at,
        page=page,
        label=found.number,
        record_id=episode_id,
        episode_id=episode_id,
        of_agency_id=party(found.holder_program_id).agency_id,
        basis="works" if found.works else INFORMED,
    )
