"""Who looked: the first sight of a record or a page about a person, once for each member, page and day."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community.queries import community
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.inserts import insert_if_new
from nowrongdoor.sharing import kinds
from nowrongdoor.sharing.models import Look


def looked(
    *,
    by: Actor,
    at: datetime,
    page: str,
    label: str,
    record_id: UUID,
    of_agency_id: UUID,
    basis: str,
    person_id: UUID | None = None,
    episode_id: UUID | None = None,
) -> None:
    """Write down that `by` sees this now, where they have not today. Nothing for a machine: its key is in the log.

    Journal: sharing.looked, once for each member, record, page and local day.
    """
    if by.member_id is None:
        return
    day = at.astimezone(ZoneInfo(community().time_zone)).date()
    row = Look(
        id=new_id(at),
        member_id=by.member_id,
        program_id=by.program_id,
        agency_id=by.agency_id,
        of_agency_id=of_agency_id,
        record_id=record_id,
        person_id=person_id,
        episode_id=episode_id,
        page=page,
        label=label,
        basis=basis,
        day=day,
        at=at,
    )
    with act_as(by):
        if insert_if_new(row):
            record(kinds.LOOKED, row, by=by, at=at, episode_id=None)
