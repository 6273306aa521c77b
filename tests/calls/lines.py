"""What tests of callers' lines say and ask, made plainly."""

import os
from datetime import datetime

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands
from nowrongdoor.calls.facts import PlaceIs
from nowrongdoor.calls.models import Leg, Participant
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.episodes.facts import HandoffFacts, Proposal
from nowrongdoor.episodes.models import Episode
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.site.reactions import DEADLINES
from tests.makers import NOON, an_actor, later, program_id

ANNA, LUIS, RUTH = "anna.miller", "luis.ortega", "ruth.palmer"
MARIA, ROSA, GLORIA = "maria.lopez", "rosa.figueroa", "gloria.mendez"


def the_leg(episode: Episode, by: Actor | None = None) -> Leg:
    """The one line of an episode, as it is now."""
    with act_as(by or an_actor()):
        return Leg.objects.get(episode_id=episode.pk)


def on_line(episode: Episode, by: Actor | None = None) -> dict[str, str]:
    """Who is on an episode's line now, and how: username to mode."""
    with act_as(by or an_actor()):
        rows = Participant.objects.filter(episode_id=episode.pk, until_at=None)
        return dict(rows.values_list("member__username", "mode"))


def due(by: Actor, *kinds: str) -> dict[str, datetime]:
    """What `by` sees to be due of these kinds, and when: of several of one kind, the last."""
    with act_as(by):
        rows = Deadline.objects.filter(kind__in=kinds, fired_at=None, cancelled_at=None)
        return dict(rows.order_by("due_at").values_list("kind", "due_at"))


def fire(seconds: float) -> int:
    return fire_due(at=later(seconds), reactions=DEADLINES)


def kinds() -> list[str]:
    """The journal's lines of the call's own module, in order, whoever may read them."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        query = "SELECT kind FROM journal_entry WHERE kind LIKE 'calls.%' ORDER BY recorded_at, id"
        return [str(kind) for [kind] in owner.execute(query)]


def refused(command: object, **asked: object) -> str:
    """The rule that says no to this."""
    assert callable(command)
    with pytest.raises(Refused) as refusal:
        command(**asked)
    return refusal.value.verdict.rule


def leaving(episode: Episode, by: str = ANNA, *, after_s: float = 30) -> dict[str, object]:
    """Leaving the line (or acting on it) so many seconds after noon."""
    who = an_actor(by)
    return {"by": who, "at": later(after_s), "leg_id": the_leg(episode, who).pk}


def returned(
    episode: Episode,
    by: str = MARIA,
    *,
    place_is: PlaceIs | None = PlaceIs.SOUGHT,
    place: str = "",
    at: datetime = NOON,
) -> HandoffFacts:
    """Offered back to the 911 floor."""
    proposal = Proposal(episode.pk, "return_to_911", program_id("911/floor"))
    return commands.return_person(
        by=an_actor(by), at=at, proposal=proposal, place_is=place_is, new_place=place
    )
