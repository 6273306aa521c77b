"""Rows in every table of `episodes`: somebody handed on, somebody offered, somebody's call that is over.

And how its acts are tried.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nowrongdoor.episodes import commands
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.episodes.models import Episode
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.web.clock import now
from tests.identity.full import a_person
from tests.makers import NOON, accepted, an_actor, an_episode, an_offer, member_id, received

ANNA, MARIA, JUDITH, MARTHA = "anna.miller", "maria.lopez", "judith.park", "martha.gibbs"


def full() -> None:
    anna = an_actor()
    accepted(an_episode(anna, place="12 Quiet Street"))
    an_offer(an_episode(anna))
    over = Closing("information", declined_by_person=True)
    commands.close_episode(by=anna, at=NOON, episode_id=an_episode(anna).pk, closing=over)


def tried() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    """Each act: who does it, on what, and what they type."""
    anna, at = an_actor(), now()
    episode, into = an_episode(anna, at=at), an_episode(anna, at=at)
    here = {"episode_id": episode.pk}
    on = {"on": "call", "on_id": str(episode.pk)}
    yield ANNA, "classify_episode", here, {"incident_class": "welfare_check"}
    known = {"given": "Thomas", "family": "Arnett", "born": "46", "phone": "520-555-0119"}
    yield ANNA, "new_person", here, known | on
    yield ANNA, "forget_person", {"episode_id": identified(anna).pk}, on
    yield ANNA, "identify_person", {"episode_id": into.pk}, {"person_id": str(a_person().pk)} | on
    yield ANNA, "withdraw_offer", {"handoff_id": an_offer(episode, at=now()).pk}, {}
    yield MARIA, "decline_offer", {"handoff_id": an_offer(episode, at=now()).pk}, _REASON
    yield ANNA, "join_by_number", here, {"number": into.label}
    yield ANNA, "separate_episode", here, {"to_member_id": str(member_id(ANNA))}

    officer = replace(an_actor("luis.garza"), role="dispatcher")  # came to hold in whatever way
    brought, nurse = an_episode(officer, at=at), an_actor(JUDITH)
    received(brought, officer, nurse, at=now())
    referral = {"to": "clinic-a/intake", "kind": "discharge_referral"}
    clinic = an_offer(brought, nurse, at=now(), **referral)
    commands.accept_offer(by=an_actor(MARTHA), at=now(), handoff_id=clinic.pk)
    yield MARTHA, "confirm_contact", {"handoff_id": clinic.pk}, {}


def identified(by: Actor) -> Episode:
    """An episode whose person the program has a record of."""
    episode = an_episode(by, at=now())
    commands.identify_person(by=by, at=now(), episode_id=episode.pk, person_id=a_person().pk)
    return episode


_REASON = {"reason": "capacity"}
