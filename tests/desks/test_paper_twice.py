"""The same sheet typed twice: asked before it is saved, and nothing typed is lost."""

import re

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.episodes.models import Episode
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.makers import an_actor, an_episode

pytestmark = pytest.mark.usefixtures("db")
SHEET = {
    "came_at": "2026-11-24T07:00",
    "incident_class": "psych_distress",
    "place": "55 Lost Answer Rd",
    "callback": "520-555-0155",
    "note": "blue door",
}
PAPER, ASKED = "calls:paper", "Was this call entered already?"


def how_many() -> int:
    with act_as(an_actor()):
        return Episode.objects.count()


def test_a_sheet_that_is_typed_again_is_asked_about_and_saved_once_somebody_says_so() -> None:
    anna, luis = Desk("anna.miller"), Desk("luis.ortega")
    again = SHEET | {"place": "55 Lost Answer Road.", "callback": "555 0155 x2"}
    assert anna.post(reverse(PAPER), SHEET).status_code == 302

    asked = luis.post(reverse(PAPER), again)

    page = asked.content.decode()
    assert asked.status_code == 422
    for each in (ASKED, "Owner: Anna Miller", "55 Lost Answer Road.", "555 0155 x2", "blue door"):
        assert each in page, each
    assert how_many() == 1
    [another] = re.findall(r'name="another" value="([^"]+)"', page)
    assert luis.post(reverse(PAPER), again | {"another": another}).status_code == 302
    third = anna.post(reverse(PAPER), SHEET | {"another": another})  # looked at one of two
    assert (third.status_code, how_many()) == (422, 2)


def test_one_that_is_closed_by_now_is_shown_too() -> None:
    anna = Desk("anna.miller")
    anna.post(reverse(PAPER), SHEET)
    with act_as(an_actor()):
        row = Episode.objects.get()
    closing = Closing(outcome="stabilized_phone", declined_by_person=True)
    episodes.close_episode(by=an_actor(), at=now(), episode_id=row.pk, closing=closing)

    page = anna.post(reverse(PAPER), SHEET | {"came_at": "2026-11-24T07:20"}).content.decode()

    assert ASKED in page
    assert row.label in page


@pytest.mark.parametrize(
    "other",
    [
        {"came_at": "2026-11-24T09:00"},
        {"place": "56 Lost Answer Rd", "callback": "520-555-0156"},
        {"place": "", "callback": ""},
    ],
)
def test_another_sheet_is_saved_unasked(other: dict[str, str]) -> None:
    anna = Desk("anna.miller")
    anna.post(reverse(PAPER), SHEET)

    assert anna.post(reverse(PAPER), SHEET | other).status_code == 302
    assert how_many() == 2


def test_what_another_program_holds_is_not_told() -> None:
    Desk("anna.miller").post(reverse(PAPER), SHEET)

    assert Desk("maria.lopez").post(reverse(PAPER), SHEET).status_code == 302


def test_calls_of_one_number_that_is_written_differently_are_suggested() -> None:
    one = an_episode(an_actor(), at=now(), place="1 N Main Ave")
    two = an_episode(an_actor(), at=now(), place="1 North Main Avenue.")

    page = Desk("anna.miller").get(reverse("calls:episode", args=[two.pk])).content.decode()

    assert "Possible duplicate" in page
    assert one.label in page
