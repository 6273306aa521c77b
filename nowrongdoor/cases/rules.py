"""What may be done with a case and its tasks. Pure: the kind says what is possible, the facts what is true now.

No kind is named here: what differs from one to the next stands in the community's `cases.yaml`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from nowrongdoor.cases.facts import (
    Book,
    CaseFacts,
    Kind,
    Need,
    Opening,
    Outcome,
    Result,
    TaskFacts,
    Then,
)
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes

CLOSED = no("case.closed", "This case is closed.")


def openings(book: Book, event: str, *, program: str, level: str) -> Iterator[tuple[Kind, Opening]]:
    """Which cases this opens, and for whom. `program`: where it happened, as agency/program.

    Shape: `level` is the triage level as the protocol names it; '' where it was never found, which is treated as
        one that opens: nobody is dropped because nobody asked.
    Source: PROGRAMS 6: opened by outcomes; the community's `cases.yaml`.
    """
    for kind in book.kinds.values():
        for each in kind.opened_by:
            fits = not each.levels or not level or level in each.levels
            if each.event == event and program in each.senders and fits:
                yield kind, each


def may_take(by: Actor, case: CaseFacts) -> Verdict:
    """Say whether a member may take a case from their program's queue."""
    if case.closed:
        return CLOSED
    if case.program_id != by.program_id:
        return no("case.not_yours", "This case is another program's.")
    if case.member_id is not None:
        return no("case.taken", "Someone has already taken this case.")
    return yes("case.may_take")


def may_assign(by: Actor, case: CaseFacts, *, works_there: bool) -> Verdict:
    """Say whether a supervisor may give a case to a member, whoever has it now."""
    if case.closed:
        return CLOSED
    if case.program_id != by.program_id:
        return no("case.not_yours", "This case is another program's.")
    if not works_there:
        return no("case.not_here", "That person does not work in this program.")
    return yes("case.may_assign")


def may_work(by: Actor, case: CaseFacts) -> Verdict:
    """Say whether a member may write down what was done: of their own program's open case, once it has an owner."""
    if case.closed:
        return CLOSED
    if case.program_id != by.program_id:
        return no("case.not_yours", "This case is another program's.")
    if case.member_id is None:
        return no("case.not_taken", "Take this case first, so that someone answers for it.")
    return yes("case.may_work")


def may_try(by: Actor, case: CaseFacts, task: TaskFacts, *, tried_at: datetime, opened_at: datetime, at: datetime) -> Verdict:  # fmt: skip
    """Say whether a try may be written down: made after the case was opened and not in the future; a task is done once."""
    allowed = may_work(by, case)
    if not allowed.allowed:
        return allowed
    if task.over:
        return no("task.over", "This task is already done or stopped.")
    if tried_at > at:
        return no("try.future", "A try cannot be in the future. Check the time.")
    if tried_at < opened_at:
        return no("try.before", "A try cannot be before the case was opened. Check the time.")
    return yes("task.may_try")


@dataclass(frozen=True, slots=True)
class After:
    """What a try comes to. `state`: where the case goes by it; '' where it stays. `tell`: its supervisor is told."""

    done: bool = False
    stops_all: bool = False
    tell: bool = False
    out_of_tries: bool = False
    state: str = ""


def after_try(kind: Kind, case: CaseFacts, task: TaskFacts, result: Result) -> After:
    """What follows from one more try with this result.

    Shape: tries that are used up tell the supervisor, and the task stays owed: one decision, never silence.
    Source: PROGRAMS 6; ACCEPTANCE 12.
    """
    goes = result.to if (case.state, result.to) in kind.moves else ""
    if result.then is Then.DONE:
        return After(done=True, state=goes)
    if result.then is Then.STOP:
        return After(stops_all=True, tell=True, state=goes)
    out = task.tried + 1 >= task.tries
    return After(tell=out or result.then is Then.TELL, out_of_tries=out, state=goes)


def may_move(by: Actor, kind: Kind, case: CaseFacts, to: str) -> Verdict:
    """Say whether a case may go to another state: by the moves of its kind."""
    allowed = may_work(by, case)
    if not allowed.allowed:
        return allowed
    if (case.state, to) not in kind.moves:
        return no("case.no_move", "This case cannot go there from where it is.")
    return yes("case.may_move")


def may_close(by: Actor, case: CaseFacts, outcome: Outcome, *, reason: str) -> Verdict:
    """Say whether a case may be closed by an outcome: with what the outcome asks for."""
    allowed = may_work(by, case)
    if not allowed.allowed:
        return allowed
    left = [each for each in case.tasks if not each.over]
    if Need.REASON in outcome.needs and not reason.strip():
        return no("case.reason", "Say why.")
    if Need.DONE in outcome.needs and left:
        return no("case.tasks_left", "A task is still owed. Do it, or choose another outcome.")
    if Need.TRIES in outcome.needs and any(each.tried < each.tries for each in left):
        return no("case.tries_left", "Not every try was made yet. Try again, or choose another outcome.")  # fmt: skip
    return yes("case.may_close")


def next_due(tasks: Iterable[TaskFacts]) -> datetime | None:
    """When the next open task is due; None where nothing is owed."""
    return min((each.due_at for each in tasks if not each.over), default=None)


def pauses(kind: Kind, moves: Sequence[tuple[str, datetime]], *, until: datetime) -> tuple[tuple[datetime, datetime], ...]:  # fmt: skip
    """While a case was where its clocks do not run. `moves`: to which state it went when, the oldest first.

    Shape: from and until of each pause; one that goes on ends at `until`.
    """
    ends = [*(when for _state, when in moves), until][1:]
    return tuple(
        (since, end)
        for (state, since), end in zip(moves, ends, strict=True)
        if kind.states[state].pauses and end > since
    )
