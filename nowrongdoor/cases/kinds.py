"""What can have happened to cases. Ids only: what was said stands in the try."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.journal.kinds import Kind, Severity

OF_CASE = ("case_id", "to_program_id")

OPENED = Kind(
    "cases.opened",
    ("case_id", "from_program_id", "to_program_id"),
    severity=Severity.INBOX,
    to="to",
    words=_("A follow-up waits for someone to take it."),
)
TAKEN = Kind("cases.taken", ("case_id", "member_id"))
ASSIGNED = Kind(
    "cases.assigned",
    (*OF_CASE, "member_id"),
    severity=Severity.INBOX,
    to="to",
    words=_("A case was assigned."),
)
UNTAKEN = Kind(
    "cases.untaken_overdue",
    OF_CASE,
    severity=Severity.INBOX,
    to="supervisors of to",
    words=_("No one has taken a case in your program's queue."),
)
TRIED = Kind("cases.tried", ("case_id", "task_id", "attempt_id"))
DONE = Kind("cases.task_done", ("case_id", "task_id"))
TOLD = Kind(
    "cases.try_needs_decision",
    (*OF_CASE, "task_id"),
    severity=Severity.INBOX,
    to="supervisors of to",
    words=_("A follow-up needs a decision: its tries are used up, or it was not safe or not the person."),
)  # fmt: skip
DUE = Kind(
    "cases.task_overdue",
    (*OF_CASE, "task_id"),
    severity=Severity.INBOX,
    to="to",
    words=_("A follow-up task is overdue."),
)
MOVED = Kind("cases.moved", ("case_id", "move_id"))
CLOSED = Kind("cases.closed", ("case_id",))
ALL = (OPENED, TAKEN, ASSIGNED, UNTAKEN, TRIED, DONE, TOLD, DUE, MOVED, CLOSED)
