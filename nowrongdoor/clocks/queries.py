"""Every read of deadlines."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Min

from nowrongdoor.clocks import rules
from nowrongdoor.clocks.facts import Alarm
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.community import queries as community
from nowrongdoor.community.queries import NotLoaded


def due_of(subject_id: UUID, kind: str) -> datetime | None:
    """When what was promised of a row is due; None where nothing is. One query; inside somebody's acting."""
    rows = Deadline.objects.filter(
        subject_id=subject_id, kind=kind, fired_at=None, cancelled_at=None
    )
    return rows.values_list("due_at", flat=True).first()


def alarm_of(kind: str, at: datetime) -> Alarm:
    """How often this kind rings, and whom it climbs to, as the community says at `at`."""
    try:
        said = community.setting("alarms", at)
    except NotLoaded:  # its files are older than this: a clock must not stop for that
        said = {}
    return rules.alarm(said, kind)


def climbed(subject_id: UUID, kind: str, at: datetime) -> int:
    """How far up the line the ring that is being answered goes: 0 the desk. One query; in its reaction."""
    rows = Deadline.objects.filter(subject_id=subject_id, kind=kind, fired_at__isnull=False)
    before = rows.order_by("-fired_at", "-id").values_list("rung", flat=True).first()
    return rules.climbed(alarm_of(kind, at), before=before or 0)


def due_of_each(subject_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When what was promised of each of these rows is due, the soonest. One query; inside somebody's acting."""
    rows = Deadline.objects.filter(
        subject_id__in=subject_ids, fired_at=None, cancelled_at=None
    ).order_by("-due_at")
    return dict(rows.values_list("subject_id", "due_at"))


def next_due(episode_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """The next deadline of each of these episodes that the acting program may see. One query."""
    rows = (
        Deadline.objects.filter(episode_id__in=episode_ids, fired_at=None, cancelled_at=None)
        .values("episode_id")
        .annotate(due=Min("due_at"))
    )
    return {row["episode_id"]: row["due"] for row in rows if row["episode_id"]}


def overdue_s(at: datetime) -> float:
    """For how long the oldest deadline that is due by `at` has waited to be fired; 0 where none does.

    Units: seconds. One query, of a narrow function: it crosses the walls and tells only this.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clocks_overdue_since(%s)", [at])
        [since] = cursor.fetchone()
    return 0.0 if since is None else float((at - since).total_seconds())
