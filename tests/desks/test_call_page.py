"""What a call's own page lets whoever looks do: an act that its row does not name is never drawn."""

import re

import pytest
from django.urls import reverse

from nowrongdoor.calls import queries
from nowrongdoor.dispatch import board
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.makers import an_actor, an_episode

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize(
    ("who", "acts"),
    [
        ("anna.miller", ("calls:escalate", "dispatch:warn")),
        ("maria.lopez", ("calls:escalate", "calls:write_plan")),
    ],
)
def test_whoever_holds_the_call_is_shown_the_acts_of_its_page(
    who: str, acts: tuple[str, ...]
) -> None:
    episode = an_episode(an_actor(who), at=now())

    page = Desk(who).get(reverse("calls:episode", args=[episode.pk])).content.decode()

    assert [each for each in acts if reverse(each, args=[episode.pk]) not in page] == []


@pytest.mark.parametrize(
    ("who", "says", "posts"),
    [
        ("anna.miller", "Record police dispatch", "calls:record_dispatched"),
        ("maria.lopez", "Request police now", "dispatch:ask"),
    ],
)
def test_911_records_police_and_the_line_requests_them(who: str, says: str, posts: str) -> None:
    """One key at the line once wrote *police sent*, and nobody at 911 learned of it."""
    by = an_actor(who)
    episode = an_episode(by, at=now())
    page = Desk(who).get(reverse("calls:episode", args=[episode.pk])).content.decode()
    [form] = [each for each in page.split("<form")[1:] if f'data-key-label="{says}"' in each]
    field, value = re.findall(r'name="([a-z:_]+)" value="([^"]+)"', form)[-1]

    Desk(who).post(reverse(posts, args=[episode.pk]), {field: value})

    asked = board.requests(by, episode_ids=[episode.pk])
    assert [each.mode for each in asked] == (["now"] if posts == "dispatch:ask" else [])
    assert [each.value for each in queries.responders(by, [episode.pk])] == (
        [] if asked else ["now"]
    )
