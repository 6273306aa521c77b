"""Nothing rings for ever: every kind of clock ends after so many rings, and what it is about stays on the lists."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import SearchFor
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks import queries, rules
from nowrongdoor.clocks.facts import Alarm
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.facts import Stage
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import supervisor_queries as supervisors
from nowrongdoor.journal.feed import FedEntry
from nowrongdoor.sharing import privacy_queries
from nowrongdoor.site.alerts import receives
from nowrongdoor.site.reactions import DEADLINES
from tests.calls.lines import RUTH, leaving
from tests.cases.full import a_case
from tests.dispatch.floor import (
    CARL,
    LINDA,
    MARIA,
    RUBEN,
    a_crew,
    a_request,
    an_assignment,
    promised,
    unit_id,
)
from tests.makers import NOON, accepted, an_actor, an_episode, an_offer, received
from tests.sharing.full import PAULA, an_emergency

ONCE = {"calls.watch_check", "calls.watch_supervisor", "guests.too_old", "sharing.renewal"}
"""Kinds that ring once, whatever comes."""
Owner = psycopg.Connection[tuple[object, ...]]


def offered() -> None:
    an_offer(an_episode())


def accepted_for_contact() -> None:
    officer, nurse = replace(an_actor("luis.garza"), role="dispatcher"), an_actor("judith.park")
    brought = an_episode(officer)
    received(brought, officer, nurse)
    clinic = an_offer(brought, nurse, to="clinic-a/intake", kind="discharge_referral")
    episodes.accept_offer(by=an_actor("martha.gibbs"), at=NOON, handoff_id=clinic.pk)


def queued() -> None:
    request = a_request()
    dispatch.queue_request(by=an_actor(CARL), at=NOON, request_id=request.pk, answer=promised(45))


def declined() -> None:
    request = a_request()
    dispatch.decline_request(by=an_actor(CARL), at=NOON, request_id=request.pk, reason="capacity")


def at_scene() -> None:
    an_assignment(reached=Stage.ON_SCENE)


def in_danger() -> None:
    a_crew(RUBEN, LINDA, unit="CMT-A2")
    row = an_assignment(unit="CMT-A2")
    dispatch.activate_duress(by=an_actor(RUBEN), at=NOON, assignment_id=row.pk)


def dispatched() -> None:
    david = an_actor("david.chavez")
    asked = a_request(an_episode(david), david, kind="police_now", to="911/floor")
    dispatch.assign(by=david, at=NOON, request_id=asked.pk, unit_id=unit_id("2A31"))


def alone() -> None:
    calls.lose_line(**leaving(an_episode()))


def sought() -> None:
    calls.start_search(by=an_actor(), at=NOON, episode_id=an_episode().pk, seeking=SearchFor.PLACE)


def rescued() -> None:
    calls.record_dispatched(
        by=an_actor(),
        at=NOON,
        episode_id=an_episode().pk,
        axis="ems",
        value="now",
        rescue="voluntary",
    )


def promised_back() -> None:
    calls.promise_call_back(by=an_actor(), at=NOON, episode_id=an_episode().pk)


def released() -> None:
    episode = an_episode()
    accepted(episode)
    calls.leave_line(**leaving(episode, after_s=30))


MADE: dict[str, Callable[[], object]] = {
    "dispatch.unanswered": a_request,
    "dispatch.choice": queued,
    "dispatch.follow": declined,
    "dispatch.check_in": at_scene,
    "dispatch.duress": in_danger,
    "dispatch.silent": dispatched,
    "episodes.unanswered": offered,
    "episodes.not_met": accepted_for_contact,
    "calls.alone": alone,
    "calls.search": sought,
    "calls.rescue": rescued,
    "calls.call_back": promised_back,
    "calls.reminder": released,
    "sharing.review": an_emergency,
    "cases.untaken": a_case,
    "cases.task_due": partial(a_case, taken=True),
}
"""How each kind that repeats begins."""


def test_every_kind_of_clock_is_here_and_the_community_says_how_often_it_rings() -> None:
    said = community.setting("alarms", NOON)

    assert set(MADE) | ONCE == set(DEADLINES)
    assert set(said) == set(DEADLINES) - ONCE


@pytest.mark.parametrize(
    ("alarm", "line", "standing"),
    [
        (Alarm(3, ("desk",)), [0, 0, 0, 0], [False, False, True, True]),
        (Alarm(4, rules.LINE), [0, 1, 2, 2], [False, False, False, True]),
        (Alarm(3, ("supervisor", "shift_supervisor")), [1, 2, 2, 2], [False, False, True, True]),
    ],
)
def test_a_ring_climbs_its_line_and_the_last_one_stands(
    alarm: Alarm, line: list[int], standing: list[bool]
) -> None:
    assert [rules.climbed(alarm, before=before) for before in range(4)] == line
    assert [rules.stands(alarm, rung=rung) for rung in range(1, 5)] == standing


def test_a_kind_nobody_spoke_of_ends_too() -> None:
    assert rules.alarm({}, "new.kind") == Alarm(10, rules.LINE)
    assert rules.alarm({"a": {"times": 3}}, "a") == Alarm(3, ("desk",))


def next_due(owner: Owner) -> datetime | None:
    [row] = owner.execute(
        "SELECT min(due_at) FROM clocks_deadline WHERE fired_at IS NULL AND cancelled_at IS NULL AND NOT stands"
    )
    return row[0]  # type: ignore[return-value]


def lines(owner: Owner) -> int:
    [row] = owner.execute("SELECT count(*) FROM journal_entry")
    return int(str(row[0]))


@pytest.mark.usefixtures("db")
def test_whatever_nobody_acts_on_rings_as_often_as_it_does_then_stands_on_the_lists() -> None:
    """Until nothing rings any more, which is found by waiting for it; then a year in which nothing is written."""
    for make in MADE.values():
        make()
    said = community.setting("alarms", NOON)

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        at = NOON
        for _ in range(400):
            due = next_due(owner)
            if due is None:
                break
            at = max(at, due)
            clocks.fire_due(at=at, reactions=DEADLINES)
        written = lines(owner)
        fired = clocks.fire_due(at=at + timedelta(days=365), reactions=DEADLINES)
        rang = owner.execute(
            "SELECT kind, count(*) FROM clocks_deadline WHERE fired_at IS NOT NULL GROUP BY kind, subject_id"
        ).fetchall()
        open_ones = owner.execute(
            """SELECT kind, stands, due_at, episode_id, program_id, agency_id FROM clocks_deadline
            WHERE fired_at IS NULL AND cancelled_at IS NULL"""
        ).fetchall()
        after = lines(owner)

    assert (fired, after) == (0, written)
    often = {kind: each["times"] for kind, each in said.items()}
    assert {
        (kind, times, often.get(kind, 1)) for kind, times in rang if often.get(kind, 1) != times
    } == set()
    assert {str(kind) for kind, *_ in open_ones} >= set(MADE)
    assert all(stands for _, stands, *_ in open_ones)
    of_calls = [row for row in open_ones if row[3] is not None]
    for _kind, _stands, _due_at, episode_id, program_id, agency_id in of_calls:
        by = system(program_id=program_id, agency_id=agency_id, code="timer")  # type: ignore[arg-type]
        with act_as(by):
            assert queries.next_due([episode_id])[episode_id].at <= at  # type: ignore[index,list-item]
    on_the_list = [row.due_at for row in supervisors.held_now(an_actor(RUTH), at=at)]
    assert len(on_the_list) == 9  # eight made here, and the crew for whom police were asked
    assert all(due is not None and due <= at for due in on_the_list)
    [review] = privacy_queries.reviews(an_actor(PAULA), at=at)  # it is about no call
    assert review.overdue
    others = {kind for kind, *_, episode_id, _program, _agency in open_ones if episode_id is None}
    assert others == {"sharing.review", "cases.untaken", "cases.task_due"}
    assert queries.overdue_s(at + timedelta(days=1)) == 0  # the sweep is late with nothing


@pytest.mark.usefixtures("db")
def test_a_ring_that_climbed_is_heard_by_the_911_shift_supervisor_who_sees_the_call() -> None:
    """911 handed them on and works on the call still; another county's supervisor hears nothing."""
    episode = an_episode()
    accepted(episode)
    calls.leave_line(**leaving(episode, after_s=30))
    listeners = [an_actor(RUTH), an_actor("joyce.carter")]

    heard = [receives(unanswered(episode.pk, climbed), listeners) for climbed in range(3)]

    assert heard == [[False, False], [False, False], [True, False]]


def unanswered(episode_id: UUID, climbed: int) -> FedEntry:
    by = an_actor(MARIA)
    ids: dict[str, str | int] = {
        "from_program_id": str(by.program_id),
        "to_program_id": str(an_actor(CARL).program_id),
        "supervisor": climbed,
    }
    return FedEntry(
        1,
        episode_id,
        "dispatch.unanswered",
        NOON,
        NOON,
        "timer",
        None,
        by.program_id,
        episode_id,
        ids,
    )
