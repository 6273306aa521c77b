"""The table of notes, and what the database keeps of them."""

from django.db import models
from django.db.models import Q

from nowrongdoor.narrative.rules import NoteFacts
from nowrongdoor.rows.constraints import Immutable, ReadableBy, RowAccess, changed
from nowrongdoor.rows.policies import MEMBER, OWN, PROGRAM, WORKED

WRITTEN = (
    *("episode_id", "program_id", "member_id", "written_at"),
    *("text", "data_class", "employer_id", "apart", "to_program_id", "corrects_id"),
)
SHARED = "D1"
"""The class of what everyone who works on a call may read: the call card's."""
CLASSES = tuple(f"D{number}" for number in range(1, 15))
_EMPLOYED = f"employer_id = (SELECT m.employer_id FROM agencies_member m WHERE m.id = {MEMBER})"
READS = f"({WORKED} AND data_class = '{SHARED}') OR ({OWN} AND (NOT apart OR {_EMPLOYED}))"
"""SQL: what was written for everyone, to whoever works on the call; one's own program's notes; of a notebook that a
clinician from another employer keeps here, only to those of their employer. Anyone else goes through the gate."""
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
    data_class = models.TextField(default=SHARED, db_default=SHARED)
    # by whom the author is employed, and whether they keep a notebook of their own in this program
    employer = models.ForeignKey(
        "agencies.Agency", models.PROTECT, null=True, related_name="+", db_index=False
    )
    apart = models.BooleanField(default=False, db_default=False)
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
            # each writes in their own name; a receiver acknowledges
            RowAccess(
                name="narrative_note_access",
                select=READS,
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
            models.CheckConstraint(condition=Q(data_class__in=CLASSES), name="note_class_known"),
            # a message to another program is for everyone on the call to read
            models.CheckConstraint(
                condition=Q(to_program=None) | Q(data_class=SHARED), name="note_message_is_shared"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(
                    acknowledged_at__isnull=False,
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
