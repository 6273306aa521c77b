"""Every change to deadlines.

`promise` and `keep` are steps inside another module's command, which writes the journal line;
`fire_due` is a command of its own for each deadline. Lock order: episode, then deadline; the module
that has episodes stands above this one and says how one is locked (`HOLDS`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.agencies.system import system
from nowrongdoor.clocks import kinds, queries, rules
from nowrongdoor.clocks.facts import DeadlineFacts, Due
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.hooks import Hook
from nowrongdoor.kernel.verdict import require
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.inserts import insert
from nowrongdoor.rows.locks import locked, missing

Reaction = Callable[..., object]
"""Called as reaction(by=, at=, subject_id=) inside the transaction that fired the deadline."""
HOLDS: Hook[Callable[[UUID], bool]] = Hook("how an episode is locked without waiting")


def set_deadline(what: DeadlineFacts, *, by: Actor, at: datetime) -> None:
    """Write a deadline down. The same promise standing already is a bug (a constraint says so)."""
    program_id = what.program_id or by.program_id
    ours = program_id == by.program_id
    insert(
        Deadline,
        id=new_id(at),
        kind=what.kind,
        subject_id=what.subject_id,
        episode_id=what.episode_id,
        agency_id=by.agency_id if ours else agencies.agency_of(program_id),
        program_id=program_id,
        other_program_id=what.other_program_id,
        set_at=at,
        due_at=what.due_at,
    )


def cancel_deadline(subject_id: UUID, *, at: datetime) -> None:
    """Cancel what was promised about a row: it was done in time, or no longer matters.

    By a narrow function: a clock between two other programs is hidden from whoever ends what it is for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clocks_cancel(%s, %s)", [subject_id, at])


def fire_due(*, at: datetime, reactions: Mapping[str, Reaction], most: int = 200) -> int:
    """Fire what is due by `at`, each in its own transaction, and react.

    Shape: how many were fired. Two workers never fire one twice (SKIP LOCKED).
    Errors: a reaction that raises rolls back its own deadline only, and is raised
        after the others were tried, so that one bad row stops nothing.
    """
    fired, troubles = 0, []
    for due in _due(at, most):
        try:
            fired += _fire(due, at=at, reactions=reactions)
        except Exception as trouble:  # noqa: BLE001 - collected and raised below
            troubles.append(trouble)
    if troubles:
        raise ExceptionGroup("deadlines whose reaction failed", troubles)
    return fired


def acknowledge_deadline(
    deadline_id: UUID, *, member_id: UUID, at: datetime, in_line: bool, crew: bool
) -> Deadline:
    """Write down who has seen it ring; it is quiet for as long as its alarm says, then rings again.

    What stands already does not ring: it only stops being red.
    Refused: as `clocks.rules.may_acknowledge` says.
    Errors: NotFound where it is over, or cannot be seen.
    """
    row = locked(Deadline, deadline_id)
    if row.fired_at is not None or row.cancelled_at is not None:
        raise missing()
    require(
        rules.may_acknowledge(
            in_line=in_line, crew=crew, acknowledged=row.acknowledged_at is not None
        )
    )
    row.acknowledged_at, row.acknowledged_by_id = at, member_id
    if not row.stands:
        quiet = timedelta(seconds=queries.alarm_of(row.kind, at).quiet_s)
        row.due_at = max(row.due_at, at + quiet)
    row.save(update_fields=["acknowledged_at", "acknowledged_by", "due_at"])
    return row


def _due(at: datetime, most: int) -> list[Due]:
    with act_as_task("sweep"), connection.cursor() as cursor:
        cursor.execute("SELECT id, agency_id, program_id FROM clocks_due(%s, %s)", [at, most])
        return [Due(*row) for row in cursor.fetchall()]


def _free(due: Due) -> bool:
    """Hold the deadline's episode, at once or not at all; True where it has none that can be seen.

    Whoever acts holds the episode and then keeps the deadline. A clock that held the deadline and
    waited for the episode would stop both.
    """
    episode_id = Deadline.objects.filter(pk=due.id).values_list("episode_id", flat=True).first()
    if episode_id is None:
        return True
    return HOLDS.get()(episode_id)


def _fire(due: Due, *, at: datetime, reactions: Mapping[str, Reaction]) -> int:
    by = system(program_id=due.program_id, agency_id=due.agency_id, code="timer")
    with act_as(by):
        if not _free(due):
            return (
                0  # somebody acts on it right now: they may keep the promise; else a second later
            )
        still = Deadline.objects.select_for_update(skip_locked=True, of=("self",))
        row = still.filter(pk=due.id, fired_at=None, cancelled_at=None).first()
        if row is None:
            return 0
        row.fired_at = at
        row.save(update_fields=["fired_at"])
        record(kinds.FIRED, row, by=by, at=at)
        reactions[row.kind](by=by, at=at, subject_id=row.subject_id)
        _count_ring(row, at=at)
    return 1


def _count_ring(fired: Deadline, *, at: datetime) -> None:
    """What its reaction set anew rings as often as the community says, then stands: it is overdue, and silent.

    Here and nowhere else, so no kind rings for ever. What is set anew by whoever acts counts from the start.
    """
    alarm = queries.alarm_of(fired.kind, at)
    rung = fired.rung + 1
    again = Deadline.objects.filter(
        kind=fired.kind, subject_id=fired.subject_id, fired_at=None, cancelled_at=None
    )
    if rules.stands(alarm, rung=rung):
        again.update(rung=rung, stands=True, due_at=at)
    elif alarm.every_s is None:
        again.update(rung=rung)
    else:
        again.update(rung=rung, due_at=at + timedelta(seconds=alarm.every_s))
