"""What the acts of lines and of screening refuse: in one shape, and to whom. The API's own description."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import rules
from nowrongdoor.calls.facts import AXIS_WORDS, SENDING_WORDS, Axis, Sending
from nowrongdoor.desks.api import api
from nowrongdoor.journal.models import Entry
from nowrongdoor.kit.shapes import Body
from tests.desks.machines import (
    Ids,
    a_person,
    done,
    get,
    handed_on,
    post,
    rule,
    taken,
)
from tests.makers import an_actor, member_id, program_id

pytestmark = pytest.mark.usefixtures("db")
EPISODE, LEG, SEARCH, SENT = (
    "/episodes/{episode_id}",
    "/lines/{leg_id}",
    "/searches/{search_id}",
    "/sent/{external_responder_id}",
)


def back(place_is: str = "sought") -> dict[str, str]:
    return {
        "to_program_id": str(program_id("911/floor")),
        "kind": "return_to_911",
        "place_is": place_is,
    }


def bodies() -> dict[str, dict[str, Any]]:
    """Every writing operation with a body that it can read."""
    return {
        f"{LEG}/join": {"mode": "joined"},
        f"{LEG}/leave": {},
        f"{LEG}/lost": {},
        f"{LEG}/caller-lost": {},
        f"{LEG}/seen": {},
        f"{EPISODE}/answers": {"answers": {"SI": "passive"}, "asked_together": True},
        f"{EPISODE}/duties/{{duty}}": {},
        f"{EPISODE}/recommend": {"level": "3A"},
        f"{EPISODE}/lower": {"level": "2", "reason": "new_facts"},
        f"{EPISODE}/give-back": back(),
        f"{EPISODE}/take-back": {},
        f"{EPISODE}/searches": {"seeking": "place"},
        f"{SEARCH}/tries": {"how": "call"},
        f"{EPISODE}/sent": {"axis": "ems", "value": "now"},
        f"{SENT}/met": {},
        f"{SENT}/not-found": {},
        "/watch/offer": {"to_member_id": str(member_id("luis.ortega"))},
        "/watch/accept": {},
    }


@pytest.fixture
def floor() -> Client:
    return a_person("anna.miller")


@pytest.fixture
def line() -> Client:
    return a_person("maria.lopez")


@pytest.fixture
def ids(floor: Client) -> Ids:
    """A call with everything that can be named in an address."""
    found = taken(floor)
    here = f"/episodes/{found['episode_id']}"
    done(post(floor, f"{here}/answers", {"answers": {"SI": "passive"}}))
    found["search_id"] = done(post(floor, f"{here}/searches", {"seeking": "place"}))["id"]
    found["external_responder_id"] = done(
        post(floor, f"{here}/sent", {"axis": "ems", "value": "now"})
    )["id"]
    return found | {"duty": "counselor_on_the_phone"}


def everything() -> int:
    """How much was ever done, as the journal counts."""
    with act_as(an_actor()):
        return Entry.objects.count()


# a rule says no ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        (f"{LEG}/join", {}, "leg.on_already"),
        (f"{LEG}/leave", {}, "release.holder"),
        (f"{EPISODE}/duties/nonsense", {}, "duty.not_named"),
        (f"{EPISODE}/take-back", {}, "take_back.never_ours"),
        (f"{EPISODE}/give-back", back, "return.no_place"),
        (f"{EPISODE}/sent", {"axis": "police", "value": "team"}, "sent.what"),
    ],
)
def test_a_refusal_is_a_rule_and_a_sentence(
    floor: Client, ids: Ids, path: str, body: object, said: str
) -> None:
    before = everything()
    answer = post(floor, path.format(**ids), back("same") if body is back else body)  # type: ignore[arg-type]

    assert rule(answer) == (409, said)
    assert set(answer.json()) == {"rule", "because"}
    assert everything() == before


def test_a_call_taker_recommends_no_level(floor: Client, ids: Ids) -> None:
    told = post(floor, f"/episodes/{ids['episode_id']}/recommend", {"level": "3A"})

    assert rule(told) == (403, "recommend.role")


def test_whoever_is_not_on_the_line_can_neither_leave_nor_lose_nor_see_it(
    line: Client, floor: Client
) -> None:
    luis = a_person("luis.ortega")
    ids = handed_on(floor, line)

    told = {each: rule(post(luis, f"/lines/{ids['leg_id']}/{each}")) for each in ("lost", "seen")}
    assert told == dict.fromkeys(("lost", "seen"), (409, "release.not_on"))
    assert rule(post(luis, f"/lines/{ids['leg_id']}/leave")) == (409, "release.not_on")


# what cannot be read ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/calls", {"incident_class": "alien"}, "incident_class"),
        ("/calls", {"incident_class": "suicide_threat", "medium": "telegraph"}, "medium"),
        ("/calls", {"incident_class": "suicide_threat", "callbak": "520"}, "callbak"),
        ("/calls", {"incident_class": "suicide_threat", "caller": {"age": "8"}}, "age"),
        ("/calls", {"incident_class": "suicide_threat", "caller": {"relay": "yes"}}, "relay"),
        ("/calls", {"incident_class": "suicide_threat", "caller": {"language": "xx"}}, "language"),
        (f"{LEG}/join", {"mode": "shouting"}, "mode"),
        (f"{LEG}/join", {"moed": "joined"}, "moed"),
        (f"{EPISODE}/answers", {"answers": {}}, "answers"),
        (f"{EPISODE}/answers", {"answers": {"MOOD": "Y"}}, "MOOD"),
        (f"{EPISODE}/answers", {"answers": {"SI": "perhaps"}}, "SI"),
        (f"{EPISODE}/answers", {"answers": {"SI": ["active"]}}, "SI"),
        (f"{EPISODE}/answers", {"answers": {"HOT": "N"}}, "HOT"),
        (f"{EPISODE}/recommend", {"level": "5"}, "level"),
        (f"{EPISODE}/lower", {"level": "2"}, "reason"),
        (f"{EPISODE}/searches", {"seeking": "weapon"}, "seeking"),
        (f"{SEARCH}/tries", {"how": "prayer"}, "how"),
        (f"{EPISODE}/sent", {"axis": "army", "value": "now"}, "axis"),
        (f"{EPISODE}/sent", {"axis": "ems", "value": "soon"}, "value"),
        (f"{EPISODE}/sent", {"axis": "ems", "value": "now", "rescue": "maybe"}, "rescue"),
        (f"{EPISODE}/give-back", {"kind": "return_to_911", "place_is": "sought"}, "to_program_id"),
        (f"{EPISODE}/card", {"plaec": "12 Quiet Street"}, "plaec"),
    ],
)
def test_what_cannot_be_read_names_its_field_and_changes_nothing(
    floor: Client, ids: Ids, path: str, body: dict[str, Any], field: str
) -> None:
    before = everything()
    answer = post(floor, path.format(**ids), body)

    assert answer.status_code == 422, answer.content
    assert set(answer.json()) == {"rule", "because", "field"}
    assert answer.json()["field"] == field
    assert everything() == before


def test_nothing_is_lowered_before_what_is_open_was_asked(floor: Client, ids: Ids) -> None:
    here, low = f"/episodes/{ids['episode_id']}", {"level": "4", "reason": "new_facts"}
    assert rule(post(floor, f"{here}/lower", low)) == (422, "recommend.unscreened")

    done(post(floor, f"{here}/answers", {"answers": {"MED": "N"}, "asked_together": True}))

    assert rule(post(floor, f"{here}/lower", low)) == (409, "lower.provisional")


def test_an_unknown_reason_to_lower_names_its_field(floor: Client, ids: Ids) -> None:
    here = f"/episodes/{ids['episode_id']}"
    ruth = a_person("ruth.palmer")
    calm = {"MED": "N", "ACT": "N", "WPN": "none", "VIO": "N", "CRM": "none", "HAZ": "none"}
    done(post(floor, f"{here}/answers", {"answers": calm | {"ABU": "Y"}}))

    told = post(ruth, f"{here}/lower", {"level": "2", "reason": "tired"})
    assert (told.status_code, told.json()["field"]) == (422, "reason")


def test_what_may_be_sent_is_what_the_rules_know() -> None:
    assert set(AXIS_WORDS) == set(Axis) == set(rules.AXES)
    assert set(SENDING_WORDS) == set(Sending) == set().union(*rules.AXES.values())


# to whom ----------------------------------------------------------------------------------------


def test_another_programs_people_get_404_and_learn_nothing(ids: Ids) -> None:
    outsider = a_person("walter.pena")
    nobodys = {name: str(uuid4()) for name in ids} | {"duty": ids["duty"]}

    before = everything()
    for path, body in bodies().items():
        if "{" in path:
            told, unknown = (post(outsider, path.format(**each), body) for each in (ids, nobodys))
            assert rule(told) == (404, "row.missing"), path
            assert told.content == unknown.content, path
    for path in (f"{EPISODE}/lines", f"{EPISODE}/need"):
        told, unknown = (get(outsider, path.format(**each)) for each in (ids, nobodys))
        assert rule(told) == (404, "row.missing"), path
        assert told.content == unknown.content, path
    assert everything() == before


def test_a_program_that_is_only_told_of_it_learns_neither_line_nor_need(
    line: Client, ids: Ids
) -> None:
    """The line's board has the episode by the standing feed. That nobody is on it would be a lie."""
    assert [row["id"] for row in get(line, "/episodes").json()] == [ids["episode_id"]]

    for each in ("lines", "need"):
        told = get(line, f"/episodes/{ids['episode_id']}/{each}")
        assert rule(told) == (404, "row.missing")


def test_no_answer_leaves_by_the_need(floor: Client, line: Client) -> None:
    ids = handed_on(floor, line)
    here = f"/episodes/{ids['episode_id']}"
    done(post(line, f"{here}/answers", {"answers": {"SI": "active", "PLAN": "Y"}}))

    need = done(get(floor, f"{here}/need"))
    assert set(need) == {
        "level",
        "why",
        "rule",
        "provisional",
        "step",
        "rose_step",
        "duties",
        "response",
    }
    assert "PLAN" not in str(need)


# its description --------------------------------------------------------------------------------


def test_every_operation_and_every_body_is_described() -> None:
    described = api.get_openapi_schema()
    operations = {
        (path, method): operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }

    assert [each for each, one in operations.items() if not one.get("description")] == []
    for name, schema in described["components"]["schemas"].items():
        assert name == "Input" or not name.endswith("In") or schema.get("examples"), name


def leaves(body: type[Body] = Body) -> Iterator[type[Body]]:
    """What operations read: those that acts make of their fields, and those written by hand."""
    for each in body.__subclasses__():
        yield from leaves(each) if each.__subclasses__() else [each]


EXAMPLES = [each for each in leaves() if "examples" in each.model_json_schema()]


@pytest.mark.parametrize("body", EXAMPLES, ids=lambda body: str(body.__name__))
def test_an_example_is_one_that_is_read(body: type[Body]) -> None:
    [example] = body.model_json_schema()["examples"]

    body.model_validate(example)
    with pytest.raises(ValueError, match="misspelled"):
        body.model_validate(example | {"misspelled": 1})
