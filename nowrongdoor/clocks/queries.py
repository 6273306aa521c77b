"""Every read of deadlines."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from nowrongdoor.clocks import rules
from nowrongdoor.clocks.facts import Alarm, Ringing
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.community import queries as community
from nowrongdoor.community.queries import NotLoaded

MOST = 200
"""Alarms that are read at most: of more, the oldest."""


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


def ringing(
    kinds: Collection[str], at_once: Collection[str], *, at: datetime
) -> tuple[Ringing, ...]:
    """What of these kinds has rung and is not over, the oldest first; of `at_once`, from the start.

    Shape: what the acting program may see, at most `MOST`. One query, and one of the settings.
    """
    rows = Deadline.objects.filter(kind__in=kinds, fired_at=None, cancelled_at=None)
    rows = rows.filter(Q(rung__gt=0) | Q(kind__in=at_once)).order_by("set_at", "id")
    return tuple(_ringing(row, at=at) for row in rows.select_related("acknowledged_by")[:MOST])


def ringing_one(deadline_id: UUID, *, at: datetime) -> Ringing | None:
    """The same of one deadline; None where it is over, or cannot be seen. One query."""
    rows = Deadline.objects.filter(pk=deadline_id, fired_at=None, cancelled_at=None)
    row = rows.select_related("acknowledged_by").first()
    return None if row is None else _ringing(row, at=at)


def running(subject_id: UUID, kind: str, *, at: datetime) -> Ringing | None:
    """The deadline of this kind that runs for a row, whether or not it has rung. One query."""
    rows = Deadline.objects.filter(
        subject_id=subject_id, kind=kind, fired_at=None, cancelled_at=None
    )
    row = rows.select_related("acknowledged_by").first()
    return None if row is None else _ringing(row, at=at)


def acknowledged_of(subject_ids: Collection[UUID], kind: str) -> dict[UUID, tuple[datetime, str]]:
    """Who last acknowledged the alarm of each of these rows, and when. One query."""
    rows = Deadline.objects.filter(
        kind=kind, subject_id__in=subject_ids, acknowledged_at__isnull=False
    )
    found = rows.order_by("acknowledged_at").values_list(
        "subject_id", "acknowledged_at", "acknowledged_by__name"
    )
    return {subject_id: (at, name) for subject_id, at, name in found if at is not None}


def _ringing(row: Deadline, *, at: datetime) -> Ringing:
    by, alarm = row.acknowledged_by, alarm_of(row.kind, at)
    return Ringing(
        id=row.pk,
        kind=row.kind,
        subject_id=row.subject_id,
        episode_id=row.episode_id,
        program_id=row.program_id,
        other_program_id=row.other_program_id,
        set_at=row.set_at,
        due_at=row.due_at,
        rung=row.rung,
        climbed=0 if not row.rung else rules.climbed(alarm, before=row.rung - 1),
        reaches=max(rules.LINE.index(each) for each in alarm.line),
        acknowledged_at=row.acknowledged_at,
        acknowledged_by="" if by is None else by.name,
    )


def due_of_each(subject_ids: Collection[UUID], kind: str) -> dict[UUID, datetime]:
    """When what was promised of each of these rows is due. One query; inside somebody's acting."""
    rows = Deadline.objects.filter(
        subject_id__in=subject_ids, kind=kind, fired_at=None, cancelled_at=None
    )
    return dict(rows.values_list("subject_id", "due_at"))


class Due(NamedTuple):
    """When something is due, and what: a kind of deadline."""

    at: datetime
    kind: str


def next_due(episode_ids: Sequence[UUID]) -> dict[UUID, Due]:
    """The next deadline of each of these episodes that the acting program may see. One query."""
    rows = Deadline.objects.filter(episode_id__in=episode_ids, fired_at=None, cancelled_at=None)
    first = rows.order_by("episode_id", "due_at", "id").distinct("episode_id")
    found = first.values_list("episode_id", "due_at", "kind")
    return {id: Due(due_at, kind) for id, due_at, kind in found if id is not None}


def overdue_s(at: datetime) -> float:
    """For how long the oldest deadline that is due by `at` has waited to be fired; 0 where none does.

    Units: seconds. One query, of a narrow function: it crosses the walls and tells only this.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clocks_overdue_since(%s)", [at])
        [since] = cursor.fetchone()
    return 0.0 if since is None else float((at - since).total_seconds())
