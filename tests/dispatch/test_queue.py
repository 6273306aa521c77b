"""A queued team is nobody coming: a promise, somebody who rings, and a choice that is forced."""

from functools import partial

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Answer, QueueDecision, RequestState, Stage
from nowrongdoor.dispatch.models import Assignment, Choice, Request
from tests.dispatch.floor import (
    ANA,
    CARL,
    MARIA,
    MIN,
    RUBEN,
    STRANGER,
    a_crew,
    a_request,
    an_assignment,
    cleared,
    due,
    fire,
    holder,
    kinds,
    lines,
    marias,
    now,
    promised,
    refused,
    step,
    team,
)
from tests.makers import NOON, an_actor, later, member_id, seen

pytestmark = pytest.mark.usefixtures("db")


def queued(minutes: float = 45) -> Request:
    """Asked at noon, and queued at once."""
    request = a_request()
    said = {"request_id": request.pk, "answer": promised(minutes)}
    return commands.queue_request(by=an_actor(CARL), at=NOON, **said)


def choose(
    request: Request, what: QueueDecision, by: str = MARIA, *, minute: float, until: float = 0
) -> Choice:
    promised_at = later(until * MIN) if until else None
    return commands.choose(
        by=an_actor(by),
        at=later(minute * MIN),
        request_id=request.pk,
        choose=what,
        promised_at=promised_at,
    )


def test_both_sides_see_when_the_choice_is_due() -> None:
    request = queued()

    row = now(request)
    assert (row.state, row.promised_at, row.rings_id) == (
        RequestState.QUEUED,
        later(45 * MIN),
        member_id(CARL),
    )
    assert due(CARL) == due(MARIA) == {"dispatch.choice": 20}
    assert holder(request.episode_id) == marias()


def test_the_choice_is_forced_at_20_40_60_minutes_and_every_20_for_ever() -> None:
    request = queued()

    for step_no, minute in enumerate((20, 40, 60, 80, 100), start=1):
        assert fire(minute - 0.1) == 0
        assert fire(minute) == 1
        assert now(request).choose_step == step_no
        assert due(CARL) == {"dispatch.choice": minute + 20}

    assert [line["step"] for line in lines("dispatch.choice_due")] == [1, 2, 3, 4, 5]
    assert now(request).state is RequestState.QUEUED  # a clock ends nothing
    assert holder(request.episode_id) == marias()


def test_a_choice_that_was_not_asked_for_in_time_is_asked_for_later() -> None:
    """The worker was down from noon to quarter past one."""
    request = queued()

    fired = [fire(75) for _ in range(3)]

    assert fired == [1, 0, 0]
    assert now(request).choose_step == 3
    assert due(MARIA) == {"dispatch.choice": 80}
    assert fire(80) == 1


def test_choosing_to_keep_waiting_needs_a_new_promise_and_stands_until_the_next_step() -> None:
    request = queued()
    fire(20)

    without = refused(choose, request=request, what=QueueDecision.KEEP, minute=21)
    past = refused(choose, request=request, what=QueueDecision.KEEP, minute=21, until=20)
    made = choose(request, QueueDecision.KEEP, minute=21, until=50)

    assert (without, past) == ("queue.past", "queue.past")
    assert (made.step, made.by_member_id) == (1, member_id(MARIA))
    row = now(request)
    assert (row.choose_step, row.promised_at) == (0, later(50 * MIN))
    assert due(CARL) == {"dispatch.choice": 40}
    assert holder(request.episode_id) == marias()


@pytest.mark.parametrize(
    "what", [QueueDecision.UPGRADE, QueueDecision.OTHER_UNIT, QueueDecision.OTHER_HELP]
)
def test_another_choice_is_written_down_and_the_request_waits_until_it_is_done(
    what: QueueDecision,
) -> None:
    request = queued()
    fire(20)

    choose(request, what, CARL, minute=22)

    row = now(request)
    assert (row.state, row.choose_step, row.promised_at) == (
        RequestState.QUEUED,
        0,
        later(45 * MIN),
    )
    with act_as(an_actor(CARL)):
        assert [each.choose for each in Choice.objects.all()] == [what.value]
    assert kinds()[-1] == "chosen"


def test_only_the_two_sides_choose_and_only_in_a_queue() -> None:
    request = a_request()
    keep = partial(choose, request=request, what=QueueDecision.KEEP, minute=1, until=45)

    not_queued = refused(keep)
    commands.queue_request(
        by=an_actor(CARL), at=later(MIN), request_id=request.pk, answer=promised(45)
    )
    stranger = refused(keep, by=STRANGER)

    assert (not_queued, stranger) == ("choose.not_queued", "row.missing")


def test_a_third_desk_that_works_on_the_episode_does_not_choose() -> None:
    """Maria asked 911 for police too: its floor sees the queued team, and does not choose for it."""
    request = queued()
    episode = seen(an_actor(MARIA), request.episode_id)
    a_request(episode, kind="police_aware", to="911/floor")

    rule = refused(choose, request=request, what=QueueDecision.UPGRADE, by="david.chavez", minute=1)

    assert rule == "choose.not_yours"


# called off -------------------------------------------------------------------------------------


def called_off(
    row: Assignment, answer: Answer, *, minute: float = 10, by: str = CARL
) -> Assignment:
    return commands.call_off(
        by=an_actor(by), at=later(minute * MIN), assignment_id=row.pk, answer=answer
    )


def test_a_team_that_is_called_off_leaves_a_queue_with_a_promise_behind() -> None:
    row = an_assignment(reached=Stage.ON_SCENE)
    request = a_ref(row)
    no_promise = refused(called_off, row=row, answer=promised(10))
    nobody = refused(called_off, row=row, answer=promised(60, STRANGER))

    called_off(row, promised(60))

    assert (no_promise, nobody) == ("queue.past", "queue.nobody_rings")
    ended, waits = team(row), now(request)
    assert (ended.outcome, ended.cleared_at) == ("called_off", later(10 * MIN))
    assert (waits.state, waits.promised_at) == (RequestState.QUEUED, later(60 * MIN))
    assert due(CARL) == {"dispatch.choice": 30}  # and no sign of life is waited for
    assert kinds()[-2:] == ["called_off", "queued"]
    assert holder(row.episode_id) == marias()
    an_assignment(request, at=later(11 * MIN))  # the unit is free again


def a_ref(row: Assignment) -> Request:
    with act_as(an_actor(CARL)):
        return Request.objects.get(pk=row.request_id)


def test_a_team_that_is_with_the_person_is_not_called_off_nor_by_itself() -> None:
    row = an_assignment(reached=Stage.ON_SCENE)

    itself = refused(called_off, row=row, answer=promised(60), by=ANA)
    step(row, Stage.ENGAGED)
    engaged = refused(called_off, row=row, answer=promised(60))
    cleared(row)
    over = refused(called_off, row=row, answer=promised(60))

    assert (itself, engaged, over) == (
        "role.not_granted",
        "call_off.engaged",
        "assignment.cleared",
    )


def two_teams() -> tuple[Request, Assignment, Assignment]:
    request = a_request()
    a_crew(RUBEN, "kathy.burns", unit="CMT-A2")
    return request, an_assignment(request), an_assignment(request, unit="CMT-A2")


def test_nothing_waits_where_a_second_team_is_still_on_its_way() -> None:
    request, first, _second = two_teams()

    called_off(first, promised(60))

    assert now(request).state is RequestState.ACCEPTED
    assert set(due(CARL)) == {"dispatch.silent"}  # of the second, which has not said that it goes


def test_nothing_waits_where_another_team_has_met_the_person() -> None:
    request, first, second = two_teams()
    cleared(first, "safety_plan", at=later(300))

    called_off(second, promised(60))

    row = now(request)
    assert (row.state, row.outcome) == (RequestState.DONE, "safety_plan")
    assert due(CARL) == {}


def test_it_waits_again_where_the_other_team_did_not_find_them() -> None:
    request, first, second = two_teams()
    cleared(first, "not_found", at=later(300), next_try_at=later(90 * MIN))

    called_off(second, promised(60))

    assert now(request).state is RequestState.QUEUED
