"""Tables of the journal. Both are append-only: a trigger refuses any change."""

from typing import Any

from django.db import models
from django.db.models import Func
from django.db.models.functions import Now


class TransactionId(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """PostgreSQL's xid8. Written by the database, read by the sequencer alone."""

    def db_type(self, connection: Any) -> str:
        return "xid8"


class Entry(models.Model):
    """One thing that happened. `ids` is canonical JSON text: sorted, no spaces."""

    id = models.UUIDField(primary_key=True)
    xid = TransactionId(db_default=Func(function="pg_current_xact_id"))
    kind = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Func(function="clock_timestamp"))
    by = models.TextField()
    agency_id = models.UUIDField(null=True)
    program_id = models.UUIDField(null=True)
    episode_id = models.UUIDField(null=True)
    ids = models.TextField(db_default="{}")

    class Meta:
        db_table = "journal_entry"
        indexes = [
            # the sequencer's look for what committed since its last look
            models.Index(fields=["xid"], name="journal_entry_xid"),
            # an episode's history page
            models.Index(fields=["episode_id"], name="journal_entry_episode"),
        ]


class Seal(models.Model):
    """The place of one entry in the order of commits, chained to the one before."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal")
    hash = models.TextField()
    prev = models.TextField()
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "journal_seal"
        constraints = [
            # the first seal is number 1
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="journal_seal_from_one"),
        ]
