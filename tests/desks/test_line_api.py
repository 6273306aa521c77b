"""The API of callers' lines and of screening, by tokens alone: no desk and no browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands
from nowrongdoor.calls.models import Contact, ExternalResponder
from nowrongdoor.episodes.models import Card
from nowrongdoor.triage.models import Answer
from nowrongdoor.web.clock import now
from tests.desks.machines import a_person, done, get, handed_on, lines, on, post, rule, taken
from tests.makers import an_actor, member_id, program_id

pytestmark = pytest.mark.usefixtures("db")
Wait = Callable[[float], None]
NO_DANGER = {"MED": "N", "ACT": "N", "WPN": "none", "VIO": "N", "CRM": "none", "HAZ": "none"}
REST = {"AGE": "adult", "PSY": "N", "SCN": "N", "HI": "none", "TALK": "Y"}
"""With the hard stops and thoughts of suicide, all that a level is so far without."""


@pytest.fixture
def floor() -> Client:
    return a_person("anna.miller")


@pytest.fixture
def line() -> Client:
    return a_person("maria.lopez")


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Wait:
    """Let so many seconds pass at the API's edge."""
    passed = 0.0

    def forward(seconds: float) -> None:
        nonlocal passed
        passed += seconds
        for module in ("desks.api", "desks.line_api", "kit.acts"):
            monkeypatch.setattr(
                f"nowrongdoor.{module}.now", lambda: now() + timedelta(seconds=passed)
            )

    return forward


def test_a_whole_call_by_two_people(floor: Client, line: Client, wait: Wait) -> None:
    ids = taken(floor, place="12 Quiet Street")
    here, leg = f"/episodes/{ids['episode_id']}", f"/lines/{ids['leg_id']}"
    unasked = done(get(floor, f"{here}/need"))
    assert (unasked["level"], unasked["provisional"], unasked["response"]) == ("", True, None)
    assert on(floor, ids) == {"Anna Miller": "joined"}

    done(post(floor, f"{here}/answers", {"answers": NO_DANGER, "asked_together": True}))
    done(post(floor, f"{here}/answers", {"answers": {"ABU": "N", "SI": "passive"} | REST}))
    need = done(get(floor, f"{here}/need"))
    assert (need["provisional"], need["step"]) == (False, 2)
    assert need["why"]
    assert "counselor_on_the_phone" in [duty["id"] for duty in need["duties"]]

    offer = {"kind": "warm_transfer", "to_program_id": str(program_id("line/counselors"))}
    offered = done(post(floor, f"{here}/offers", offer))
    done(post(line, f"/offers/{offered['id']}/accept"))
    assert on(line, ids) == {"Anna Miller": "listening", "Maria Lopez": "joined"}

    wait(1)
    assert rule(post(floor, f"{leg}/leave")) == (409, "release.early")
    done(post(line, f"{here}/answers", {"answers": {"WPN": "in_hand"}}))
    rose = done(get(floor, f"{here}/need"))
    assert (rose["level"], rose["response"]["police"], rose["rose_step"]) == ("4", "now", 3)
    wait(60)
    assert rule(post(floor, f"{leg}/leave")) == (409, "release.level_rose")
    done(post(floor, f"{leg}/seen"))
    done(post(floor, f"{here}/answers", {"answers": {"MED": "Y"}}))
    assert rule(post(floor, f"{leg}/leave")) == (409, "release.other_not_seen")
    done(post(line, f"{leg}/seen"))
    assert {each["seen_step"] for each in lines(floor, ids)[0]["on"]} == {4}
    assert rule(post(floor, f"{leg}/leave")) == (409, "release.duty")
    done(post(floor, f"{here}/duties/means_safety_before_release"))

    done(post(floor, f"{leg}/leave"))
    assert on(line, ids) == {"Maria Lopez": "joined"}
    done(post(line, f"{here}/sent", {"axis": "ems", "value": "now"}))
    done(post(line, f"{here}/close", {"outcome": "stabilized_phone", "declined_by_person": True}))
    assert lines(line, ids) == []


def test_a_line_says_who_is_on_it_and_which_of_them_asks(floor: Client, line: Client) -> None:
    ids = handed_on(floor, line)

    [leg] = lines(line, ids)
    anna, maria = sorted(leg["on"], key=lambda one: str(one["name"]))
    assert set(anna) == {
        "name",
        "program",
        "program_id",
        "mode",
        "since_at",
        "seen_step",
        "relief_to",
        "you",
    }
    assert (leg["episode_id"], leg["medium"], leg["alone_since"]) == (
        ids["episode_id"],
        "audio",
        None,
    )
    assert (anna["you"], anna["program_id"]) == (False, str(program_id("911/floor")))
    assert (maria["you"], maria["mode"]) == (True, "joined")


def test_a_broken_connection_is_a_fact_and_the_caller_is_alone(floor: Client) -> None:
    ids = taken(floor)

    done(post(floor, f"/lines/{ids['leg_id']}/lost"))
    [leg] = lines(floor, ids)
    assert (leg["on"], leg["alone_since"] is None) == ([], False)
    done(post(floor, f"/lines/{ids['leg_id']}/join", {"mode": "joined"}))
    [leg] = lines(floor, ids)
    assert (on(floor, ids), leg["alone_since"]) == ({"Anna Miller": "joined"}, None)


def test_whoever_handed_on_and_lost_the_line_comes_back_to_listen(
    floor: Client, line: Client
) -> None:
    ids = handed_on(floor, line)

    done(post(floor, f"/lines/{ids['leg_id']}/lost"))
    done(post(floor, f"/lines/{ids['leg_id']}/join", {"mode": "listening"}))

    assert on(floor, ids) == {"Anna Miller": "listening", "Maria Lopez": "joined"}


def test_what_was_asked_as_one_question_is_kept_as_that(floor: Client) -> None:
    here = f"/episodes/{taken(floor)['episode_id']}/answers"

    done(post(floor, here, {"answers": NO_DANGER, "asked_together": True}))
    done(post(floor, here, {"answers": {"SI": "passive"}}))

    with act_as(an_actor()):
        rows = Answer.objects.values_list("question", "asked_together")
        assert dict(rows) == dict.fromkeys(NO_DANGER, True) | {"SI": False}


def test_a_lost_caller_is_sought_until_they_are_found(floor: Client) -> None:
    ids = taken(floor)

    search = done(post(floor, f"/lines/{ids['leg_id']}/caller-lost"))
    tries = f"/searches/{search['id']}/tries"
    done(post(floor, tries, {"how": "call"}))
    done(post(floor, tries, {"how": "text", "found": True}))

    assert (search["episode_id"], lines(floor, ids)) == (ids["episode_id"], [])
    assert rule(post(floor, tries, {"how": "call"})) == (409, "search.over")


def test_a_card_with_a_place_ends_the_search_for_one(floor: Client) -> None:
    ids = taken(floor)
    here = f"/episodes/{ids['episode_id']}"

    search = done(post(floor, f"{here}/searches", {"seeking": "place"}))
    done(post(floor, f"{here}/card", {"place": "12 Quiet Street", "note": "blue door"}))

    assert rule(post(floor, f"/searches/{search['id']}/tries", {"how": "call"})) == (
        409,
        "search.over",
    )
    with act_as(an_actor()):
        card = Card.objects.filter(episode_id=ids["episode_id"]).latest("made_at")
    assert (card.place, card.note) == ("12 Quiet Street", "blue door")


def test_a_rescue_waits_until_they_were_met(floor: Client) -> None:
    ids = taken(floor, place="12 Quiet Street")
    rescue = {"axis": "ems", "value": "now", "rescue": "involuntary"}

    sent = done(post(floor, f"/episodes/{ids['episode_id']}/sent", rescue))
    done(post(floor, f"/sent/{sent['id']}/not-found"))
    done(post(floor, f"/sent/{sent['id']}/met"))

    assert rule(post(floor, f"/sent/{sent['id']}/not-found")) == (409, "rescue.met")
    with act_as(an_actor()):
        row = ExternalResponder.objects.get()
    assert (row.axis, row.value, row.rescue) == ("ems", "now", "involuntary")
    assert row.met_by_id == member_id("anna.miller")


def test_a_level_of_ones_own_and_a_lower_one(floor: Client, line: Client) -> None:
    ids = handed_on(floor, line)
    here = f"/episodes/{ids['episode_id']}"
    calm = NO_DANGER | {"ABU": "N", "BHN": "Y", "SI": "none", "HI": "none", "TALK": "Y"} | REST
    done(post(line, f"{here}/answers", {"answers": calm}))

    done(post(line, f"{here}/recommend", {"level": "3B"}))
    assert done(get(line, f"{here}/need"))["level"] == "3B"
    done(post(line, f"{here}/recommend", {"level": "2"}))
    done(post(floor, f"{here}/lower", {"level": "2", "reason": "new_facts"}))

    assert done(get(line, f"{here}/need"))["level"] == "2"


def test_a_duty_keeps_whoever_listens_until_it_is_done(
    floor: Client, line: Client, wait: Wait
) -> None:
    ids = handed_on(floor, line)
    here = f"/episodes/{ids['episode_id']}"
    done(post(floor, f"{here}/answers", {"answers": {"SI": "passive", "GUN": "Y"}}))
    done(post(line, f"/lines/{ids['leg_id']}/seen"))
    wait(60)
    before = rule(post(floor, f"/lines/{ids['leg_id']}/leave"))
    done(post(floor, f"{here}/duties/means_safety_before_release"))

    duties = {duty["id"]: duty for duty in done(get(line, f"{here}/need"))["duties"]}
    blocking = duties["means_safety_before_release"]
    assert before == (409, "release.duty")
    assert (blocking["done"], blocking["blocks_release"]) == (True, True)
    assert blocking["says"].startswith("means-safety plan")
    assert not duties["counselor_on_the_phone"]["blocks_release"]
    done(post(floor, f"/lines/{ids['leg_id']}/leave"))


def test_back_to_911_and_back_again(floor: Client, line: Client) -> None:
    ids = handed_on(floor, line)
    here = f"/episodes/{ids['episode_id']}"
    back = {
        "to_program_id": str(program_id("911/floor")),
        "kind": "return_to_911",
        "place_is": "new",
        "new_place": "4 Other Street",
    }

    done(post(floor, f"{here}/take-back"))
    assert on(floor, ids) == {"Anna Miller": "joined", "Maria Lopez": "joined"}
    offer = {"kind": "warm_transfer", "to_program_id": str(program_id("line/counselors"))}
    done(post(line, f"/offers/{done(post(floor, f'{here}/offers', offer))['id']}/accept"))
    handed = done(post(line, f"{here}/give-back", back))
    done(post(floor, f"/offers/{handed['id']}/accept"))

    [row] = get(floor, "/episodes").json()
    with act_as(an_actor()):
        place = Card.objects.filter(episode_id=ids["episode_id"]).latest("made_at").place
    assert (row["holder_name"], place) == ("Anna Miller", "4 Other Street")


def test_a_watch_goes_to_a_colleague_by_name(floor: Client, line: Client) -> None:
    ids = handed_on(floor, line)
    luis = a_person("luis.ortega")

    asked = done(post(floor, "/watch/offer", {"to_member_id": str(member_id("luis.ortega"))}))
    [leg] = lines(floor, ids)
    relief = {each["name"]: each["relief_to"] for each in leg["on"]}
    listens = done(post(luis, "/watch/accept"))

    assert (asked, listens) == ({"lines": 1}, {"lines": 1})
    assert relief == {"Anna Miller": "Luis Ortega", "Maria Lopez": ""}
    assert on(floor, ids) == {"Luis Ortega": "listening", "Maria Lopez": "joined"}


def test_a_call_says_what_carries_it_and_who_is_calling(floor: Client) -> None:
    caller = {"name": "a neighbor", "callback": "520-555-0123", "language": "es", "relay": True}
    ids = taken(floor, medium="text", caller=caller | {"unverified": True}, name_given="Sam")

    with act_as(an_actor()):
        row = Contact.objects.get(episode_id=ids["episode_id"])
    assert (row.caller_name, row.caller_callback, row.caller_language) == (
        "a neighbor",
        "520-555-0123",
        "es",
    )
    assert (row.caller_relay, row.caller_unverified, row.channel) == (True, True, "text")
    assert lines(floor, ids)[0]["medium"] == "text"


def test_a_number_to_call_back_is_the_callers_where_nothing_else_is_said(floor: Client) -> None:
    ids = taken(floor, callback="520-555-0123")

    with act_as(an_actor()):
        row = Contact.objects.get(episode_id=ids["episode_id"])
    assert (row.caller_callback, row.channel) == ("520-555-0123", "911")


def test_who_takes_over_speaks_where_they_listened(line: Client) -> None:
    """As at the desk: taking over by the API is the call's own command, lines and all."""
    ruth = a_person("ruth.palmer")
    ids = handed_on(ruth, line)
    counselors = program_id("line/counselors")
    commands.report_line_down(by=an_actor("ruth.palmer"), at=now(), program_id=counselors)

    done(post(ruth, f"/episodes/{ids['episode_id']}/assume", {"reason": "line_down"}))

    assert on(ruth, ids)["Ruth Palmer"] == "joined"
