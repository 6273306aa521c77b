"""Signs of life: the check-in clock, from the desk to police; duress; what stops them."""

from functools import partial
from threading import Thread

import pytest
from django.db import connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Answer, RequestState, Stage, Transport
from nowrongdoor.dispatch.models import Assignment, Duress, Request
from tests.dispatch.floor import (
    ANA,
    CARL,
    DAVID,
    FLOOR,
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
    refused,
    step,
    team,
)
from tests.makers import NOON, an_actor, later, member_id, program_id, seen

pytestmark = pytest.mark.usefixtures("db")
CHECK_IN = "dispatch.check_in"


def at_scene() -> Assignment:
    """Ana and Samuel are at the scene at noon: the next sign is due at twenty past."""
    return an_assignment(reached=Stage.ON_SCENE)


def missed() -> list[tuple[object, object]]:
    return [(line["missed"], line["supervisor"]) for line in lines("dispatch.check_in_missed")]


def police(by: str = DAVID) -> list[Request]:
    with act_as(an_actor(by)):
        return list(Request.objects.filter(kind_id="police_now").order_by("asked_at"))


# the check-in clock -----------------------------------------------------------------------------


def test_the_clock_starts_at_the_scene_and_every_sign_starts_it_anew() -> None:
    row = an_assignment()
    step(row, Stage.EN_ROUTE, at=later(MIN))
    on_the_way = due(CARL)
    step(row, Stage.ON_SCENE, at=later(10 * MIN))
    there = due(CARL), due(ANA)
    commands.check_in(by=an_actor(SAMUEL), at=later(15 * MIN), assignment_id=row.pk)
    checked = due(CARL)
    step(row, Stage.ENGAGED, at=later(20 * MIN))
    engaged = due(CARL)
    commands.check_in(
        by=an_actor(CARL), at=later(30 * MIN), assignment_id=row.pk, way=Transport.RADIO
    )
    by_desk = due(CARL)
    step(row, Stage.TRANSPORTING, at=later(40 * MIN))
    driving = due(CARL)
    cleared(row, at=later(50 * MIN))

    assert on_the_way == {}
    assert there == ({CHECK_IN: 30}, {CHECK_IN: 30})
    assert [each[CHECK_IN] for each in (checked, engaged, by_desk, driving)] == [35, 40, 50, 60]
    assert due(CARL) == {}
    assert fire(500) == 0


def test_a_missed_sign_climbs_from_the_desk_to_supervisors_to_police() -> None:
    row = at_scene()

    told = []
    for minute in (19.9, 20, 22.9, 23, 26):
        fire(minute)
        told.append((len(missed()), len(police())))

    assert told == [(0, 0), (1, 0), (1, 0), (2, 0), (3, 1)]
    assert missed() == [(1, 0), (2, 1), (3, 2)]
    [request] = police()
    assert (request.episode_id, request.from_program_id) == (
        row.episode_id,
        an_actor(ANA).program_id,
    )
    assert request.to_program_id == program_id(FLOOR)
    assert seen(an_actor(DAVID), row.episode_id) is not None
    assert holder(row.episode_id) == marias()
    assert team(row).missed == 3


def test_it_goes_on_and_police_are_asked_once() -> None:
    at_scene()

    for minute in (20, 23, 26, 29, 32):
        fire(minute)

    assert missed() == [(1, 0), (2, 1), (3, 2), (4, 2), (5, 2)]
    assert len(police()) == 1
    assert due(CARL)[CHECK_IN] == 35


def test_the_police_who_were_asked_ring_like_any_request() -> None:
    at_scene()
    for minute in (20, 23, 26):
        fire(minute)

    fire(26.4)  # twenty seconds without an answer

    assert [line["supervisor"] for line in lines("dispatch.unanswered")] == [0]
    [request] = police()
    assert request.alerts == 1


@pytest.mark.parametrize("after", [20, 23, 26])
def test_a_sign_of_life_stops_the_chain_at_every_step(after: int) -> None:
    row = at_scene()
    for minute in (20, 23, 26):
        if minute <= after:
            fire(minute)
    before = len(missed())

    commands.check_in(by=an_actor(ANA), at=later(after * MIN + 30), assignment_id=row.pk)

    assert team(row).missed == 0
    assert due(CARL)[CHECK_IN] == after + 20.5
    fire(after + 20)
    assert len(missed()) == before
    fire(after + 20.5)
    assert missed()[-1] == (1, 0)  # it begins at the desk again


def test_a_worker_that_was_killed_rings_later_and_the_chain_goes_on() -> None:
    at_scene()

    fired = [fire(300) for _ in range(3)]
    rest = [fire(303), fire(306)]

    assert (fired, rest) == ([1, 0, 0], [1, 1])
    assert missed() == [(1, 0), (2, 1), (3, 2)]
    assert len(police()) == 1


def died(*_asked: object, **_ids: object) -> None:
    raise RuntimeError("killed")


def test_a_sweep_that_fails_leaves_its_deadline_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The worker dies after the row was changed and before the line was written."""
    row = at_scene()
    with monkeypatch.context() as broken:
        broken.setattr("nowrongdoor.dispatch.commands.safety.record", died)
        with pytest.raises(ExceptionGroup, match="reaction failed"):
            fire(20)
    between = team(row).missed, due(CARL)

    fired = fire(20.1)

    assert between == (0, {CHECK_IN: 20})
    assert (fired, missed()) == (1, [(1, 0)])


def test_who_says_a_sign_of_life_is_the_crew_or_its_desk() -> None:
    row = at_scene()
    say = partial(commands.check_in, at=later(MIN), assignment_id=row.pk)

    asker = refused(say, by=an_actor(MARIA))
    other = refused(say, by=an_actor(RUBEN))
    tap = refused(say, by=an_actor(CARL))
    stranger = refused(say, by=an_actor(STRANGER))
    say(by=an_actor(LINDA), way=Transport.PHONE)
    cleared(row)
    over = refused(say, by=an_actor(ANA))

    assert (asker, other, tap) == ("role.not_granted", "assignment.not_yours", "way.not_desk")
    assert (stranger, over) == ("role.not_granted", "assignment.cleared")


def test_what_was_called_off_or_cleared_waits_for_no_sign() -> None:
    row = at_scene()
    answer = Answer(later(60 * MIN), member_id(CARL))
    commands.call_off(by=an_actor(CARL), at=later(MIN), assignment_id=row.pk, answer=answer)

    fire(500)

    assert missed() == []


def test_a_clock_that_rings_while_the_team_says_so_waits_for_nobody() -> None:
    """The sweep has the deadline, the team its row: neither may wait for the other."""
    row, ana = at_scene(), an_actor(ANA)
    fired: list[int] = []

    def sweep() -> None:
        fired.append(fire(20))
        connection.close()

    with act_as(ana):
        commands.shared.lock_assignment(row.pk)
        thread = Thread(target=sweep)
        thread.start()
        thread.join(10)
        stuck = thread.is_alive()
        commands.check_in(by=ana, at=later(20 * MIN), assignment_id=row.pk)
    thread.join(10)

    assert (stuck, fired) == (False, [0])
    assert (fire(20), missed()) == (0, [])
    assert due(CARL) == {CHECK_IN: 40}


# duress -----------------------------------------------------------------------------------------


def test_duress_rings_at_the_own_desk_and_asks_for_police_at_once() -> None:
    row = an_assignment(reached=Stage.ENGAGED)
    before = seen(an_actor(DAVID), row.episode_id)

    alarm = commands.activate_duress(by=an_actor(ANA), at=later(MIN), assignment_id=row.pk)

    [line] = lines("dispatch.duress")
    assert line["from_program_id"] == str(an_actor(CARL).program_id)
    [request] = police()
    assert before is None
    assert (request.asked_at, request.kind_id) == (later(MIN), "police_now")
    assert request.from_program_id == an_actor(ANA).program_id
    assert (alarm.way, alarm.ended_at) == ("tap", None)
    assert holder(row.episode_id) == marias()
    assert kinds()[-2:] == ["duress", "asked"]
    assert due(DAVID)["dispatch.unanswered"] == pytest.approx(1 + 20 / 60)


def test_rung_twice_it_is_one_alarm_and_one_request() -> None:
    row = at_scene()
    ring = partial(commands.activate_duress, at=NOON, assignment_id=row.pk)

    first = ring(by=an_actor(ANA))
    second = ring(by=an_actor(SAMUEL))
    word = ring(by=an_actor(CARL), way=Transport.WORD)  # the spoken word, keyed at the desk

    assert first.pk == second.pk == word.pk
    assert len(police()) == len(lines("dispatch.duress")) == 1


def test_police_who_were_asked_for_already_are_not_asked_for_twice() -> None:
    row = at_scene()
    for minute in (20, 23, 26):
        fire(minute)

    commands.activate_duress(by=an_actor(ANA), at=later(27 * MIN), assignment_id=row.pk)

    assert len(police()) == 1


def test_police_who_said_no_are_asked_for_anew() -> None:
    row = at_scene()
    commands.activate_duress(by=an_actor(ANA), at=NOON, assignment_id=row.pk)
    [first] = police()
    commands.decline_request(
        by=an_actor(DAVID), at=later(30), request_id=first.pk, reason="no_unit"
    )

    for minute in (20, 23, 26):
        fire(minute)

    assert [each.state for each in police(ANA)] == [RequestState.DECLINED, RequestState.ASKED]


def test_a_pair_that_may_ask_negotiators_too_gets_police_first() -> None:
    a_crew("luis.garza", "susan.kim", unit="MHST-1", by="brian.hale")
    request = a_request(kind="pair", to="tpd/mhst")
    row = an_assignment(request, an_actor("brian.hale"), unit="MHST-1")

    commands.activate_duress(by=an_actor("susan.kim"), at=NOON, assignment_id=row.pk)

    with act_as(an_actor(DAVID)):
        asked = set(Request.objects.exclude(pk=request.pk).values_list("kind_id", flat=True))
    assert asked == {"police_now"}


def test_nobody_else_rings_for_a_team() -> None:
    row = at_scene()
    ring = partial(commands.activate_duress, at=NOON, assignment_id=row.pk)

    rules = [refused(ring, by=an_actor(name)) for name in (MARIA, RUBEN, STRANGER)]

    assert rules == ["assignment.not_yours", "assignment.not_yours", "row.missing"]
    assert police(MARIA) == []


def test_its_own_desk_ends_an_alarm_and_neither_the_crew_nor_another_desk() -> None:
    a_crew(ANA, LINDA)  # a supervisor who goes along may send, and is of the crew
    row = at_scene()
    alarm = commands.activate_duress(by=an_actor(ANA), at=NOON, assignment_id=row.pk)
    end = partial(commands.end_duress, at=later(300), duress_id=alarm.pk)

    crew = refused(end, by=an_actor(LINDA))
    clinician = refused(end, by=an_actor(ANA))
    floor = refused(end, by=an_actor(DAVID))
    asker = refused(end, by=an_actor(MARIA))
    stranger = refused(end, by=an_actor(STRANGER))
    end(by=an_actor(CARL))
    again = refused(end, by=an_actor(CARL))

    assert (crew, clinician, floor) == ("duress.crew", "role.not_granted", "duress.not_yours")
    assert (asker, stranger, again) == ("role.not_granted", "role.not_granted", "duress.ended")
    with act_as(an_actor(CARL)):
        ended = Duress.objects.get()
    assert (ended.ended_at, ended.ended_by_id) == (later(300), member_id(CARL))
    assert refused(end, by=an_actor(CARL), duress_id=row.pk) == "row.missing"


def test_after_an_alarm_was_ended_the_next_is_a_new_one() -> None:
    row = at_scene()
    ring = partial(commands.activate_duress, by=an_actor(ANA), assignment_id=row.pk)
    first = ring(at=NOON)
    commands.end_duress(by=an_actor(CARL), at=later(60), duress_id=first.pk)

    assert ring(at=later(120)).pk != first.pk
