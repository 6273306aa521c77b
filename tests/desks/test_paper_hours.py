"""Paper in the hours that clocks repeat and skip: asked, never guessed, and in both languages."""

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes.models import Episode
from tests.clients import Desk
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")
TWICE, SKIPPED = "2026-11-01T01:30", "2026-03-08T02:30"


@pytest.fixture(autouse=True)
def mountain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A community whose clocks change; Tucson's do not."""
    from zoneinfo import ZoneInfo

    from nowrongdoor.site import timezone

    monkeypatch.setattr(timezone, "zone", lambda: ZoneInfo("America/Denver"))


@pytest.mark.parametrize(
    ("language", "twice", "before", "skipped"),
    [
        ("en", "showed this time twice", "Before clocks went back", "Clocks skipped this hour"),
        ("es", "marcaron esta hora dos veces", "Antes de atrasar", "se saltaron esta hora"),
    ],
)
def test_a_time_that_may_be_two_is_asked_and_one_that_was_none_is_said(
    language: str, twice: str, before: str, skipped: str
) -> None:
    desk = Desk("anna.miller")
    desk.post(reverse("agencies:set_language"), {"language": language, "next": "/"})
    typed = {"incident_class": "psych_distress", "place": "9 Autumn Ave"}

    asked = desk.post(reverse("calls:paper"), typed | {"came_at": TWICE})
    none = desk.post(reverse("calls:paper"), typed | {"came_at": SKIPPED})
    for chosen in ("first", "second"):
        done = desk.post(reverse("calls:paper"), typed | {"came_at": TWICE, "came_pass": chosen})
        assert done.status_code == 302

    page, other = asked.content.decode(), none.content.decode()
    assert (asked.status_code, none.status_code) == (422, 422)
    assert twice in page
    assert before in page
    assert skipped in other
    assert 'name="came_pass"' not in other
    assert "9 Autumn Ave" in page
    with act_as(an_actor()):
        opened = Episode.objects.order_by("opened_at").values_list("opened_at", flat=True)
        assert [f"{at:%H:%M}" for at in opened] == ["07:30", "08:30"]
