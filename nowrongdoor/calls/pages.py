"""What each page of the desks is given to show."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.calls import board as boards
from nowrongdoor.calls.board import BoardRow
from nowrongdoor.calls.forms import CallForm
from nowrongdoor.community import queries as community
from nowrongdoor.community.queries import Choice
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor

Context = dict[str, Any]


def board(by: Actor, *, at: datetime, show: str) -> Context:
    """The board from one position of the feed: read before the rows, so that nothing is missed."""
    seq = feed.head()
    rows = boards.rows(by, at=at)
    show = show if show in boards.SHOWS else "all"
    total = len(rows) if len(rows) < episodes.MOST else episodes.count_open(by)
    return _choices(by, at=at) | {
        "rows": rows,
        "seq": seq,
        "show": show,
        "shown": any(show in row.shows for row in rows),
        "counts": {name: sum(name in row.shows for row in rows) for name in boards.SHOWS},
        "more": total > len(rows),
        "shown_most": episodes.MOST,
        "total": total,
    }


def rows(by: Actor, found: Iterable[BoardRow], *, at: datetime) -> Iterator[Context]:
    """Each row by itself, with the lists its small forms choose from: read once for all of them."""
    choices = _choices(by, at=at)
    return (choices | {"row": one} for one in found)


def call(by: Actor, form: CallForm, *, at: datetime) -> Context:
    return {
        "form": form,
        "classes": community.codes("incident_classes", by.language),
        "zones": community.zones(by.language),
        "routes": agencies.routes_from(by, at=at),
    }


def episode(by: Actor, episode_id: UUID, *, at: datetime) -> Context:
    seq = feed.head()
    found = episodes.episode(by, episode_id, at=at)
    return _choices(by, at=at) | {
        "episode": found,
        "row": boards.row_of(found.held, by),
        "seq": seq,
        "colleagues": agencies.colleagues(by, at=at),
        "outcomes": community.codes("outcomes", by.language),
        "outcome_name": community.code_names("outcomes", by.language).get(found.outcome, ""),
    }


def relief(by: Actor, *, at: datetime) -> Context:
    seq = feed.head()
    return {
        "seq": seq,
        "holding": episodes.holding_here(by),
        "colleagues": [
            each for each in agencies.colleagues(by, at=at) if each.member_id != by.member_id
        ],
        "offered_to_me": episodes.relief_batches(by),
    }


def _choices(by: Actor, *, at: datetime) -> dict[str, tuple[Choice, ...] | Any]:
    return {
        "routes": agencies.routes_from(by, at=at),
        "decline_reasons": community.codes("decline_reasons", by.language),
        "assume_reasons": community.codes("assume_reasons", by.language),
    }
