"""What tests of screening need: a call that two programs work on, and its answers."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes.models import Episode
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.triage.models import Protocol, Screening
from tests.clients import Desk
from tests.makers import a_screening, accepted, an_actor, an_episode
from tests.markup import closed_up

STOPS = {
    "MED": "N",
    "ACT": "N",
    "WPN": "none",
    "VIO": "N",
    "CRM": "none",
    "HAZ": "none",
    "ABU": "N",
}
MINIMUM = {"SI": "none", "HI": "none", "AGE": "adult", "TALK": "Y", "PSY": "N", "SCN": "N"}
"""With the hard stops and the need itself, all that a level is so far without."""


def kinds(by: Actor) -> list[str]:
    with act_as(by):
        rows = Entry.objects.filter(kind__startswith="triage.").order_by("recorded_at", "id")
        return list(rows.values_list("kind", flat=True))


def screened(episode: Episode, by: Actor | None = None, **given: str) -> Screening:
    """Every hard stop denied and the minimum asked, but for what is said."""
    return a_screening(episode, by, **STOPS | MINIMUM | {"BHN": "Y", "NEED": "N"} | given)


def shared() -> tuple[Episode, Actor, Actor]:
    """Anna's call at 911, with Maria at the line: both programs work on it."""
    anna, maria = an_actor(), an_actor("maria.lopez")
    episode = an_episode(anna)
    accepted(episode, anna, to=maria)
    return episode, anna, maria


def refusal_of(act: object) -> str:
    with pytest.raises(Refused) as refusal:
        act()  # type: ignore[operator]
    return refusal.value.verdict.rule


def text(answer: HttpResponse) -> str:
    return closed_up(answer.content.decode())


def url(name: str, row: Protocol | None = None) -> str:
    return reverse(f"triage:{name}", args=[row.pk] if row else [])


def get(who: str, name: str, row: Protocol | None = None) -> str:
    answer = Desk(who).get(url(name, row))
    assert answer.status_code == 200
    return text(answer)
