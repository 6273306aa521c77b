"""What dispatch shows on a desk: who was asked to come to one call, who is on the way, whom else one may ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import board, pages
from nowrongdoor.dispatch.asked import asks, line_of
from nowrongdoor.dispatch.board import RequestRow
from nowrongdoor.dispatch.cautions import cautions
from nowrongdoor.episodes.parts import episode, works_on
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.parts import Part, once_a_page


@dataclass(frozen=True, slots=True)
class Warned:
    """The episode, as the forms of its page name it."""

    id: UUID


@once_a_page
def requested(by: Actor, episode_id: UUID) -> tuple[RequestRow, ...]:
    return board.requests(by, episode_ids=[episode_id])


def help_on(by: Actor, episode_id: UUID, /, *, at: datetime) -> Mapping[str, object] | None:
    """None to a program that does not work on it, and once it is closed."""
    found = episode(by, episode_id, at=at)
    if found.closed_at is not None or not works_on(by, episode_id):
        return None
    reasons = community.code_names("decline_reasons", by.language)
    lines = tuple(line_of(each, by, reasons) for each in requested(by, episode_id))
    return {
        "row": Warned(episode_id),
        "holds": found.held_by(by),
        "help": lines,
        # of several no's the oldest is followed first; the others go on ringing until they are
        "loose": next((each.request.id for each in lines if each.ours and each.request.loose), ""),
        "asks": asks(by, at=at) if may(by, Action.REQUEST).allowed else (),
        "cautions": cautions(by, episode_id, at=at),
        "languages": community.codes("languages", by.language),
    } | pages.choices(by, at=at)


HELP = Part("help", "dispatch/help.html", help_on)
