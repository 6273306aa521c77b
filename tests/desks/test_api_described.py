"""The API against its own description: every operation done once, and whatever schemathesis thinks of.

Its bound on the time of a response is left out: a time is never asserted here, because machines that
run other work beside the tests answer late without anything being wrong. `NWD_EXAMPLES` makes it longer.
"""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.calls import commands as calls
from nowrongdoor.desks.api import api
from nowrongdoor.directory.models import Facility
from nowrongdoor.episodes.models import Episode
from nowrongdoor.site.wsgi import application
from nowrongdoor.web.clock import now
from tests.calls.lines import the_leg
from tests.clients import HOST
from tests.desks.machines import a_key
from tests.desks.sending import asked
from tests.dispatch.floor import an_assignment, unit_id
from tests.doors import OPERATIONS
from tests.makers import an_actor, an_episode, program_id

pytestmark = pytest.mark.usefixtures("db")
SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema())
# who asks: the floor's CAD, with what shows people and without; a dispatch system; one of another place
WHO = {
    "floor": ("911/floor", True),
    "blind": ("911/floor", False),
    "teams": ("line/team-dispatch", True),
    "center": ("crc/adult", True),
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
            program, agreed = WHO[who]
            self.keys[who] = a_key(program, agreed=agreed)
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


RUTH = "ruth.palmer"


def test_every_operation_is_done_once_and_answers_as_described() -> None:
    walk = Walk()
    a_call(walk)
    teams(walk)
    a_place(walk)

    assert walk.done == set(OPERATIONS), "each operation is walked: add a `walk(…)` above"


def a_call(walk: Walk) -> None:
    """A machine enters it, and says what it notices of the line at the desk of whoever took it."""
    call = walk(
        "floor", "POST /calls", {"incident_class": "suicide_threat", "place": "4 Loud Lane"}
    )
    here = {"episode_id": call["episode_id"]}
    [line] = walk("floor", "GET /episodes/{episode_id}/lines", **here)
    leg = {"leg_id": line["id"]}
    anna = an_actor()
    agencies.occupy_desk(by=anna, at=now())
    calls.take_from_queue(by=anna, at=now(), episode_id=UUID(call["episode_id"]))
    desk = {"member_id": str(anna.member_id)}
    walk("floor", "POST /lines/{leg_id}/lost", desk, **leg)
    walk("floor", "POST /lines/{leg_id}/join", desk | {"mode": "joined"}, **leg)
    luis = an_actor("luis.ortega")
    agencies.occupy_desk(by=luis, at=now())
    his = {"member_id": str(luis.member_id)}
    walk("floor", "POST /lines/{leg_id}/join", his | {"mode": "joined"}, **leg)
    walk("floor", "POST /lines/{leg_id}/leave", his, **leg)
    walk("floor", "POST /lines/{leg_id}/caller-lost", desk, **leg)
    walk("floor", "GET /episodes")
    walk("floor", "GET /episodes/{episode_id}", **here)
    walk("floor", "GET /episodes/{episode_id}/need", **here)
    walk("floor", "GET /episodes/{episode_id}/notes", **here)


def teams(walk: Walk) -> None:
    """What units do and where they are."""
    sent = an_assignment(asked(), at=now())
    walk("teams", "GET /requests")
    walk(
        "teams",
        "POST /assignments/{assignment_id}/step",
        {"stage": "en_route"},
        assignment_id=sent.pk,
    )
    at = (now() - timedelta(seconds=30)).isoformat()
    car = {"unit_id": unit_id("2A31")}
    walk("floor", "POST /units/{unit_id}/said", {"state": "ENRT", "busy": True, "at": at}, **car)
    walk("floor", "POST /units/{unit_id}/position", {"lat": 32.2, "lon": -110.9, "at": at}, **car)
    walk("floor", "GET /units")


def a_place(walk: Walk) -> None:
    place = Facility.objects.filter(program_id=program_id("crc/adult")).first()
    assert place is not None
    said = {"state": "limited", "review_min": (now() + timedelta(minutes=40)).isoformat()}
    walk("center", "POST /directory/{facility_id}/capacity", said, facility_id=place.pk)


def hers() -> Episode:
    """A supervisor's call."""
    return an_episode(an_actor(RUTH), at=now())


NAMED: dict[str, Callable[[], object]] = {
    "episode_id": lambda: hers().pk,
    "leg_id": lambda: the_leg(hers()).pk,
    "assignment_id": lambda: an_assignment(asked(), at=now()).pk,
    "unit_id": unit_id,
    "facility_id": lambda: Facility.objects.order_by("id")[0].pk,
}
"""What an address may name: something of a supervisor's call, or of a team that is on its way."""


@pytest.fixture
def there() -> Callable[[str], str]:
    """Made when an address first names it, and the same from then on."""
    return cache(lambda word: str(NAMED[word]()))


@pytest.fixture
def key() -> Callable[[str], str]:
    return cache(lambda who: a_key(WHO[who][0], agreed=WHO[who][1]))


LIMITS = {"number": {"minimum", "maximum"}, "integer": {"minimum", "maximum"}}
ENDS = {"maxLength", "enum", "const", "format"}


def test_what_may_be_sent_has_its_limits_in_the_description() -> None:
    """H18: a latitude of 179 was as described, and refused."""
    described = api.get_openapi_schema()
    operations = [each for way in described["paths"].values() for each in way.values()]
    bodies = {
        body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for each in operations
        if (body := each.get("requestBody"))
    }

    loose = [
        (name, field)
        for name in bodies
        for field, shape in described["components"]["schemas"][name]["properties"].items()
        for each in shape.get("anyOf", [shape])
        if not LIMITS.get(each.get("type"), set()) <= each.keys()
        or (each.get("type") == "string" and not ENDS & each.keys())
    ]

    assert len(bodies) > 5
    assert loose == []


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

    Each case is sent by the next of the four. Where an address is one of an id, it is of one that is there.
    """
    for word in case.path_parameters.keys() & NAMED.keys():
        if re.fullmatch(r"[0-9a-f-]{36}", str(case.path_parameters[word])):
            case.path_parameters[word] = there(word)
    sent_by = {"Authorization": key(next(NEXT)), "Host": HOST}
    answer = case.call(app=application, headers=sent_by)
    # the community's lists refuse codes that any description would let through
    case.validate_response(answer, excluded_checks=[positive_data_acceptance])
