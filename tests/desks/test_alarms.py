"""Who sees which alarm, and who may acknowledge it: on every page, by what their program may see."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nowrongdoor.calls.commands.alarms import ANSWERED_BY
from nowrongdoor.community import queries as community
from nowrongdoor.desks import board, board_rows
from nowrongdoor.desks.alarms import WORDS, AlarmRow, alarms
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.facts import CHECK_IN, DURESS, SILENT, Stage
from tests.dispatch.floor import (
    ANA,
    CARL,
    DAVID,
    MARIA,
    MIN,
    RUBEN,
    SAMUEL,
    STRANGER,
    an_assignment,
    fire,
)
from tests.makers import an_actor, an_episode, an_offer, later

pytestmark = pytest.mark.usefixtures("db")
RUTH, ROSA, DENISE, ANNA, LUIS = (
    "ruth.palmer", "rosa.figueroa", "denise.wright", "anna.miller", "luis.ortega",
)  # fmt: skip


def seen(name: str, kind: str, at: float = 10 * MIN) -> AlarmRow | None:
    rows = [row for row in alarms(an_actor(name), at=later(at))["alarms"] if row.kind == kind]
    assert len(rows) < 2
    return rows[0] if rows else None


def who(kind: str, *names: str, at: float = 10 * MIN) -> tuple[set[str], set[str]]:
    """Of these people: who sees an alarm of this kind, and who may acknowledge it."""
    rows = {name: seen(name, kind, at) for name in names}
    return {n for n, row in rows.items() if row}, {n for n, row in rows.items() if row and row.may}


def test_duress_is_for_the_desk_the_floor_the_owner_and_the_shift_supervisor() -> None:
    team = an_assignment(reached=Stage.ON_SCENE)
    dispatch.activate_duress(by=an_actor(ANA), at=later(MIN), assignment_id=team.pk)

    sees, acknowledges = who(
        DURESS, CARL, DAVID, MARIA, RUTH, DENISE, ROSA, ANA, SAMUEL, STRANGER, at=70
    )

    assert sees == {CARL, DAVID, MARIA, RUTH}
    assert acknowledges == {CARL, RUTH}
    row = seen(RUTH, DURESS)
    assert row is not None
    assert (row.unit, row.full, row.open, row.since) == ("CMT-A1", True, True, later(MIN))
    assert row.crew == "Ana Ruiz, Samuel Price"
    assert row.police == "Requested, not yet accepted"


def test_a_call_whose_team_is_in_danger_stands_first_on_the_board_and_is_urgent() -> None:
    team = an_assignment(reached=Stage.ON_SCENE)
    others = {str(an_episode(an_actor(), at=later(-MIN)).pk) for _ in range(2)}  # waited longer
    before, *_rest = board.rows(an_actor(), at=later(MIN))
    dispatch.activate_duress(by=an_actor(ANA), at=later(2 * MIN), assignment_id=team.pk)

    for read in (board.rows_for, board_rows.rows_for):
        [[first, *rest]] = read([an_actor()], at=later(2 * MIN))
        assert (first.key, first.duress, first.urgent, first.look) == (
            str(team.episode_id), True, True, "alarm",
        )  # fmt: skip
        assert {row.key for row in rest if not row.duress} >= others
    assert before.key in others


def test_whoever_is_on_the_crew_is_shown_no_bar_at_a_desk_either() -> None:
    """The same person may sit at a desk of the unit's own program: their phone shows the same pages."""
    team = an_assignment(reached=Stage.ON_SCENE)
    dispatch.activate_duress(by=an_actor(ANA), at=later(MIN), assignment_id=team.pk)
    at_a_desk = [replace(an_actor(each), role="program_supervisor") for each in (ANA, RUBEN)]

    shown = [len(alarms(by, at=later(70))["alarms"]) for by in at_a_desk]

    assert shown == [0, 1]


def test_a_missed_check_in_is_the_desks_until_it_climbs() -> None:
    an_assignment(reached=Stage.ON_SCENE)
    names = (CARL, MARIA, RUTH, ROSA, ANA, STRANGER)

    fire(20)
    first = who(CHECK_IN, *names)
    fire(23)
    fire(26)

    assert first == ({CARL, MARIA}, {CARL})
    assert who(CHECK_IN, *names) == ({CARL, MARIA, RUTH}, {CARL, RUTH})


def test_a_unit_that_has_not_said_that_it_goes_alarms_its_desk() -> None:
    """A9: it stood under *On the way* for 25 minutes, without a badge."""
    an_assignment()
    fire(0.9)
    before = who(SILENT, CARL, ROSA, ANA)
    fire(1)

    assert before == (set(), set())
    assert who(SILENT, CARL, ROSA, ANA) == ({CARL}, {CARL})


def test_an_offer_that_nobody_answers_is_both_sides_and_no_colleagues() -> None:
    anna = an_actor(ANNA)
    an_offer(an_episode(anna), anna)
    fire(1)

    sees, acknowledges = who("episodes.unanswered", ANNA, LUIS, RUTH, MARIA, ROSA, STRANGER)

    assert sees == acknowledges == {ANNA, RUTH, MARIA, ROSA}


def test_where_nothing_alarms_two_statements_say_so() -> None:
    carl = an_actor(CARL)
    alarms(carl, at=later(0))  # reference rows are read once in a process
    with CaptureQueriesContext(connection) as captured:
        assert alarms(carl, at=later(0))["alarms"] == ()
    said = [each["sql"] for each in captured if "clocks_deadline" in each["sql"]]
    assert len(said) == 1
    assert len(captured) <= 4, [each["sql"][:60] for each in captured]  # with BEGIN and COMMIT


def test_every_clock_that_repeats_is_an_alarm_with_a_name_and_somebody_who_answers() -> None:
    repeats = set(community.setting("alarms", later(0)))

    assert repeats - {"calls.reminder"} == set(ANSWERED_BY)  # a reminder is read, not answered
    assert set(ANSWERED_BY) == set(WORDS)
