"""A clock about somebody rings where they are held, whoever set it; and whoever works on them stops it."""

from collections.abc import Callable

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands
from nowrongdoor.calls.commands.external_responders import RESCUE
from nowrongdoor.calls.commands.legs import ALONE
from nowrongdoor.calls.commands.searches import SEARCH
from nowrongdoor.calls.facts import CALL_BACK, SearchFor
from nowrongdoor.calls.models import ExternalResponder
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.models import Episode
from nowrongdoor.kernel.actor import Actor
from tests.calls.lines import ANNA, MARIA, due, fire, kinds, the_leg
from tests.dispatch.floor import a_request
from tests.makers import accepted, an_actor, an_episode, an_offer, later, seen

pytestmark = pytest.mark.usefixtures("db")
Acts = Callable[[Episode, Actor, Actor], object]
BRIAN = "brian.hale"


def begins_a_search(episode: Episode, anna: Actor, _maria: Actor) -> None:
    commands.start_search(by=anna, at=later(10), episode_id=episode.pk, seeking=SearchFor.PLACE)


def begins_a_search_that_another_takes_on(episode: Episode, anna: Actor, maria: Actor) -> None:
    begins_a_search(episode, anna, maria)
    commands.start_search(by=maria, at=later(20), episode_id=episode.pk, seeking=SearchFor.PLACE)


def tries_for_another(episode: Episode, anna: Actor, maria: Actor) -> None:
    search = commands.start_search(
        by=maria, at=later(10), episode_id=episode.pk, seeking=SearchFor.PLACE
    )
    commands.record_attempt(by=anna, at=later(20), search_id=search.pk, how="call")


def sends_a_rescue(episode: Episode, anna: Actor, _maria: Actor) -> None:
    sent = {"episode_id": episode.pk, "axis": "police", "value": "aware", "rescue": "involuntary"}
    commands.record_dispatched(by=anna, at=later(10), **sent)


def did_not_find_them(episode: Episode, anna: Actor, maria: Actor) -> None:
    sent = {"episode_id": episode.pk, "axis": "police", "value": "aware", "rescue": "voluntary"}
    row = commands.record_dispatched(by=maria, at=later(10), **sent)
    commands.record_not_located(by=anna, at=later(20), external_responder_id=row.pk)


def promises_a_call_back(episode: Episode, anna: Actor, _maria: Actor) -> None:
    commands.promise_call_back(by=anna, at=later(10), episode_id=episode.pk)


def leaves_the_caller_alone(episode: Episode, anna: Actor, maria: Actor) -> None:
    leg_id = the_leg(episode, maria).pk
    commands.join_line(by=anna, at=later(10), leg_id=leg_id)
    commands.lose_line(by=maria, at=later(20), leg_id=leg_id)
    commands.lose_line(by=anna, at=later(30), leg_id=leg_id)


@pytest.mark.parametrize(
    ("act", "kind", "said"),
    [
        (begins_a_search, SEARCH, "calls.search_due"),
        (begins_a_search_that_another_takes_on, SEARCH, "calls.search_due"),
        (tries_for_another, SEARCH, "calls.search_due"),
        (sends_a_rescue, RESCUE, "calls.rescue_due"),
        (did_not_find_them, RESCUE, "calls.rescue_due"),
        (promises_a_call_back, CALL_BACK, "calls.call_back_due"),
        (leaves_the_caller_alone, ALONE, "calls.caller_alone"),
    ],
)
@pytest.mark.parametrize("declines", [False, True], ids=["taken back", "declined"])
def test_what_whoever_is_offered_them_set_rings_after_the_offer_is_over(
    act: Acts, kind: str, said: str, *, declines: bool
) -> None:
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    episode = an_episode(maria, place="12 Quiet Street")
    offer = an_offer(episode, maria, to="911/floor", kind="return_to_911")
    act(episode, anna, maria)
    if declines:
        episodes.decline_offer(by=anna, at=later(60), handoff_id=offer.pk, reason="capacity")
    else:
        episodes.withdraw_offer(by=maria, at=later(60), handoff_id=offer.pk)

    before = kinds().count(said)
    for hour in (1, 2, 3):  # and again, and again
        fire(3600 * hour)
        assert kinds().count(said) == before + hour
        assert due(maria, kind)


def three() -> tuple[Episode, Actor, Actor, Actor]:
    """Anna took the call, Maria holds them, and Brian's team is asked to come."""
    anna, maria, brian = an_actor(ANNA), an_actor(MARIA), an_actor(BRIAN)
    episode = an_episode(anna)
    accepted(episode)
    a_request(episode, maria, kind="pair", to="tpd/mhst")
    assert seen(brian, episode.pk)
    return episode, anna, maria, brian


def test_a_third_who_works_on_them_writes_a_try_down_and_finds_them() -> None:
    episode, anna, maria, brian = three()
    search = commands.start_search(
        by=maria, at=later(10), episode_id=episode.pk, seeking=SearchFor.PLACE
    )
    commands.record_attempt(by=brian, at=later(20), search_id=search.pk, how="call")
    assert due(maria, SEARCH) == {SEARCH: later(120)}
    commands.record_attempt(by=brian, at=later(30), search_id=search.pk, how="call", found=True)
    assert due(maria, SEARCH) == due(anna, SEARCH) == {}


def test_a_third_who_works_on_them_says_whether_they_were_met() -> None:
    episode, anna, maria, brian = three()
    sends_a_rescue(episode, maria, anna)
    with act_as(maria):
        external_responder_id = ExternalResponder.objects.get().pk
    commands.record_not_located(by=brian, at=later(30), external_responder_id=external_responder_id)
    commands.record_contact_made(
        by=brian, at=later(40), external_responder_id=external_responder_id
    )
    assert due(maria, RESCUE) == due(anna, RESCUE) == {}


def test_a_third_who_comes_on_the_line_and_leaves_it_is_not_in_the_way() -> None:
    episode, anna, maria, brian = three()
    leg_id = the_leg(episode, maria).pk
    for by in (anna, maria):
        commands.lose_line(by=by, at=later(20), leg_id=leg_id)
    commands.join_line(by=brian, at=later(30), leg_id=leg_id)
    assert due(maria, ALONE) == {}
    commands.lose_line(by=brian, at=later(40), leg_id=leg_id)
    assert due(maria, ALONE) == {ALONE: later(55)}


def test_a_third_who_works_on_them_says_that_they_were_called_back() -> None:
    episode, anna, maria, brian = three()
    commands.promise_call_back(by=anna, at=later(10), episode_id=episode.pk)
    commands.record_call_back(by=brian, at=later(30), episode_id=episode.pk)
    assert due(maria, CALL_BACK) == due(anna, CALL_BACK) == {}


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (begins_a_search, SEARCH),
        (sends_a_rescue, RESCUE),
        (promises_a_call_back, CALL_BACK),
        (leaves_the_caller_alone, ALONE),
    ],
)
def test_a_clock_that_rang_where_nobody_sees_them_is_not_lost(
    act: Acts, kind: str, admin: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    """The database undoes the ring: it stays overdue, and the worker's log says so every second."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    episode = an_episode(maria, place="12 Quiet Street")
    an_offer(episode, maria, to="911/floor", kind="return_to_911")
    act(episode, anna, maria)
    stranger = "UPDATE clocks_deadline SET program_id = %s, agency_id = %s WHERE kind = %s"
    judith = an_actor("judith.park")
    admin.execute(stranger, [judith.program_id, judith.agency_id, kind])

    with pytest.raises(ExceptionGroup, match="reaction failed") as trouble:
        fire(3600)

    assert "clock_goes_on" in str(trouble.value.exceptions) or kind == CALL_BACK
    assert due(maria, kind)
