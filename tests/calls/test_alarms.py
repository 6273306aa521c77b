"""Alarms: who is in their line, what it means to acknowledge one, and what a team in danger is told."""

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands
from nowrongdoor.clocks import queries as clocks
from nowrongdoor.clocks import rules
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.dispatch import board
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.board import TeamRow
from nowrongdoor.dispatch.facts import DURESS, Stage
from nowrongdoor.dispatch.models import Assignment, Duress
from nowrongdoor.kernel.verdict import NotFound
from tests.dispatch.floor import (
    ANA,
    CARL,
    DAVID,
    MARIA,
    MIN,
    STRANGER,
    an_assignment,
    fire,
    lines,
    refused,
)
from tests.makers import an_actor, later

pytestmark = pytest.mark.usefixtures("db")
RUTH = "ruth.palmer"


def in_danger() -> tuple[Assignment, Duress]:
    row = an_assignment(reached=Stage.ON_SCENE)
    return row, dispatch.activate_duress(by=an_actor(ANA), at=later(MIN), assignment_id=row.pk)


def clock(alarm: Duress) -> Deadline:
    with act_as(an_actor(CARL)):
        return Deadline.objects.get(subject_id=alarm.pk, fired_at=None, cancelled_at=None)


def acknowledge(alarm: Duress, by: str = CARL, *, at: float = 70) -> None:
    commands.acknowledge_alarm(by=an_actor(by), at=later(at), deadline_id=clock(alarm).pk)


def shown(row: Assignment) -> TeamRow:
    found = board.team(an_actor(CARL), row.pk)
    assert found is not None
    return found


def rung() -> list[object]:
    return [line["supervisor"] for line in lines("dispatch.duress_unanswered")]


@pytest.mark.parametrize(
    ("in_line", "crew", "acknowledged", "rule"),
    [
        (True, False, False, "alarm.in_line"),
        (False, False, False, "alarm.not_yours"),
        (True, True, False, "alarm.crew"),
        (False, True, False, "alarm.crew"),
        (True, False, True, "alarm.acknowledged"),
    ],
)
def test_may_acknowledge(*, in_line: bool, crew: bool, acknowledged: bool, rule: str) -> None:
    verdict = rules.may_acknowledge(in_line=in_line, crew=crew, acknowledged=acknowledged)

    assert (verdict.rule, verdict.allowed) == (rule, rule == "alarm.in_line")


def test_duress_climbs_every_30_s_until_somebody_acknowledges_it() -> None:
    _row, alarm = in_danger()

    for minute in (1.4, 1.5, 2.0, 2.5):
        fire(minute)
    acknowledge(alarm, at=2.6 * MIN)
    fire(4)

    assert rung() == [0, 1, 2]


def test_what_is_acknowledged_and_not_done_alarms_again() -> None:
    row, alarm = in_danger()
    acknowledge(alarm)

    fire(4.1)
    quiet = rung()
    fire(4.2)

    assert (quiet, rung()) == ([], [0])
    assert clock(alarm).acknowledged_at is None
    assert shown(row).acknowledged_by == "Carl Jensen"  # it stays true that he did


def test_the_line_acknowledges_and_nobody_else() -> None:
    _row, alarm = in_danger()

    for name, rule in (
        (ANA, "alarm.crew"),
        (MARIA, "alarm.not_yours"),  # she owns the call; the desk answers for the team
        (DAVID, "alarm.not_yours"),  # police were asked of his floor: he answers that request
    ):
        assert refused(acknowledge, alarm=alarm, by=name) == rule, name
    with pytest.raises(NotFound):
        acknowledge(alarm, by=STRANGER)
    acknowledge(alarm, by=RUTH)  # the 911 shift supervisor, at the end of its line
    assert refused(acknowledge, alarm=alarm) == "alarm.acknowledged"


def test_pressed_again_it_alarms_anew_and_two_taps_are_one() -> None:
    row, alarm = in_danger()
    acknowledge(alarm)

    same = dispatch.activate_duress(by=an_actor(ANA), at=later(90), assignment_id=row.pk)
    twice = dispatch.activate_duress(by=an_actor(ANA), at=later(93), assignment_id=row.pk)

    assert same.pk == twice.pk == alarm.pk
    assert len(lines("dispatch.duress")) == 2
    assert clock(alarm).acknowledged_at is None


def test_an_alarm_ends_with_what_it_is_about() -> None:
    row, alarm = in_danger()
    deadline = clock(alarm)
    dispatch.end_duress(by=an_actor(CARL), at=later(100), duress_id=alarm.pk)

    with act_as(an_actor(CARL)):
        assert clocks.ringing((DURESS,), (DURESS,), at=later(101)) == ()
    with pytest.raises(NotFound):
        commands.acknowledge_alarm(by=an_actor(CARL), at=later(101), deadline_id=deadline.pk)
    fire(60)
    assert rung() == []
    assert shown(row).duress_id is None
