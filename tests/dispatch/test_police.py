"""Police who stand by: the team keeps them, then lets them go. Their own desk clears them."""

from functools import partial

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Clearing, RequestState, Stage, Transport
from nowrongdoor.dispatch.models import Assignment, Request
from nowrongdoor.episodes.models import Party
from tests.dispatch.floor import (
    ANA,
    CARL,
    DAVID,
    FLOOR,
    MARIA,
    MIN,
    SAMUEL,
    STRANGER,
    a_request,
    an_assignment,
    cleared,
    holder,
    kinds,
    marias,
    now,
    refused,
    unit_id,
)
from tests.makers import NOON, an_actor, later, program_id, seen

pytestmark = pytest.mark.usefixtures("db")


def staged() -> tuple[Assignment, Request]:
    """The team is at the scene and has asked for police close by; 911 has sent a car."""
    row = an_assignment(reached=Stage.ON_SCENE)
    episode = seen(an_actor(ANA), row.episode_id)
    request = a_request(episode, an_actor(ANA), kind="police_staged", to=FLOOR)
    commands.assign(
        by=an_actor(DAVID), at=later(MIN), request_id=request.pk, unit_id=unit_id("2A31")
    )
    return row, request


def test_the_team_keeps_police_and_then_releases_them() -> None:
    row, request = staged()
    said = {"request_id": request.pk}

    commands.keep_police(by=an_actor(ANA), at=later(2 * MIN), **said)
    kept = now(request).facts()
    commands.release_police(by=an_actor(SAMUEL), at=later(9 * MIN), **said)
    released = now(request)
    commands.keep_police(by=an_actor(MARIA), at=later(10 * MIN), **said)  # who holds may too

    assert (kept.kept, kept.released) == (True, False)
    assert (released.facts().kept, released.facts().released) == (False, True)
    assert released.state is RequestState.ACCEPTED  # their own desk clears them
    again = now(request).facts()
    assert (again.kept, again.released) == (True, False)
    assert kinds()[-3:] == ["police_kept", "police_released", "police_kept"]
    assert holder(row.episode_id) == marias()


def test_nobody_else_keeps_or_releases_police() -> None:
    row, request = staged()
    keep = partial(commands.keep_police, at=NOON, request_id=request.pk)

    sending = refused(keep, by=an_actor(DAVID))
    desk = refused(keep, by=an_actor(CARL))
    stranger = refused(keep, by=an_actor(STRANGER))
    not_police = refused(keep, by=an_actor(ANA), request_id=row.request_id)
    cleared(row)
    gone = refused(keep, by=an_actor(ANA))

    assert (sending, desk, stranger) == ("police.not_yours", "police.not_yours", "row.missing")
    assert (not_police, gone) == ("police.not", "police.not_yours")


def test_police_who_are_done_are_neither_kept_nor_released() -> None:
    _row, request = staged()
    with act_as(an_actor(DAVID)):
        theirs = Assignment.objects.get(request=request)
    commands.clear(
        by=an_actor(DAVID),
        at=later(5 * MIN),
        assignment_id=theirs.pk,
        clearing=Clearing("resolved_scene"),
        way=Transport.RADIO,
    )

    rule = refused(
        commands.release_police, by=an_actor(ANA), at=later(6 * MIN), request_id=request.pk
    )

    assert rule == "request.answered"


def test_the_officers_who_are_sent_are_told_on_the_basis_of_the_desk_that_sends_them() -> None:
    """911 is told by the team along an emergency route; patrol is told on no other basis than 911."""
    _row, request = staged()

    with act_as(an_actor(DAVID)):
        parties = Party.objects.filter(episode_id=request.episode_id, until_at=None)
        basis = dict(parties.values_list("program_id", "basis"))
    assert basis[program_id(FLOOR)] == basis[program_id("tpd/patrol")] == "E"
