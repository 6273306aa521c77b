"""Two at once on one caller's line. Each race says at which statement the second one waits.

What is raced is always the episode's row: whatever changes a line holds it first. Negative control:
the last test takes that away, and the second one is no longer made to wait.
"""

import threading
from functools import partial

import psycopg
import pytest
from django.db import connection

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands
from nowrongdoor.calls.models import Leg, Participant
from nowrongdoor.calls.queries import on_hand
from nowrongdoor.episodes.facts import Attested, HandoffFacts, Proposal
from nowrongdoor.episodes.models import Episode
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.triage.models import Screening
from tests.calls.lines import ANNA, GLORIA, LUIS, MARIA, ROSA, RUTH, leaving, on_line, the_leg
from tests.episodes.test_races import race
from tests.makers import (
    NOON,
    a_screening,
    accepted,
    an_actor,
    an_episode,
    later,
    member_id,
    program_id,
    seen,
)

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]


def offered(
    episode: Episode, by: Actor, kind: str = "warm_transfer", to: str = "line/counselors"
) -> HandoffFacts:
    proposal = Proposal(episode.pk, kind, program_id(to))
    return commands.offer_transfer(by=by, at=later(1), proposal=proposal)


def holder(episode: Episode) -> object:
    row = seen(an_actor(), episode.pk)
    assert row is not None
    return row.holder_member_id


# accepting, taking back -------------------------------------------------------------------------


def test_two_accept_one_transfer_and_one_of_them_is_on_the_line(admin: Admin) -> None:
    episode, maria, rosa = an_episode(), an_actor(MARIA), an_actor(ROSA)
    accept = partial(
        commands.accept_transfer, at=later(2), handoff_id=offered(episode, an_actor()).id
    )

    rule = race(admin, partial(accept, by=maria), maria, partial(accept, by=rosa))

    assert rule == "offer.accepted"
    assert on_line(episode) == {ANNA: "listening", MARIA: "joined"}


def second_transfer() -> tuple[Episode, HandoffFacts]:
    """Anna listens, Gloria holds and has offered the person on to the line."""
    episode, gloria = an_episode(), an_actor(GLORIA)
    accepted(episode, to=gloria)
    return episode, offered(episode, gloria, "line_transfer")


def test_accepting_comes_before_taking_back(admin: Admin) -> None:
    anna, maria = an_actor(), an_actor(MARIA)
    episode, offer = second_transfer()

    rule = race(
        admin,
        partial(commands.accept_transfer, by=maria, at=later(2), handoff_id=offer.id),
        maria,
        partial(commands.take_back, by=anna, at=later(2), episode_id=episode.pk),
    )

    assert (rule, holder(episode)) == ("take_back.never_ours", maria.member_id)
    assert on_line(episode) == {ANNA: "listening", GLORIA: "listening", MARIA: "joined"}


def test_taking_back_comes_before_accepting(admin: Admin) -> None:
    anna, maria = an_actor(), an_actor(MARIA)
    episode, offer = second_transfer()

    rule = race(
        admin,
        partial(commands.take_back, by=anna, at=later(2), episode_id=episode.pk),
        anna,
        partial(commands.accept_transfer, by=maria, at=later(2), handoff_id=offer.id),
    )

    assert rule in ("offer.ended", "row.missing")  # the line may no longer see it
    assert holder(episode) == anna.member_id
    assert on_line(episode) == {ANNA: "joined", GLORIA: "joined"}


def test_leaving_comes_before_taking_back(admin: Admin) -> None:
    """The same person at two screens."""
    anna, episode = an_actor(), an_episode()
    accepted(episode)
    leave = partial(commands.leave_line, **leaving(episode))

    rule = race(
        admin,
        leave,
        anna,
        partial(commands.take_back, by=anna, at=later(31), episode_id=episode.pk),
    )

    assert (rule, holder(episode)) == ("take_back.released", member_id(MARIA))
    assert on_line(episode) == {MARIA: "joined"}


def test_taking_back_comes_before_leaving(admin: Admin) -> None:
    anna, episode = an_actor(), an_episode()
    accepted(episode)
    leave = partial(commands.leave_line, **leaving(episode))

    rule = race(
        admin,
        partial(commands.take_back, by=anna, at=later(30), episode_id=episode.pk),
        anna,
        leave,
    )

    assert (rule, holder(episode)) == ("release.holder", anna.member_id)
    assert on_line(episode) == {ANNA: "joined", MARIA: "joined"}


# release ----------------------------------------------------------------------------------------


def test_a_level_that_is_rising_keeps_whoever_is_leaving(admin: Admin) -> None:
    episode, maria = an_episode(), an_actor(MARIA)
    a_screening(episode, TALK="Y")
    accepted(episode)
    leave = partial(commands.leave_line, **leaving(episode))

    rule = race(
        admin, partial(a_screening, episode, maria, at=later(29), WPN="in_hand"), maria, leave
    )

    assert rule == "release.level_rose"
    assert on_line(episode) == {ANNA: "listening", MARIA: "joined"}


def test_a_level_rises_after_whoever_left(admin: Admin) -> None:
    episode, anna, maria = an_episode(), an_actor(), an_actor(MARIA)
    a_screening(episode, TALK="Y")
    accepted(episode)
    leave = partial(commands.leave_line, **leaving(episode))

    rule = race(
        admin, leave, anna, partial(a_screening, episode, maria, at=later(31), WPN="in_hand")
    )

    assert rule == ""
    with act_as(maria):
        rose = Screening.objects.get(rose=True)
        left = Participant.objects.get(member_id=anna.member_id, ended_as="released")
    assert left.until_at is not None
    assert left.until_at < rose.at


def two_speaking() -> Episode:
    """Maria holds and has lost her line; Luis and Ruth speak with the caller."""
    episode = an_episode()
    accepted(episode)
    for name in (LUIS, RUTH):
        commands.join_line(**leaving(episode, name, after_s=1))
    commands.lose_line(**leaving(episode, MARIA, after_s=2))
    commands.leave_line(**leaving(episode, after_s=30))
    return episode


def test_two_who_leave_at_once_do_not_leave_the_caller_alone(admin: Admin) -> None:
    episode = two_speaking()
    leave = [partial(commands.leave_line, **leaving(episode, name)) for name in (LUIS, RUTH)]

    rule = race(admin, leave[0], an_actor(LUIS), leave[1])

    assert rule == "release.alone"
    assert on_line(episode) == {RUTH: "joined"}
    assert the_leg(episode).alone_since is None


def test_the_last_of_two_listeners_hands_the_line_to_a_receiver_who_is_no_user(
    admin: Admin,
) -> None:
    episode, anna = an_episode(), an_actor()
    offer = offered(episode, anna, "to_other_psap", "sheriff911/floor")
    commands.attest_transfer(
        by=anna, at=later(2), handoff_id=offer.id, receiver=Attested("Deputy Hall", "4471")
    )
    commands.join_line(**leaving(episode, LUIS, after_s=3))
    leave = [partial(commands.leave_line, **leaving(episode, n, after_s=40)) for n in (ANNA, LUIS)]

    rule = race(admin, leave[0], anna, leave[1])

    leg = the_leg(episode)
    assert (rule, on_line(episode)) == ("", {})
    assert (leg.ended_as, leg.alone_since) == ("ended", None)


# a watch ----------------------------------------------------------------------------------------


def watch_for_luis() -> Episode:
    episode = an_episode()
    accepted(episode)
    commands.offer_watch(by=an_actor(), at=later(2), to_member_id=member_id(LUIS))
    return episode


def test_a_watch_is_relieved_before_its_listener_leaves(admin: Admin) -> None:
    episode, luis = watch_for_luis(), an_actor(LUIS)
    leave = partial(commands.leave_line, **leaving(episode))

    rule = race(admin, partial(commands.accept_watch, by=luis, at=later(30)), luis, leave)

    assert rule == "release.not_on"
    assert on_line(episode) == {LUIS: "listening", MARIA: "joined"}


def test_a_listener_who_is_leaving_relieves_nobody(admin: Admin) -> None:
    episode, luis = watch_for_luis(), an_actor(LUIS)
    leave = partial(commands.leave_line, **leaving(episode))
    done: list[int] = []

    race(
        admin,
        leave,
        an_actor(),
        lambda: done.append(commands.accept_watch(by=luis, at=later(31))),
    )

    assert done == [0]
    assert on_line(episode) == {MARIA: "joined"}


def test_a_watch_is_not_asked_for_by_who_is_taking_back(admin: Admin) -> None:
    episode, anna = an_episode(), an_actor()
    accepted(episode)
    asked: list[int] = []

    race(
        admin,
        partial(commands.take_back, by=anna, at=later(5), episode_id=episode.pk),
        anna,
        lambda: asked.append(
            commands.offer_watch(by=anna, at=later(5), to_member_id=member_id(LUIS))
        ),
    )

    assert asked == [0]


def test_whoever_is_being_relieved_signs_out_only_when_it_stands() -> None:
    """Nobody waits: until the colleague's acceptance is committed, the listener still listens."""
    watch_for_luis()
    anna, luis = an_actor(), an_actor(LUIS)
    agencies.occupy_desk(by=anna, at=NOON)
    told: list[str] = []

    def sign_out() -> None:
        try:
            agencies.vacate_desk(by=anna, at=later(40), holding=on_hand(anna))
            told.append("")
        except Refused as refusal:
            told.append(refusal.verdict.rule)
        finally:
            connection.close()

    def at_another_desk() -> None:
        thread = threading.Thread(target=sign_out)
        thread.start()
        thread.join(10)

    with act_as(luis):
        commands.accept_watch(by=luis, at=later(30))
        at_another_desk()
    at_another_desk()

    assert told == ["sign_out.holding", ""]


# control ----------------------------------------------------------------------------------------


def test_without_the_lock_the_second_does_not_wait(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: both leave, with the line read and not held. The database's own trigger is
    what is left then: the second one's word is not written."""
    episode = two_speaking()
    leave = [partial(commands.leave_line, **leaving(episode, name)) for name in (LUIS, RUTH)]
    monkeypatch.setattr(
        "nowrongdoor.calls.commands.legs.lock_leg", lambda leg_id: Leg.objects.get(pk=leg_id)
    )

    with pytest.raises(AssertionError, match="never waited"):
        race(admin, leave[0], an_actor(LUIS), leave[1], most_s=1)
