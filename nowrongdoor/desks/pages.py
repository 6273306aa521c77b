"""What each page of the desks is given to show."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies import routes
from nowrongdoor.agencies.acting import acting
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.calls import queries
from nowrongdoor.calls.forms import CallForm
from nowrongdoor.calls.need import highest
from nowrongdoor.community import queries as community
from nowrongdoor.community.queries import Choice
from nowrongdoor.desks import board as boards
from nowrongdoor.desks import call as desk
from nowrongdoor.desks import dispatch as teams
from nowrongdoor.desks.board import BoardRow
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.episodes import standing
from nowrongdoor.episodes.queries import EpisodeRow
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import queries as triage

Context = dict[str, Any]


def board(by: Actor, *, at: datetime, show: str) -> Context:
    """The board from one position of the feed: read before the rows, so that nothing is missed."""
    seq = feed.head()
    rows = boards.rows(by, at=at)
    show = show if show in boards.SHOWS else "all"
    total = len(rows) if len(rows) < episodes.MOST else episodes.count_open(by)
    return choices(by, at=at) | {
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
    lists = choices(by, at=at)
    return (lists | {"row": one} for one in found)


def paper(by: Actor, form: CallForm, *, at: datetime) -> Context:
    return {
        "form": form,
        "classes": community.codes("incident_classes", by.language),
        "zones": community.zones(by.language),
        "routes": routes.routes_from(by, at=at),
    }


def episode(by: Actor, episode_id: UUID, *, at: datetime) -> Context:
    """A call's own page, drawn for one member: the board's row, the line, the questions, the card."""
    seq = feed.head()
    found = episodes.episode(by, episode_id, at=at)
    row = boards.row_of(found.held, by)
    with acting(by):
        works = standing.works_on(by, episode_id)
        whole = standing.whole(episode_id)
        returns = standing.returns(episode_id, queries.psaps().keys())
    needs = triage.needs(by, whole)
    need = highest(needs, whole)
    holds = row.ours and found.held.holder_member_id in (None, by.member_id)
    lines = desk.lines(by, whole, needs.get(episode_id), holds=holds, at=at)
    screen = desk.screen(by, episode_id, at=at) if works and not found.closed_at else None
    return (
        choices(by, at=at)
        | _routes(by, row, at=at)
        | {
            "episode": found,
            "row": row,
            "seq": seq,
            "me": str(by.member_id or ""),
            "holds": holds,
            "works": works,
            "returns": returns,
            "joining": standing.joining(by, episode_id) if holds else (),
            "lines": lines,
            "must_see": any(line.must_see for line in lines),
            "rose_step": 0 if need is None else need.rose_step,
            "screen": screen,
            "unscreened": works and not found.closed_at and screen is None,
            "screened": triage.steps(by, episode_id) if screen is not None else (),
            "call_back_at": queries.call_back_at(by, episode_id),
            "no_answer": desk.no_answer(by, row, need, at=at),
            "may_take_back": desk.may_take_back(by, found, lines),
            "may_ask_for": desk.may_ask_for(by, found),
            "pulls": queries.pulls(by, [episode_id]),
            "searches": queries.searches(by, whole),
            "sent": desk.sent(by, whole),
            "outcome_name": desk.outcome(by, found, at=at),
        }
        | _person(by, found, works=works, at=at)
        | teams.help_on(by, episode_id, works=works and not found.closed_at, at=at)
    )


def _routes(by: Actor, row: BoardRow, *, at: datetime) -> Context:
    """Where to: the first way on as one key, the way back to 911 with its own, the others in a list."""
    if "offer" not in row.may:
        return {"first_route": None, "return_route": None, "other_routes": ()}
    psaps = queries.psaps()
    ways = [desk.route_line(each, psaps) for each in routes.routes_from(by, at=at)]
    back = next((each for each in ways if each.to_psap and not desk.is_psap(by.program_id)), None)
    ahead = next((each for each in ways if not each.to_psap), None)
    other = desk.nearest_first(ways, psaps, zone=row.zone_code)
    return {"first_route": ahead, "return_route": back, "other_routes": other}


def _person(by: Actor, found: EpisodeRow, *, works: bool, at: datetime) -> Context:
    """The card, the caller, the plan, and what may be chosen there."""
    episode_id = found.held.id
    language = by.language
    plans = works and may(by, Action.SCREEN).allowed and not desk.is_psap(by.program_id)
    sought = {each.seeking for each in queries.searches(by, [episode_id])}
    released = queries.released(by, [episode_id])
    zone = community.community().time_zone
    return {
        "classes": community.codes("incident_classes", language),
        "zones": community.zones(language),
        "channels": community.codes("channels", language),
        "languages": community.codes("languages", language),
        "search_tries": community.codes("search_tries", language),
        "override_reasons": community.codes("override_reasons", language),
        "outcomes": community.codes("outcomes", language),
        "colleagues": agencies.colleagues(by, at=at),
        "caller": queries.caller(by, episode_id),
        "alike": desk.suggestions(by, found, at=at),
        "place_sought": "place" in sought,
        "at_once": desk.lost_is_urgent(by, episode_id, at=at) if "caller" in sought else False,
        "may_plan": plans,
        "plans": queries.plans(by, episode_id) if plans else (),
        "sent_words": desk.sent_words(),
        "remark": desk.copy_remark(found, released, zone=zone) if works else "",
    }


def relief(by: Actor, *, at: datetime) -> Context:
    seq = feed.head()
    return {
        "seq": seq,
        "holding": episodes.holding_here(by),
        "colleagues": [
            each for each in agencies.colleagues(by, at=at) if each.member_id != by.member_id
        ],
        "listening": queries.listening(by),
        "watches": queries.watches_for(by),
        "offered_to_me": episodes.relief_batches(by),
    }


def choices(by: Actor, *, at: datetime) -> dict[str, tuple[Choice, ...] | Any]:
    """What a row's small forms choose from: the same for every role of a program. Three queries."""
    return {
        "routes": routes.routes_from(by, at=at),
        "decline_reasons": community.codes("decline_reasons", by.language),
        "assume_reasons": community.codes("assume_reasons", by.language),
    }
