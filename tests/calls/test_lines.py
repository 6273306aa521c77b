"""The warm transfer on real PostgreSQL: accepted by name, listened on, released by name."""

from collections.abc import Iterator

import psycopg
import pytest

from nowrongdoor.calls import commands
from nowrongdoor.calls.commands.legs import REMINDER, WATCH_CHECK, WATCH_SUPERVISOR
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.triage import commands as triage
from tests.calls.lines import (
    ANNA,
    GLORIA,
    LUIS,
    MARIA,
    due,
    fire,
    kinds,
    leaving,
    on_line,
    refused,
    the_leg,
)
from tests.makers import NOON, a_screening, accepted, an_actor, an_episode, later, program_id, seen
from tests.triage.desks import STOPS

pytestmark = pytest.mark.usefixtures("db")


# answering, offering, accepting -----------------------------------------------------------------


def test_answering_begins_a_line_with_whoever_took_it_on_it() -> None:
    episode = an_episode()

    leg = the_leg(episode)
    assert (leg.medium, leg.began_at, leg.alone_since) == ("audio", NOON, None)
    assert on_line(episode) == {ANNA: "joined"}
    assert kinds() == ["calls.answered", "calls.received"]


def test_at_an_acceptance_the_receiver_comes_on_and_the_sender_listens() -> None:
    episode = an_episode()
    accepted(episode, at=later(10))

    anna, maria = an_actor(ANNA), an_actor(MARIA)
    held = seen(anna, episode.pk)
    assert held is not None
    assert held.holder_member_id == maria.member_id
    assert on_line(episode) == {ANNA: "listening", MARIA: "joined"}
    assert kinds()[2:] == ["calls.joined_line", "calls.listening"]
    # asked at three minutes, the supervisor at eight; both sides see it coming
    clocks = {WATCH_CHECK: later(190), WATCH_SUPERVISOR: later(490)}
    assert due(anna, *clocks) == due(maria, *clocks) == clocks


def test_the_clocks_of_listening_ask_and_end_nothing() -> None:
    episode = an_episode()
    accepted(episode)

    assert [fire(at) for at in (179, 180, 479, 480)] == [
        0,
        1,
        0,
        1,
    ]
    assert kinds()[-2:] == ["calls.watch_due", "calls.watch_due"]
    assert on_line(episode) == {ANNA: "listening", MARIA: "joined"}


@pytest.fixture
def referred(admin: "psycopg.Connection[tuple[object, ...]]") -> Iterator[None]:
    """A way from the floor to a clinic, of a kind that moves the holder when they have met."""
    ids = [program_id("911/floor"), program_id("clinic-a/intake")]
    admin.execute(
        "INSERT INTO agencies_route (id, kind, from_program_id, to_program_id, basis, from_at, source) "
        "VALUES (gen_random_uuid(), 'discharge_referral', %s, %s, 'N', '2020-01-01', 'test')",
        ids,
    )
    yield
    admin.execute("DELETE FROM agencies_route WHERE source = 'test'")


@pytest.mark.usefixtures("referred")
def test_a_kind_that_moves_nobody_yet_hands_no_line_on() -> None:
    """A referral is accepted; until they have met, whoever holds goes on speaking."""
    episode, clinic = an_episode(), an_actor("martha.gibbs")

    accepted(episode, to=clinic, kind="discharge_referral")

    assert on_line(episode) == {ANNA: "joined"}


# release ----------------------------------------------------------------------------------------


def test_the_sender_leaves_after_thirty_seconds_and_not_before() -> None:
    episode = an_episode()
    accepted(episode)

    early = refused(commands.leave_line, **leaving(episode, after_s=29))
    commands.leave_line(**leaving(episode, after_s=30))

    assert early == "release.early"
    assert on_line(episode) == {MARIA: "joined"}
    assert due(an_actor(), WATCH_CHECK, WATCH_SUPERVISOR) == {}
    assert the_leg(episode).ended_at is None
    assert kinds()[-1] == "calls.released"


def test_nobody_leaves_whom_they_hold_nor_alone_nor_where_they_are_not() -> None:
    episode = an_episode()
    holding = refused(commands.leave_line, **leaving(episode))
    accepted(episode)
    commands.lose_line(by=an_actor(MARIA), at=later(5), leg_id=the_leg(episode).pk)

    alone = refused(commands.leave_line, **leaving(episode, after_s=60))
    not_on = refused(commands.leave_line, **leaving(episode, MARIA, after_s=60))

    assert (holding, alone, not_on) == ("release.holder", "release.alone", "release.not_on")
    assert on_line(episode) == {ANNA: "listening"}


def test_a_level_that_rose_is_seen_by_both_sides_before_anybody_leaves() -> None:
    episode = an_episode()
    a_screening(episode, at=later(1), TALK="Y")
    accepted(episode, at=later(2))
    a_screening(episode, an_actor(MARIA), at=later(20), WPN="in_hand")
    sees = {"at": later(40), "leg_id": the_leg(episode).pk}

    mine = refused(commands.leave_line, **leaving(episode, after_s=60))
    commands.acknowledge_level(by=an_actor(ANNA), **sees)
    theirs = refused(commands.leave_line, **leaving(episode, after_s=60))
    commands.acknowledge_level(by=an_actor(MARIA), **sees)
    commands.leave_line(**leaving(episode, after_s=60))

    assert (mine, theirs) == ("release.level_rose", "release.other_not_seen")
    assert on_line(episode) == {MARIA: "joined"}
    assert kinds()[-3:] == ["calls.level_seen", "calls.level_seen", "calls.released"]


def test_a_second_rise_is_seen_anew() -> None:
    episode = an_episode()
    a_screening(episode, at=later(1), TALK="Y")
    accepted(episode, at=later(2))
    for step, answer in enumerate(({"WPN": "in_reach"}, {"WPN": "in_hand"})):
        assert a_screening(episode, an_actor(MARIA), at=later(10 + step), **answer).rose
        rule = refused(commands.leave_line, **leaving(episode, after_s=60))
        assert rule == "release.level_rose"
        for name in (ANNA, MARIA):
            commands.acknowledge_level(
                by=an_actor(name), at=later(20 + step), leg_id=the_leg(episode).pk
            )

    commands.leave_line(**leaving(episode, after_s=60))


def test_who_gives_the_answer_that_raises_has_seen_it_where_they_had_seen_all_before() -> None:
    episode, maria = an_episode(), an_actor(MARIA)
    a_screening(episode, at=later(1), TALK="Y")
    accepted(episode, at=later(2))
    tell = {"by": maria, "episode_id": episode.pk}

    commands.answer(at=later(3), given={"WPN": "in_reach"}, **tell)  # hers, and she sees it
    commands.acknowledge_level(**leaving(episode, after_s=4))
    commands.leave_line(**leaving(episode, after_s=40))
    commands.join_line(**leaving(episode, LUIS, after_s=41))
    a_screening(episode, an_actor(LUIS), at=later(42), WPN="in_hand")  # not hers, nor seen
    commands.answer(at=later(43), given={"MED": "Y"}, **tell)

    commands.acknowledge_level(**leaving(episode, LUIS, after_s=44))
    rule = refused(commands.leave_line, **leaving(episode, LUIS, after_s=45))
    assert rule == "release.other_not_seen"


def test_whoever_is_not_on_the_line_has_seen_nothing_there() -> None:
    episode = an_episode()

    rule = refused(
        commands.acknowledge_level, by=an_actor(GLORIA), at=later(1), leg_id=the_leg(episode).pk
    )

    assert rule == "release.not_on"


@pytest.mark.parametrize("way", ["done", "answered"])
def test_an_open_duty_keeps_the_sender_until_it_is_done_or_no_longer_asked(way: str) -> None:
    episode, maria = an_episode(), an_actor(MARIA)
    a_screening(episode, at=later(1), SI="active", GUN="Y", PLAN="N", MEANS="N", TIME="none")
    accepted(episode, at=later(2))

    rule = refused(commands.leave_line, **leaving(episode, after_s=60))
    if way == "done":
        triage.do_duty(
            by=maria, at=later(40), episode_id=episode.pk, duty="means_safety_before_release"
        )
    else:
        a_screening(episode, maria, at=later(40), GUN="N")
    commands.leave_line(**leaving(episode, after_s=60))

    assert rule == "release.duty"
    assert on_line(episode) == {MARIA: "joined"}


def test_a_plan_that_was_not_asked_keeps_the_call() -> None:
    episode, maria = an_episode(), an_actor(MARIA)
    a_screening(episode, at=later(1), SI="active", GUN="N", PLAN="U", MEANS="N", TIME="none")
    accepted(episode, at=later(2))

    rule = refused(commands.leave_line, **leaving(episode, after_s=60))
    a_screening(episode, maria, at=later(40), PLAN="N")
    commands.leave_line(**leaving(episode, after_s=60))

    assert rule == "release.duty"


@pytest.mark.parametrize(
    ("answers", "minutes"),
    [({}, [30, 60, 120, 180]), (STOPS | {"WPN": "in_reach", "SI": "none"}, [10, 20, 30, 40])],
)
def test_what_became_is_asked_by_level_until_it_is_closed(
    answers: dict[str, str], minutes: list[int]
) -> None:
    episode, maria = an_episode(), an_actor(MARIA)
    if answers:
        a_screening(episode, at=NOON, **answers)
    accepted(episode)
    commands.leave_line(**leaving(episode, after_s=30))

    for each in minutes:
        at = later(30 + 60 * each)
        assert due(maria, REMINDER) == due(an_actor(), REMINDER) == {REMINDER: at}
        assert fire(30 + 60 * each) == 1
    told = kinds().count("calls.reminder_due")
    closing = Closing("information", declined_by_person=True)
    commands.close_call(by=maria, at=later(99_000), episode_id=episode.pk, closing=closing)
    for _ in range(3):
        fire(999_000)

    assert told == len(minutes)
    assert kinds().count("calls.reminder_due") == told
    assert due(maria, REMINDER) == {}


def test_a_worker_that_slept_asks_once_and_then_again_in_time() -> None:
    episode = an_episode()
    accepted(episode)
    commands.leave_line(**leaving(episode, after_s=30))

    fired = [fire(50_000) for _ in range(3)]

    assert fired == [1, 0, 0]
    assert due(an_actor(), REMINDER) == {REMINDER: later(50_000 + 1800)}
