"""What an episode itself shows on a desk: how it was held, and who may see it. And what every other part asks of it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import lookup, queries
from nowrongdoor.episodes.queries import EpisodeRow
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


HISTORY = Part("history", "episodes/history.html", _history)
ACCESS = Part("access", "episodes/access.html", _access)
