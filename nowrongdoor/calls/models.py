"""The table of contacts."""

from django.db import models
from django.db.models import Func, Q

STAGES = ("received_at", "queued_at", "dispatched_at", "enroute_at", "arrived_at", "cleared_at")


class Contact(models.Model):
    """One call, text, walk-in or officer's contact, with the times that are known.

    A stage that the source does not tell is NULL, never guessed.
    """

    id = models.UUIDField(primary_key=True)
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, null=True, related_name="+")
    channel = models.TextField()
    class_code = models.TextField()
    source = models.TextField()
    external_ref = models.TextField(default="")  # the other system's number for it
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Func(function="clock_timestamp"))
    queued_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    enroute_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # the same contact is not entered twice
            models.UniqueConstraint(
                fields=["program", "source", "external_ref"],
                condition=~Q(external_ref=""),
                name="contact_once",
            ),
        ]
        indexes = [models.Index(fields=["received_at"], name="contact_received")]
