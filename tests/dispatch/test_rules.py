"""Asking and answering, the way there and back: tables of facts and answers."""

from datetime import datetime
from uuid import UUID

import pytest

from nowrongdoor.agencies.facts import RouteFacts
from nowrongdoor.dispatch.facts import Clearing, QueueDecision, RequestState, Stage, Transport
from nowrongdoor.dispatch.rules import asking, field
from tests.dispatch.facts import ASKER, DESK, ME, OTHER, a_request, is_, on_way, somebody
from tests.makers import NOON, later

ROUTE = RouteFacts("ask.mobile_team", ASKER, DESK, "N", NOON)
STATE = RequestState
ENDED = [STATE.DECLINED, STATE.WITHDRAWN, STATE.DONE, STATE.RETURNED]
SOON, PAST = later(60), later(-60)


# asking -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("open", "works", "route", "rule"),
    [
        (True, True, ROUTE, "ask.allowed"),
        (False, True, ROUTE, "episode.closed"),
        (True, False, ROUTE, "ask.not_working"),
        (True, True, None, "ask.no_route"),
    ],
)
def test_may_ask(open: bool, works: bool, route: RouteFacts | None, rule: str) -> None:
    is_(asking.may_ask(open=open, works=works, route=route), rule, "ask.allowed")


@pytest.mark.parametrize(
    ("state", "sent", "program", "member", "rule"),
    [
        (STATE.ASKED, True, DESK, ME, "request.yours"),
        (STATE.QUEUED, True, DESK, ME, "request.yours"),
        (STATE.ASKED, True, ASKER, ME, "request.not_yours"),
        (STATE.ASKED, True, OTHER, ME, "request.not_yours"),
        (STATE.ASKED, True, DESK, None, "request.no_name"),
        (STATE.ACCEPTED, True, DESK, ME, "request.answered"),
        (STATE.ACCEPTED, False, DESK, ME, "request.yours"),
        *((state, sent, DESK, ME, "request.answered") for state in ENDED for sent in (True, False)),
    ],
)
def test_may_answer(
    state: STATE, sent: bool, program: UUID, member: UUID | None, rule: str
) -> None:
    verdict = asking.may_answer(somebody(program, member), a_request(state), sent=sent)

    is_(verdict, rule, "request.yours")


@pytest.mark.parametrize(
    ("promised_at", "known", "rule"),
    [
        (SOON, True, "queue.allowed"),
        (NOON, True, "queue.past"),
        (PAST, True, "queue.past"),
        (SOON, False, "queue.nobody_rings"),
    ],
)
def test_may_wait(promised_at: datetime, known: bool, rule: str) -> None:
    is_(
        asking.may_wait(promised_at=promised_at, at=NOON, caller_contact_known=known),
        rule,
        "queue.allowed",
    )


@pytest.mark.parametrize(
    ("state", "sent", "program", "rule"),
    [
        (STATE.ASKED, False, ASKER, "withdraw.allowed"),
        (STATE.QUEUED, False, ASKER, "withdraw.allowed"),
        (STATE.ACCEPTED, False, ASKER, "withdraw.allowed"),
        (STATE.ACCEPTED, True, ASKER, "request.on_its_way"),
        (STATE.ASKED, False, DESK, "request.not_yours_to_withdraw"),
        *((state, False, ASKER, "request.answered") for state in ENDED),
    ],
)
def test_may_withdraw(state: STATE, sent: bool, program: UUID, rule: str) -> None:
    verdict = asking.may_withdraw(somebody(program), a_request(state), sent=sent)

    is_(verdict, rule, "withdraw.allowed")


@pytest.mark.parametrize(
    ("choose", "promised_at", "state", "program", "rule"),
    [
        (QueueDecision.KEEP, SOON, STATE.QUEUED, ASKER, "choose.allowed"),
        (QueueDecision.KEEP, SOON, STATE.QUEUED, DESK, "choose.allowed"),
        (QueueDecision.UPGRADE, None, STATE.QUEUED, ASKER, "choose.allowed"),
        (QueueDecision.OTHER_UNIT, None, STATE.QUEUED, DESK, "choose.allowed"),
        (QueueDecision.OTHER_HELP, SOON, STATE.QUEUED, DESK, "choose.allowed"),
        (QueueDecision.KEEP, None, STATE.QUEUED, ASKER, "queue.past"),
        (QueueDecision.KEEP, NOON, STATE.QUEUED, ASKER, "queue.past"),
        (QueueDecision.OTHER_HELP, PAST, STATE.QUEUED, ASKER, "queue.past"),
        (QueueDecision.KEEP, SOON, STATE.QUEUED, OTHER, "choose.not_yours"),
        *(
            (QueueDecision.KEEP, SOON, state, ASKER, "choose.not_queued")
            for state in (STATE.ASKED, STATE.ACCEPTED, *ENDED)
        ),
    ],
)
def test_may_choose(
    choose: QueueDecision, promised_at: datetime | None, state: STATE, program: UUID, rule: str
) -> None:
    verdict = asking.may_choose(
        somebody(program), a_request(state), choose, promised_at=promised_at, at=NOON
    )

    is_(verdict, rule, "choose.allowed")


@pytest.mark.parametrize(
    ("after_min", "number", "due_min"),
    [
        (-1, 1, 20),
        (0, 1, 20),
        (19.9, 1, 20),
        (20, 2, 40),
        (39, 2, 40),
        (40, 3, 60),
        (60, 4, 80),
        (79.9, 4, 80),
        (80, 5, 100),
        (999, 50, 1000),
        (1000, 51, 1020),
    ],
)
def test_somebody_chooses_at_20_40_60_minutes_and_every_20_for_ever(
    after_min: float, number: int, due_min: int
) -> None:
    found = asking.next_choice(NOON, steps_min=[20, 40, 60], at=later(60 * after_min))

    assert found == (number, later(60 * due_min))


def test_a_single_step_goes_on_in_its_own_distance() -> None:
    found = [asking.next_choice(NOON, steps_min=[15], at=later(60 * at)) for at in (14, 15, 30)]

    assert found == [(1, later(900)), (2, later(1800)), (3, later(2700))]


@pytest.mark.parametrize(
    ("state", "same", "followed", "rule"),
    [
        *((state, True, False, "follow.allowed") for state in ENDED),
        (STATE.DECLINED, False, False, "follow.elsewhere"),
        (STATE.DECLINED, True, True, "follow.already"),
        *(
            (state, True, False, "follow.open")
            for state in (STATE.ASKED, STATE.QUEUED, STATE.ACCEPTED)
        ),
    ],
)
def test_may_follow(state: STATE, same: bool, followed: bool, rule: str) -> None:
    verdict = asking.may_follow(a_request(state), same_episode=same, followed=followed)

    is_(verdict, rule, "follow.allowed")


@pytest.mark.parametrize(
    ("state", "program", "rule"),
    [
        (STATE.DECLINED, ASKER, "follow.without"),
        (STATE.RETURNED, ASKER, "follow.without"),
        (STATE.DECLINED, DESK, "request.not_yours_to_withdraw"),
        *(
            (state, ASKER, "follow.not_needed")
            for state in (STATE.ASKED, STATE.QUEUED, STATE.ACCEPTED, STATE.DONE, STATE.WITHDRAWN)
        ),
    ],
)
def test_may_do_without(state: STATE, program: UUID, rule: str) -> None:
    verdict = asking.may_close_without_response(somebody(program), a_request(state))

    is_(verdict, rule, "follow.without")


@pytest.mark.parametrize(
    ("state", "police", "team", "holds", "rule"),
    [
        (STATE.ACCEPTED, True, True, False, "police.allowed"),
        (STATE.ASKED, True, False, True, "police.allowed"),
        (STATE.ACCEPTED, True, False, False, "police.not_yours"),
        (STATE.ACCEPTED, False, True, True, "police.not"),
        (STATE.DONE, True, True, True, "request.answered"),
    ],
)
def test_may_keep_or_release(
    state: STATE, police: bool, team: bool, holds: bool, rule: str
) -> None:
    verdict = asking.may_keep_or_release(
        a_request(state), police=police, on_scene_team=team, holds=holds
    )

    is_(verdict, rule, "police.allowed")


@pytest.mark.parametrize(
    ("outcomes", "came_to"),
    [
        ([], ""),
        (["called_off"], ""),
        (["not_found"], "not_found"),
        (["not_found", "called_off"], "not_found"),
        (["not_found", "refused"], "refused"),
        (["not_found", "safety_plan"], "safety_plan"),
        (["crc_vol", "cancelled"], "crc_vol"),
        (["crc_vol", "called_off"], "crc_vol"),
        (["crc_vol", "ed"], "ed"),
    ],
)
def test_a_second_car_does_not_undo_what_the_first_did(outcomes: list[str], came_to: str) -> None:
    assert asking.outcome_of(outcomes) == came_to


# the way there and back -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "sends", "way", "over", "rule"),
    [
        (ME, False, Transport.TAP, False, "crew.itself"),
        (ME, True, Transport.RADIO, False, "crew.itself"),
        (OTHER, True, Transport.RADIO, False, "desk.for_crew"),
        (OTHER, True, Transport.PHONE, False, "desk.for_crew"),
        (OTHER, True, Transport.PAPER, False, "desk.for_crew"),
        (OTHER, True, Transport.WORD, False, "desk.for_crew"),
        (OTHER, True, Transport.TAP, False, "way.not_desk"),
        (OTHER, False, Transport.RADIO, False, "assignment.not_yours"),
        (None, False, Transport.RADIO, False, "assignment.not_yours"),
        (ME, True, Transport.TAP, True, "assignment.cleared"),
    ],
)
def test_may_say_of(
    member: UUID | None, sends: bool, way: Transport, over: bool, rule: str
) -> None:
    team = on_way(Stage.CLEARED) if over else on_way()
    verdict = field.may_report_of(somebody(DESK, member), team, sends=sends, way=way)

    assert (verdict.rule, verdict.allowed) == (rule, rule in ("crew.itself", "desk.for_crew"))


WAY_THERE = [each for each in Stage if each is not Stage.CLEARED]


@pytest.mark.parametrize("reached", WAY_THERE)
@pytest.mark.parametrize("to", Stage)
def test_a_team_goes_forward_and_may_leave_a_step_out(reached: Stage, to: Stage) -> None:
    order = list(Stage)
    ahead = "step.forward" if order.index(to) > order.index(reached) else "step.back"

    verdict = field.may_step(on_way(reached), to)

    is_(verdict, "step.clear" if to is Stage.CLEARED else ahead, "step.forward")


def test_where_a_team_is_is_the_furthest_step_it_said() -> None:
    assert on_way(Stage.ENGAGED, Stage.EN_ROUTE).stage is Stage.ENGAGED
    is_(field.may_step(on_way(Stage.CLEARED), Stage.ENGAGED), "assignment.cleared", "")


@pytest.mark.parametrize(
    ("clearing", "rule"),
    [
        (Clearing("safety_plan"), "clear.allowed"),
        (Clearing("crc_vol", ("nobody",), took_somebody=True), "clear.allowed"),
        (Clearing("crc_vol", ("child", "pet"), took_somebody=True), "clear.allowed"),
        (Clearing("crc_vol", took_somebody=True), "clear.left_behind"),
        *((Clearing(each), "clear.next_try") for each in sorted(asking.NOT_MET)),
        *((Clearing(each, next_try_at=SOON), "clear.allowed") for each in sorted(asking.NOT_MET)),
    ],
)
def test_may_clear(clearing: Clearing, rule: str) -> None:
    is_(field.may_clear(on_way(), clearing), rule, "clear.allowed")


def test_nothing_is_cleared_twice() -> None:
    over = on_way(Stage.CLEARED)

    is_(field.may_clear(over, Clearing("safety_plan")), "assignment.cleared", "")
    is_(field.may_call_off(over), "assignment.cleared", "")


@pytest.mark.parametrize("reached", WAY_THERE)
def test_no_desk_calls_a_team_off_that_is_with_the_person(reached: Stage) -> None:
    with_them = reached in (Stage.ENGAGED, Stage.TRANSPORTING)
    rule = "call_off.engaged" if with_them else "call_off.allowed"

    is_(field.may_call_off(on_way(reached)), rule, "call_off.allowed")


def test_police_are_asked_for_from_the_third_missed_sign_on() -> None:
    asked = [field.asks_police(missed) for missed in range(6)]

    assert asked == [False, False, False, True, True, True]
    assert field.check_in_due(NOON, every_min=20) == later(1200)


@pytest.mark.parametrize(
    ("crew", "sends", "ended", "rule"),
    [
        (False, True, False, "duress.desk"),
        (True, True, False, "duress.crew"),
        (False, False, False, "duress.not_yours"),
        (False, True, True, "duress.ended"),
    ],
)
def test_may_end_duress(crew: bool, sends: bool, ended: bool, rule: str) -> None:
    is_(field.may_end_duress(crew=crew, sends=sends, ended=ended), rule, "duress.desk")
