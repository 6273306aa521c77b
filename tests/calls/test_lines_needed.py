"""Whose offer is taken back no longer sees the person, except where the person still needs them."""

from collections.abc import Callable

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands
from nowrongdoor.calls.facts import SearchFor
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.models import Request
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import HandoffFacts
from nowrongdoor.episodes.models import Episode
from nowrongdoor.site.reactions import DEADLINES
from tests.calls.lines import ANNA, MARIA, RUTH, on_line, the_leg
from tests.dispatch.floor import a_request
from tests.makers import an_actor, an_episode, an_offer, later, seen

pytestmark = pytest.mark.usefixtures("db")
End = Callable[[HandoffFacts], object]


def withdrawn(offer: HandoffFacts) -> None:
    episodes.withdraw_offer(by=an_actor(MARIA), at=later(60), handoff_id=offer.id)


def declined(offer: HandoffFacts) -> None:
    episodes.decline_offer(by=an_actor(ANNA), at=later(60), handoff_id=offer.id, reason="capacity")


@pytest.fixture(params=[withdrawn, declined])
def over(request: pytest.FixtureRequest) -> End:
    end: End = request.param
    return end


@pytest.fixture
def offered() -> tuple[Episode, HandoffFacts]:
    """Maria holds somebody and offers them to the 911 floor."""
    maria = an_actor(MARIA)
    episode = an_episode(maria)
    return episode, an_offer(episode, maria, to="911/floor", kind="return_to_911").facts()


def asked(episode: Episode) -> Request:
    return a_request(episode, kind="police_staged", to="911/floor")


def test_whoever_is_not_needed_no_longer_sees_it(
    offered: tuple[Episode, HandoffFacts], over: End
) -> None:
    episode, offer = offered
    assert seen(an_actor(RUTH), episode.pk)
    over(offer)
    assert seen(an_actor(RUTH), episode.pk) is None


def test_whoever_is_on_the_line_sees_it_and_can_leave(
    offered: tuple[Episode, HandoffFacts], over: End
) -> None:
    (episode, offer), ruth = offered, an_actor(RUTH)
    leg_id = the_leg(episode, an_actor(MARIA)).pk
    commands.join_line(by=ruth, at=later(10), leg_id=leg_id)
    over(offer)
    assert seen(ruth, episode.pk)
    commands.leave_line(by=ruth, at=later(90), leg_id=leg_id)
    assert on_line(episode, an_actor(MARIA)) == {MARIA: "joined"}


def test_whoever_left_the_line_before_is_not_needed(
    offered: tuple[Episode, HandoffFacts], over: End
) -> None:
    (episode, offer), ruth = offered, an_actor(RUTH)
    leg_id = the_leg(episode, an_actor(MARIA)).pk
    commands.join_line(by=ruth, at=later(10), leg_id=leg_id)
    commands.leave_line(by=ruth, at=later(50), leg_id=leg_id)
    over(offer)
    assert seen(ruth, episode.pk) is None


def test_whoever_seeks_them_goes_on_seeking(
    offered: tuple[Episode, HandoffFacts], over: End
) -> None:
    (episode, offer), ruth = offered, an_actor(RUTH)
    search = commands.start_search(
        by=ruth, at=later(10), episode_id=episode.pk, seeking=SearchFor.PLACE
    )
    over(offer)
    commands.record_attempt(by=ruth, at=later(90), search_id=search.pk, how="call", found=True)


def test_whoever_is_asked_to_come_sees_it(offered: tuple[Episode, HandoffFacts], over: End) -> None:
    episode, offer = offered
    request = asked(episode)
    over(offer)
    assert seen(an_actor(RUTH), episode.pk)
    dispatch.accept_request(by=an_actor("david.chavez"), at=later(90), request_id=request.pk)


def test_whoever_asked_for_help_sees_it_and_goes_on_being_told_that_nobody_answers(
    offered: tuple[Episode, HandoffFacts], over: End
) -> None:
    (episode, offer), anna = offered, an_actor(ANNA)
    row = a_request(episode, anna, kind="pair", to="tpd/mhst")
    over(offer)
    fire_due(at=later(3600), reactions=DEADLINES)
    with act_as(anna):
        assert Request.objects.get(pk=row.pk).alerts == 1
    dispatch.withdraw_request(by=anna, at=later(3700), request_id=row.pk)


def test_whoever_has_to_follow_a_no_sees_it(
    offered: tuple[Episode, HandoffFacts], over: End
) -> None:
    (episode, offer), anna, brian = offered, an_actor(ANNA), an_actor("brian.hale")
    row = a_request(episode, anna, kind="pair", to="tpd/mhst")
    dispatch.decline_request(by=brian, at=later(20), request_id=row.pk, reason="no_unit")
    over(offer)
    dispatch.close_without_response(
        by=anna, at=later(90), request_id=row.pk, reason="settled_by_phone"
    )


def test_whoever_does_not_come_and_is_on_the_line_sees_it() -> None:
    maria, ruth = an_actor(MARIA), an_actor(RUTH)
    episode = an_episode(maria)
    request = asked(episode)
    commands.join_line(by=ruth, at=later(10), leg_id=the_leg(episode, maria).pk)
    dispatch.decline_request(
        by=an_actor("david.chavez"), at=later(20), request_id=request.pk, reason="no_unit"
    )
    assert seen(ruth, episode.pk)
