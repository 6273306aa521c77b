"""What a call's own page lets whoever looks do: an act that its row does not name is never drawn."""

import pytest
from django.urls import reverse

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
