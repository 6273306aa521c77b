"""Two at once in dispatch. Each race says at which statement the second one waits.

Negative control: the last tests take the locks away, and the second one is no longer made to wait.
"""

import threading
from collections.abc import Callable
from functools import partial
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.system import system
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Ask, RequestState, Signing, Stage
from nowrongdoor.dispatch.models import Duress, Request, Unit
from nowrongdoor.rows import locks
from tests.dispatch.floor import (
    ANA,
    CARL,
    DESK,
    IRMA,
    MARIA,
    MIN,
    SAMUEL,
    a_crew,
    a_request,
    an_assignment,
    cleared,
    due,
    lines,
    now,
    refused,
    team,
    unit_id,
)
from tests.episodes.test_races import race
from tests.makers import NOON, an_actor, later, member_id, program_id

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
UNIT = 'SELECT "dispatch_unit"'
PERSON = "SELECT pg_advisory_xact_lock"


def sends(request: Request, by: str = CARL, unit: str = "CMT-A1") -> Callable[[], object]:
    return partial(
        commands.assign, by=an_actor(by), at=later(1), request_id=request.pk, unit_id=unit_id(unit)
    )


def withdraws(request: Request) -> Callable[[], object]:
    return partial(
        commands.withdraw_request, by=an_actor(MARIA), at=later(1), request_id=request.pk
    )


def test_two_dispatchers_send_one_unit_to_two_people(admin: Admin) -> None:
    a_crew()
    first, second = a_request(), a_request()

    rule = race(admin, sends(first), an_actor(CARL), sends(second, IRMA), at=UNIT)

    assert rule == "unit.busy"
    assert now(first).state is RequestState.ACCEPTED
    assert now(second).state is RequestState.ASKED


def test_two_dispatchers_send_one_unit_to_one_person(admin: Admin) -> None:
    a_crew()
    request = a_request()

    rule = race(admin, sends(request), an_actor(CARL), sends(request, IRMA))

    assert rule == "unit.busy"


def test_sending_comes_before_withdrawing(admin: Admin) -> None:
    a_crew()
    request = a_request()

    rule = race(admin, sends(request), an_actor(CARL), withdraws(request))

    assert (rule, now(request).state) == ("request.on_its_way", RequestState.ACCEPTED)


def test_withdrawing_comes_before_accepting(admin: Admin) -> None:
    request = a_request()
    accept = partial(commands.accept_request, by=an_actor(CARL), at=later(1), request_id=request.pk)

    rule = race(admin, withdraws(request), an_actor(MARIA), accept)

    assert (rule, now(request).state) == ("row.missing", RequestState.WITHDRAWN)


def test_two_of_a_desk_accept_and_decline(admin: Admin) -> None:
    request = a_request()
    said = {"at": later(1), "request_id": request.pk}

    rule = race(
        admin,
        partial(commands.accept_request, by=an_actor(CARL), **said),
        an_actor(CARL),
        partial(commands.accept_request, by=an_actor(IRMA), **said),
    )

    assert rule == "request.answered"
    assert now(request).answered_by_id == member_id(CARL)


def signs_off(crew_id: UUID, by: str = ANA) -> Callable[[], object]:
    return partial(commands.sign_off, by=an_actor(by), at=later(1), crew_id=crew_id)


def test_whoever_is_being_sent_does_not_sign_off(admin: Admin) -> None:
    crew, request = a_crew(), a_request()

    rule = race(admin, sends(request), an_actor(CARL), signs_off(crew.pk), at=UNIT)

    assert rule == "crew.busy"


def test_whoever_is_signing_off_is_not_sent(admin: Admin) -> None:
    crew, request = a_crew(), a_request()

    rule = race(admin, signs_off(crew.pk), an_actor(ANA), sends(request), at=UNIT)

    assert (rule, now(request).state) == ("unit.no_crew", RequestState.ASKED)


def test_a_unit_that_is_taken_out_of_service_is_not_sent(admin: Admin) -> None:
    a_crew()
    request = a_request()
    take = partial(
        commands.take_out_of_service,
        by=an_actor(ANA),
        at=later(1),
        unit_id=unit_id(),
        reason="vehicle",
    )

    assert race(admin, take, an_actor(ANA), sends(request), at=UNIT) == "unit.out_of_service"


def sign_on(unit: str, *names: str, by: str = CARL) -> Callable[[], object]:
    members = [Signing(member_id(name)) for name in names]
    return partial(
        commands.sign_on, by=an_actor(by), at=NOON, unit_id=unit_id(unit), members=members
    )


def test_two_desks_want_one_person_for_two_units(admin: Admin) -> None:
    rule = race(
        admin,
        sign_on("CMT-A1", ANA, SAMUEL),
        an_actor(CARL),
        sign_on("CMT-A2", SAMUEL, by=IRMA),
        at=PERSON,
    )

    assert rule == "crew.taken"


def test_two_sign_on_to_one_unit(admin: Admin) -> None:
    rule = race(
        admin,
        sign_on("CMT-A1", ANA),
        an_actor(CARL),
        sign_on("CMT-A1", SAMUEL, by=IRMA),
        at=UNIT,
    )

    assert rule == "crew.there"


def test_a_unit_is_sent_anew_only_when_it_stands_that_it_is_clear() -> None:
    """Nobody waits: until the team's word is committed, it is still busy."""
    row = an_assignment(reached=Stage.ON_SCENE)
    again = sends(a_request())
    told: list[str] = []

    def at_the_desk() -> None:
        def send() -> None:
            try:
                told.append(refused(again))
            finally:
                connection.close()

        thread = threading.Thread(target=send)
        thread.start()
        thread.join(10)

    with act_as(an_actor(ANA)):
        cleared(row, at=later(1))
        at_the_desk()
    again()

    assert told == ["unit.busy"]


def test_two_follow_one_no(admin: Admin) -> None:
    request = a_request()
    commands.decline_request(by=an_actor(CARL), at=NOON, request_id=request.pk, reason="no_unit")
    maria, thomas = an_actor(MARIA), an_actor("thomas.baker")
    asked = Ask(request.episode_id, "mobile_team", program_id(DESK), follows_id=request.pk)

    rule = race(
        admin,
        partial(commands.ask, by=maria, at=later(1), asked=asked),
        maria,
        partial(commands.ask, by=thomas, at=later(1), asked=asked),
    )

    assert rule == "follow.already"


def test_two_of_a_team_ring_and_it_is_one_alarm(admin: Admin) -> None:
    row = an_assignment(reached=Stage.ON_SCENE)
    ring = partial(commands.activate_duress, at=later(1), assignment_id=row.pk)

    rule = race(
        admin, partial(ring, by=an_actor(ANA)), an_actor(ANA), partial(ring, by=an_actor(SAMUEL))
    )

    assert rule == ""
    with act_as(an_actor(CARL)):
        assert Duress.objects.count() == 1
        assert Request.objects.filter(kind_id="police_now").count() == 1


def test_a_sign_of_life_that_comes_while_the_clock_rings_waits_and_counts(admin: Admin) -> None:
    row = an_assignment(reached=Stage.ON_SCENE)
    carl = an_actor(CARL)
    timer = system(program_id=carl.program_id, agency_id=carl.agency_id, code="timer")
    at = later(20 * MIN)

    def rings() -> None:
        running = Deadline.objects.filter(subject_id=row.pk, fired_at=None, cancelled_at=None)
        running.update(fired_at=at)
        commands.alert_check_in(by=timer, at=at, subject_id=row.pk)

    rule = race(
        admin,
        rings,
        timer,
        partial(commands.check_in, by=an_actor(ANA), at=later(20 * MIN), assignment_id=row.pk),
    )

    assert (rule, team(row).missed) == ("", 0)
    assert len(lines("dispatch.check_in_missed")) == 1
    assert due(CARL) == {"dispatch.check_in": 40}


# controls ---------------------------------------------------------------------------------------


def unlocked(model: type, id: UUID) -> object:
    """The unit read and not held; everything else as it is."""
    if model is Unit:
        return Unit.objects.get(pk=id)
    return locks.locked(model, id)  # type: ignore[type-var]


def test_without_the_lock_of_the_unit_the_constraint_is_what_is_left(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_crew()
    first, second = a_request(), a_request()
    monkeypatch.setattr("nowrongdoor.dispatch.commands.assignments.locked", unlocked)

    with pytest.raises(AssertionError, match="never waited"):
        race(admin, sends(first), an_actor(CARL), sends(second, IRMA), at=UNIT, most_s=1)


def test_without_the_lock_of_the_unit_a_crew_signs_off_under_way(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew, request = a_crew(), a_request()
    monkeypatch.setattr("nowrongdoor.dispatch.commands.rollcall.locked", unlocked)

    with pytest.raises(AssertionError, match="never waited"):
        race(admin, sends(request), an_actor(CARL), signs_off(crew.pk), at=UNIT, most_s=1)


def a_read(request_id: UUID) -> Request:
    return Request.objects.get(pk=request_id)


def test_without_the_lock_of_the_episode_a_withdrawal_does_not_wait(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_crew()
    request = a_request()
    monkeypatch.setattr("nowrongdoor.dispatch.commands.requests.lock_request", a_read)

    with pytest.raises(AssertionError, match="never waited"):
        race(admin, sends(request), an_actor(CARL), withdraws(request), most_s=1)
