"""The units for one request, in order, each with its reasons: for a person who chooses."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.dispatch import queries
from nowrongdoor.dispatch.facts import CrewFacts
from nowrongdoor.dispatch.models import Request
from nowrongdoor.dispatch.rules.ranking import Ranked, rank_units
from nowrongdoor.kernel.actor import Actor


def ranked(by: Actor, request_id: UUID, *, at: datetime) -> tuple[Ranked, ...]:
    """All units for one request. `()` where it cannot be seen."""
    with act_as(by):
        row = Request.objects.select_related("kind").filter(pk=request_id).first()
        if row is None:
            return ()
        need = queries.need_of(row, at=at)
        facts = queries.all_unit_facts(at=at)
        return rank_units(need, facts, driving=queries.travel_times(at))


def crew_names(crews: Collection[CrewFacts]) -> dict[UUID, str]:
    return agencies.names_of({one.member_id for one in crews})
