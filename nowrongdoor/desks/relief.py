"""Shift change: the calls one owns and monitors, handed over by name."""

from datetime import datetime
from typing import Any

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.calls import queries
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor


def relief(by: Actor, *, at: datetime) -> dict[str, Any]:
    seq = feed.latest_position()
    return {
        "seq": seq,
        "holding": len(episodes.holding_here(by)),
        "colleagues": [
            each for each in agencies.colleagues(by, at=at) if each.member_id != by.member_id
        ],
        "listening": queries.listening(by),
        "watches": queries.watches_for(by),
        "offered_to_me": episodes.relief_batches(by),
    }
