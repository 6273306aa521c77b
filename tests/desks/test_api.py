"""The API by hand. Against its own description: `test_api_described.py`."""

import pytest
from django.test import Client

from nowrongdoor.web.clock import now
from tests.clients import HOST
from tests.desks.machines import a_machine, post
from tests.makers import an_actor, an_episode, program_id

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def floor() -> Client:
    return a_machine("anna.miller", "victor.reed")


@pytest.fixture
def line() -> Client:
    return a_machine("maria.lopez", "oscar.nunez")


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
