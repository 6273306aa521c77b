"""Whose calls come to a program whole, along a standing feed."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from nowrongdoor.agencies.facts import WHOLE_FEED
from nowrongdoor.agencies.models import Route


def referring_programs(program_id: UUID, *, at: datetime) -> frozenset[UUID]:
    """The programs whose every call this one works on from the start. One query."""
    rows = Route.objects.filter(kind=WHOLE_FEED, to_program_id=program_id, from_at__lte=at)
    in_force = rows.filter(Q(until_at=None) | Q(until_at__gt=at))
    return frozenset(in_force.values_list("from_program_id", flat=True))
