"""One key at the call's own page: how many statements stand between it and its picture."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls.models import Participant
from nowrongdoor.episodes.models import Episode
from nowrongdoor.triage.models import Screening
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.desks.floor import STOPS
from tests.makers import a_screening, an_actor, an_episode

TOKEN = re.compile(rb'csrfmiddlewaretoken" value="\w+"')
"""Its mask is another each time."""
pytestmark = pytest.mark.usefixtures("db")
MOST = 15
"""The session; who acts; BEGIN; who asks; the key; the call's lock; what is known; the step; its answers;
who has seen it; what was answered; the picture; the journal; whether whoever acts still may; COMMIT."""


@pytest.fixture
def episode() -> Episode:
    """A call of Anna's; its hard stops are asked, and its protocol is parsed."""
    row = an_episode(at=now())
    a_screening(row, an_actor(), at=now(), **STOPS)
    return row


def press(desk: Desk, episode: Episode, *, key: str = "", **given: str) -> HttpResponse:
    url = reverse("calls:answer", args=[episode.pk])
    answer = desk.htmx(url, given, key=key or str(uuid4()))
    assert answer.status_code == 200, answer.content
    return answer


def steps(episode: Episode) -> list[int]:
    with act_as(an_actor()):
        rows = Screening.objects.filter(episode_id=episode.pk).order_by("step")
        return list(rows.values_list("step", flat=True))


@pytest.mark.parametrize("given", [{"PSY": "Y"}, {"WPN": "in_hand"}, {"PSY": "Y", "TALK": "N"}])
def test_a_key_makes_few_statements(episode: Episode, given: dict[str, str]) -> None:
    """Also one that raises the need."""
    desk = Desk("anna.miller")
    press(desk, episode, PSY="N")

    with CaptureQueriesContext(connection) as asked:
        press(desk, episode, **given)

    listed = [each["sql"] for each in asked.captured_queries]
    assert len(listed) <= MOST, "\n".join(listed)
    assert len(set(listed)) == len(listed)  # nothing is read twice


def test_its_picture_shows_its_step_and_is_drawn_again_for_a_twin(episode: Episode) -> None:
    desk = Desk("anna.miller")

    first = press(desk, episode, key="once", WPN="in_hand")
    again = press(desk, episode, key="once", WPN="in_hand")

    assert steps(episode) == [1, 2]
    assert 'data-step="2"' in first.content.decode()
    assert TOKEN.sub(b"", first.content) == TOKEN.sub(b"", again.content)
    assert again["Idempotency-Replayed"] == "true"


def test_what_cannot_be_read_for_the_picture_was_not_done(
    episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Act and picture are one transaction: whoever sees an error asks again, with the same key."""
    desk = Desk("anna.miller")
    desk.raise_request_exception = False
    url = reverse("calls:answer", args=[episode.pk])
    with monkeypatch.context() as patched:
        patched.setattr("nowrongdoor.triage.step._SCREENED", "SELECT 1/0")
        assert desk.htmx(url, {"PSY": "Y"}, key="k").status_code == 500
    broken = steps(episode)

    press(desk, episode, key="k", PSY="Y")

    assert (broken, steps(episode)) == ([1], [1, 2])


def test_whoever_raises_the_need_has_seen_it_only_if_they_had_seen_all_before(
    episode: Episode,
) -> None:
    anna = an_actor()
    desk = Desk("anna.miller")
    press(desk, episode, WPN="in_hand")

    def seen() -> int:
        with act_as(anna):
            return Participant.objects.get(episode_id=episode.pk).seen_step

    here = seen()
    a_screening(episode, anna, at=now(), MED="Y")  # raised by somebody who did not press here
    press(desk, episode, PSY="Y")

    assert (here, seen()) == (2, 2)
