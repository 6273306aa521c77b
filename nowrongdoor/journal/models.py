"""Tables of the journal. Entries and seals are append-only: a trigger refuses any change."""

from typing import Any

from django.db import models
from django.db.models import Func
from django.db.models.functions import Now

from nowrongdoor.rows.constraints import Immutable, RowAccess
from nowrongdoor.rows.functions import Trigger
from nowrongdoor.rows.policies import OWN, PROGRAM, TASK

MACHINERY = f"{TASK} IN ('sequencer', 'feed')"
"""Only these read the journal whole."""


class TransactionId(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """PostgreSQL's xid8. Written by the database, read by the sequencer alone."""

    def db_type(self, connection: Any) -> str:
        return "xid8"


class Entry(models.Model):
    """One thing that happened. `ids` and `facts` are canonical JSON text: sorted, no spaces."""

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
    facts = models.TextField(db_default="")  # what it vouches for: `journal.vouching`

    class Meta:
        db_table = "journal_entry"
        constraints = [
            RowAccess(
                name="journal_entry_access",
                select=f"{OWN} OR {MACHINERY}",
                # who writes, writes as themselves; before sign-in there is no program
                insert=f"program_id IS NOT DISTINCT FROM {PROGRAM}",
                owner={"SELECT": "verify reads every entry"},
            ),
            Immutable(name="journal_entry_append_only"),
            # whatever a writer says of them, they are the database's own
            Trigger(
                name="journal_entry_stamp",
                fires="BEFORE INSERT",
                body="""
BEGIN
    NEW.xid := pg_current_xact_id();
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END """,
            ),
        ]
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
            RowAccess(
                name="journal_seal_access",
                select="true",  # a number and a hash
                insert=f"{TASK} = 'sequencer'",
                owner={"SELECT": "verify reads every seal"},
            ),
            Immutable(name="journal_seal_append_only"),
            # the first seal is number 1
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="journal_seal_from_one"),
        ]


class Baseline(models.Model):
    """What a row said when the owner wrote it, which writes no entry: `journal.baseline`. The app sees none.

    `name` empty: over all the others. `seq`: the journal's newest seal then; a later entry says more.
    """

    name = models.TextField(primary_key=True)
    seq = models.BigIntegerField()
    mac = models.TextField()

    class Meta:
        db_table = "journal_baseline"
