"""The tables of cases, and what the database keeps of them."""

from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.db.models import F, Func, Q, Value

from nowrongdoor.cases.due import TASK_DUE, UNTAKEN
from nowrongdoor.cases.facts import CaseFacts, TaskFacts
from nowrongdoor.rows.constraints import (
    Immutable,
    MustHaveDeadline,
    RowAccess,
    changed,
    ended_by_name,
    in_another_name,
)
from nowrongdoor.rows.functions import Sequence, SqlFunction, Trigger
from nowrongdoor.rows.policies import MEMBER, OWN, PROGRAM, WORKED

NUMBER = Func(
    Value("cases_number"),
    function="nextval",
    template="%(function)s(%(expressions)s::text::regclass)",
)
OPEN = Q(closed_at=None)
OWED = Q(over_at=None)
OPENED = (
    *("kind", "plan", "program_id", "from_program_id", "episode_id", "starts_at"),
    *("opened_at", "opened_by_id"),
)
PLANNED = ("case_id", "program_id", "code", "opens_at", "tries")


class Case(models.Model):
    """One program's standing responsibility for one person. `member` NULL: it waits in the program's queue.

    `starts_at`: the event from which its plan is counted. Who it is, the program says on the call that opened it.
    """

    COVERED = (*OPENED, "member_id", "state", "closed_at", "closed_by_id", "outcome")

    id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField(unique=True, db_default=NUMBER)
    kind = models.TextField()
    plan = models.TextField()
    program = models.ForeignKey("agencies.Program", models.PROTECT, related_name="+")
    member = models.ForeignKey("agencies.Member", models.PROTECT, null=True, related_name="+")
    from_program = models.ForeignKey(
        "agencies.Program", models.PROTECT, related_name="+", db_index=False
    )
    episode = models.ForeignKey("episodes.Episode", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        "agencies.Member", models.PROTECT, related_name="+", db_index=False
    )
    state = models.TextField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        "agencies.Member", models.PROTECT, null=True, related_name="+", db_index=False
    )
    outcome = models.TextField(default="")
    reason = models.TextField(default="")
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            Sequence(name="cases_number"),
            # who hands a person on opens a case for the program that owes it, and reads nothing of it
            RowAccess(
                name="cases_case_access",
                select=OWN,
                insert=f"from_program_id = {PROGRAM} AND opened_by_id = {MEMBER} AND {WORKED}"
                " AND member_id IS NULL AND closed_at IS NULL",
                update=OWN,
                columns=(
                    *("member_id", "state", "version"),
                    *("closed_at", "closed_by_id", "outcome", "reason"),
                ),
            ),
            Immutable(name="cases_opening_stands", once=changed("number", *OPENED)),
            SqlFunction(
                name="cases_opened_for",
                arguments="of_case uuid, of_program uuid",
                returns="boolean",
                body=f"""
    SELECT EXISTS (
        SELECT FROM cases_case c
        WHERE c.id = of_case AND c.program_id = of_program AND c.from_program_id = {PROGRAM} AND c.member_id IS NULL
    )
""",
            ),
            Immutable(name="cases_closed_stands", once="OLD.closed_at IS NOT NULL"),
            Immutable(
                name="cases_closed_in_own_name", once=in_another_name("closed_at", "closed_by_id")
            ),
            # an owner by name works in the program
            Trigger(
                name="cases_owner_works_there",
                fires="BEFORE INSERT OR UPDATE OF member_id",
                when="NEW.member_id IS NOT NULL",
                body="""
BEGIN
    IF NOT EXISTS (
        SELECT FROM agencies_position p
        WHERE p.member_id = NEW.member_id AND p.program_id = NEW.program_id AND p.until_at IS NULL
    ) THEN
        RAISE EXCEPTION 'cases_owner_works_there' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END """,
            ),
            MustHaveDeadline(
                name="cases_nobody_waits_unseen",
                kinds=(UNTAKEN,),
                while_="r.closed_at IS NULL AND r.member_id IS NULL",
            ),
            ended_by_name("closed_at", "closed_by", name="case_closed_by_name"),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False, member__isnull=False) & ~Q(outcome="")),
                name="case_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
                name="case_closed_after_it_opened",
            ),
            # one event opens one case of a plan
            models.UniqueConstraint(fields=["episode", "program", "plan"], name="case_once"),
        ]
        indexes = [models.Index(fields=["program", "member"], condition=OPEN, name="case_open")]

    @property
    def label(self) -> str:
        return f"C-{self.number}"

    def facts(self, staff: Collection[UUID]) -> CaseFacts:
        """As the rules ask it: with its tasks and how often each was tried, which a read may bring along.

        `staff`: who works in its program now. An owner who left is none: it is in the queue from that moment.
        """
        return CaseFacts(
            program_id=self.program_id,
            member_id=self.member_id if self.member_id in staff else None,
            state=self.state,
            closed=self.closed_at is not None,
            tasks=tuple(
                TaskFacts(
                    row.pk, row.due_at, row.tries, len(row.attempts.all()), row.over_at is not None
                )
                for row in self.tasks.all()
            ),
        )


class Task(models.Model):
    """Something owed to the person of a case by a time. `over_at`: done, with a result, or stopped."""

    COVERED = (*PLANNED, "due_at", "over_at", "result")

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    program = models.ForeignKey(
        "agencies.Program", models.PROTECT, related_name="+", db_index=False
    )
    code = models.TextField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.IntegerField()
    over_at = models.DateTimeField(null=True)
    over_by = models.ForeignKey(
        "agencies.Member", models.PROTECT, null=True, related_name="+", db_index=False
    )
    result = models.TextField(default="")  # '' where it was stopped

    class Meta:
        constraints = [
            RowAccess(
                name="cases_task_access",
                select=OWN,
                # planned by who opens the case, for the program whose it becomes
                insert="cases_opened_for(case_id, program_id)",
                update=OWN,
                columns=("due_at", "over_at", "over_by_id", "result"),
            ),
            Immutable(name="cases_task_stands", once=changed(*PLANNED)),
            Immutable(name="cases_task_done_once", once="OLD.over_at IS NOT NULL"),
            Immutable(
                name="cases_task_over_in_own_name", once=in_another_name("over_at", "over_by_id")
            ),
            MustHaveDeadline(
                name="cases_task_rings", kinds=(TASK_DUE,), while_="r.over_at IS NULL"
            ),
            ended_by_name("over_at", "over_by", name="task_over_by_name"),
            models.CheckConstraint(
                condition=Q(over_at__isnull=False) | Q(result=""), name="task_result_ends_it"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("opens_at")), name="task_due_after_it_opens"
            ),
            models.CheckConstraint(condition=Q(tries__gte=1), name="task_has_a_try"),
            models.UniqueConstraint(fields=["case", "code"], name="task_once"),
        ]
        indexes = [models.Index(fields=["program", "due_at"], condition=OWED, name="task_owed")]


class Attempt(models.Model):
    """One try: when it was, and what came of it. Append-only; a mistake is said by a further one."""

    COVERED = (
        "task_id",
        "case_id",
        "program_id",
        "member_id",
        "at",
        "written_at",
        "result",
        "said",
    )

    id = models.UUIDField(primary_key=True)
    task = models.ForeignKey(Task, models.PROTECT, related_name="attempts")
    case = models.ForeignKey(Case, models.PROTECT, related_name="attempts")
    program = models.ForeignKey(
        "agencies.Program", models.PROTECT, related_name="+", db_index=False
    )
    member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()  # when it was made
    written_at = models.DateTimeField()
    result = models.TextField()
    said = models.TextField(default="")

    class Meta:
        constraints = [
            RowAccess(
                name="cases_attempt_access",
                select=OWN,
                insert=f"{OWN} AND member_id = {MEMBER} AND EXISTS (SELECT FROM cases_task t"
                " WHERE t.id = task_id AND t.case_id = cases_attempt.case_id)",
            ),
            Immutable(name="cases_attempt_stands"),
            models.CheckConstraint(condition=~Q(result=""), name="attempt_has_a_result"),
            models.CheckConstraint(
                condition=Q(at__lte=F("written_at")), name="attempt_was_made_before_it_is_written"
            ),
        ]


class Move(models.Model):
    """A case went from one state to another, at a time, by a named person. Append-only."""

    COVERED = ("case_id", "program_id", "member_id", "at", "from_state", "to_state", "reason")

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="moves")
    program = models.ForeignKey(
        "agencies.Program", models.PROTECT, related_name="+", db_index=False
    )
    member = models.ForeignKey("agencies.Member", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    from_state = models.TextField()
    to_state = models.TextField()
    reason = models.TextField(default="")

    class Meta:
        constraints = [
            RowAccess(
                name="cases_move_access",
                select=OWN,
                insert=f"{OWN} AND member_id = {MEMBER} AND EXISTS (SELECT FROM cases_case c"
                " WHERE c.id = case_id AND c.program_id = cases_move.program_id)",
            ),
            Immutable(name="cases_move_stands"),
            models.CheckConstraint(
                condition=~Q(from_state=F("to_state")), name="move_goes_somewhere"
            ),
        ]
