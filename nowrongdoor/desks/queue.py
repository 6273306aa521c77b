"""The queue of a clinician on a 911 floor: what is offered to them, and the calls they could ask for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from nowrongdoor.agencies.referring import referring_programs
from nowrongdoor.calls import queries, rules
from nowrongdoor.calls.current_level import highest
from nowrongdoor.desks import board as boards
from nowrongdoor.desks.board import BoardRow
from nowrongdoor.episodes import supervisor_queries
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict
from nowrongdoor.triage import overview
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage.overview import StopsRow
from nowrongdoor.web.refusals import reason


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the floor's, as a clinician's queue shows it."""

    row: BoardRow
    level: str
    """The highest of all callers about this person."""
    why: str
    """Why this level; where the call could not be pulled, why not."""
    could: bool
    asked_by: str
    """Who of ours has asked for it. '' while nobody has."""


def queue(by: Actor, *, at: datetime) -> dict[str, Any]:
    """The clinician's queue: what is offered to them, then the calls they could ask for."""
    seq = feed.latest_position()
    ids = supervisor_queries.held_in(by, referring_programs(by.program_id, at=at))
    offered = supervisor_queries.offered_to(by)
    every = ids | offered
    rows = boards.rows(by, at=at, ids=every) if every else ()
    calls = _calls(by, [row for row in rows if UUID(row.key) in ids - offered], at=at)
    return {
        "seq": seq,
        "offered": [row for row in rows if UUID(row.key) in offered],
        "could": [call for call in calls if call.could],
        "others": [call for call in calls if not call.could],
    }


def _calls(by: Actor, rows: list[BoardRow], *, at: datetime) -> list[Call]:
    ids = [UUID(row.key) for row in rows]
    whole = supervisor_queries.joined(by, ids)
    every = [id for each in whole.values() for id in each]
    needs, stops = triage.needs(by, every), overview.hard_stops(by, every, at=at)
    asked = {each.episode_id: each for each in queries.call_requests(by, ids)}
    found = []
    for id, row in zip(ids, rows, strict=True):
        need = highest(needs, whole[id])
        level = "" if need is None else need.shown.value
        pull = asked.get(id)
        verdict = _may_pull(level, [stops[one] for one in whole[id] if one in stops])
        why = need.because if need is not None and verdict.allowed else reason(verdict)
        mine = pull is not None and pull.program_id == by.program_id
        asked_by = pull.asked_by if pull and mine else ""
        found.append(Call(row, level, why, verdict.allowed, asked_by))
    return sorted(found, key=lambda call: (rules.level_place(call.level), call.row.opened_at))


def _may_pull(level: str, stops: list[StopsRow]) -> Verdict:
    """By every caller about one person: what one says yes to counts, and what one does not know."""
    said_yes = any(each.said_yes for each in stops)
    denied = frozenset(stop for each in stops for stop in each.denied)
    unknown = any(each.unknown or each.unasked - denied for each in stops) or not stops
    return rules.may_pull(level, stop_yes=said_yes, stop_unknown=unknown)
