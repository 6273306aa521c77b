"""The API by hand, and every operation of it by schemathesis against its own description."""

from datetime import timedelta

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.commands import TokenWish
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.models import Position
from nowrongdoor.calls.api import api
from nowrongdoor.site.wsgi import application
from nowrongdoor.web.clock import now
from tests.clients import HOST
from tests.makers import an_actor, an_episode, program_id

pytestmark = pytest.mark.usefixtures("db")
SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema())


def a_machine(username: str, admin: str) -> Client:
    """A token with every scope for one position, issued by its agency's administrator."""
    position = Position.objects.filter(member__username=username).order_by("id")[0]
    scopes = frozenset(action.value for action in Action)
    wish = TokenWish("test", scopes, now() + timedelta(days=1))
    _, key = agencies.issue_token(by=an_actor(admin), at=now(), position_id=position.pk, wish=wish)
    return Client(headers={"host": HOST, "Authorization": f"Bearer {key}"})


@pytest.fixture
def floor() -> Client:
    return a_machine("anna.miller", "victor.reed")


@pytest.fixture
def line() -> Client:
    return a_machine("maria.lopez", "oscar.nunez")


def post(client: Client, path: str, body: dict[str, object], key: str = "") -> object:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def test_a_calls_way_through_the_api(floor: Client, line: Client) -> None:
    taken = post(
        floor, "/calls", {"incident_class": "suicide_threat", "place": "12 Quiet Street"}, key="k"
    ).json()
    again = post(
        floor, "/calls", {"incident_class": "suicide_threat", "place": "12 Quiet Street"}, key="k"
    ).json()
    offer = {"kind": "warm_transfer", "to_program_id": str(program_id("line/counselors"))}
    offered = post(floor, f"/episodes/{taken['episode_id']}/offers", offer).json()
    early = post(
        floor,
        f"/episodes/{taken['episode_id']}/close",
        {"outcome": "information", "declined_by_person": True},
    )
    accepted = post(line, f"/offers/{offered['id']}/accept", {})

    [row] = line.get("/api/v1/episodes").json()
    over = post(
        line,
        f"/episodes/{row['id']}/close",
        {"outcome": "stabilized_phone", "declined_by_person": True},
    )

    assert taken == again
    assert (early.status_code, early.json()["rule"]) == (409, "close.offered")
    assert accepted.status_code == 200
    assert (row["holder_name"], row["incident_class"]) == ("Maria Lopez", "suicide_threat")
    assert over.status_code == 200
    assert line.get("/api/v1/episodes").json() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "incident_class"),
        ({"incident_class": "x" * 201}, "incident_class"),
        ({"incident_class": "psych_distress", "zone": "atlantis"}, "zone"),
        ({"incident_class": "psych_distress", "note": "a\x00b"}, "note"),
    ],
)
def test_bad_input_names_its_field_and_repeats_nothing(
    floor: Client, body: dict[str, object], field: str
) -> None:
    told = post(floor, "/calls", body)

    assert told.status_code == 422
    assert told.json()["field"] == field
    assert set(told.json()) == {"rule", "because", "field"}
    assert "xxx" not in told.content.decode()


def test_a_stranger_is_told_nothing_but_to_sign_in() -> None:
    told = Client(headers={"host": HOST}).get("/api/v1/episodes")

    assert (told.status_code, told.json()["rule"]) == (401, "door.stranger")


def test_the_card_never_leaves_by_the_list(floor: Client) -> None:
    an_episode(an_actor(), at=now(), place="12 Quiet Street")

    assert "Quiet" not in floor.get("/api/v1/episodes").content.decode()


@pytest.fixture
def token() -> str:
    an_episode(an_actor("ruth.palmer"), at=now())
    position = Position.objects.get(member__username="ruth.palmer")
    scopes = frozenset(action.value for action in Action)
    wish = TokenWish("test", scopes, now() + timedelta(days=1))
    return agencies.issue_token(
        by=an_actor("victor.reed"), at=now(), position_id=position.pk, wish=wish
    )[1]


@SCHEMA.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_its_own_description(case: schemathesis.Case, token: str) -> None:
    """Whatever is sent, the answer is one that the description lists, and never a 500."""
    headers = {"Authorization": f"Bearer {token}", "Host": HOST}
    # the community's lists refuse codes that any description would let through
    case.validate_response(
        case.call(app=application, headers=headers), excluded_checks=[positive_data_acceptance]
    )
