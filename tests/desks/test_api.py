"""The API by hand. Against its own description: `test_api_described.py`."""

import pytest
from django.test import Client

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes.models import Card
from nowrongdoor.web.clock import now
from tests.clients import HOST
from tests.desks.machines import FLOOR, a_machine, a_person, done, get, lines, post
from tests.makers import an_actor, an_episode, program_id

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def machine() -> Client:
    return a_machine()


@pytest.fixture
def floor() -> Client:
    return a_person("anna.miller")


def test_a_call_that_a_machine_enters_is_its_programs_queues_and_a_person_takes_it(
    machine: Client, floor: Client
) -> None:
    call = {"incident_class": "suicide_threat", "place": "12 Quiet Street"}
    taken = done(post(machine, "/calls", call, key="k"))
    again = done(post(machine, "/calls", call, key="k"))
    [row] = done(get(floor, "/episodes"))  # type: ignore[misc]
    [line] = lines(floor, taken)

    assert taken == again
    assert (row["holder_name"], row["holder_program_id"]) == ("", str(program_id(FLOOR)))
    assert line["alone_since"]

    done(post(floor, f"/episodes/{row['id']}/take"))  # type: ignore[index]
    [row] = done(get(floor, "/episodes"))  # type: ignore[misc]
    assert row["holder_name"] == "Anna Miller"


def test_a_place_that_nobody_can_see_is_no_place_and_none_is_turned_round(machine: Client) -> None:
    call = {"incident_class": "suicide_threat", "callback": "520-555-\u202e0123"}
    taken = done(post(machine, "/calls", call | {"place": "\u200b\u200b"}))

    with act_as(an_actor()):
        card = Card.objects.get(episode_id=taken["episode_id"])  # type: ignore[call-overload]
    assert (card.place, card.callback) == ("", "520-555-0123")


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
    machine: Client, body: dict[str, object], field: str
) -> None:
    told = post(machine, "/calls", body)

    assert told.status_code == 422
    assert told.json()["field"] == field
    assert set(told.json()) == {"rule", "because", "field"}
    assert "xxx" not in told.content.decode()


def test_a_stranger_is_told_nothing_but_to_sign_in() -> None:
    told = Client(headers={"host": HOST}).get("/api/v1/episodes")

    assert (told.status_code, told.json()["rule"]) == (401, "door.stranger")


def test_the_card_never_leaves_by_the_list(machine: Client) -> None:
    an_episode(an_actor(), at=now(), place="12 Quiet Street")

    assert "Quiet" not in machine.get("/api/v1/episodes").content.decode()
