"""What was asked for a crew's sake, when the crew is clear: ended, released, or kept for another."""

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Clearing, RequestState, Stage, Transport
from nowrongdoor.dispatch.models import Assignment, Duress
from nowrongdoor.episodes.models import Episode
from tests.dispatch.floor import (
    ANA,
    CARL,
    DAVID,
    LINDA,
    MARIA,
    MIN,
    RUBEN,
    a_crew,
    a_request,
    an_assignment,
    cleared,
    due,
    fire,
    kinds,
    lines,
    step,
    team,
    unit_id,
)
from tests.dispatch.test_safety import at_scene, police
from tests.makers import NOON, an_actor, later, seen

pytestmark = pytest.mark.usefixtures("db")


def asked_for_its_sake(by_duress: bool = False) -> Assignment:
    """At half past twelve police were asked for, and nobody has answered."""
    row = at_scene()
    if by_duress:
        commands.activate_duress(by=an_actor(ANA), at=later(26 * MIN), assignment_id=row.pk)
    else:
        for minute in (20, 23, 26):
            fire(minute)
    assert [each.for_assignment_id for each in police()] == [row.pk]
    return row


def test_a_crew_that_clears_ends_what_was_asked_for_its_sake() -> None:
    row = asked_for_its_sake()

    cleared(row, at=later(27 * MIN))

    [request] = police(ANA)
    assert (request.state, request.withdrawn_at) == (RequestState.WITHDRAWN, later(27 * MIN))
    assert kinds()[-3:] == ["cleared", "withdrawn", "ended"]
    assert due(DAVID) == {}
    assert (fire(600), lines("dispatch.unanswered")) == (0, [])
    assert seen(an_actor(DAVID), row.episode_id) is None  # police see no more of them


def test_police_who_were_sent_for_a_crew_are_released_when_it_clears() -> None:
    row = asked_for_its_sake()
    [request] = police()
    commands.report_cad_status(
        by=an_actor(DAVID), at=NOON, unit_id=unit_id("2A31"), state="AVL", busy=False
    )
    car = commands.assign(
        by=an_actor(DAVID), at=later(27 * MIN), request_id=request.pk, unit_id=unit_id("2A31")
    )

    cleared(row, at=later(28 * MIN))

    [request] = police()
    assert (request.state, request.released_at) == (RequestState.ACCEPTED, later(28 * MIN))
    assert team(car, DAVID).cleared_at is None  # their own desk clears them
    assert kinds()[-3:] == ["cleared", "police_released", "ended"]


def test_while_an_alarm_is_open_the_crews_own_phone_ends_nothing_and_its_desk_does() -> None:
    row = asked_for_its_sake(by_duress=True)
    with act_as(an_actor(CARL)):
        alarm = Duress.objects.get()

    cleared(row, at=later(27 * MIN))  # whoever holds the phone may not be the team
    still = [each.state for each in police()]
    commands.end_duress(by=an_actor(CARL), at=later(29 * MIN), duress_id=alarm.pk)

    assert still == [RequestState.ASKED]
    assert [each.state for each in police(CARL)] == [RequestState.WITHDRAWN]
    assert kinds()[-2:] == ["duress_ended", "withdrawn"]
    assert due(DAVID) == {}


def test_what_another_crew_needs_too_goes_on_for_its_sake() -> None:
    row = asked_for_its_sake()
    a_crew(RUBEN, LINDA, unit="CMT-A2")
    with act_as(an_actor(MARIA)):
        episode = Episode.objects.get(pk=row.episode_id)
    request = a_request(episode)
    other = an_assignment(request, unit="CMT-A2", at=later(26 * MIN))
    step(other, Stage.ON_SCENE, by=RUBEN, at=later(26 * MIN))
    commands.activate_duress(by=an_actor(RUBEN), at=later(26 * MIN), assignment_id=other.pk)

    cleared(row, at=later(27 * MIN))
    first = [(each.state, each.for_assignment_id) for each in police()]
    commands.clear(
        by=an_actor(CARL),
        at=later(28 * MIN),
        assignment_id=other.pk,
        clearing=Clearing("resolved_scene"),
        way=Transport.RADIO,
    )

    assert first == [(RequestState.ASKED, other.pk)]
    assert [each.state for each in police(MARIA)] == [RequestState.WITHDRAWN]


def test_a_crew_that_is_signed_off_by_its_desk_leaves_nothing_open() -> None:
    row = asked_for_its_sake(by_duress=True)
    cleared(row, at=later(27 * MIN))

    commands.sign_off(by=an_actor(CARL), at=later(30 * MIN), crew_id=row.crew_id)

    assert [each.state for each in police(MARIA)] == [RequestState.WITHDRAWN]
    assert kinds()[-2:] == ["withdrawn", "signed_off"]


@pytest.mark.parametrize("signed_off", [False, True])
def test_a_no_to_what_was_asked_for_a_crew_rings_no_longer_when_it_is_clear(
    signed_off: bool,
) -> None:
    row = asked_for_its_sake(by_duress=signed_off)
    [request] = police()
    commands.decline_request(
        by=an_actor(DAVID), at=later(26.5 * MIN), request_id=request.pk, reason="capacity"
    )
    before = due(MARIA)

    cleared(row, at=later(27 * MIN))
    if signed_off:  # its own phone ends nothing while its alarm is open: its desk does
        assert "dispatch.follow" in due(MARIA)
        commands.sign_off(by=an_actor(CARL), at=later(27 * MIN), crew_id=row.crew_id)

    assert "dispatch.follow" in before
    open_alarm = {"dispatch.duress"} if signed_off else set()
    assert set(due(MARIA)) == set(due(CARL)) == open_alarm
    fire(600)
    assert lines("dispatch.not_followed") == []
    [request] = police(CARL)
    assert (request.state, request.without) == (RequestState.DECLINED, "crew_clear")


def test_a_no_is_followed_for_another_crew_that_needs_it_too() -> None:
    row = asked_for_its_sake()
    a_crew(RUBEN, LINDA, unit="CMT-A2")
    with act_as(an_actor(MARIA)):
        episode = Episode.objects.get(pk=row.episode_id)
    other = an_assignment(a_request(episode), unit="CMT-A2", at=later(26 * MIN))
    step(other, Stage.ON_SCENE, by=RUBEN, at=later(26 * MIN))
    [first] = police()
    commands.activate_duress(by=an_actor(RUBEN), at=later(26 * MIN), assignment_id=other.pk)
    commands.decline_request(
        by=an_actor(DAVID), at=later(26.5 * MIN), request_id=first.pk, reason="capacity"
    )

    cleared(row, at=later(27 * MIN))

    [request] = police(CARL)
    assert (request.without, request.for_assignment_id) == ("", other.pk)
    assert "dispatch.follow" in due(MARIA)
