"""The clinician's queue and the shift briefing; and that no page asks more for more rows."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.calls import commands, queries, rules
from nowrongdoor.calls.facts import SearchFor
from nowrongdoor.desks import briefing as morning
from nowrongdoor.desks import queue, waiting
from nowrongdoor.desks import supervisor as supervising
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.episodes.models import Episode
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import commands as triage
from nowrongdoor.web.clock import now
from tests.calls.lines import ANNA, GLORIA, LUIS, MARIA, RUTH, the_leg
from tests.clients import Desk
from tests.desks.floor import (
    LEVELS,
    QUEUE,
    SHEET,
    STOPS,
    a_call,
    holders,
    page_of,
    released,
    seated,
    text,
)
from tests.makers import a_screening, accepted, an_actor, an_episode, an_offer, member_id

pytestmark = pytest.mark.usefixtures("db")


# the clinician's queue ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "stop_yes", "stop_unknown", "rule"),
    [
        ("1", False, False, "pull.possible"),
        ("2", False, False, "pull.possible"),
        ("3A", False, False, "pull.possible"),
        ("3B", False, False, "pull.level"),
        ("4", False, False, "pull.level"),
        ("E", False, False, "pull.level"),
        ("X", False, False, "pull.level"),
        ("", False, True, "pull.unscreened"),
        ("2", False, True, "pull.stop_unknown"),
        ("2", True, False, "pull.stop_yes"),
        ("2", True, True, "pull.stop_yes"),
    ],
)
def test_which_calls_could_be_pulled(
    level: str, *, stop_yes: bool, stop_unknown: bool, rule: str
) -> None:
    verdict = rules.may_pull(level, stop_yes=stop_yes, stop_unknown=stop_unknown)

    assert (verdict.rule, verdict.allowed) == (rule, rule == "pull.possible")


def queue_of(by: str = GLORIA) -> dict[str, dict[str, str]]:
    found = queue.queue(an_actor(by), at=now())
    return {
        name: {call.row.number: call.why for call in found[name]} for name in ("could", "others")
    }


def test_the_queue_puts_first_what_could_be_pulled_and_says_of_the_rest_why_not() -> None:
    low, team = a_call("2"), a_call("3A")
    pair, bare, emergency, open_stop = a_call("3B"), a_call(), a_call("E"), a_call()
    a_screening(open_stop, at=now(), **STOPS | LEVELS["2"] | {"HAZ": "U"})
    an_episode(an_actor(MARIA), at=now())  # not of the floor

    found = queue_of()

    assert list(found["could"]) == [team.label, low.label]
    assert next(iter(found["others"])) == emergency.label
    assert found["others"].keys() == {each.label for each in (pair, bare, emergency, open_stop)}
    assert found["others"][emergency.label] == "An emergency question was answered yes."
    assert found["others"][pair.label].startswith("The level is above 3A")
    assert found["others"][bare.label] == "This call is not screened yet."
    assert found["others"][open_stop.label] != ""


def test_what_one_of_two_callers_says_yes_to_keeps_the_call_from_being_pulled() -> None:
    one, other = a_call("2"), a_call("E")
    assert one.label in queue_of()["could"]

    episodes.join_episode(by=an_actor(ANNA), at=now(), episode_id=other.pk, into_id=one.pk)

    assert queue_of()["others"] == {one.label: "An emergency question was answered yes."}


def test_the_highest_level_of_two_callers_is_the_one_that_counts() -> None:
    one, other = a_call("2"), a_call("3B")

    episodes.join_episode(by=an_actor(ANNA), at=now(), episode_id=other.pk, into_id=one.pk)

    [call] = queue.queue(an_actor(GLORIA), at=now())["others"]
    assert (call.row.number, call.level) == (one.label, "3B")
    assert call.why.startswith("The level is above 3A")


def test_a_call_is_asked_for_once_and_an_offer_is_accepted_on_top() -> None:
    episode = a_call("2")
    desk, ask = Desk(GLORIA), reverse("calls:request_call", args=[episode.pk])

    assert ask in text(desk.get(reverse(QUEUE)))
    desk.post(ask)
    page = text(desk.get(reverse(QUEUE)))
    assert ask not in page
    assert "Requested by Gloria Mendez" in page
    [pull] = queries.call_requests(an_actor(GLORIA))
    Desk(ANNA).post(reverse("calls:hand_over", args=[pull.id]))

    page = text(desk.get(reverse(QUEUE)))
    assert queue_of() == {"could": {}, "others": {}}  # it stands on top, and only there
    accept = re.search(r'id="q-offered".*?action="([^"]+)"', page)
    assert accept is not None
    desk.post(accept[1])
    assert holders()[episode.pk] == member_id(GLORIA)


def test_the_queue_is_a_clinician_s_on_the_floor() -> None:
    a_call("2")

    assert reverse(QUEUE) in page_of(GLORIA, "calls:board")
    for name in (ANNA, MARIA, RUTH):
        assert reverse(QUEUE) not in page_of(name, "calls:board")
        assert "No active calls on your floor" in page_of(name, QUEUE)
    assert Desk("janet.holt").get(reverse(QUEUE)).status_code == 403


# the shift briefing -----------------------------------------------------------------------------------


def sheet(by: str = ANNA) -> dict[str, list[tuple[str, str, str]]]:
    """Number, what is said and the one name, of each line, by section."""
    found = morning.morning(an_actor(by), at=now())
    return {
        code: [(line.number, line.says, line.name) for line in lines]
        for code, _title, lines in found["sheets"]
    }


def test_it_begins_at_half_past_seven_of_the_day_before() -> None:
    zone = ZoneInfo("America/Phoenix")

    for hour in (7, 14, 23):  # midnight, seven in the morning and four in the afternoon there
        at = datetime(2027, 3, 2, hour, 10, tzinfo=UTC)
        assert morning.begins(at, zone) == datetime(2027, 3, 1, 14, 30, tzinfo=UTC)


def test_everybody_handed_over_and_not_accepted_is_there_with_who_holds_them() -> None:
    seated(ANNA)
    waits, declined, old, plain = a_call(), a_call(), a_call(ago_s=200000), a_call()
    an_offer(waits, at=now())
    refused = an_offer(declined, at=now())
    episodes.decline_offer(by=an_actor(MARIA), at=now(), handoff_id=refused.pk, reason="capacity")
    past = now() - timedelta(seconds=180000)
    refused = an_offer(old, at=past)
    episodes.decline_offer(by=an_actor(MARIA), at=past, handoff_id=refused.pk, reason="capacity")

    found = sheet()["handed"]

    assert found[0] == (waits.label, "Counselors", "Anna Miller")
    assert found[1][0] == declined.label
    assert found[1][1].startswith("Counselors: declined, ")
    assert [number for number, _says, _name in found] == [waits.label, declined.label]
    assert plain.label not in str(found)


def test_whom_others_hold_is_there_until_it_comes_back_as_a_code() -> None:
    seated(ANNA, MARIA)
    episode = released("2")
    assert sheet()["gone"] == [(episode.label, "Counselors", "Maria Lopez")]
    assert sheet()["back"] == []

    over = Closing("safety_plan", accountable_member_id=member_id(MARIA))
    commands.close_call(by=an_actor(MARIA), at=now(), episode_id=episode.pk, closing=over)

    found = sheet()
    assert found["gone"] == []
    assert found["back"] == [(episode.label, "Resolved, Counselors", "Anna Miller")]
    assert "safety plan" not in page_of(ANNA, SHEET).lower()
    assert sheet(MARIA)["back"] == []  # they closed it themselves


def test_whom_one_only_works_beside_or_got_back_was_released_to_nobody() -> None:
    seated(ANNA, MARIA)
    a_call("2")  # the clinicians on the floor work on it, and have handed it to nobody
    back = released("2")
    accepted(back, an_actor(MARIA), to=an_actor(ANNA), kind="return_to_911", at=now())

    assert sheet(GLORIA)["gone"] == []
    assert sheet(MARIA)["gone"] == [(back.label, "911 floor", "Anna Miller")]
    assert queue_of(MARIA) == {"could": {}, "others": {}}  # no floor of theirs
    over = Closing("safety_plan", accountable_member_id=member_id(ANNA))
    commands.close_call(by=an_actor(ANNA), at=now(), episode_id=back.pk, closing=over)

    assert sheet()["back"] == []  # one's own closing is no news
    assert sheet(MARIA)["back"] == [(back.label, "Resolved, 911 floor", "Maria Lopez")]


def test_a_wish_to_be_called_is_on_the_own_program_s_sheet_until_it_is_somebody_s() -> None:
    seated(ANNA, MARIA)
    maria = an_actor(MARIA)
    episode, other = released(), released()

    def write(episode: Episode, *, wish: bool) -> None:
        commands.write_plan(
            by=maria, at=now(), episode_id=episode.pk, text="", wishes_follow_up=wish
        )

    write(episode, wish=True)
    write(other, wish=True)
    write(other, wish=False)  # thought better of it

    assert sheet(MARIA)["wishes"] == [(episode.label, "", "Maria Lopez")]
    assert sheet(ANNA)["wishes"] == []
    over = Closing("safety_plan", accountable_member_id=member_id(MARIA))
    commands.close_call(by=maria, at=now(), episode_id=episode.pk, closing=over)
    assert sheet(MARIA)["wishes"] == []


def test_who_is_on_duty_is_there_and_what_does_not_exist_is_said_in_one_sentence() -> None:
    agencies.start_shift(
        by=an_actor(RUTH), at=now(), member_id=member_id(LUIS), until_at=None, supervises=True
    )

    page = page_of(ANNA, SHEET)

    assert re.search(r"On duty.*Luis Ortega.*Queue supervisor", page)
    assert page.count("court orders") == 1
    assert Desk("victor.reed").get(reverse(SHEET)).status_code == 403
    assert reverse(SHEET) in page_of(ANNA, "calls:board")


# all three ----------------------------------------------------------------------------------------


def fill(by: Actor, rows: int) -> None:
    """So many of each sort: alone, offered, released, searched for, lowered, asked for."""
    for _ in range(rows):
        alone = a_call("2", ago_s=1)
        commands.lose_line(by=by, at=now(), leg_id=the_leg(alone).pk)
        commands.start_search(by=by, at=now(), episode_id=alone.pk, seeking=SearchFor.PLACE)
        triage.lower(by=an_actor(RUTH), at=now(), episode_id=alone.pk, to="1", reason="new_facts")
        an_offer(a_call("3A"), by, at=now())
        gone = released("2")
        commands.write_plan(
            by=an_actor(MARIA), at=now(), episode_id=gone.pk, text="", wishes_follow_up=True
        )
        commands.request_call(by=an_actor(GLORIA), at=now(), episode_id=alone.pk)


def test_every_page_makes_as_many_queries_for_twenty_as_for_one() -> None:
    seated(ANNA, MARIA)
    anna, at = an_actor(ANNA), now() + timedelta(minutes=10)
    pages = {
        "supervising": lambda: supervising.supervising(an_actor(RUTH), at=at),
        "count": lambda: waiting.count(an_actor(RUTH), at=at),
        "queue": lambda: queue.queue(an_actor(GLORIA), at=at),
        "morning": lambda: morning.morning(an_actor(MARIA), at=at),
        "sent": lambda: morning.morning(anna, at=at),
    }

    def count() -> dict[str, int]:
        found = {}
        for name, page in pages.items():
            with CaptureQueriesContext(connection) as captured:
                page()
            found[name] = len(captured)
        return found

    fill(anna, 1)
    count()  # what is kept by version is read once
    one = count()
    fill(anna, 19)

    assert count() == one
    assert max(one.values()) < 60
