"""The call's own page, drawn for one member: what a desk that holds somebody has before it.

A new program shows something on it by one name in one of these lists.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import parts as calls
from nowrongdoor.calls import queries
from nowrongdoor.desks import board, call_head
from nowrongdoor.dispatch import parts as dispatch
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes import parts as episodes
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.parts import read_parts, reading
from nowrongdoor.narrative import parts as narrative
from nowrongdoor.triage import parts as triage

COLUMNS = (
    (calls.CARD, episodes.PERSON, calls.PAST),
    (triage.SCREEN, triage.LEVEL, calls.PLAN),
    (calls.LINE, calls.RESPONSE, triage.NEED, dispatch.HELP, narrative.LOG),
)
"""Where, how to call back, who and what it is; what to ask and what it means; who has it, who comes, what was written.

Each from the top down.
"""
BELOW = (episodes.HISTORY, episodes.ACCESS)


def call(by: Actor, episode_id: UUID, *, at: datetime) -> dict[str, Any]:
    """The head, which is the desk's own, and every part that has something to show."""
    seq = feed.latest_position()
    with reading():
        found = episodes.episode(by, episode_id, at=at)
        columns = [read_parts(column, by, episode_id, at=at) for column in COLUMNS]
        with act_as(by):
            returns = lookup.returns(episode_id, queries.psaps().keys())
        given = {part.name: part.given for column in columns for part in column}
        return {
            "desk": ("call", episode_id),
            "seq": seq,
            "episode": found,
            "row": board.row_of(found.held, by),
            "returns": returns,
            "columns": columns,
            "below": read_parts(BELOW, by, episode_id, at=at),
            **call_head.head(by, found, given),
        }
