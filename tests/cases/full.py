"""Rows in the tables of `cases`, and how each of its acts is tried."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands as calls
from nowrongdoor.cases import commands
from nowrongdoor.cases.models import Case, Task
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.kernel.actor import Actor
from tests.makers import NOON, accepted, an_actor, an_episode

JOAN, NEVA, MARIA = "joan.whitfield", "neva.long", "maria.lopez"
"""The line's follow-up coordinator and her supervisor; the counselor whose call it was."""
REFUSED = {
    "cases_opening_stands": "UPDATE cases_case SET plan = 'other' WHERE closed_at IS NULL",
    "cases_closed_in_own_name": "UPDATE cases_case SET closed_at = opened_at, closed_by_id = opened_by_id, outcome = 'x' WHERE closed_at IS NULL AND member_id IS NOT NULL",
    "cases_task_over_in_own_name": "UPDATE cases_task SET over_at = due_at, over_by_id = (SELECT opened_by_id FROM cases_case c WHERE c.id = case_id) WHERE over_at IS NULL",
    "cases_task_stands": "UPDATE cases_task SET tries = tries + 1 WHERE over_at IS NULL",
}
"""What breaks a rule that asks what is changed."""


def a_case(at: datetime = NOON, *, taken: bool = False, name: str = "Rosa Villa") -> Case:
    """What the line owes after a call that Maria closed, taken by Joan or not."""
    call = an_episode(at=at, name=name, callback="520-555-0123")
    accepted(call, at=at)
    over = Closing("safety_plan", accountable_member_id=an_actor(MARIA).member_id)
    calls.close_call(by=an_actor(MARIA), at=at, episode_id=call.pk, closing=over)
    with act_as(an_actor(JOAN)):
        case = Case.objects.get(episode_id=call.pk)
    return take(case, at) if taken else case


def take(case: Case, at: datetime = NOON) -> Case:
    return commands.take_case(by=an_actor(JOAN), at=at, case_id=case.pk)


def the_task(case: Case, by: Actor | None = None) -> Task:
    with act_as(by or an_actor(JOAN)):
        return Task.objects.get(case_id=case.pk)


def full() -> None:
    joan = an_actor(JOAN)
    a_case()
    case = a_case(taken=True)
    task = the_task(case)
    commands.log_try(by=joan, at=NOON, task_id=task.pk, result="in_jail")
    closed = a_case(taken=True)
    commands.log_try(by=joan, at=NOON, task_id=the_task(closed).pk, result="reached", said="Slept.")
    commands.close_case(by=joan, at=NOON, case_id=closed.pk, outcome="connected")


def tried() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    yield JOAN, "take_case", {"case_id": a_case().pk}, {}
    yield NEVA, "assign_case", {"case_id": a_case().pk}, {"to_member_id": str(an_actor(JOAN).member_id)}  # fmt: skip
    case = a_case(taken=True)
    yield JOAN, "log_try", {"task_id": the_task(case).pk}, {"result": "no_answer", "said": "Rang."}
    yield JOAN, "move_case", {"case_id": case.pk}, {"to_state": "hospital"}
    yield JOAN, "close_case", {"case_id": case.pk}, {"outcome": "connected"}
