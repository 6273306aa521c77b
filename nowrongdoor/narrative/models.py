"""The table of notes, and what the database keeps of them."""

from django.db import models
from django.db.models import Q

from nowrongdoor.narrative.rules import NoteFacts
from nowrongdoor.rows.constraints import Immutable, ReadableBy, RowAccess, changed
from nowrongdoor.rows.policies import MEMBER, OWN, PROGRAM, WORKED

WRITTEN = (
    *("episode_id", "program_id", "member_id", "written_at"),
    *("text", "data_class", "to_program_id", "corrects_id"),
)
OPEN = Q(to_program__isnull=False, acknowledged_at=None)
"""A message that nobody has acknowledged."""


class Note(models.Model):
    """One thing that somebody wrote on a call."""

    COVERED = WRITTEN

    id = models.UUIDField(primary_key=True)
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    text = models.TextField()
    data_class = models.TextField(default="D1", db_default="D1")
    # NULL: for everybody who works on the call
    to_program = models.ForeignKey("agencies.Program", models.PROTECT, null=True, related_name="+")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="correction", db_index=False
    )
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "agencies.Member", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            # whoever works on the call reads; each writes in their own name; a receiver acknowledges
            RowAccess(
                name="narrative_note_access",
                select=WORKED,
                insert=f"{OWN} AND member_id = {MEMBER} AND {WORKED}",
                update=f"to_program_id = {PROGRAM} AND {WORKED}",
                columns=("acknowledged_at", "acknowledged_by_id"),
            ),
            Immutable(name="narrative_acknowledged_stands", once="OLD.acknowledged_at IS NOT NULL"),
            Immutable(name="narrative_text_stands", once=changed(*WRITTEN)),
            # a message leaves the list of who it is for once it is acknowledged
            ReadableBy(
                name="narrative_note_readers",
                programs="CASE WHEN r.to_program_id IS NULL OR r.acknowledged_at IS NOT NULL "
                "THEN '{}'::uuid[] ELSE ARRAY[r.to_program_id] END",
                ever="array_remove(ARRAY[r.to_program_id], NULL)",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
            # others come with releases and agreements
            models.CheckConstraint(condition=Q(data_class="D1"), name="note_class_known"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(
                    acknowledged_at__gte=models.F("written_at"),
                    acknowledged_by__isnull=False,
                    to_program__isnull=False,
                ),
                name="note_acknowledged_by_name",
            ),
        ]
        indexes = [
            # a call's log
            models.Index(fields=["episode", "written_at"], name="note_of_episode"),
            # a program's messages
            models.Index(fields=["to_program", "written_at"], condition=OPEN, name="note_open"),
        ]

    def facts(self) -> NoteFacts:
        return NoteFacts(
            member_id=self.member_id,
            to_program_id=self.to_program_id,
            acknowledged=self.acknowledged_at is not None,
            corrected=Note.objects.filter(corrects=self).exists(),
        )
