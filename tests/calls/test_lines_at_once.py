"""Two at once, where a caller is lost, a call ends, is asked for or assumed: as `test_line_races.py`."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands
from nowrongdoor.calls.models import CallRequest, Leg, Search
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from tests.calls.lines import ANNA, GLORIA, LUIS, MARIA, RUTH, leaving, on_line, the_leg
from tests.calls.test_line_races import holder, offered
from tests.episodes.test_races import race
from tests.makers import accepted, an_actor, an_episode, later, member_id, program_id

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
OVER = Closing("information", declined_by_person=True)


# alone, lost, closed ----------------------------------------------------------------------------


def test_who_comes_on_while_the_other_is_lost_finds_the_caller_alone(admin: Admin) -> None:
    episode, anna = an_episode(), an_actor()
    lose, join = (
        partial(commands.lose_line, **leaving(episode, after_s=5)),
        partial(commands.join_line, **leaving(episode, LUIS, after_s=9)),
    )

    race(admin, lose, anna, join)

    leg = the_leg(episode)
    assert (leg.alone_since, leg.alone_s, on_line(episode)) == (None, 4, {LUIS: "joined"})


def test_who_is_lost_while_another_comes_on_leaves_nobody_alone(admin: Admin) -> None:
    episode = an_episode()
    lose, join = (
        partial(commands.lose_line, **leaving(episode, after_s=9)),
        partial(commands.join_line, **leaving(episode, LUIS, after_s=5)),
    )

    race(admin, join, an_actor(LUIS), lose)

    leg = the_leg(episode)
    assert (leg.alone_since, leg.alone_s, on_line(episode)) == (None, 0, {LUIS: "joined"})


def test_nobody_comes_onto_a_line_that_is_ending(admin: Admin) -> None:
    episode, anna = an_episode(), an_actor()
    join = partial(commands.join_line, **leaving(episode, LUIS))
    close = partial(commands.close_call, by=anna, at=later(30), episode_id=episode.pk, closing=OVER)

    assert race(admin, close, anna, join) == "leg.ended"


def test_a_call_does_not_end_over_somebody_who_is_coming_onto_its_line(admin: Admin) -> None:
    episode, anna, luis = an_episode(), an_actor(), an_actor(LUIS)
    join = partial(commands.join_line, **leaving(episode, LUIS))
    close = partial(commands.close_call, by=anna, at=later(30), episode_id=episode.pk, closing=OVER)

    assert race(admin, join, luis, close) == "close.somebody_on"
    assert on_line(episode) == {ANNA: "joined", LUIS: "joined"}


def test_nobody_comes_onto_a_second_callers_line_while_the_whole_is_ending(admin: Admin) -> None:
    """The line's own episode is another row: what it is joined to is held first."""
    anna = an_actor()
    first, second = an_episode(anna), an_episode(anna, at=later(1))
    commands.reattach(by=anna, at=later(2), episode_id=second.pk, into_id=first.pk)
    join = partial(commands.join_line, **leaving(second, LUIS))
    close = partial(commands.close_call, by=anna, at=later(30), episode_id=first.pk, closing=OVER)

    assert race(admin, close, anna, join) == "leg.ended"


def test_a_caller_lost_while_the_transfer_is_accepted_is_sought(admin: Admin) -> None:
    episode, anna, maria = an_episode(), an_actor(), an_actor(MARIA)
    offer = offered(episode, anna)
    lose = partial(commands.lose_caller, **leaving(episode, after_s=2))

    rule = race(
        admin,
        lose,
        anna,
        partial(commands.accept_transfer, by=maria, at=later(3), handoff_id=offer.id),
    )

    assert (rule, holder(episode), on_line(episode)) == ("", maria.member_id, {})
    with act_as(maria):
        assert Search.objects.get().found_at is None
        assert Leg.objects.get().ended_as == "lost"


# asked for, assumed -----------------------------------------------------------------------------


def test_a_call_is_given_or_kept_but_not_both(admin: Admin) -> None:
    episode, anna, luis = an_episode(), an_actor(), an_actor(LUIS)
    pull = commands.request_call(by=an_actor(GLORIA), at=later(1), episode_id=episode.pk)

    rule = race(
        admin,
        partial(commands.hand_over, by=anna, at=later(2), call_request_id=pull.pk),
        anna,
        partial(commands.decline_request, by=luis, at=later(2), call_request_id=pull.pk),
    )

    assert rule == "pull.answered"
    with act_as(anna):
        assert CallRequest.objects.get().given


def test_what_went_another_way_while_a_relief_is_accepted_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No lock lies between reading what is offered and accepting it: the other's whole act does."""
    anna, luis = an_actor(), an_actor(LUIS)
    first, second = an_episode(anna), an_episode(anna, at=later(1))
    batch = episodes.relieve(by=anna, at=later(2), to_member_id=member_id(LUIS))
    offer = offered(first, anna)
    read = episodes.batch_episodes

    def maria_accepts() -> None:
        commands.accept_transfer(by=an_actor(MARIA), at=later(3), handoff_id=offer.id)
        connection.close()  # that thread's own

    def and_then_maria_accepts(batch_id: UUID) -> list[tuple[UUID, UUID | None]]:
        found = read(batch_id)
        with ThreadPoolExecutor(1) as other:
            other.submit(maria_accepts).result(10)
        return found

    monkeypatch.setattr(episodes, "batch_episodes", and_then_maria_accepts)

    assert commands.accept_relief(by=luis, at=later(4), batch_id=batch) == 1
    assert on_line(first) == {ANNA: "listening", MARIA: "joined"}
    assert on_line(second) == {LUIS: "joined"}


def test_two_of_one_program_ask_for_a_call(admin: Admin) -> None:
    episode = an_episode()
    ask = partial(commands.request_call, at=later(1), episode_id=episode.pk)
    gloria, peter = an_actor(GLORIA), an_actor("peter.lang", "911/in-center")

    assert race(admin, partial(ask, by=gloria), gloria, partial(ask, by=peter)) == "pull.asked"


def test_what_is_being_accepted_elsewhere_is_not_assumed_from_lines_that_are_down(
    admin: Admin,
) -> None:
    """The line is down; while the supervisor looks, somebody who can be reached accepts."""
    episode, joan, ruth = an_episode(), an_actor("joan.whitfield"), an_actor(RUTH)
    accepted(episode)
    offer = offered(episode, an_actor(MARIA), "line_transfer", "line/follow-up")
    commands.report_line_down(by=ruth, at=later(1), program_id=program_id("line/counselors"))
    agencies.occupy_desk(by=joan, at=later(1))

    rule = race(
        admin,
        partial(commands.accept_transfer, by=joan, at=later(2), handoff_id=offer.id),
        joan,
        partial(
            commands.assume_all,
            by=ruth,
            at=later(2),
            episode_ids=(episode.pk,),
            reason="holder_unreachable",
        ),
    )

    assert (rule, holder(episode)) == ("assume.reachable", joan.member_id)
