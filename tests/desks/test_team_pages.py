"""The dispatch board and one request: what they say, what another program may not see, how many queries."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls.commands import close_call
from nowrongdoor.community import queries as community
from nowrongdoor.desks import dispatch as teams
from nowrongdoor.desks import field
from nowrongdoor.dispatch import board, commands, queries
from nowrongdoor.dispatch.facts import Ask, Point
from nowrongdoor.dispatch.models import Request
from nowrongdoor.dispatch.parts import help_on
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.desks.sending import CREW, MHST, asked, declined, page, queued, row_of, status
from tests.dispatch.floor import (
    ANA,
    ANNA,
    CARL,
    DAVID,
    FLOOR,
    GARZA,
    MARIA,
    STRANGER,
    a_crew,
    a_request,
    an_assignment,
)
from tests.makers import a_screening, an_actor, an_episode, program_id
from tests.triage.desks import STOPS

pytestmark = pytest.mark.usefixtures("db")


# the dispatch board -----------------------------------------------------------------------------


def test_an_empty_board_says_what_will_appear() -> None:
    found = page(CARL, "teams")

    assert "No new requests. New requests appear here automatically." in found
    assert "No active assignments." in found
    assert "0 requests waiting" in found
    assert "No crew" in found
    assert "t-asked" not in found


def test_the_list_says_what_the_protocol_tells_crews_of_the_calls_that_need_it() -> None:
    staged, other = asked("1 Quiet Street"), asked("2 Quiet Street")
    says = "the ambulance stages until police say it is safe"
    for request, weapon in ((staged, "in_reach"), (other, "none")):
        given = STOPS | {"MED": "U", "WPN": weapon}
        with act_as(an_actor(MARIA)):
            a_screening(request.episode, an_actor(MARIA), at=now(), **given)

    found = page(CARL, "teams")

    assert found.count(f"<strong>{says}</strong>") == 1
    assert "1 Quiet Street" in found.partition(says)[0]
    assert "2 Quiet Street" in found


def part(found: str, code: str) -> str:
    """What stands under one heading of the board."""
    match = re.search(rf'id="t-{code}".*?</section>', found)
    assert match is not None
    return match[0]


def test_a_request_moves_from_waiting_to_who_comes() -> None:
    request = asked()
    waits = page(CARL, "teams")
    an_assignment(request, at=now())
    comes = page(CARL, "teams")

    number = row_of(request).number
    assert number in part(waits, "waiting")
    assert "Choose a unit" in part(waits, "waiting")
    assert "12 Quiet Street" in waits
    assert "1 request waiting" in waits
    assert "No new requests." in part(comes, "waiting")
    for words in (number, "CMT-A1", "Ana Ruiz", "Samuel Price", ">Dispatched<"):
        assert words in part(comes, "coming")


def test_what_a_desk_asks_of_others_stands_apart() -> None:
    team = an_assignment(asked(), at=now())
    wanted = Ask(team.episode_id, "police_staged", program_id(FLOOR))
    commands.ask(by=an_actor(CARL), at=now(), asked=wanted)

    ours, theirs = page(CARL, "teams"), page(DAVID, "teams")

    assert "Requested, not yet accepted" in part(ours, "asked")
    assert "Choose a unit" not in part(ours, "asked")
    assert "Choose a unit" in part(theirs, "waiting")


def test_a_queued_team_shows_its_promise_and_who_rings() -> None:
    request = queued(asked())

    found = part(page(CARL, "teams"), "waiting")

    assert "No unit assigned" in found
    assert "Carl Jensen calls the caller meanwhile" in found
    assert row_of(request).promised_at is not None


def test_an_alarm_is_ended_from_the_board_and_comes_first() -> None:
    first = an_assignment(asked(), at=now())
    a_crew("ruben.salas", unit="CMT-A2", at=now())
    second = an_assignment(asked("4 Loud Lane"), unit="CMT-A2", at=now())
    commands.activate_duress(by=an_actor("ruben.salas"), at=now(), assignment_id=second.pk)

    found = part(page(CARL, "teams"), "coming")

    assert found.index("CMT-A2") < found.index("CMT-A1")
    assert found.count("DURESS") == found.count("Voice contact made - clear alarm <kbd>") == 1
    assert first.pk != second.pk


def test_the_map_marks_each_person_by_number_and_each_unit_by_name() -> None:
    request = asked()
    an_assignment(request, at=now())
    number = row_of(request).number
    unit = board.units(an_actor(CARL), at=now())[0]
    place = {"lat": "32.22", "lon": "-110.97"}
    Desk(CARL).post(reverse("calls:position", args=[unit.facts.id]), place)

    found = page(CARL, "teams")

    assert 'class="map"' in found
    assert re.search(rf'<g class="mark assigned"><title>{unit.code}</title>', found)
    assert re.search(rf'<g class="mark person"><title>{number}</title>', found)

    drawn = Desk(CARL).get(reverse("calls:map_frame")).json()
    told = [
        (each["name"], each["look"]) for each in (marks(drawn, "people") + marks(drawn, "units"))
    ]
    assert told == [(number, "person"), (unit.code, "assigned")]
    assert marks(drawn, "people")[0]["opens"] == str(request.pk)


def marks(frame: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [each["properties"] for each in frame[name]["features"]]


def test_a_call_at_a_sure_address_stands_there_and_is_driven_to_there() -> None:
    """What is not sure, or on no street of the file, stays in the middle of its zone."""
    request, landmark = (
        asked("12 hundred East Speedway, blue door"),
        asked("Reid Park, by the pond"),
    )
    frame = Desk(CARL).get(reverse("calls:map_frame")).json()
    at = {
        each["properties"]["opens"]: each["geometry"]["coordinates"]
        for each in frame["people"]["features"]
    }

    assert at[str(request.pk)] == [-110.95266, 32.236]
    assert at[str(landmark.pk)] != at[str(request.pk)]
    with act_as(an_actor(CARL)):
        places = queries.places_of([request.episode_id, landmark.episode_id])
    central = community.zone_id("central")
    assert central is not None
    [(lat, lon)] = community.zone_centres([central]).values()
    assert places[request.episode_id] == Point(32.236, pytest.approx(-110.95266))
    assert places[landmark.episode_id] == Point(lat, lon)


def test_zones_and_streets_are_kept_by_the_browser_and_name_nobody() -> None:
    answer = Desk(CARL).get(reverse("calls:map_lines"))
    lines = answer.json()

    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert set(lines) == {"zones", "names", "streets", "first"}
    assert len(lines["streets"]["features"]) == 54
    [[west, south], [east, north]] = lines["first"]
    assert (west < -110.95 < east, south < 32.22 < north) == (True, True)


# one request ------------------------------------------------------------------------------------


def test_a_request_shows_its_units_in_order_to_the_desk_and_its_state_to_who_asked() -> None:
    a_crew(at=now())
    request = asked()

    desk, asker = (page(name, "request", request.pk) for name in (CARL, MARIA))

    assert "Recommended units" in desk
    assert re.search(CREW, desk)
    assert desk.index("CMT-A1") < desk.index("CMT-B1")
    assert "No crew." in desk
    assert "Accept, assign later" in desk
    for found in (desk, asker):
        assert "12 Quiet Street" in found
        assert "Requested, not yet accepted" in found
        assert "Maria Lopez" in found
    for words in ("Recommended units", "Accept, assign later", "Hold for a unit"):
        assert words not in asker


def test_who_is_coming_is_no_choice_any_more_and_who_goes_elsewhere_says_so() -> None:
    first, second = asked(), asked("4 Loud Lane")
    an_assignment(first, at=now())

    def choices(request: Request) -> str:
        return page(CARL, "request", request.pk).partition("Recommended units")[2]

    assert "CMT-A1" not in choices(first)
    assert "CMT-A1" in page(CARL, "request", first.pk)
    assert re.search("CMT-A1.*On another assignment", choices(second), re.DOTALL)


def test_only_who_asked_is_asked_what_now_after_a_no() -> None:
    request = declined(asked())

    found = page(MARIA, "request", request.pk)

    assert "Next step" in found
    assert "No unit available" in found  # the reason, in words
    assert status(CARL, "request", request.pk) == 404  # let go with the no


def test_a_request_of_a_closed_call_is_still_drawn() -> None:
    request = asked()
    commands.withdraw_request(by=an_actor(MARIA), at=now(), request_id=request.pk)
    closing = Closing("information", declined_by_person=True)
    close_call(by=an_actor(MARIA), at=now(), episode_id=request.episode_id, closing=closing)

    assert "Canceled" in page(MARIA, "request", request.pk)


def test_a_desk_without_any_unit_of_the_kind_may_still_queue_or_decline() -> None:
    request = a_request(
        an_episode(an_actor(ANNA), at=now()), an_actor(ANNA), kind="police_now", to=FLOOR, at=now()
    )

    found = page(DAVID, "request", request.pk)

    assert "2A31" in found
    assert "CMT-A1" not in found  # another desk's: not in this list at all
    assert "Hold for a unit and give an ETA" in found


# what another program may not see ---------------------------------------------------------------


@pytest.mark.parametrize("name", [STRANGER, MHST, DAVID, "linda.fox"])
def test_another_programs_desk_finds_no_such_request(name: str) -> None:
    request = asked()

    assert status(name, "request", request.pk) == 404
    assert [status(each, "request", uuid4()) for each in (name, CARL)] == [404, 404]
    assert request.pk not in {each.id for each in board.requests(an_actor(name))}


def test_the_pages_are_only_for_those_whose_role_has_them() -> None:
    court = "grace.webb"

    assert [status(ANA, url) for url in ("teams", "rollcall")] == [403, 403]
    assert [status(court, url) for url in ("teams", "rollcall", "field")] == [403] * 3
    assert status(court, "request", uuid4()) == 403
    assert [status(CARL, url) for url in ("teams", "rollcall", "field")] == [200] * 3


def test_the_crew_sees_its_own_person_only() -> None:
    an_assignment(asked(), at=now())
    asked("4 Loud Lane")

    ana, garza = page(ANA, "field"), page(GARZA, "field")

    assert "12 Quiet Street" in ana
    assert "4 Loud Lane" not in ana
    assert "Quiet Street" not in garza


# queries ----------------------------------------------------------------------------------------


def fill(rows: int) -> None:
    """So many calls, each with one request, every third of them queued."""
    for number in range(rows):
        request = asked(f"{number} Quiet Street")
        if number % 3 == 1:
            queued(request)


def test_no_page_makes_more_queries_for_twenty_requests_than_for_one() -> None:
    at, carl = now(), an_actor(CARL)
    a_crew(at=at)
    first = an_assignment(asked(), at=at)
    fill(1)
    pages = {
        "board": lambda: teams.dispatch_board(carl, at=at),
        "request": lambda: teams.request(carl, first.request_id, at=at),
        "rollcall": lambda: teams.rollcall(carl, at=at),
        "field": lambda: field.field(an_actor(ANA), at=at),
        "help": lambda: help_on(an_actor(MARIA), first.episode_id, at=at),
    }

    def count() -> dict[str, int]:
        found = {}
        for name, draw in pages.items():
            with CaptureQueriesContext(connection) as captured:
                draw()
            found[name] = len(captured)
        return found

    count()  # the zones' outlines are read once
    one = count()
    fill(19)

    assert len(teams.dispatch_board(carl, at=at)["waiting"]) == 20
    assert count() == one
