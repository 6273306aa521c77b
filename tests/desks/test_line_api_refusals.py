"""What the API of lines and of screening refuses: in one shape, once for each key, and to whom."""

from collections import ChainMap
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Model
from django.test import Client

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import rules
from nowrongdoor.calls.facts import AXIS_WORDS, SENDING_WORDS, Axis, Sending
from nowrongdoor.calls.models import ExternalResponder, Participant, Search, SearchAttempt
from nowrongdoor.calls.pages import acts
from nowrongdoor.desks.api import api
from nowrongdoor.desks.line_api import router
from nowrongdoor.episodes.models import Handoff
from nowrongdoor.journal.models import Entry
from nowrongdoor.kit.shapes import Body
from nowrongdoor.triage.models import DutyDone, Screening
from nowrongdoor.triage.views import acts as triage
from tests.desks.machines import (
    EVERY_SCOPE,
    Ids,
    a_machine,
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


OF_TRANSFERS = {
    f"{EPISODE}/offers",
    f"{EPISODE}/close",
    f"{EPISODE}/take",
    f"{EPISODE}/assume",
    "/offers/{handoff_id}/accept",
    "/offers/{handoff_id}/attest",
}
"""Asked in `test_api.py`."""
ROUTERS = (router, acts.router, triage.router)


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
    return a_machine("anna.miller", "victor.reed")


@pytest.fixture
def line() -> Client:
    return a_machine("maria.lopez", "oscar.nunez")


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


def test_the_list_of_bodies_here_is_whole() -> None:
    assert (
        set(bodies())
        == {
            path
            for each in ROUTERS
            for path, view in each.path_operations.items()
            for operation in view.operations
            if "POST" in operation.methods
        }
        - OF_TRANSFERS
    )


# a rule says no ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        (f"{LEG}/join", {}, "leg.on_already"),
        (f"{LEG}/leave", {}, "release.holder"),
        (f"{EPISODE}/duties/nonsense", {}, "duty.not_named"),
        (f"{EPISODE}/lower", {"level": "4", "reason": "new_facts"}, "lower.provisional"),
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


def test_a_call_takers_token_recommends_no_level(floor: Client, ids: Ids) -> None:
    told = post(floor, f"/episodes/{ids['episode_id']}/recommend", {"level": "3A"})

    assert rule(told) == (403, "recommend.role")


def test_whoever_is_not_on_the_line_can_neither_leave_nor_lose_nor_see_it(
    line: Client, floor: Client
) -> None:
    luis = a_machine("luis.ortega", "victor.reed")
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
        (f"{EPISODE}/answers", {}, "answers"),
        (f"{EPISODE}/answers", {"answers": {}}, "answers"),
        (f"{EPISODE}/answers", {"answers": {"MOOD": "Y"}}, "MOOD"),
        (f"{EPISODE}/answers", {"answers": {"SI": "perhaps"}}, "SI"),
        (f"{EPISODE}/answers", {"answers": {"SI": ["active"]}}, "SI"),
        (f"{EPISODE}/answers", {"answers": {"HOT": "N"}}, "HOT"),
        (
            f"{EPISODE}/answers",
            {"answers": {"SI": "active"}, "asked_together": 1},
            "asked_together",
        ),
        (f"{EPISODE}/recommend", {"level": "5"}, "level"),
        (f"{EPISODE}/lower", {"level": "2"}, "reason"),
        (f"{EPISODE}/searches", {"seeking": "weapon"}, "seeking"),
        (f"{SEARCH}/tries", {"how": "prayer"}, "how"),
        (f"{EPISODE}/sent", {"axis": "army", "value": "now"}, "axis"),
        (f"{EPISODE}/sent", {"axis": "ems", "value": "soon"}, "value"),
        (f"{EPISODE}/sent", {"axis": "ems", "value": "now", "rescue": "maybe"}, "rescue"),
        (f"{EPISODE}/give-back", {"kind": "return_to_911", "place_is": "sought"}, "to_program_id"),
        ("/watch/offer", {"to_member_id": "somebody"}, "to_member_id"),
        ("/lines/somewhere/seen", {}, "leg_id"),
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


def test_an_unknown_reason_to_lower_names_its_field(floor: Client, ids: Ids) -> None:
    here = f"/episodes/{ids['episode_id']}"
    ruth = a_machine("ruth.palmer", "victor.reed")
    calm = {"MED": "N", "ACT": "N", "WPN": "none", "VIO": "N", "CRM": "none", "HAZ": "none"}
    done(post(floor, f"{here}/answers", {"answers": calm | {"ABU": "Y"}}))

    told = post(ruth, f"{here}/lower", {"level": "2", "reason": "tired"})
    assert (told.status_code, told.json()["field"]) == (422, "reason")


def test_what_may_be_sent_is_what_the_rules_know() -> None:
    assert set(AXIS_WORDS) == set(Axis) == set(rules.AXES)
    assert set(SENDING_WORDS) == set(Sending) == set().union(*rules.AXES.values())


# once for each key ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "table"),
    [
        (f"{LEG}/join", Participant),
        (f"{EPISODE}/answers", Screening),
        (f"{EPISODE}/duties/{{duty}}", DutyDone),
        (f"{SEARCH}/tries", SearchAttempt),
        (f"{EPISODE}/sent", ExternalResponder),
        (f"{LEG}/caller-lost", Search),
        (f"{EPISODE}/give-back", Handoff),
    ],
)
def test_the_same_key_twice_acts_once(
    floor: Client, line: Client, ids: Ids, path: str, table: type[Model]
) -> None:
    machine = floor
    if path.endswith("join"):
        machine = a_machine("luis.ortega", "victor.reed")
    if path.endswith("give-back"):
        machine, ids = line, ids | handed_on(floor, line)
    with act_as(an_actor()):
        before = table._default_manager.count()

    first, again = (post(machine, path.format(**ids), bodies()[path], key="once") for _ in range(2))

    with act_as(an_actor()):
        assert table._default_manager.count() == before + 1
    assert done(first) == done(again)
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first


def test_a_key_for_another_line_is_another_key(floor: Client) -> None:
    one, other = taken(floor), taken(floor)

    for ids in (one, other):
        done(post(floor, f"/lines/{ids['leg_id']}/lost", key="lost"))


# to whom ----------------------------------------------------------------------------------------


def test_a_readers_token_reads_and_writes_nothing(ids: Ids) -> None:
    reader = a_machine("anna.miller", "victor.reed", scopes=frozenset({"see_board"}))

    before = everything()
    told = {path: rule(post(reader, path.format(**ids), body)) for path, body in bodies().items()}
    assert told == dict.fromkeys(bodies(), (403, "token.scope"))
    assert everything() == before
    for each in ("lines", "need"):
        assert get(reader, f"/episodes/{ids['episode_id']}/{each}").status_code == 200


def test_each_operation_needs_one_scope_and_no_other(ids: Ids) -> None:
    nobodys = dict.fromkeys(ids, str(uuid4()))
    asked = set()
    operations = ChainMap(*(each.path_operations for each in ROUTERS))
    for path, operation in (
        (path, each) for path, view in operations.items() for each in view.operations
    ):
        needed = operation.auth_callbacks[0].needs.value
        reads = operation.methods == ["GET"]
        if not reads and path not in bodies():
            continue
        asked.add(path)
        for scopes, allowed in (({needed}, True), (EVERY_SCOPE - {needed}, False)):
            machine = a_machine("anna.miller", "victor.reed", scopes=frozenset(scopes))
            address = path.format(**nobodys)
            told = get(machine, address) if reads else post(machine, address, bodies()[path])
            assert (told.status_code in (200, 404)) == allowed, (path, told.content)
            assert (told.status_code == 403) == (not allowed), (path, told.content)
    assert asked == set(bodies()) | {f"{EPISODE}/{each}" for each in ("lines", "need", "card")}


def test_another_programs_token_gets_404_and_learns_nothing(ids: Ids) -> None:
    outsider = a_machine("walter.pena", "joyce.carter")
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

    new = {f"/api/v1{path}" for each in (router, acts.router) for path in each.path_operations}
    assert new <= {path for path, _method in operations}
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
