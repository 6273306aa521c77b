"""A caller alone, lost and found again; two callers about one person; relief of a watch."""

from datetime import timedelta

import pytest

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands
from nowrongdoor.calls.commands.legs import ALONE, REMINDER, WATCH_CHECK
from nowrongdoor.calls.commands.searches import SEARCH
from nowrongdoor.calls.facts import ContactFacts, SearchFor
from nowrongdoor.calls.models import Leg, Participant, Search, SearchAttempt
from nowrongdoor.calls.queries import on_hand, searches, watches_for
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing, Source
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.kernel.verdict import BadInput
from tests.calls.lines import (
    ANNA,
    GLORIA,
    LUIS,
    MARIA,
    RUTH,
    due,
    fire,
    kinds,
    leaving,
    on_line,
    refused,
    returned,
    the_leg,
)
from tests.makers import NOON, a_screening, accepted, an_actor, an_episode, later, member_id, seen

pytestmark = pytest.mark.usefixtures("db")
OVER = Closing("information", declined_by_person=True)


# alone ------------------------------------------------------------------------------------------


def test_a_caller_alone_is_said_to_be_and_goes_on_ringing_until_somebody_comes_on() -> None:
    episode, anna = an_episode(), an_actor()
    commands.lose_line(**leaving(episode, after_s=10))

    assert the_leg(episode).alone_since == later(10)
    assert kinds()[-2:] == ["calls.caller_alone", "calls.lost"]
    assert due(anna, ALONE) == {ALONE: later(25)}
    assert [fire(at) for at in (24, 25, 39, 40)] == [0, 1, 0, 1]
    assert kinds().count("calls.caller_alone") == 3

    commands.join_line(**leaving(episode, LUIS, after_s=52))
    leg = the_leg(episode)
    assert (leg.alone_since, leg.alone_s) == (None, 42)
    assert due(anna, ALONE) == {}
    assert fire(9999) == 0


def test_alone_a_second_time_adds_up() -> None:
    episode = an_episode()
    for lost, back in ((10, 15), (100, 107)):
        commands.lose_line(**leaving(episode, after_s=lost))
        commands.join_line(**leaving(episode, after_s=back))

    assert the_leg(episode).alone_s == 12


def test_a_caller_alone_is_heard_by_who_holds_and_by_who_handed_on() -> None:
    episode = an_episode()
    accepted(episode)
    commands.leave_line(**leaving(episode))

    commands.lose_line(**leaving(episode, MARIA, after_s=60))

    assert due(an_actor(), ALONE) == due(an_actor(MARIA), ALONE) == {ALONE: later(75)}


def test_nobody_is_alone_while_somebody_listens() -> None:
    episode = an_episode()
    accepted(episode)

    commands.lose_line(**leaving(episode, MARIA, after_s=5))

    assert the_leg(episode).alone_since is None
    assert "calls.caller_alone" not in kinds()


def test_a_contact_that_no_named_person_took_is_alone_at_once() -> None:
    anna = an_actor()
    queue = system(program_id=anna.program_id, agency_id=anna.agency_id, code="telephone")
    episode = an_episode(queue)
    assert the_leg(episode).alone_since == NOON
    assert kinds()[:2] == ["calls.answered", "calls.caller_alone"]
    with act_as(anna):
        clock = Deadline.objects.get(kind=ALONE, subject_id=the_leg(episode).pk)
    assert (clock.program_id, clock.other_program_id) == (anna.program_id, None)
    assert (clock.agency_id, clock.episode_id) == (anna.agency_id, episode.pk)
    assert (clock.set_at, clock.due_at) == (NOON, later(15))
    assert fire(15) == 1

    commands.take_from_queue(by=anna, at=later(20), episode_id=episode.pk)

    assert on_line(episode) == {ANNA: "joined"}
    assert the_leg(episode).alone_s == 20


def test_a_contact_of_earlier_begins_no_line() -> None:
    anna = an_actor()
    paper = ContactFacts(at=NOON, class_code="psych_distress", behavioral=True, source=Source.PAPER)

    commands.take_contact(by=anna, at=later(9), contact=paper)

    with act_as(anna):
        assert not Leg.objects.exists()


def test_who_comes_on_from_another_program_stops_the_ringing_and_can_start_it_again() -> None:
    episode = an_episode()
    commands.lose_line(**leaving(episode, after_s=1))
    commands.join_line(**leaving(episode, GLORIA, after_s=2))

    commands.lose_line(**leaving(episode, GLORIA, after_s=3))

    assert due(an_actor(GLORIA), ALONE) == {ALONE: later(18)}


def test_another_program_that_works_on_it_writes_a_try_down() -> None:
    episode, gloria = an_episode(), an_actor(GLORIA)
    search = commands.start_search(
        by=an_actor(), at=later(1), episode_id=episode.pk, seeking=SearchFor.PLACE
    )

    commands.record_attempt(by=gloria, at=later(2), search_id=search.pk, how="relocate")

    assert due(gloria, SEARCH) == {SEARCH: later(102)}


# lost and found ---------------------------------------------------------------------------------


def lost(episode: Episode, *, by: str = ANNA, after_s: float = 60) -> Search:
    return commands.lose_caller(**leaving(episode, by, after_s=after_s))


def test_a_caller_who_is_lost_is_sought_by_somebody_with_a_clock() -> None:
    episode, maria = an_episode(), an_actor(MARIA)
    accepted(episode)

    search = lost(episode, by=MARIA)

    leg = the_leg(episode)
    assert (search.seeking, search.owner_id) == ("caller", maria.member_id)
    assert (leg.ended_as, leg.ended_at, on_line(episode)) == ("lost", later(60), {})
    assert due(maria, SEARCH) == due(an_actor(), SEARCH) == {SEARCH: later(160)}  # 3 in 5 minutes
    assert due(maria, WATCH_CHECK) == {}
    assert kinds()[-2:] == ["calls.caller_lost", "calls.search_began"]
    assert refused(commands.lose_caller, by=maria, at=later(61), leg_id=leg.pk) == "leg.ended"
    assert seen(maria, episode.pk).closed_at is None  # type: ignore[union-attr]


def test_tries_go_on_for_ever_until_one_finds_them() -> None:
    episode, anna = an_episode(), an_actor()
    search = lost(episode)
    look = {"by": anna, "search_id": search.pk}
    with pytest.raises(BadInput):
        commands.record_attempt(at=later(90), how="shouting", **look)
    commands.record_attempt(at=later(100), how="call", **look)
    assert due(anna, SEARCH) == {SEARCH: later(200)}
    for at in (200, 300, 400, 500):
        assert fire(at) == 1
    assert kinds().count("calls.search_due") == 4

    commands.record_attempt(at=later(550), how="text", found=True, **look)

    with act_as(anna):
        assert list(SearchAttempt.objects.order_by("at").values_list("how", "found")) == [
            ("call", False),
            ("text", True),
        ]
        assert Search.objects.get().found_at == later(550)
    assert due(anna, SEARCH) == {}
    assert fire(9999) == 0
    assert refused(commands.record_attempt, at=later(600), how="call", **look) == "search.over"


def test_a_caller_whom_nobody_found_is_sought_until_they_are_closed() -> None:
    """Afterwards the search stands on the episode's own page, and on nobody's list of what to do."""
    episode, anna = an_episode(), an_actor()
    search = lost(episode)
    for second in (100, 200, 300):
        commands.record_attempt(by=anna, at=later(second), search_id=search.pk, how="call")
    assert [each.id for each in searches(anna)] == [search.pk]

    over = Closing("caller_lost", accountable_member_id=anna.member_id)
    commands.close_call(by=anna, at=later(400), episode_id=episode.pk, closing=over)

    assert searches(anna) == ()
    assert [each.id for each in searches(anna, [episode.pk])] == [search.pk]


def test_whoever_begins_a_search_again_owns_it_and_it_stays_one() -> None:
    episode, luis = an_episode(), an_actor(LUIS)
    seek = {"episode_id": episode.pk, "seeking": SearchFor.PLACE}
    commands.start_search(by=an_actor(), at=later(1), **seek)
    commands.start_search(by=luis, at=later(2), **seek)

    with act_as(luis):
        assert Search.objects.get().owner_id == luis.member_id
    assert due(luis, SEARCH) == {SEARCH: later(101)}
    assert kinds().count("calls.search_began") == 2  # the screens are told whose it is now


def test_who_rings_again_is_joined_to_the_one_they_were_lost_from() -> None:
    anna, maria = an_actor(), an_actor(MARIA)
    first = an_episode(anna)
    accepted(first)
    lost(first, by=MARIA)
    again = an_episode(anna, at=later(90))

    commands.reattach(by=anna, at=later(95), episode_id=again.pk, into_id=first.pk)

    with act_as(maria):
        assert Search.objects.get(episode=first).found_at == later(95)
    assert due(maria, SEARCH) == {}
    with act_as(anna):
        handoff = Handoff.objects.get(episode=again)
    commands.accept_transfer(by=maria, at=later(99), handoff_id=handoff.pk)
    assert on_line(again) == {ANNA: "listening", MARIA: "joined"}
    assert seen(anna, again.pk).joined_into_id == first.pk  # type: ignore[union-attr]


# two callers about one person -------------------------------------------------------------------


@pytest.fixture
def two() -> tuple[Episode, Episode]:
    """A second caller about one person: held as one by Maria, Anna listening on both lines."""
    anna = an_actor()
    first, second = an_episode(anna), an_episode(anna, at=later(1))
    commands.reattach(by=anna, at=later(2), episode_id=second.pk, into_id=first.pk)
    accepted(first, at=later(3))
    return first, second


def test_a_transfer_takes_every_callers_line_and_each_is_released(
    two: tuple[Episode, Episode],
) -> None:
    for episode in two:
        assert on_line(episode) == {ANNA: "listening", MARIA: "joined"}

    for episode in two:
        commands.leave_line(**leaving(episode, after_s=60))

    for episode in two:
        assert on_line(episode) == {MARIA: "joined"}


def test_what_became_of_a_second_caller_is_asked_while_the_whole_is_open(
    two: tuple[Episode, Episode],
) -> None:
    _first, second = two
    commands.leave_line(**leaving(second, after_s=60))
    [at] = due(an_actor(), REMINDER).values()
    assert fire((at - NOON).total_seconds()) > 0

    assert kinds()[-1] == "calls.reminder_due"
    assert due(an_actor(), REMINDER) == {REMINDER: at + timedelta(minutes=30)}


def test_each_callers_line_ends_by_its_own_screening(two: tuple[Episode, Episode]) -> None:
    first, second = two
    maria = an_actor(MARIA)
    a_screening(first, maria, at=later(4), TALK="Y")
    a_screening(first, maria, at=later(5), WPN="in_hand")
    close = {"by": maria, "episode_id": first.pk, "closing": OVER}

    unseen = refused(commands.close_call, at=later(9), **close)
    commands.acknowledge_level(by=an_actor(), at=later(10), leg_id=the_leg(first).pk)
    commands.close_call(at=later(11), **close)

    assert unseen == "release.other_not_seen"
    assert the_leg(second, maria).ended_at == later(11)


# relief and sign-out ----------------------------------------------------------------------------


def test_what_one_holds_is_relieved_with_its_lines() -> None:
    episode, anna, luis = an_episode(), an_actor(), an_actor(LUIS)
    batch = episodes.relieve(by=anna, at=later(5), to_member_id=member_id(LUIS))

    commands.accept_relief(by=luis, at=later(9), batch_id=batch)

    assert on_line(episode) == {LUIS: "joined"}
    assert on_hand(anna) == 0
    assert kinds()[-2:] == ["calls.joined_line", "calls.left_line"]
    with act_as(anna):
        assert Participant.objects.get(member_id=anna.member_id).ended_as == "relieved"


def test_a_supervisor_who_accepts_what_they_offered_stays_on_the_line() -> None:
    ruth = an_actor(RUTH)
    episode = an_episode(ruth)
    batch = episodes.relieve(by=ruth, at=later(5), to_member_id=member_id(ANNA))

    commands.accept_relief(by=ruth, at=later(9), batch_id=batch)

    assert on_line(episode) == {RUTH: "joined"}


def test_who_listens_and_relieves_the_holder_speaks_from_then_on() -> None:
    episode, anna, luis = an_episode(), an_actor(), an_actor(LUIS)
    accepted(episode)
    offer = returned(episode, at=later(3))
    commands.accept_transfer(by=luis, at=later(4), handoff_id=offer.id)
    batch = episodes.relieve(by=luis, at=later(5), to_member_id=member_id(ANNA))

    commands.accept_relief(by=anna, at=later(6), batch_id=batch)

    assert on_line(episode) == {ANNA: "joined", MARIA: "listening"}


def watched() -> Episode:
    episode = an_episode()
    accepted(episode)
    return episode


def test_a_watch_is_relieved_to_a_colleague_by_name() -> None:
    episode, anna, luis = watched(), an_actor(), an_actor(LUIS)
    a_screening(episode, at=later(1), TALK="Y")
    a_screening(episode, at=later(1), WPN="in_hand")

    asked = commands.offer_watch(by=anna, at=later(5), to_member_id=member_id(LUIS))
    assert (asked, watches_for(luis), on_line(episode)[ANNA]) == (1, 1, "listening")
    done = commands.accept_watch(by=luis, at=later(100))

    assert (done, watches_for(luis)) == (1, 0)
    assert on_line(episode) == {LUIS: "listening", MARIA: "joined"}
    assert due(luis, WATCH_CHECK) == {WATCH_CHECK: later(280)}
    # what Anna had not seen, Luis has not seen either
    assert refused(commands.leave_line, **leaving(episode, LUIS, after_s=200)) == (
        "release.level_rose"
    )
    assert commands.accept_watch(by=luis, at=later(210)) == 0


def test_a_watch_goes_to_a_colleague_and_not_to_oneself() -> None:
    watched()

    for name in (MARIA, ANNA):
        rule = refused(
            commands.offer_watch, by=an_actor(), at=later(5), to_member_id=member_id(name)
        )
        assert rule == "relief.elsewhere"


def test_a_colleague_who_is_on_the_line_already_stays_as_they_are() -> None:
    episode, luis = watched(), an_actor(LUIS)
    commands.join_line(**leaving(episode, LUIS, after_s=2))
    commands.offer_watch(by=an_actor(), at=later(3), to_member_id=member_id(LUIS))

    assert commands.accept_watch(by=luis, at=later(4)) == 1
    assert on_line(episode) == {LUIS: "joined", MARIA: "joined"}


def test_a_watch_that_ended_meanwhile_is_nobodys_to_accept() -> None:
    episode, luis = watched(), an_actor(LUIS)
    commands.offer_watch(by=an_actor(), at=later(3), to_member_id=member_id(LUIS))
    commands.take_back(by=an_actor(), at=later(4), episode_id=episode.pk)

    assert commands.accept_watch(by=luis, at=later(5)) == 0
    assert on_line(episode) == {ANNA: "joined", MARIA: "joined"}


@pytest.mark.parametrize("name", [ANNA, MARIA])
def test_nobody_signs_out_while_they_hold_or_listen(name: str) -> None:
    episode, who = watched(), an_actor(name)
    agencies.occupy_desk(by=who, at=NOON)
    out = {"by": who, "at": later(100)}

    assert refused(agencies.vacate_desk, holding=on_hand(who), **out) == "sign_out.holding"
    if name == ANNA:
        commands.leave_line(**leaving(episode, after_s=60))
    else:
        commands.take_back(by=an_actor(), at=later(50), episode_id=episode.pk)
        commands.leave_line(**leaving(episode, MARIA, after_s=60))
    agencies.vacate_desk(holding=on_hand(who), **out)
