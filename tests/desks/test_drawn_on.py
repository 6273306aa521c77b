"""Whoever acts is answered with a desk that they may open, whatever desk their page says stands around."""

from uuid import UUID

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.kit.desks import _desks
from nowrongdoor.narrative.models import Note
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.makers import an_actor, an_episode

pytestmark = pytest.mark.usefixtures("db")
ALONE = {name: desk.page for name, desk in _desks.items() if desk.alone}


@pytest.mark.parametrize("name", ["maria.lopez", "ruth.palmer"])
def test_no_desk_is_drawn_for_somebody_who_may_not_open_its_page(name: str) -> None:
    """A counselor and a supervisor of 911 act on a call of their own; neither manages access."""
    desk, episode = Desk(name), an_episode(an_actor(name), at=now())
    note = reverse("narrative:write_note", kwargs={"episode_id": episode.pk})
    drawn, shut = set(), set()

    for on, page in ALONE.items():
        opened = desk.get(reverse(page)).status_code == 200
        answer = desk.htmx(note, {"text": "Two dogs.", "on": on})

        assert answer.status_code == 200, on
        own = b'id="alarms"' if on == "alarms" else b'id="follows"'
        assert (own in answer.content) == opened, on
        (drawn if opened else shut).add(on)

    assert "field" in drawn
    assert "people" in shut


@pytest.mark.parametrize("on", ["call", "request"])
@pytest.mark.parametrize("on_id", ["", "not an id", str(UUID(int=7))])
def test_what_was_done_is_never_answered_as_if_it_was_not(on: str, on_id: str) -> None:
    """The page names a desk that is not there, or of what whoever acts may not see."""
    anna = an_actor("anna.miller")
    desk, episode = Desk("anna.miller"), an_episode(anna, at=now())
    note = reverse("narrative:write_note", kwargs={"episode_id": episode.pk})

    answer = desk.htmx(note, {"text": "Two dogs.", "on": on, "on_id": on_id})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("narrative:messages"))
    with act_as(anna):
        assert Note.objects.filter(episode_id=episode.pk).exists()
