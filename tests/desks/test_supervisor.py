"""The supervisor's page: what waits, and lines that do not answer."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands, queries, rules
from nowrongdoor.calls.facts import SearchFor
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.desks import waiting
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.site.reactions import DEADLINES
from nowrongdoor.triage import commands as triage
from nowrongdoor.web.clock import now
from tests.calls.lines import ANNA, LUIS, MARIA, RUTH, the_leg
from tests.clients import Desk
from tests.desks.floor import (
    PAGE,
    a_call,
    holders,
    line_says,
    page_of,
    released,
    seated,
    section,
    text,
)
from tests.makers import an_actor, an_episode, an_offer, member_id

pytestmark = pytest.mark.usefixtures("db")


# what needs the supervisor ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "open_to"), [(ANNA, 403), (MARIA, 403), (RUTH, 200), ("denise.wright", 200)]
)
def test_only_who_supervises_opens_it(who: str, open_to: int) -> None:
    desk = Desk(who)

    assert desk.get(reverse(PAGE)).status_code == open_to
    assert (reverse(PAGE) in text(desk.get(reverse("calls:board")))) == (open_to == 200)


def test_nobody_waiting_is_said_and_nothing_else_is_shown() -> None:
    seated(ANNA)
    a_call("2")

    page = page_of(RUTH)

    assert "Nothing needs a supervisor." in page
    assert "0 items need action" in page
    assert 'id="s-' not in page


def test_a_caller_alone_comes_first_and_the_key_brings_one_onto_the_line() -> None:
    seated(ANNA)
    episode = a_call("2")
    leg = the_leg(episode)
    commands.lose_line(by=an_actor(ANNA), at=now(), leg_id=leg.pk)
    desk = Desk(RUTH)

    page = text(desk.get(reverse(PAGE)))
    join = reverse("calls:join_line", args=[leg.pk])
    assert join in section(page, "now")
    assert episode.label in section(page, "now")
    assert "level-2" in section(page, "now")
    assert "1 item needs action" in page
    desk.post(join)

    assert section(text(desk.get(reverse(PAGE))), "now") == ""


def test_a_caller_alone_who_was_joined_to_another_is_shown_with_that_one() -> None:
    seated(ANNA)
    one, other = a_call(), a_call()
    commands.lose_line(by=an_actor(ANNA), at=now(), leg_id=the_leg(other).pk)
    episodes.join_episode(by=an_actor(ANNA), at=now(), episode_id=other.pk, into_id=one.pk)

    assert one.label in section(page_of(RUTH), "now")


def test_what_cannot_wait_stands_above_all_in_one_list() -> None:
    """A18: the one with violence, whose owner is offline, is not the last row of the page."""
    silent, violent = a_call("2", ago_s=900), a_call("4")

    page = page_of(RUTH)

    assert violent.label in section(page, "now")
    assert "Owners offline" in section(page, "now")
    assert 'class="alarm"' in section(page, "now")
    assert silent.label in section(page, "unreachable")
    assert violent.label not in section(page, "unreachable")
    assert page.index(violent.label) < page.index(silent.label)


def test_an_offer_that_nobody_answered_is_shown_with_both_sides() -> None:
    seated(ANNA)
    quiet, waits = a_call(), a_call(ago_s=300)
    an_offer(quiet, an_actor(ANNA), at=now())
    an_offer(waits, an_actor(ANNA), at=now() - timedelta(minutes=4))
    fire_due(at=now(), reactions=DEADLINES)

    found = section(page_of(RUTH), "offers")

    assert waits.label in found
    assert "Anna Miller to Counselors" in found
    assert quiet.label not in found


def test_a_holder_who_cannot_be_reached_is_taken_over_with_one_key() -> None:
    seated(LUIS)
    gone, there = a_call(by=ANNA), a_call(by=LUIS)
    desk = Desk(RUTH)

    found = section(text(desk.get(reverse(PAGE))), "unreachable")
    assert gone.label in found
    assert there.label not in found
    desk.post(reverse("calls:assume_call", args=[gone.pk]), {"reason": "holder_unreachable"})

    assert holders()[gone.pk] == member_id(RUTH)


def test_searches_rescues_and_what_is_overdue_are_shown_with_who_answers_for_them() -> None:
    seated(ANNA)
    anna = an_actor(ANNA)
    episode = a_call("3A", ago_s=3600)
    at = now() - timedelta(minutes=30)
    commands.start_search(by=anna, at=at, episode_id=episode.pk, seeking=SearchFor.PLACE)
    rescue = commands.record_dispatched(
        by=anna, at=at, episode_id=episode.pk, axis="ems", value="now", rescue="voluntary"
    )
    desk = Desk(RUTH)

    page = text(desk.get(reverse(PAGE)))
    assert "Location - locating: Anna Miller, attempts: 0" in section(page, "searches")
    assert "Dispatch recorded by Anna Miller; no contact confirmed" in section(page, "rescues")
    assert episode.label in section(page, "overdue")
    assert "1 item needs action" in page  # one person in three lists is one person
    desk.post(reverse("calls:record_contact_made", args=[rescue.pk]))

    assert section(text(desk.get(reverse(PAGE))), "rescues") == ""


def test_what_is_closed_waits_for_nobody() -> None:
    seated(ANNA)
    anna = an_actor(ANNA)
    episode = a_call(ago_s=60)
    commands.record_dispatched(
        by=anna, at=now(), episode_id=episode.pk, axis="ems", value="now", rescue="voluntary"
    )
    over = Closing("information", declined_by_person=True)
    commands.close_call(by=anna, at=now(), episode_id=episode.pk, closing=over)

    assert 'id="s-' not in page_of(RUTH)
    assert waiting.count(an_actor(RUTH), at=now()) == 0


def test_a_relief_that_waits_or_was_declined_is_shown_until_somebody_accepts() -> None:
    seated(ANNA)
    anna, luis = an_actor(ANNA), an_actor(LUIS)
    episode = a_call()
    commands.relieve_all(by=anna, at=now(), to_member_id=member_id(LUIS))
    assert "Anna Miller is waiting for Luis Ortega to accept" in section(page_of(RUTH), "reliefs")
    with act_as(anna):
        [offer] = episode.handoffs.filter(purpose="relief")

    episodes.decline_offer(by=luis, at=now(), handoff_id=offer.pk, reason="capacity")
    assert "Luis Ortega declined the shift change from Anna Miller" in section(
        page_of(RUTH), "reliefs"
    )
    episodes.assume_episode(
        by=an_actor(RUTH), at=now(), episode_id=episode.pk, reason="supervisor_decision"
    )

    assert section(page_of(RUTH), "reliefs") == ""


def test_a_lowered_level_stands_there_for_a_day_with_who_and_why() -> None:
    seated(ANNA)
    ruth = an_actor(RUTH)
    for hours, class_level in ((1, "3A"), (25, "3A")):
        episode = a_call(class_level, ago_s=3600 * hours + 60)
        triage.lower(
            by=ruth,
            at=now() - timedelta(hours=hours),
            episode_id=episode.pk,
            to="2",
            reason="new_facts",
        )

    found = section(page_of(RUTH), "lowered")

    assert found.count("data-key-row") == 1
    assert re.search(r"level-3A.*level-2.*Ruth Palmer.*New facts", found)


# lines --------------------------------------------------------------------------------------------


def test_a_line_that_does_not_answer_lists_whom_we_released_to_it_by_level() -> None:
    seated(ANNA, MARIA)
    wanted = {level: released(level) for level in ("2", "", "E", "3A", "3B")}
    theirs = an_episode(an_actor(MARIA), at=now())  # a call of their own
    assert "Take over selected" not in page_of(RUTH)

    line_says("no")
    page = page_of(RUTH)

    listed = re.findall(r'name="episode" value="([^"]+)" checked', page)
    assert listed == [str(wanted[level].pk) for level in ("E", "3B", "", "3A", "2")]
    assert str(theirs.pk) not in listed
    assert "reported by Ruth Palmer" in page
    line_says("yes")
    assert "Take over selected" not in page_of(RUTH)
    assert queries.lines_down(an_actor(RUTH)) == {}


def test_those_chosen_are_taken_over_and_no_other() -> None:
    seated(ANNA, MARIA)
    one, two, three = (released() for _ in range(3))
    line_says("no")

    Desk(RUTH).post(
        reverse("calls:take_over"),
        {"reason": "line_down", "episode": [str(one.pk), str(two.pk)], "every": [str(three.pk)]},
    )

    maria, ruth = member_id(MARIA), member_id(RUTH)
    assert holders() == {one.pk: ruth, two.pk: ruth, three.pk: maria}


def test_one_key_takes_over_the_whole_list() -> None:
    seated(ANNA, MARIA)
    ids = {released().pk for _ in range(3)}
    line_says("no")
    every = [str(id) for id in ids]

    Desk(RUTH).post(
        reverse("calls:take_over"),
        {"reason": "line_down", "all": "yes", "episode": every[:1], "every": every},
    )

    assert holders() == dict.fromkeys(ids, member_id(RUTH))


def test_all_or_none_are_taken_over() -> None:
    seated(ANNA, MARIA)
    ours = released()
    never = an_episode(an_actor(MARIA), at=now())
    line_says("no")

    told = Desk(RUTH).post(
        reverse("calls:take_over"),
        {"reason": "line_down", "episode": [str(ours.pk), str(never.pk)]},
    )

    assert told.status_code in (404, 409)
    assert holders()[ours.pk] == member_id(MARIA)


def test_while_the_line_answers_only_whose_holder_is_silent_is_on_the_list() -> None:
    seated(ANNA)  # Maria's desk is not heard
    gone = released("2")

    page = page_of(RUTH)
    assert "Owner offline" in page
    assert re.findall(r'name="episode" value="([^"]+)"', page) == [str(gone.pk)]
    Desk(RUTH).post(
        reverse("calls:take_over"), {"reason": "holder_unreachable", "episode": [str(gone.pk)]}
    )

    assert holders()[gone.pk] == member_id(RUTH)


@pytest.mark.parametrize("posted", [{}, {"episode": "not-an-id"}, {"all": "yes"}])
def test_taking_over_nobody_is_one_clear_sentence(posted: dict[str, str]) -> None:
    told = Desk(RUTH).post(reverse("calls:take_over"), posted | {"reason": "line_down"})

    assert told.status_code == 422


def test_nobody_says_that_a_line_is_down_to_which_they_hand_nobody() -> None:
    url = reverse("calls:line_answers")

    for program in (an_actor("judith.park").program_id, an_actor(RUTH).program_id, "ghost"):
        assert Desk(RUTH).post(url, {"program": str(program)}).status_code == 422
    assert queries.lines_down(an_actor(RUTH)) == {}
    assert Desk(ANNA).post(url).status_code == 403
    assert Desk(ANNA).post(reverse("calls:take_over")).status_code == 403


@pytest.mark.parametrize(
    ("above", "below"),
    [("E", "3B"), ("4", "3B"), ("3B", ""), ("", "3A"), ("3A", "2"), ("2", "1"), ("1", "X")],
)
def test_levels_are_sorted_with_the_unknown_high(above: str, below: str) -> None:
    assert rules.level_place(above) < rules.level_place(below)
    assert rules.level_place("E") == rules.level_place("4")
    assert rules.level_place("ghost") == rules.level_place("")
