"""Calls on the floor, at a level, released or not; and what three desk pages say of them."""

import re
from datetime import timedelta
from uuid import UUID

from django.urls import reverse

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes.models import Episode
from nowrongdoor.web.clock import now
from tests.calls.lines import ANNA, MARIA, RUTH
from tests.clients import Desk
from tests.makers import a_screening, accepted, an_actor, an_episode
from tests.markup import closed_up

STOPS = {"MED": "N", "ACT": "N", "WPN": "none", "VIO": "N", "CRM": "none", "HAZ": "none", "ABU": "N"}  # fmt: skip
MINIMUM = {"SI": "none", "HI": "none", "AGE": "adult", "TALK": "Y", "PSY": "N", "SCN": "N", "BHN": "Y"}  # fmt: skip
LEVELS = {
    "3A": {"PSY": "Y", "TALK": "N"},
    "3B": {"SI": "active", "PLAN": "Y", "MEANS": "Y", "TIME": "day", "TALK": "Y"},
    "2": {"SI": "passive", "TALK": "Y"},
    "E": {"MED": "Y"},
    "4": {"VIO": "Y"},
}
PAGE, QUEUE, SHEET = "calls:supervising", "calls:queue", "calls:morning"


def seated(*names: str) -> None:
    for name in names:
        agencies.occupy_desk(by=an_actor(name), at=now() + timedelta(minutes=5))


def a_call(level: str = "", by: str = ANNA, *, ago_s: float = 0) -> Episode:
    at = now() - timedelta(seconds=ago_s)
    episode = an_episode(an_actor(by), at=at, place="12 Quiet Street")
    if level:
        found = a_screening(episode, an_actor(by), at=at, **STOPS | MINIMUM | LEVELS[level])
        assert found.shown == level
    return episode


def released(level: str = "", by: str = ANNA) -> Episode:
    """A call of ours that Maria at the line holds."""
    episode = a_call(level, by)
    accepted(episode, an_actor(by), to=an_actor(MARIA), at=now())
    return episode


def text(answer: object) -> str:
    return closed_up(answer.content.decode())  # type: ignore[attr-defined]


def page_of(name: str, url: str = PAGE) -> str:
    return text(Desk(name).get(reverse(url)))


def section(page: str, code: str) -> str:
    """What stands under one heading; '' where there is no such section."""
    found = re.search(rf'id="s-{code}".*?</table>', page)
    return found[0] if found else ""


def holders() -> dict[UUID, UUID | None]:
    with act_as(an_actor(ANNA)):
        return dict(Episode.objects.values_list("id", "holder_member_id"))


def line_says(answers: str) -> object:
    program = str(an_actor(MARIA).program_id)
    url = reverse("calls:line_answers")
    return Desk(RUTH).post(url, {"program": program, "answers": answers})
