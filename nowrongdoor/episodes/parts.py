"""What an episode itself shows on a desk: who it is, how it was held, and who may see it. And what every other part asks of it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import act_as, granted
from nowrongdoor.agencies.facts import Action
from nowrongdoor.episodes import identified, lookup, pages, queries
from nowrongdoor.episodes.queries import EpisodeRow
from nowrongdoor.identity import queries as identity
from nowrongdoor.identity.parts import possible, told
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.parts import Part, once_a_page


@once_a_page
def episode(by: Actor, episode_id: UUID, *, at: datetime) -> EpisodeRow:
    return queries.episode(by, episode_id, at=at)


@once_a_page
def works_on(by: Actor, episode_id: UUID) -> bool:
    with act_as(by):
        return lookup.works_on(by, episode_id)


@once_a_page
def whole(by: Actor, episode_id: UUID) -> tuple[UUID, ...]:
    """The episode and those joined to it: several callers about one person."""
    with act_as(by):
        return lookup.joined_group(episode_id)


def _history(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object]:
    found = episode(by, episode_id, at=at)
    return {"opened_at": found.held.opened_at, "steps": found.steps}


def _access(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object]:
    return {"parties": episode(by, episode_id, at=at).parties}


def _person(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object] | None:
    """Who it is to the reader's program, or who it may be; None to whoever does not work on it."""
    if not granted(by, Action.KEEP_PERSONS) or not works_on(by, episode_id):
        return None
    forms = pages.acts.forms(by, at=at)
    person_id = identified.person_of(by, episode_id)
    if person_id is None:
        row, found = identified.reported(by, episode_id, at=at)
        return {"row": row, "candidates": told(found), "more": found.more, "forms": forms}
    given = possible(by, person_id, at=at)
    return {
        **given,
        "row": identified.Reported(episode_id),
        "person": identity.lines(by, [person_id])[person_id],
        "forms": {**given["forms"], **forms},
    }


PERSON = Part("person", "episodes/person.html", _person)
HISTORY = Part("history", "episodes/history.html", _history)
ACCESS = Part("access", "episodes/access.html", _access)
