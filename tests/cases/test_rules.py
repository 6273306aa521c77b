"""What may be done with a case, as tables: no database, milliseconds."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from nowrongdoor.cases import reading, rules
from nowrongdoor.cases.facts import CaseFacts, TaskFacts
from nowrongdoor.cases.rules import After
from nowrongdoor.kernel.actor import Actor
from tests.conftest import ROOT
from tests.makers import NOON

BOOK = reading.read(ROOT / "communities/tucson/cases.yaml")
KIND = BOOK.kinds["follow_up"]
OURS, THEIRS, JOAN = UUID(int=1), UUID(int=2), UUID(int=3)
BY = Actor(
    code="member:x",
    program_id=OURS,
    agency_id=UUID(int=9),
    role="follow_up_coordinator",
    member_id=JOAN,
)
TASK = TaskFacts(UUID(int=5), NOON, tries=3, tried=0, over=False)
CASE = CaseFacts(OURS, JOAN, "active", closed=False, tasks=(TASK,))


@pytest.mark.parametrize(
    ("program", "level", "opens"),
    [
        ("line/counselors", "2", ["after_contact"]),
        ("line/counselors", "E", ["after_contact"]),
        ("line/counselors", "1", []),
        ("line/counselors", "X", []),
        ("line/counselors", "", ["after_contact"]),  # nobody asked: nobody is dropped for it
        ("crc/adult", "1", ["safe_transition"]),
        ("tpd/patrol", "4", []),
    ],
)
def test_what_a_closed_call_opens(program: str, level: str, opens: list[str]) -> None:
    found = rules.openings(BOOK, "call_closed", program=program, level=level)
    assert [each.plan for _kind, each in found] == opens
    assert list(rules.openings(BOOK, "call_lost", program=program, level=level)) == []


@pytest.mark.parametrize(
    ("case", "take", "work"),
    [
        (replace(CASE, member_id=None), "case.may_take", "case.not_taken"),
        (CASE, "case.taken", "case.may_work"),
        (replace(CASE, program_id=THEIRS, member_id=None), "case.not_yours", "case.not_yours"),
        (replace(CASE, closed=True), "case.closed", "case.closed"),
    ],
)
def test_who_may_take_it_and_work_on_it(case: CaseFacts, take: str, work: str) -> None:
    assert rules.may_take(BY, case).rule == take
    assert rules.may_work(BY, case).rule == work


@pytest.mark.parametrize(
    ("result", "tried", "state", "after"),
    [
        ("reached", 0, "active", After(done=True)),
        ("declined", 2, "active", After(done=True)),
        ("no_answer", 0, "active", After()),
        ("no_answer", 2, "active", After(tell=True, out_of_tries=True)),
        ("unsafe", 0, "active", After(tell=True)),
        ("in_jail", 0, "active", After(state="jail")),
        ("in_jail", 0, "jail", After()),
        ("in_hospital", 2, "active", After(tell=True, out_of_tries=True, state="hospital")),
        ("deceased", 0, "active", After(stops_all=True, tell=True)),
    ],
)
def test_what_follows_from_a_try(result: str, tried: int, state: str, after: After) -> None:
    case, task = replace(CASE, state=state), replace(TASK, tried=tried)
    assert rules.after_try(KIND, case, task, KIND.results[result]) == after


@pytest.mark.parametrize(
    ("outcome", "reason", "task", "rule"),
    [
        ("connected", "", TASK, "case.may_close"),
        ("completed", "", TASK, "case.tasks_left"),
        ("completed", "", replace(TASK, over=True), "case.may_close"),
        ("declined", " ", TASK, "case.reason"),
        ("declined", "Has a sponsor.", TASK, "case.may_close"),
        ("unreachable", "", replace(TASK, tried=2), "case.tries_left"),
        ("unreachable", "", replace(TASK, tried=3), "case.may_close"),
    ],
)
def test_an_outcome_asks_for_what_it_needs(
    outcome: str, reason: str, task: TaskFacts, rule: str
) -> None:
    case = replace(CASE, tasks=(task,))
    assert rules.may_close(BY, case, KIND.outcomes[outcome], reason=reason).rule == rule


@pytest.mark.parametrize(
    ("state", "to", "rule"),
    [
        ("active", "jail", "case.may_move"),
        ("jail", "hospital", "case.may_move"),
        ("jail", "jail", "case.no_move"),
        ("jail", "moon", "case.no_move"),
    ],
)
def test_a_case_goes_where_its_kind_lets_it(state: str, to: str, rule: str) -> None:
    assert rules.may_move(BY, KIND, replace(CASE, state=state), to).rule == rule


def test_pauses_are_the_times_in_states_that_pause() -> None:
    def hour(n: int) -> object:
        return NOON + timedelta(hours=n)

    moves = [("jail", hour(1)), ("hospital", hour(4)), ("active", hour(6)), ("jail", hour(9))]

    found = rules.pauses(KIND, moves, until=hour(10))  # type: ignore[arg-type]

    assert found == ((hour(1), hour(4)), (hour(4), hour(6)), (hour(9), hour(10)))
    assert rules.pauses(KIND, [], until=NOON) == ()
