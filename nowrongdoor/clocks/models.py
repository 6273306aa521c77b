"""The table of deadlines."""

from django.db import models
from django.db.models import F, Q


class Deadline(models.Model):
    """Something due. `kind` says what; `subject_id` says of which row."""

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    subject_id = models.UUIDField()
    episode_id = models.UUIDField(null=True)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    other_program = models.ForeignKey(  # the other side of an offer: it may keep the promise too
        "agencies.Program", models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # a deadline ends once: it fired, or it was kept
            models.CheckConstraint(
                condition=Q(fired_at=None) | Q(cancelled_at=None), name="deadline_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(fired_at=None) | Q(fired_at__gte=F("due_at")),
                name="deadline_never_fires_early",
            ),
            # the same promise is not made twice while it stands
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(fired_at=None, cancelled_at=None),
                name="deadline_once_open",
            ),
        ]
        indexes = [
            # the sweep, once a second
            models.Index(
                fields=["due_at"],
                condition=Q(fired_at=None, cancelled_at=None),
                name="deadline_open_due",
            ),
            # an episode's next deadline on the board
            models.Index(
                fields=["episode_id", "due_at"],
                condition=Q(fired_at=None, cancelled_at=None),
                name="deadline_open_episode",
            ),
        ]
