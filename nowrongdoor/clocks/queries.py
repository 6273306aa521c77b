"""Every read of deadlines."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from nowrongdoor.clocks.models import Deadline


def next_due(episode_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """The next deadline of each of these episodes that the acting program may see. One query."""
    rows = (
        Deadline.objects.filter(episode_id__in=episode_ids, fired_at=None, cancelled_at=None)
        .values("episode_id")
        .annotate(due=Min("due_at"))
    )
    return {row["episode_id"]: row["due"] for row in rows if row["episode_id"]}
