"""Rescue, a call that is asked for, a plan, lines that are down, and the end of a call."""

import pytest

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands
from nowrongdoor.calls.commands.external_responders import RESCUE
from nowrongdoor.calls.commands.legs import ALONE, REMINDER, WATCH_CHECK, WATCH_SUPERVISOR
from nowrongdoor.calls.commands.searches import SEARCH
from nowrongdoor.calls.facts import Medium, SearchFor
from nowrongdoor.calls.models import CallRequest, ExternalResponder, Leg, LineStatus, PlanNote
from nowrongdoor.calls.queries import call_requests, lines_down, plans
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotFound
from tests.calls.lines import (
    ANNA,
    GLORIA,
    LUIS,
    MARIA,
    ROSA,
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
from tests.makers import (
    NOON,
    a_screening,
    accepted,
    an_actor,
    an_episode,
    an_offer,
    later,
    member_id,
    program_id,
    seen,
)

pytestmark = pytest.mark.usefixtures("db")
OVER = Closing("information", declined_by_person=True)


def holder(episode: Episode, by: Actor) -> object:
    row = seen(by, episode.pk)
    assert row is not None
    return row.holder_member_id


# rescue -----------------------------------------------------------------------------------------


def rescue(episode: Episode, *, at: float = 10) -> ExternalResponder:
    return commands.record_dispatched(
        by=an_actor(),
        at=later(at),
        episode_id=episode.pk,
        axis="ems",
        value="now",
        rescue="involuntary",
    )


def test_a_rescue_is_asked_about_until_they_were_met() -> None:
    episode, maria = an_episode(place="12 Quiet Street"), an_actor(MARIA)
    accepted(episode)
    sent = rescue(episode)

    assert due(maria, RESCUE) == due(an_actor(), RESCUE) == {RESCUE: later(910)}
    assert [fire(at) for at in (909, 910, 1810)].count(1) == 2
    commands.record_contact_made(by=maria, at=later(2000), external_responder_id=sent.pk)

    assert kinds().count("calls.rescue_due") == 2
    assert kinds()[-1] == "calls.met"
    assert due(maria, RESCUE) == {}
    again = {"by": maria, "at": later(2001), "external_responder_id": sent.pk}
    assert refused(commands.record_contact_made, **again) == "rescue.met"
    assert refused(commands.record_not_located, **again) == "rescue.met"


def test_not_found_closes_nothing_and_the_next_step_is_due_anew() -> None:
    episode, anna = an_episode(place="12 Quiet Street"), an_actor()
    sent = rescue(episode)

    commands.record_not_located(by=anna, at=later(600), external_responder_id=sent.pk)

    row = seen(anna, episode.pk)
    assert row is not None
    assert row.closed_at is None
    assert due(anna, RESCUE) == {RESCUE: later(1500)}
    with act_as(anna):
        assert ExternalResponder.objects.get().not_found_at == later(600)
    commands.record_contact_made(
        by=anna, at=later(700), external_responder_id=sent.pk
    )  # found after all


def test_what_is_only_sent_sets_no_clock() -> None:
    episode, anna = an_episode(place="12 Quiet Street"), an_actor()

    commands.record_dispatched(
        by=anna, at=NOON, episode_id=episode.pk, axis="police", value="staged"
    )

    assert due(anna, RESCUE) == {}
    assert kinds()[-1] == "calls.externalresponder"


def test_a_rescue_of_somebody_whose_call_is_over_asks_nobody() -> None:
    episode, anna = an_episode(place="12 Quiet Street"), an_actor()
    rescue(episode)
    commands.close_call(by=anna, at=later(20), episode_id=episode.pk, closing=OVER)

    fire(9999)

    assert "calls.rescue_due" not in kinds()


# a call that is asked for -----------------------------------------------------------------------


def test_a_call_that_is_asked_for_is_given_by_an_offer_to_them_by_name() -> None:
    episode, anna, gloria = an_episode(), an_actor(), an_actor(GLORIA)
    pull = commands.request_call(by=gloria, at=later(5), episode_id=episode.pk)
    assert holder(episode, anna) == anna.member_id
    assert [row.asked_by for row in call_requests(anna)] == ["Gloria Mendez"]

    commands.hand_over(by=anna, at=later(8), call_request_id=pull.pk)

    with act_as(gloria):
        offer = Handoff.objects.get(accepted_at=None)
    assert offer.to_member_id == gloria.member_id
    assert holder(episode, anna) == anna.member_id  # it stays theirs until it is accepted
    commands.accept_transfer(by=gloria, at=later(9), handoff_id=offer.pk)
    assert on_line(episode) == {ANNA: "listening", GLORIA: "joined"}
    assert call_requests(anna) == ()


def test_a_call_that_is_kept_can_be_asked_for_again_but_not_twice_at_once() -> None:
    episode, anna, gloria = an_episode(), an_actor(), an_actor(GLORIA)
    ask = {"by": gloria, "at": later(5), "episode_id": episode.pk}
    pull = commands.request_call(**ask)
    twice = refused(commands.request_call, **ask)

    commands.decline_request(by=anna, at=later(8), call_request_id=pull.pk)
    late = refused(commands.hand_over, by=anna, at=later(9), call_request_id=pull.pk)
    commands.request_call(**ask)

    assert (twice, late) == ("pull.asked", "pull.answered")
    with act_as(gloria):
        assert CallRequest.objects.filter(given=False, answered_by_id=anna.member_id).count() == 1
        assert not Handoff.objects.exists()


def test_a_question_to_somebody_who_no_longer_holds_is_over() -> None:
    episode, rosa, gloria = an_episode(), an_actor(ROSA), an_actor(GLORIA)
    commands.request_call(by=rosa, at=later(1), episode_id=episode.pk)
    accepted(episode, to=gloria, at=later(2))

    second = commands.request_call(by=rosa, at=later(3), episode_id=episode.pk)

    assert [row.id for row in call_requests(gloria)] == [second.pk]
    assert call_requests(an_actor()) == ()


def test_nobody_gives_what_another_program_holds_nor_asks_for_their_own() -> None:
    episode, gloria = an_episode(), an_actor(GLORIA)
    pull = commands.request_call(by=an_actor(ROSA), at=later(1), episode_id=episode.pk)
    accepted(episode, to=gloria, at=later(2))

    gave = refused(commands.hand_over, by=an_actor(), at=later(3), call_request_id=pull.pk)
    asked = refused(commands.request_call, by=gloria, at=later(3), episode_id=episode.pk)

    assert (gave, asked) == ("holder.elsewhere", "pull.ours")


def test_a_plan_is_read_by_its_own_program_alone() -> None:
    episode, maria = an_episode(), an_actor(MARIA)
    write = {"episode_id": episode.pk, "text": "Sister stays tonight.", "wishes_follow_up": True}
    with pytest.raises(NotFound):
        commands.write_plan(by=maria, at=later(1), **write)
    accepted(episode, at=later(2))

    commands.write_plan(by=maria, at=later(3), **write)

    assert [row.text for row in plans(an_actor(ROSA), episode.pk)] == ["Sister stays tonight."]
    for name in (ANNA, GLORIA, "judith.park"):
        assert plans(an_actor(name), episode.pk) == ()
        with act_as(an_actor(name)):
            assert not PlanNote.objects.exists()
    empty = write | {"text": " ", "wishes_follow_up": None}
    with pytest.raises(BadInput):
        commands.write_plan(by=maria, at=later(4), **empty)


# lines that are down ----------------------------------------------------------------------------


def handed_to_the_line(*, at: float = 0) -> Episode:
    episode = an_episode(at=later(at))
    accepted(episode, at=later(at))
    return episode


def at_the_desk(*names: str, at: float) -> None:
    for name in names:
        agencies.occupy_desk(by=an_actor(name), at=later(at))


def test_when_the_line_does_not_answer_a_supervisor_assumes_what_was_released_to_it() -> None:
    first, second = handed_to_the_line(), handed_to_the_line(at=1)
    commands.leave_line(**leaving(first, after_s=60))
    at_the_desk(MARIA, at=100)
    ruth = an_actor(RUTH)
    every = {"by": ruth, "episode_ids": (second.pk, first.pk), "reason": "holder_unreachable"}

    reachable = refused(commands.assume_all, at=later(101), **every)
    commands.report_line_down(by=ruth, at=later(101), program_id=program_id("line/counselors"))
    done = commands.assume_all(at=later(102), **every)

    assert (reachable, done) == ("assume.reachable", 2)
    with act_as(ruth):
        lines = Entry.objects.filter(kind="episodes.assumed").order_by("recorded_at")
        assert list(lines.values_list("episode_id", flat=True)) == sorted((first.pk, second.pk))
    assert [holder(each, ruth) for each in (first, second)] == [ruth.member_id] * 2
    assert on_line(first) == {MARIA: "joined"}  # who really talks is asked on both sides
    assert kinds().count("calls.line_down") == 1


def test_a_supervisor_assumes_one_whose_holder_is_at_no_desk() -> None:
    episode, ruth = an_episode(an_actor("luis.ortega")), an_actor(RUTH)

    commands.assume_call(by=ruth, at=later(9), episode_id=episode.pk, reason="holder_unreachable")

    assert holder(episode, ruth) == ruth.member_id


def test_a_supervisor_assumes_all_of_them_or_none() -> None:
    first, second = handed_to_the_line(), an_episode(an_actor("walter.pena"))
    commands.report_line_down(by=an_actor(RUTH), at=NOON, program_id=program_id("line/counselors"))

    rule = refused(
        commands.assume_all,
        by=an_actor(RUTH),
        at=later(9),
        episode_ids=(first.pk, second.pk),
        reason="holder_unreachable",
    )

    assert rule == "row.missing"
    assert holder(first, an_actor()) == member_id(MARIA)


def test_a_supervisor_who_listened_speaks_when_they_assume() -> None:
    episode, ruth = handed_to_the_line(), an_actor(RUTH)
    commands.offer_watch(by=an_actor(), at=later(5), to_member_id=member_id(RUTH))
    commands.accept_watch(by=ruth, at=later(6))
    commands.report_line_down(by=ruth, at=later(7), program_id=program_id("line/counselors"))

    commands.assume_all(
        by=ruth, at=later(8), episode_ids=(episode.pk,), reason="holder_unreachable"
    )

    assert on_line(episode) == {RUTH: "joined", MARIA: "joined"}
    assert due(ruth, WATCH_CHECK, WATCH_SUPERVISOR) == {}
    commands.leave_line(**leaving(episode, MARIA, after_s=20))


def test_lines_are_down_once_until_somebody_says_they_are_back() -> None:
    ruth, line = an_actor(RUTH), program_id("line/counselors")
    say = {"by": ruth, "program_id": line}
    assert commands.report_line_up(at=NOON, **say) is None
    commands.report_line_down(at=later(1), **say)

    twice = refused(commands.report_line_down, at=later(2), **say)
    own = refused(commands.report_line_down, by=ruth, at=NOON, program_id=ruth.program_id)
    role = refused(commands.report_line_down, by=an_actor(), at=NOON, program_id=line)
    assert lines_down(an_actor(MARIA)) == {line: later(1)}  # no secret to anybody
    commands.report_line_up(at=later(9), **say)

    assert (twice, own, role) == ("line.down", "line.own", "role.not_granted")
    assert lines_down(ruth) == {}
    with act_as(ruth):
        assert LineStatus.objects.get().up_at == later(9)


# the end ----------------------------------------------------------------------------------------


def test_a_call_ends_with_its_lines_and_frees_who_only_listens() -> None:
    episode, maria = handed_to_the_line(), an_actor(MARIA)

    commands.close_call(by=maria, at=later(9), episode_id=episode.pk, closing=OVER)

    leg = the_leg(episode)
    row = seen(maria, episode.pk)
    assert row is not None
    assert (leg.ended_as, leg.ended_at, row.closed_at) == ("ended", later(9), later(9))
    assert on_line(episode) == {}
    assert due(maria, WATCH_CHECK, WATCH_SUPERVISOR, REMINDER) == {}
    assert kinds()[-1] == "calls.leg_ended"


def test_a_call_does_not_end_while_somebody_else_speaks_or_has_not_seen_the_rise() -> None:
    episode, maria = handed_to_the_line(), an_actor(MARIA)
    close = {"by": maria, "episode_id": episode.pk, "closing": OVER}
    a_screening(episode, maria, at=later(1), TALK="Y")
    a_screening(episode, maria, at=later(2), WPN="in_hand")

    unseen = refused(commands.close_call, at=later(3), **close)
    commands.acknowledge_level(**leaving(episode, after_s=4))
    commands.join_line(**leaving(episode, LUIS, after_s=5))
    speaking = refused(commands.close_call, at=later(6), **close)
    commands.acknowledge_level(**leaving(episode, MARIA, after_s=7))
    commands.leave_line(**leaving(episode, LUIS, after_s=7))
    commands.close_call(at=later(8), **close)

    assert (unseen, speaking) == ("release.other_not_seen", "close.somebody_on")


def test_a_call_that_may_not_close_keeps_its_lines() -> None:
    episode, maria = handed_to_the_line(), an_actor(MARIA)
    returned(episode, at=later(1))

    rule = refused(commands.close_call, by=maria, at=later(2), episode_id=episode.pk, closing=OVER)

    assert rule == "close.offered"
    assert on_line(episode) == {ANNA: "listening", MARIA: "joined"}


def test_time_ends_nothing() -> None:
    """A week in which nobody touches a key: everybody is held, every line stands, alarms go on."""
    alone, offered, handed, sought, _quiet = (an_episode(place="12 Quiet Street") for _ in range(5))
    commands.lose_line(**leaving(alone, after_s=1))
    an_offer(offered, at=later(1))
    accepted(handed)
    commands.start_search(by=an_actor(), at=NOON, episode_id=sought.pk, seeking=SearchFor.PLACE)
    rescue(sought)
    chat = an_episode(an_actor(MARIA), medium=Medium.TEXT)

    for hours in (1, 24, 24 * 7):
        for _ in range(3):
            fire(3600 * hours)

    anna = an_actor()
    with act_as(anna):
        assert Episode.objects.filter(closed_at=None, joined_into=None).count() == 5
        assert Leg.objects.filter(ended_at=None).count() == 5
        assert Handoff.objects.get(episode=offered).ended == ""
    assert seen(an_actor(MARIA), chat.pk) is not None
    assert on_line(handed) == {ANNA: "listening", MARIA: "joined"}
    assert due(anna, ALONE) == {ALONE: later(3600 * 24 * 7 + 15)}
    assert set(due(anna, SEARCH, RESCUE)) == {SEARCH, RESCUE}


def test_whoever_works_on_an_episode_asks_their_supervisors_to_look() -> None:
    episode = an_episode()

    commands.escalate(by=an_actor(ANNA), at=later(1), episode_id=episode.pk)

    assert kinds()[-1] == "calls.escalated"
