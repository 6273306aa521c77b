"""Every change to cases. Lock order: episode (where a call closes), case, task; then deadlines."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import parties, party
from nowrongdoor.cases import book, kinds, rules
from nowrongdoor.cases.due import TASK_DUE, UNTAKEN
from nowrongdoor.cases.facts import CaseFacts, Kind, Opening, PlannedTask
from nowrongdoor.cases.models import OWED, Attempt, Case, Move, Task
from nowrongdoor.clocks import book as clocks_book
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks.facts import DeadlineFacts
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.inserts import insert, insert_if_new
from nowrongdoor.rows.locks import locked, missing
from nowrongdoor.web.fields import Moment, Pick, PickCode, Text

Reason = Text(label=_("Reason"), most=500, rows=2)
WHEN = _("Empty means now.")


def open_cases(event: str, *, episode_id: UUID, level: str, by: Actor, at: datetime) -> list[Case]:
    """Open what this event owes, in the queue of the program that owes it. A step of the command that made it happen.

    The program sees the call from now on, as far as the gate lets it be told; where it lets nobody tell it, the case
    waits there without the card, and who takes it asks. What stands open already is not opened twice.
    Journal: cases.opened for each.
    """
    path = party(by.program_id).path
    found = rules.openings(book.book(), event, program=path, level=level)
    return [
        case
        for kind, opening in found
        if (case := _open(kind, opening, episode_id=episode_id, by=by, at=at)) is not None
    ]


def _open(
    kind: Kind, opening: Opening, *, episode_id: UUID, by: Actor, at: datetime
) -> Case | None:
    program_id = next(each.program_id for each in parties().values() if each.path == opening.to)
    _show_call(episode_id, program_id, opening.basis, by=by, at=at)
    case = Case(
        id=new_id(at),
        kind=kind.code,
        plan=opening.plan,
        program_id=program_id,
        from_program_id=by.program_id,
        episode_id=episode_id,
        starts_at=at,
        opened_at=at,
        opened_by_id=named(by),
        state=kind.first,
    )
    if not insert_if_new(case):
        return None
    _wait(case, kind, by=by, at=at)
    tasks = [_planned(case, planned, by=by, at=at) for planned in kind.plans[opening.plan].tasks]
    record(kinds.OPENED, case, *tasks, by=by, at=at, to_program_id=program_id, episode_id=None)
    return case


def _show_call(episode_id: UUID, program_id: UUID, basis: str, *, by: Actor, at: datetime) -> None:
    try:
        episodes.grant_program(episode_id, program_id, by=by, basis=basis, at=at)
    except NotPermitted:
        return  # asked of the table before a party is written; the case is owed all the same


def _planned(case: Case, planned: PlannedTask, *, by: Actor, at: datetime) -> Task:
    opens_at, due_at = book.window(planned, case.starts_at)
    task = insert(
        Task,
        id=new_id(at),
        case_id=case.pk,
        program_id=case.program_id,
        code=planned.code,
        opens_at=opens_at,
        due_at=due_at,
        tries=planned.tries,
    )
    _ring(task, due_at, by=by, at=at)
    return task


@command(needs=Action.KEEP_CASES)
def take_case(*, by: Actor, at: datetime, case_id: UUID) -> Case:
    """Take a case from one's program's queue: from now on a named person answers for it.

    Refused: as `cases.rules.may_take` says.
    Journal: cases.taken.
    """
    case = locked(Case, case_id)

    require(rules.may_take(by, _facts(case, at=at)))

    _own(case, named(by), at=at)
    record(kinds.TAKEN, case, by=by, at=at, episode_id=None)
    return case


def _members(by: Actor, *, at: datetime) -> list[tuple[str, str]]:
    return [(str(id), name) for id, name, _role in agencies.staff_of(by.program_id, at=at)]


@command(needs=Action.ASSUME)
def assign_case(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    to_member_id: Annotated[UUID, Pick(label=_("Assign to"), options=_members, wrong=_("Choose who takes it."))],
) -> Case:  # fmt: skip
    """Give a case of one's program to a member of it, whoever has it now.

    Refused: as `cases.rules.may_assign` says.
    Journal: cases.assigned.
    """
    case = locked(Case, case_id)

    works_there = agencies.position_in(to_member_id, case.program_id, at=at)
    require(rules.may_assign(by, _facts(case, at=at), works_there=works_there))

    _own(case, to_member_id, at=at)
    record(kinds.ASSIGNED, case, by=by, at=at, to_program_id=case.program_id, episode_id=None)
    return case


@command(needs=Action.KEEP_CASES)
def log_try(
    *,
    by: Actor,
    at: datetime,
    task_id: UUID,
    result: Annotated[
        str, PickCode(label=_("Result"), of_row="results", wrong=_("Choose what came of it."))
    ],
    tried_at: Annotated[datetime | None, Moment(label=_("When"), help=WHEN)] = None,
    said: Annotated[str, Text(label=_("What was said"), most=2000, rows=3)] = "",
) -> Attempt:
    """Write down a try: what was done, when, and what came of it.

    Refused: as `cases.rules.may_try` says; for a result that this kind of case does not have.
    Journal: cases.tried; cases.task_done, cases.try_needs_decision, cases.moved by what came of it.
    """
    case_id = Task.objects.filter(pk=task_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise missing()
    case, task = locked(Case, case_id), locked(Task, task_id)
    kind, facts = book.kind(case.kind), _facts(case, at=at)
    mine = next(each for each in facts.tasks if each.id == task_id)
    at = max(at, case.opened_at)  # a clock that stepped back must not refuse what was done
    tried_at = at if tried_at is None else tried_at

    allowed = rules.may_try(by, facts, mine, tried_at=tried_at, opened_at=case.opened_at, at=at)
    require(allowed)
    if result not in kind.results:
        raise BadInput("result", "case.result", "Choose what came of it.")

    after = rules.after_try(kind, facts, mine, kind.results[result])
    row = Attempt.objects.create(
        id=new_id(at),
        task=task,
        case=case,
        program_id=by.program_id,
        member_id=named(by),
        at=tried_at,
        written_at=at,
        result=result,
        said=said,
    )
    record(kinds.TRIED, row, by=by, at=at, episode_id=None)
    if after.done or after.stops_all:
        owed = Task.objects.filter(OWED, case=case)
        for each in owed if after.stops_all else [task]:
            _over(each, result if each.pk == task_id else "", by=by, at=at)
    if after.state:
        _go(case, after.state, "", by=by, at=at)
    if after.tell:
        to = case.program_id
        record(kinds.TOLD, row, by=by, at=at, to_program_id=to, episode_id=None)
    return row


@command(needs=Action.KEEP_CASES)
def move_case(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    to_state: Annotated[
        str, PickCode(label=_("Where they are"), of_row="moves", wrong=_("Choose where they are."))
    ],
    reason: Annotated[str, Reason] = "",
) -> Case:
    """Say that the person is somewhere else: in jail, in a hospital, back. Clocks that may be paused stop or run again.

    Refused: as `cases.rules.may_move` says.
    Journal: cases.moved.
    """
    case = locked(Case, case_id)

    require(rules.may_move(by, book.kind(case.kind), _facts(case, at=at), to_state))

    _go(case, to_state, reason, by=by, at=at)
    return case


@command(needs=Action.KEEP_CASES)
def close_case(
    *,
    by: Actor,
    at: datetime,
    case_id: UUID,
    outcome: Annotated[
        str, PickCode(label=_("Outcome"), of_row="outcomes", wrong=_("Choose how it ended."))
    ],
    reason: Annotated[str, Reason] = "",
) -> Case:
    """Close a case by an outcome of its kind. What is still owed stops.

    Refused: as `cases.rules.may_close` says; for an outcome that this kind does not have.
    Journal: cases.closed.
    """
    case = locked(Case, case_id)
    kind = book.kind(case.kind)
    if outcome not in kind.outcomes:
        raise BadInput("outcome", "case.outcome", "Choose how it ended.")

    require(rules.may_close(by, _facts(case, at=at), kind.outcomes[outcome], reason=reason))

    for task in Task.objects.filter(OWED, case=case):
        _over(task, "", by=by, at=at)
    case.closed_at, case.closed_by_id = max(at, case.opened_at), named(by)
    case.outcome, case.reason = outcome, reason
    case.version += 1
    case.save(update_fields=["closed_at", "closed_by", "outcome", "reason", "version"])
    record(kinds.CLOSED, case, by=by, at=at, episode_id=None)
    return case


def alert_untaken(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """Nobody has taken it: its program's supervisor is told, and again.

    Journal: cases.untaken_overdue.
    """
    case = Case.objects.filter(pk=subject_id, closed_at=None, member=None).first()
    if case is not None:
        _wait(case, book.kind(case.kind), by=by, at=at)
        record(kinds.UNTAKEN, case, by=by, at=at, to_program_id=case.program_id, episode_id=None)


def alert_task_due(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """A task is overdue: its program is told, and again each day. Where the case is paused, the clock waits in silence.

    Journal: cases.task_overdue.
    """
    task = Task.objects.filter(OWED, pk=subject_id).select_related("case").first()
    if task is not None:
        _ring(task, clocks_book.due(clocks_book.OVERDUE_AGAIN, at), by=by, at=at)
        if not book.kind(task.case.kind).states[task.case.state].pauses:
            record(kinds.DUE, task, by=by, at=at, to_program_id=task.program_id)


def _own(case: Case, member_id: UUID, *, at: datetime) -> None:
    case.member_id = member_id
    case.version += 1
    case.save(update_fields=["member", "version"])
    clocks.cancel_deadline(case.pk, at=at)


def _wait(case: Case, kind: Kind, *, by: Actor, at: datetime) -> None:
    """While nobody has taken it, a clock runs for its program's supervisor."""
    due_at = clocks_book.due(kind.untaken, at)
    what = DeadlineFacts(UNTAKEN, case.pk, due_at, program_id=case.program_id)
    clocks.set_deadline(_of(what, by), by=by, at=at)


def _ring(task: Task, due_at: datetime, *, by: Actor, at: datetime) -> None:
    what = DeadlineFacts(TASK_DUE, task.pk, due_at, program_id=task.program_id)
    clocks.set_deadline(_of(what, by), by=by, at=at)


def _of(what: DeadlineFacts, by: Actor) -> DeadlineFacts:
    """Who opens a case for another program stands on the other side of its clocks, or could not write them."""
    if what.program_id == by.program_id:
        return what
    return DeadlineFacts(
        what.kind,
        what.subject_id,
        what.due_at,
        other_program_id=by.program_id,
        program_id=what.program_id,
    )


def _over(task: Task, result: str, *, by: Actor, at: datetime) -> None:
    task.over_at, task.over_by_id, task.result = at, named(by), result
    task.save(update_fields=["over_at", "over_by", "result"])
    clocks.cancel_deadline(task.pk, at=at)
    if result:
        record(kinds.DONE, task, by=by, at=at)


def _go(case: Case, to_state: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Move it, and count anew what is still owed: while it is paused, a clock that may be paused does not run."""
    move = Move.objects.create(
        id=new_id(at),
        case=case,
        program_id=by.program_id,
        member_id=named(by),
        at=at,
        from_state=case.state,
        to_state=to_state,
        reason=reason,
    )
    case.state = to_state
    case.version += 1
    case.save(update_fields=["state", "version"])
    record(kinds.MOVED, move, case, by=by, at=at, episode_id=None)
    _count_again(case, by=by, at=at)


def _count_again(case: Case, *, by: Actor, at: datetime) -> None:
    kind = book.kind(case.kind)
    moves = list(Move.objects.filter(case=case).order_by("at", "id").values_list("to_state", "at"))
    pauses = rules.pauses(kind, moves, until=at)
    planned = {each.code: each for each in kind.plans[case.plan].tasks}
    for task in Task.objects.filter(OWED, case=case):
        _opens_at, due_at = book.window(planned[task.code], case.starts_at, pauses)
        if due_at != task.due_at:
            task.due_at = max(due_at, task.opens_at)
            task.save(update_fields=["due_at"])
            clocks.cancel_deadline(task.pk, at=at)
            _ring(task, task.due_at, by=by, at=at)


def _facts(case: Case, *, at: datetime) -> CaseFacts:
    staff = agencies.staff_of(case.program_id, at=at)
    return case.facts({member_id for member_id, _name, _role in staff})
