"""The API against its own description: every operation done once, and whatever schemathesis thinks of.

Its bound on the time of a response is left out: a time is never asserted here, because machines that
run other work beside the tests answer late without anything being wrong. `NWD_EXAMPLES` makes it longer.
"""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import SearchFor
from nowrongdoor.calls.models import ExternalResponder, Search
from nowrongdoor.desks.api import api
from nowrongdoor.episodes.models import Episode
from nowrongdoor.site.wsgi import application
from nowrongdoor.web.clock import now
from tests.calls.lines import the_leg
from tests.clients import HOST
from tests.desks.machines import a_key
from tests.desks.sending import asked
from tests.dispatch.floor import a_crew, an_assignment, unit_id
from tests.doors import OPERATIONS
from tests.makers import an_actor, an_episode, an_offer, member_id, program_id

pytestmark = pytest.mark.usefixtures("db")
SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema())
# who asks, and which administrator gave them a token: two who may nearly all, the desk that sends,
# a team, a receiver who has nothing to do with what is named, and somebody who may only look
WHO = {
    "ruth.palmer": "victor.reed",
    "denise.wright": "oscar.nunez",
    "carl.jensen": "oscar.nunez",
    "ana.ruiz": "linda.fox",
    "judith.park": "judith.park",
    "grace.webb": "grace.webb",
}
NEXT = cycle(WHO)
Body = dict[str, Any]


class Walk:
    """Does operations one after another, each answer held against the description, and counts them."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.done: set[str] = set()

    def __call__(self, who: str, name: str, body: Body | None = None, **ids: object) -> Any:
        if who not in self.keys:
            self.keys[who] = a_key(who, who)
        method, _space, path = name.partition(" ")
        operation = SCHEMA[f"/api/v1{path}"][method]
        case = operation.Case(
            path_parameters={word: str(id) for word, id in ids.items()},
            body={} if body is None and method == "POST" and operation.body else body,
            headers={"Authorization": self.keys[who], "Host": HOST},
            media_type="application/json",
        )
        if case.body is None:
            case = operation.Case(path_parameters=case.path_parameters, headers=case.headers)
        response = case.call_and_validate(app=application)
        assert response.status_code == 200, (name, response.content)
        self.done.add(name)
        return response.json()


ANNA, LUIS, RUTH, DAVID = "anna.miller", "luis.ortega", "ruth.palmer", "david.chavez"
MARIA, CARL, ANA, JUDITH, MARTHA = (
    "maria.lopez",
    "carl.jensen",
    "ana.ruiz",
    "judith.park",
    "martha.gibbs",
)


def test_every_operation_is_done_once_and_answers_as_described() -> None:
    walk = Walk()
    a_call(walk)
    offers(walk)
    returned(walk)
    teams(walk)

    assert walk.done == set(OPERATIONS), "each operation is walked: add a `walk(…)` above"


def taken(walk: Walk, by: str = ANNA) -> Body:
    call = walk(by, "POST /calls", {"incident_class": "suicide_threat", "place": "12 Quiet Street"})
    [leg] = walk(by, "GET /episodes/{episode_id}/lines", episode_id=call["episode_id"])
    return {"episode_id": call["episode_id"], "leg_id": leg["id"]}


def offered(walk: Walk, episode_id: str, by: str = ANNA) -> Body:
    to = {"kind": "warm_transfer", "to_program_id": str(program_id("line/counselors"))}
    return dict(walk(by, "POST /episodes/{episode_id}/offers", to, episode_id=episode_id))


def a_call(walk: Walk) -> None:
    """It comes in, is screened, sought, sent for and closed."""
    ids = taken(walk)
    here, leg = {"episode_id": ids["episode_id"]}, {"leg_id": ids["leg_id"]}
    walk(ANNA, "GET /episodes")
    walk(ANNA, "GET /episodes/{episode_id}", **here)
    said = {"answers": {"SI": "passive", "WPN": "in_hand"}}
    walk(ANNA, "POST /episodes/{episode_id}/answers", said, **here)
    walk(ANNA, "GET /episodes/{episode_id}/need", **here)
    duty = {"duty": "counselor_on_the_phone"}
    walk(ANNA, "POST /episodes/{episode_id}/duties/{duty}", **here, **duty)
    walk(ANNA, "POST /lines/{leg_id}/seen", **leg)
    version = walk(ANNA, "GET /episodes/{episode_id}/card", **here)["version"]
    told = {"version": version, "place": "4 Loud Lane"}
    walk(ANNA, "PATCH /episodes/{episode_id}/card", told, **here)
    walk(ANNA, "POST /episodes/{episode_id}/notes", {"text": "Two dogs."}, **here)
    walk(ANNA, "GET /episodes/{episode_id}/notes", **here)
    search = walk(ANNA, "POST /episodes/{episode_id}/searches", {"seeking": "place"}, **here)
    walk(ANNA, "POST /searches/{search_id}/tries", {"how": "call"}, search_id=search["id"])
    rescue = {"axis": "ems", "value": "now", "rescue": "involuntary"}
    sent = walk(ANNA, "POST /episodes/{episode_id}/sent", rescue, **here)
    walk(ANNA, "POST /sent/{external_responder_id}/not-found", external_responder_id=sent["id"])
    walk(ANNA, "POST /sent/{external_responder_id}/met", external_responder_id=sent["id"])
    walk(ANNA, "POST /lines/{leg_id}/lost", **leg)
    walk(ANNA, "POST /lines/{leg_id}/join", {"mode": "joined"}, **leg)
    walk(ANNA, "POST /lines/{leg_id}/caller-lost", **leg)
    over = {"outcome": "information", "declined_by_person": True}
    walk(ANNA, "POST /episodes/{episode_id}/close", over, **here)


def offers(walk: Walk) -> None:
    """One is taken back, one refused, one attested; one waits for the contact, one for anybody."""
    here = taken(walk)["episode_id"]
    back = offered(walk, here)
    walk(ANNA, "POST /offers/{handoff_id}/withdraw", handoff_id=back["id"])
    refused = offered(walk, here)
    why = {"reason": "capacity"}
    walk(MARIA, "POST /offers/{handoff_id}/decline", why, handoff_id=refused["id"])
    psap = {"kind": "to_other_psap", "to_program_id": str(program_id("sheriff911/floor"))}
    away = walk(ANNA, "POST /episodes/{episode_id}/offers", psap, episode_id=here)
    bell = {"name": "R. Bell", "operator": "PCSD 114"}
    walk(ANNA, "POST /offers/{handoff_id}/attest", bell, handoff_id=away["id"])
    officer = replace(an_actor("luis.garza"), role="dispatcher")  # came to hold in whatever way
    brought = an_episode(officer, at=now())
    drop = an_offer(brought, officer, to="crc/adult", kind="drop_off", at=now())
    walk(JUDITH, "POST /offers/{handoff_id}/accept", handoff_id=drop.pk)
    clinic = {"kind": "discharge_referral", "to_program_id": str(program_id("clinic-a/intake"))}
    to = walk(JUDITH, "POST /episodes/{episode_id}/offers", clinic, episode_id=brought.pk)
    walk(MARTHA, "POST /offers/{handoff_id}/accept", handoff_id=to["id"])
    walk(MARTHA, "POST /offers/{handoff_id}/contact", handoff_id=to["id"])
    anna = an_actor()
    queue = system(program_id=anna.program_id, agency_id=anna.agency_id, code="telephone")
    waits = an_episode(queue, at=now())
    walk(ANNA, "POST /episodes/{episode_id}/take", episode_id=waits.pk)


def returned(walk: Walk) -> None:
    """Handed on, taken back, handed on, given back; the watch goes over; the line is down."""
    ids = taken(walk)
    here = {"episode_id": ids["episode_id"]}
    accept = "POST /offers/{handoff_id}/accept"
    walk(MARIA, accept, handoff_id=offered(walk, ids["episode_id"])["id"])
    calm = {"MED": "N", "ACT": "N", "WPN": "none", "VIO": "N", "CRM": "none", "HAZ": "none"}
    calm |= {"ABU": "N", "BHN": "Y", "SI": "none", "HI": "none", "TALK": "Y"}
    walk(MARIA, "POST /episodes/{episode_id}/answers", {"answers": calm}, **here)
    for level in ("3B", "2"):
        walk(MARIA, "POST /episodes/{episode_id}/recommend", {"level": level}, **here)
    lower = {"level": "2", "reason": "new_facts"}
    walk(ANNA, "POST /episodes/{episode_id}/lower", lower, **here)
    walk(ANNA, "POST /episodes/{episode_id}/take-back", **here)
    for who in (ANNA, MARIA):
        walk(who, "POST /lines/{leg_id}/seen", leg_id=ids["leg_id"])
    walk(MARIA, "POST /lines/{leg_id}/leave", leg_id=ids["leg_id"])
    walk(MARIA, accept, handoff_id=offered(walk, ids["episode_id"])["id"])
    walk(ANNA, "POST /watch/offer", {"to_member_id": str(member_id(LUIS))})
    walk(LUIS, "POST /watch/accept")
    floor = {"kind": "return_to_911", "to_program_id": str(program_id("911/floor"))}
    walk(MARIA, "POST /episodes/{episode_id}/give-back", floor | {"place_is": "same"}, **here)
    second = taken(walk, RUTH)["episode_id"]
    walk(MARIA, accept, handoff_id=offered(walk, second, RUTH)["id"])
    counselors = program_id("line/counselors")
    calls.report_line_down(by=an_actor(RUTH), at=now(), program_id=counselors)
    walk(RUTH, "POST /episodes/{episode_id}/assume", {"reason": "line_down"}, episode_id=second)


def teams(walk: Walk) -> None:
    """Asked for, queued, declined, taken back; sent, on its way, in danger, done."""
    a_crew(at=now())
    here = taken(walk, MARIA)["episode_id"]
    wish = {"kind": "mobile_team", "to_program_id": str(program_id("line/team-dispatch"))}
    ask = "POST /episodes/{episode_id}/requests"
    request = walk(MARIA, ask, wish, episode_id=here)["id"]
    soon = {"promised_at": (now() + timedelta(minutes=40)).isoformat()}
    rings = {"rings_member_id": str(member_id(CARL))}
    walk(CARL, "POST /requests/{request_id}/queue", soon | rings, request_id=request)
    other = walk(MARIA, ask, wish, episode_id=taken(walk, MARIA)["episode_id"])["id"]
    no_unit = {"reason": "no_unit"}
    walk(CARL, "POST /requests/{request_id}/decline", no_unit, request_id=other)
    third = walk(MARIA, ask, wish, episode_id=taken(walk, MARIA)["episode_id"])["id"]
    walk(MARIA, "POST /requests/{request_id}/withdraw", request_id=third)
    walk(MARIA, "GET /requests")
    unit = {"unit_id": str(unit_id())}
    sent = {
        "assignment_id": walk(CARL, "POST /requests/{request_id}/assign", unit, request_id=request)[
            "id"
        ]
    }
    for stage in ("en_route", "on_scene"):
        walk(ANA, "POST /assignments/{assignment_id}/step", {"stage": stage}, **sent)
    walk(ANA, "POST /assignments/{assignment_id}/check-in", {"way": "phone"}, **sent)
    walk(ANA, "POST /assignments/{assignment_id}/duress", {"way": "radio"}, **sent)
    over = {"outcome": "resolved_scene", "left_behind": ["nobody"]}
    walk(ANA, "POST /assignments/{assignment_id}/clear", over, **sent)
    at = (now() - timedelta(seconds=30)).isoformat()
    car = {"unit_id": unit_id("2A31")}
    walk(DAVID, "POST /units/{unit_id}/said", {"state": "ENRT", "busy": True, "at": at}, **car)
    walk(DAVID, "POST /units/{unit_id}/position", {"lat": 32.2, "lon": -110.9, "at": at}, **car)
    walk(DAVID, "GET /units")


def hers() -> Episode:
    """A supervisor's call."""
    return an_episode(an_actor(RUTH), at=now())


def seek() -> Search:
    return calls.start_search(
        by=an_actor(RUTH), at=now(), episode_id=hers().pk, seeking=SearchFor.PLACE
    )


def record_dispatched() -> ExternalResponder:
    told = {"axis": "ems", "value": "now"}
    return calls.record_dispatched(by=an_actor(RUTH), at=now(), episode_id=hers().pk, **told)  # type: ignore[arg-type]


NAMED: dict[str, Callable[[], object]] = {
    "episode_id": lambda: hers().pk,
    "leg_id": lambda: the_leg(hers()).pk,
    "search_id": lambda: seek().pk,
    "external_responder_id": lambda: record_dispatched().pk,
    "handoff_id": lambda: an_offer(hers(), an_actor(RUTH), at=now()).pk,
    "request_id": lambda: an_assignment(asked(), at=now()).request_id,
    "assignment_id": lambda: an_assignment(asked(), at=now()).pk,
    "unit_id": unit_id,
}
"""What an address may name: something of a supervisor's call, or of a team that is on its way."""


@pytest.fixture
def there() -> Callable[[str], str]:
    """Made when an address first names it, and the same from then on."""
    return cache(lambda word: str(NAMED[word]()))


@pytest.fixture
def key() -> Callable[[str], str]:
    return cache(lambda who: a_key(who, WHO[who]))


@SCHEMA.parametrize()
@settings(
    max_examples=int(os.environ.get("NWD_EXAMPLES", "4")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_api_keeps_its_own_description(
    case: schemathesis.Case, there: Callable[[str], str], key: Callable[[str], str]
) -> None:
    """Whatever is sent, by whomever, the answer is one that the description lists, and never a 500.

    Each case is sent by the next of the six. Where an address is one of an id, it is of one that is there.
    """
    for word in case.path_parameters.keys() & NAMED.keys():
        if re.fullmatch(r"[0-9a-f-]{36}", str(case.path_parameters[word])):
            case.path_parameters[word] = there(word)
    sent_by = {"Authorization": key(next(NEXT)), "Host": HOST}
    answer = case.call(app=application, headers=sent_by)
    # the community's lists refuse codes that any description would let through
    case.validate_response(answer, excluded_checks=[positive_data_acceptance])
