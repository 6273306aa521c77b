"""The table of deadlines."""

from django.db import models
from django.db.models import F, Q

from nowrongdoor.rows.constraints import RowAccess
from nowrongdoor.rows.functions import SqlFunction
from nowrongdoor.rows.policies import PROGRAM, WORKED

SIDE = f"{PROGRAM} = program_id OR {PROGRAM} = other_program_id"


class Deadline(models.Model):
    """Something due. `kind` says what; `subject_id` says of which row. It rings, and in the end stands."""

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
    rung = models.IntegerField(default=0, db_default=0)  # how often the same promise rang before
    # It rang as often as it does. Nothing fires it any more: it is overdue on every list until
    # somebody acts, who cancels it like any other.
    stands = models.BooleanField(default=False, db_default=False)
    # A named person of its line has seen it ring. Until it rings again it is quiet on every screen.
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "agencies.Member", models.PROTECT, null=True, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            # The program that must act, the other side of an offer, and whoever works on the episode:
            # a clinician who comes onto the line may stop what runs for the caller.
            RowAccess(
                name="clocks_deadline_access",
                select=f"{SIDE} OR {WORKED}",
                insert=SIDE,
                update=f"{SIDE} OR {WORKED}",
                owner={
                    "SELECT": "clocks_due: which program has what due; must-have-a-deadline",
                    "UPDATE": "clocks_cancel: whoever keeps a promise may not see all clocks that run for it",
                },
            ),
            # what was promised of a row is over for every program; whoever still waits keeps a clock
            # by the constraints of their own table
            SqlFunction(
                name="clocks_cancel",
                arguments="subject uuid, ended timestamptz",
                returns="void",
                writes=True,
                body="""
    UPDATE clocks_deadline d SET cancelled_at = ended
    WHERE d.subject_id = subject AND d.fired_at IS NULL AND d.cancelled_at IS NULL
""",
            ),
            # the sweep asks which are due in which program; nothing else of them crosses a wall
            SqlFunction(
                name="clocks_due",
                arguments="up_to timestamptz, most integer",
                returns="TABLE (id uuid, agency_id uuid, program_id uuid)",
                body="""
    SELECT d.id, d.agency_id, d.program_id FROM clocks_deadline d
    WHERE d.fired_at IS NULL AND d.cancelled_at IS NULL AND NOT d.stands AND d.due_at <= up_to
    ORDER BY d.due_at, d.id LIMIT most
""",
            ),
            # whoever watches the system asks since when a deadline waits, and nothing else of it
            SqlFunction(
                name="clocks_overdue_since",
                arguments="up_to timestamptz",
                returns="timestamptz",
                body="""
    SELECT min(d.due_at) FROM clocks_deadline d
    WHERE d.fired_at IS NULL AND d.cancelled_at IS NULL AND NOT d.stands AND d.due_at <= up_to
""",
            ),
            # a deadline ends once: it fired, or it was kept
            models.CheckConstraint(
                condition=Q(fired_at=None) | Q(cancelled_at=None), name="deadline_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(fired_at=None) | Q(fired_at__gte=F("due_at")),
                name="deadline_never_fires_early",
            ),
            # whatever stands has rung
            models.CheckConstraint(
                condition=Q(stands=False) | Q(rung__gt=0), name="deadline_stands_after_ringing"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="deadline_acknowledged_by_name",
            ),
            # the same promise is not made twice while it is open
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
                condition=Q(fired_at=None, cancelled_at=None, stands=False),
                name="deadline_rings_due",
            ),
            # an episode's next deadline on the board
            models.Index(
                fields=["episode_id", "due_at"],
                condition=Q(fired_at=None, cancelled_at=None),
                name="deadline_open_episode",
            ),
        ]
