"""The way of a team, there and back. Whatever it does, the holder stays who it was."""

from functools import partial
from uuid import UUID

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Ask, Clearing, RequestState, Stage, Transport
from nowrongdoor.dispatch.models import Assignment, MemberTime, Notification, Request
from tests.dispatch.floor import (
    ANA,
    CARL,
    IRMA,
    LINDA,
    MARIA,
    MIN,
    RUBEN,
    SAMUEL,
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
    refused,
    step,
    team,
    unit_id,
)
from tests.makers import NOON, an_actor, an_episode, later, member_id, program_id, seen

pytestmark = pytest.mark.usefixtures("db")


def test_there_and_back_with_an_outcome_and_the_same_holder_all_the_way() -> None:
    request = a_request(language="es")
    row = an_assignment(request, at=later(60))
    way = [Stage.EN_ROUTE, Stage.STAGED, Stage.ON_SCENE, Stage.ENGAGED, Stage.TRANSPORTING]

    for minutes, to in enumerate(way, start=2):
        step(row, to, at=later(minutes * MIN))
        assert holder(row.episode_id) == marias()
    clearing = Clearing("crc_vol", ("pet",), took_somebody=True)
    commands.clear(by=an_actor(ANA), at=later(9 * MIN), assignment_id=row.pk, clearing=clearing)

    row = team(row)
    reached = row.reached()
    assert list(reached) == list(Stage)
    assert list(reached.values()) == [later(m * MIN) for m in (1, 2, 3, 4, 5, 6, 9)]
    assert (row.outcome, row.took_somebody, row.left_behind) == ("crc_vol", True, ["pet"])
    ended = now(request)
    assert (ended.state, ended.outcome) == (RequestState.DONE, "crc_vol")
    assert holder(row.episode_id) == marias()
    assert due(CARL) == due(MARIA) == {}
    assert kinds() == [
        "asked", "signed_on", "accepted", "assigned", *["stepped"] * 5, "cleared", "ended",
    ]  # fmt: skip


def test_whoever_is_sent_sees_the_episode_from_then_on() -> None:
    request, ana = a_request(), an_actor(ANA)
    before = seen(ana, request.episode_id)

    an_assignment(request)

    assert before is None
    assert seen(ana, request.episode_id) is not None
    assert seen(an_actor("elena.vega"), request.episode_id) is None  # the other company


def test_a_crew_says_by_tap_and_its_desk_how_it_was_told() -> None:
    row = an_assignment()
    say = partial(step, row, Stage.EN_ROUTE)

    tap = refused(say, by=CARL)
    other_crew = refused(say, by=RUBEN)
    asker = refused(say, by=MARIA)
    stranger = refused(say, by=STRANGER)
    say(by=CARL, way=Transport.RADIO)

    assert (tap, other_crew) == ("way.not_desk", "assignment.not_yours")
    assert (asker, stranger) == ("role.not_granted", "role.not_granted")
    assert team(row).en_route_at == NOON


def test_the_supervisor_of_the_teams_program_may_say_it_too() -> None:
    row = an_assignment()

    step(row, Stage.EN_ROUTE, LINDA, way=Transport.PHONE)

    assert team(row).en_route_at == NOON


def test_no_step_back_and_none_after_the_end() -> None:
    row = an_assignment(reached=Stage.ON_SCENE)

    back = refused(step, row=row, to=Stage.EN_ROUTE)
    twice = refused(step, row=row, to=Stage.ON_SCENE)
    by_step = refused(step, row=row, to=Stage.CLEARED)
    cleared(row)
    over = refused(step, row=row, to=Stage.ENGAGED)

    assert (back, twice, by_step, over) == (
        "step.back",
        "step.back",
        "code.unknown",
        "assignment.cleared",
    )


# sending ----------------------------------------------------------------------------------------


def test_a_unit_has_one_assignment_at_a_time_and_is_free_when_it_is_clear() -> None:
    first, second = a_request(), a_request()
    row = an_assignment(first)
    send = partial(an_assignment, second)

    busy = refused(send)
    still = now(second).state
    cleared(row, at=later(60))
    send(at=later(61))

    assert (busy, still) == ("unit.busy", RequestState.ASKED)


def test_only_the_desk_that_was_asked_sends_its_own_units() -> None:
    request = a_request()
    a_crew()
    send = partial(commands.assign, at=NOON, request_id=request.pk, unit_id=unit_id())

    clinician = refused(send, by=an_actor(ANA))
    asker = refused(send, by=an_actor(MARIA))
    old = refused(send, by=an_actor(CARL), seen_version=5)
    police = refused(send, by=an_actor(CARL), unit_id=unit_id("MHST-1"))
    nobody = refused(send, by=an_actor(CARL), unit_id=unit_id("CMT-B1"))
    no_unit = refused(send, by=an_actor(CARL), unit_id=request.pk)
    send(by=an_actor(IRMA), seen_version=request.version)

    assert (clinician, asker, old) == ("role.not_granted", "role.not_granted", "row.changed")
    assert (police, nobody, no_unit) == ("unit.kind", "unit.no_crew", "row.missing")


def test_another_desk_that_sees_the_request_does_not_send_for_it() -> None:
    david = an_actor("david.chavez")
    request = a_request(an_episode(david), david)
    a_crew()
    send = partial(commands.assign, by=david, at=NOON, request_id=request.pk, unit_id=unit_id())

    waiting = refused(send)
    commands.accept_request(by=an_actor(CARL), at=NOON, request_id=request.pk)
    accepted = refused(send)

    assert (waiting, accepted) == ("request.not_yours", "request.not_yours")


def test_a_unit_out_of_service_is_not_sent_until_it_is_back() -> None:
    a_crew()
    take = {"by": an_actor(CARL), "at": NOON, "unit_id": unit_id()}
    commands.take_out_of_service(reason="meal", **take)
    request = a_request()

    rule = refused(an_assignment, request=request)
    commands.put_in_service(**take)
    an_assignment(request)

    assert rule == "unit.out_of_service"


def test_what_is_sent_keeps_the_minutes_that_were_estimated() -> None:
    """No zone is said here: nobody knows."""
    assert an_assignment().eta_min is None


# the end ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["not_found", "refused", "unsafe_staged", "cancelled"])
def test_who_was_not_met_is_back_with_who_asked_with_a_next_try(outcome: str) -> None:
    request = a_request()
    row = an_assignment(request, reached=Stage.ON_SCENE)

    no_time = refused(cleared, row=row, outcome=outcome)
    cleared(row, outcome, at=later(20 * MIN), next_try_at=later(60 * MIN))

    assert no_time == "clear.next_try"
    back = now(request)
    assert (back.state, back.next_try_at) == (RequestState.RETURNED, later(60 * MIN))
    assert holder(row.episode_id) == marias()
    assert due(MARIA) == {"dispatch.follow": 60}
    assert [fire(at) for at in (59, 60, 65, 70)] == [0, 1, 1, 1]
    again = a_request_after(row, back.pk)
    assert due(MARIA) == {"dispatch.unanswered": 2}
    assert now(again).follows_id == back.pk


def a_request_after(row: Assignment, request_id: UUID) -> Request:
    asked = Ask(
        row.episode_id, "mobile_team", program_id("line/team-dispatch"), follows_id=request_id
    )
    return commands.ask(by=an_actor(MARIA), at=NOON, asked=asked)


def test_a_next_try_that_is_past_is_asked_about_soon() -> None:
    row = an_assignment()

    cleared(row, "not_found", at=later(20 * MIN), next_try_at=later(MIN))

    assert due(MARIA) == {"dispatch.follow": 25}


@pytest.mark.parametrize(
    ("clearing", "rule"),
    [
        (Clearing("happy"), "code.unknown"),
        (Clearing("called_off"), "code.unknown"),
        (Clearing("crc_vol", took_somebody=True), "clear.left_behind"),
        (Clearing("crc_vol", ("gold",), took_somebody=True), "code.unknown"),
        (Clearing("crc_vol", ("child", "gold"), took_somebody=True), "code.unknown"),
    ],
)
def test_how_it_ended_is_from_the_list_and_what_was_left_is_said(
    clearing: Clearing, rule: str
) -> None:
    row = an_assignment(reached=Stage.ENGAGED)
    clear = partial(commands.clear, by=an_actor(ANA), at=NOON, assignment_id=row.pk)

    assert refused(clear, clearing=clearing) == rule
    assert team(row).cleared_at is None
    assert team(row).left_behind == []


def test_the_second_team_that_is_cancelled_returns_nobody() -> None:
    request = a_request()
    a_crew(RUBEN, "kathy.burns", unit="CMT-A2")
    first, second = an_assignment(request), an_assignment(request, unit="CMT-A2")

    cleared(first, "crc_vol", at=later(60))
    open_still = now(request).state
    cleared(second, "cancelled", RUBEN, at=later(90), next_try_at=later(3600))

    assert open_still is RequestState.ACCEPTED
    ended = now(request)
    assert (ended.state, ended.outcome) == (RequestState.DONE, "crc_vol")
    assert due(MARIA) == {}


def test_where_they_are_taken_is_said_and_nobody_holds_there_yet() -> None:
    row = an_assignment(reached=Stage.ENGAGED)
    say = partial(
        commands.name_destination, at=later(MIN), assignment_id=row.pk, facility_code="crc"
    )

    stranger = refused(say, by=an_actor(RUBEN))
    say(by=an_actor(ANA))
    say(by=an_actor(CARL), facility_code="ed", way=Transport.RADIO, at=later(2 * MIN))

    assert stranger == "assignment.not_yours"
    taken = team(row)
    assert (taken.facility_code, taken.transporting_at) == ("ed", later(MIN))
    assert holder(row.episode_id) == marias()
    assert due(CARL) == {"dispatch.check_in": 22}


# who is coming ----------------------------------------------------------------------------------


def test_who_was_told_who_is_coming_is_written_down() -> None:
    row = an_assignment()
    tell = partial(commands.notify_caller, by=an_actor(MARIA), at=NOON, assignment_id=row.pk)

    wrong = refused(tell, whom="press")
    tell(whom="caller")
    tell(whom="patrol", by=an_actor(CARL))

    assert wrong == "code.unknown"
    with act_as(an_actor(CARL)):
        assert {each.whom for each in Notification.objects.all()} == {"caller", "patrol"}


def separate(
    to: Stage,
    who: str = SAMUEL,
    *,
    row: Assignment,
    by: str = SAMUEL,
    s: float = 0,
    way: Transport = Transport.TAP,
) -> MemberTime:
    return commands.step_member(
        by=an_actor(by), at=later(s), assignment_id=row.pk, member_id=member_id(who), to=to, way=way
    )


def test_a_clinician_who_is_alone_at_the_scene_alarms_until_the_colleague_is_there() -> None:
    a_crew(ANA, SAMUEL, own_car=SAMUEL)
    row = an_assignment()

    step(row, Stage.EN_ROUTE)
    on_the_road = lines("dispatch.alone_on_scene")
    step(row, Stage.ON_SCENE, at=later(60))
    alone = lines("dispatch.alone_on_scene")
    separate(Stage.EN_ROUTE, row=row, s=61)
    separate(Stage.ON_SCENE, row=row, s=120)
    step(row, Stage.ENGAGED, at=later(121))
    together = lines("dispatch.alone_on_scene")
    separate(Stage.CLEARED, row=row, s=300)

    assert on_the_road == []
    assert len(alone) == len(together) - 1 == 1  # still alone when Samuel said that he is coming
    assert len(lines("dispatch.alone_on_scene")) == 3


def test_whoever_goes_in_without_saying_on_scene_first_is_alone_too() -> None:
    a_crew(ANA, SAMUEL, own_car=SAMUEL)
    row = an_assignment()

    step(row, Stage.ENGAGED)

    assert len(lines("dispatch.alone_on_scene")) == 1
    assert due(CARL) == {"dispatch.check_in": 20}


def test_whoever_comes_first_in_an_own_car_is_alone_and_watched() -> None:
    a_crew(ANA, SAMUEL, own_car=SAMUEL)
    row = an_assignment()

    separate(Stage.ON_SCENE, row=row)

    assert len(lines("dispatch.alone_on_scene")) == 1
    assert due(CARL) == {"dispatch.check_in": 20}
    commands.check_in(by=an_actor(SAMUEL), at=later(5 * MIN), assignment_id=row.pk)
    assert due(CARL) == {"dispatch.check_in": 25}
    separate(Stage.CLEARED, row=row, s=600)
    assert due(CARL) == {}


def test_two_in_one_car_are_not_alone_and_an_officer_is_not_either() -> None:
    an_assignment(reached=Stage.ON_SCENE)
    garza = an_actor("luis.garza")
    a_crew("luis.garza", "susan.kim", unit="MHST-1", by="brian.hale", own_car="susan.kim")
    request = a_request(kind="pair", to="tpd/mhst")
    row = an_assignment(request, an_actor("brian.hale"), unit="MHST-1")

    commands.step(by=garza, at=NOON, assignment_id=row.pk, to=Stage.ON_SCENE)

    assert lines("dispatch.alone_on_scene") == []


def test_who_comes_separately_is_of_the_crew_and_leaves_after_coming() -> None:
    a_crew(ANA, SAMUEL, own_car=SAMUEL)
    row = an_assignment()

    other = refused(separate, to=Stage.ON_SCENE, who=RUBEN, row=row)
    wrong = refused(separate, to=Stage.ENGAGED, row=row)
    early = refused(separate, to=Stage.CLEARED, row=row)
    theirs = refused(separate, to=Stage.ON_SCENE, row=row, by=RUBEN)
    separate(Stage.ON_SCENE, row=row, by=CARL, way=Transport.RADIO)

    assert (other, wrong, early) == ("member.not_on_crew", "code.unknown", "step.member_left")
    assert theirs == "assignment.not_yours"
    with act_as(an_actor(CARL)):
        assert MemberTime.objects.get().on_scene_at == NOON
