"""Pages of who comes: the dispatch board, one request with its units in order, roll-call, help on a call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.community import queries as community
from nowrongdoor.desks import board as boards
from nowrongdoor.desks.board import BoardRow
from nowrongdoor.dispatch import board as dispatching
from nowrongdoor.dispatch import queries as dispatching_queries
from nowrongdoor.dispatch import ranked as ranking
from nowrongdoor.dispatch.asked import Line, line_of
from nowrongdoor.dispatch.board import RequestRow, UnitRow
from nowrongdoor.dispatch.cautions import cautions
from nowrongdoor.dispatch.facts import Point, Stage
from nowrongdoor.dispatch.map import Mark, draw_map, frame, lines
from nowrongdoor.dispatch.pages import choices
from nowrongdoor.dispatch.rules.ranking import Ranked
from nowrongdoor.dispatch.words import reason_words, stage_words
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.drawn import draw_rows
from nowrongdoor.triage import queries as triage
from nowrongdoor.web.refusals import reason

Context = dict[str, Any]
MOST_FIGURES = 6
"""The figures that send a unit; 7 and 0 lead to other screens."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What the board of who comes shows of a call: where, and how urgent. `at`: its address, or the middle of its zone.
    `told`: what the protocol tells whoever sends and whoever goes."""

    key: str
    number: str
    place: str | None
    zone: str
    at: Point | None
    level: str = ""
    level_why: str = ""
    provisional: bool = False
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallLine(Line):
    """One request beside its call. `row` None: the episode is no longer open for this program."""

    row: Beside | BoardRow | None = None


_LINE = tuple(each.name for each in fields(Line))
_BESIDE = """
SELECT e.id, e.label, (SELECT c.place FROM episodes_card c WHERE c.episode_id = e.id
  ORDER BY c.made_at DESC, c.id DESC LIMIT 1), z.names::json, z.centre_lat, z.centre_lon
FROM episodes_episode e LEFT JOIN community_zone z ON z.id = e.zone_id
WHERE e.id = ANY(%(ids)s) AND e.closed_at IS NULL AND e.joined_into_id IS NULL
ORDER BY array_position(%(ids)s, e.id)
"""


def _beside(by: Actor, ids: list[UUID]) -> dict[str, Beside]:
    """The open ones of these calls, in this order, as `by`'s program may see them. Two statements."""
    with act_as(by), connection.cursor() as cursor:
        cursor.execute(_BESIDE, {"ids": ids})
        found, needs = cursor.fetchall(), triage.needs(by, ids)
    rows = []
    for id, number, place, zone, lat, lon in found:
        need, name = needs.get(id), community.in_language(zone, by.language) if zone else ""
        middle = dispatching_queries.point_of(place or "") or (Point(lat, lon) if zone else None)
        row = Beside(str(id), number, place, name, middle)
        if need is not None and need.screened:
            urgent = (need.shown.value, need.because, need.provisional, need.for_crews)
            row = Beside(str(id), number, place, name, middle, *urgent)
        rows.append(row)
    return {row.key: row for row in rows}


def _lines(
    by: Actor, requests: Sequence[RequestRow], rows: Mapping[str, Beside | BoardRow]
) -> tuple[CallLine, ...]:
    """`rows`: what is known of their calls, by key."""
    reasons = community.code_names("decline_reasons", by.language)
    return tuple(
        CallLine(
            **{name: getattr(line, name) for name in _LINE},
            row=rows.get(str(line.request.episode_id)),
        )
        for line in (line_of(each, by, reasons) for each in requests)
    )


def dispatch_board(by: Actor, *, at: datetime) -> Context:
    """Everything a desk that sends has to see: what waits, who is on the way, which units there are."""
    seq = feed.latest_position()
    with act_as(by):
        requests = dispatching.requests(by, open_only=True)
        rows = _beside(by, list(dict.fromkeys(each.episode_id for each in requests)))
        lines = _lines(by, requests, rows)
        units = dispatching.units(by, at=at)
        map = draw_map(by.language, _marks(requests, rows, units))
        notes = community.streets().notes
    draw = partial(draw_rows, whose=(by.program_id, by.role), at=at)
    stages = {stage.value: stage_words(stage) for stage in Stage}
    # what says of a page's own token or of its first row is beside these, and drawn each time
    cells = draw("desks/asked_table.html#cells", lines, {})
    drawn = list(zip(lines, cells, strict=True))
    waiting = [one for one in drawn if _waits(one[0])]
    coming = [one for one in drawn if one[0].teams]
    return {
        "seq": seq,
        "waiting": sorted(waiting, key=_urgency),
        "coming": sorted(coming, key=_urgency),
        "asked": [one for one in drawn if not one[0].teams and not _waits(one[0])],
        "units": draw("desks/dispatch.html#unit", units, {"stages": stages}),
        "map": map,
        "map_lines": f"{community.zones_version()[:16]}-{by.language}",
        "map_note": community.in_language(notes, by.language) if notes else "",
        "marks": draw("dispatch/map.html#mark", () if map is None else map.placed, {}),
        "may_record_dispatched": may(by, Action.DISPATCH).allowed,
        "desk": ("teams", ""),
    } | choices(by, at=at)


def _waits(line: CallLine) -> bool:
    return not line.teams and line.request.open and line.for_us


def _urgency(one: tuple[CallLine, str]) -> tuple[int, datetime]:
    return ("alarm", "waits", "").index(one[0].look), one[0].request.asked_at


def map_frame(by: Actor, *, at: datetime) -> Context:
    """What moves on the map, as its script draws it: the same people and units as on the page around it."""
    with act_as(by):
        requests = dispatching.requests(by, open_only=True)
        rows = _beside(by, list(dict.fromkeys(each.episode_id for each in requests)))
        return frame(_marks(requests, rows, dispatching.units(by, at=at)))


def map_lines(by: Actor) -> str:
    """What does not move on the map, as JSON."""
    with act_as(by):
        return lines(by.language)


def _marks(
    requests: Sequence[RequestRow], rows: Mapping[str, Beside], units: Sequence[UnitRow]
) -> tuple[Mark, ...]:
    """What the map shows: people at their address or in the middle of their zone, units by their last position."""
    opens = {str(each.episode_id): str(each.id) for each in reversed(requests)}
    found = [
        Mark(row.at, row.number, "person", row.level, opens[row.key])
        for row in rows.values()
        if row.at is not None
    ]
    found += [
        Mark(unit.facts.at, unit.code, unit.facts.look, "")
        for unit in units
        if unit.facts.at is not None
    ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Choice:
    """One unit of the ranking, in words. `figure`: the key that sends it, '' where it may not go."""

    ranked: Ranked
    request_id: UUID
    version: int
    names: str
    may_go: bool
    needs_override: bool
    because: str
    reasons: tuple[tuple[str, bool], ...]
    figure: str
    eta_min: int | None

    @property
    def id(self) -> UUID:
        return self.ranked.unit.id


@dataclass(frozen=True, slots=True)
class Promise:
    """A request, or a team on its way, as the forms that promise a time need it."""

    id: UUID
    version: int
    staff: Sequence[tuple[str, str]]
    me: UUID | None
    minutes: int


def request(by: Actor, request_id: UUID, *, at: datetime) -> Context | None:
    """One request with every unit in order. None where it cannot be seen."""
    seq = feed.latest_position()
    found = [each for each in dispatching.requests(by) if each.id == request_id]
    if not found:
        return None
    ids = frozenset(each.episode_id for each in found)
    [line] = _lines(by, found, {row.key: row for row in boards.rows(by, at=at, ids=ids)})
    need = triage.needs(by, ids).get(line.request.episode_id)
    answers = line.for_us and may(by, Action.DISPATCH).allowed
    ranked = ranking.ranked(by, request_id, at=at) if answers and line.request.open else ()
    coming = {team.row.unit for team in line.teams}  # shown beside: they are no choice any more
    sides = (line.request.to_program_id, line.request.from_program_id)
    rings = [person for side in sides for person in agencies.staff_of(side, at=at)]
    promise = partial(
        Promise,
        version=line.request.version,
        staff=[(str(id), name) for id, name, _role in rings],
        me=by.member_id,
        minutes=community.setting("queued_team_min", at)[0],
    )
    return {
        "seq": seq,
        "line": line,
        # what the protocol tells whoever sends and whoever goes
        "told": () if need is None else need.for_crews,
        "units": _choices([each for each in ranked if each.unit.code not in coming], line.request),
        "answers": answers,
        "promise": promise(line.request.id),
        "teams": [(team, promise(team.row.id)) for team in line.teams],
        "cautions": cautions(by, line.request.episode_id, at=at),
        "desk": ("request", request_id),
    } | choices(by, at=at)


def _choices(ranked: Sequence[Ranked], request: RequestRow) -> list[Choice]:
    names = ranking.crew_names([one for each in ranked for one in each.unit.crew])
    found, figure = [], 0
    for each in ranked:
        if each.verdict.rule in ("unit.kind", "unit.authority"):
            continue  # not what was asked for, or not this desk's: on roll-call, not here
        needs_override = each.verdict.rule == "unit.clearance"
        may_go = each.verdict.allowed or needs_override
        figure += may_go
        found.append(
            Choice(
                ranked=each,
                request_id=request.id,
                version=request.version,
                names=", ".join(names.get(one.member_id, "") for one in each.unit.crew),
                may_go=may_go,
                needs_override=needs_override,
                because="" if each.verdict.allowed else reason(each.verdict),
                reasons=tuple(
                    (reason_words(one.code).format(**one.says), one.plus) for one in each.reasons
                ),
                figure=str(figure) if may_go and figure <= MOST_FIGURES else "",
                eta_min=each.eta_min,
            )
        )
    return found


def rollcall(by: Actor, *, at: datetime) -> Context:
    """The units of this desk, or of one's own program, with who is on them."""
    units = dispatching.units(by, at=at)
    programs = {unit.program_id for unit in units}
    taken = {person.member_id for unit in units for person in unit.people}
    staff = {
        program_id: [
            person for person in agencies.staff_of(program_id, at=at) if person[0] not in taken
        ]
        for program_id in programs
    }
    return {
        "seq": feed.latest_position(),
        "units": [(unit, staff[unit.program_id]) for unit in units],
        "stages": {stage.value: stage_words(stage) for stage in Stage},
        "may_cad": may(by, Action.DISPATCH).allowed,
        "desk": ("rollcall", ""),
    } | choices(by, at=at)
