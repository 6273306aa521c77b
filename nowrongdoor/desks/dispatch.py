"""Pages of who comes: the dispatch board, one request with its units in order, roll-call, help on a call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies import routes
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.routes import RouteRow
from nowrongdoor.agencies.rules import may
from nowrongdoor.community import queries as community
from nowrongdoor.desks import board as boards
from nowrongdoor.desks.board import BoardRow
from nowrongdoor.dispatch import board as dispatching
from nowrongdoor.dispatch import queries as dispatch
from nowrongdoor.dispatch.board import RequestRow, UnitRow
from nowrongdoor.dispatch.cautions import cautions, points
from nowrongdoor.dispatch.facts import RequestState, Stage
from nowrongdoor.dispatch.map import Mark, draw_map
from nowrongdoor.dispatch.rules.ranking import Ranked
from nowrongdoor.dispatch.words import reason_words, stage_words, state_words
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.web.refusals import because

Context = dict[str, Any]
MOST_FIGURES = 6
"""The figures that send a unit; 7 and 0 lead to other screens."""


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A unit on its way, in words."""

    row: dispatching.TeamRow
    words: str
    look: str

    @property
    def overdue(self) -> bool:
        return self.row.missed > 0


@dataclass(frozen=True, slots=True)
class Line:
    """One request as a board shows it. `row` None: the episode is no longer open for this program."""

    request: RequestRow
    row: BoardRow | None
    words: str
    look: str
    teams: tuple[TeamLine, ...]
    reason: str
    for_us: bool
    ours: bool

    @property
    def key(self) -> str:
        return str(self.request.id)


def line_of(
    request: RequestRow, row: BoardRow | None, by: Actor, reasons: Mapping[str, str]
) -> Line:
    waits = request.state in (RequestState.ASKED, RequestState.QUEUED)
    for_us, ours = by.program_id == request.to_program_id, by.program_id == request.from_program_id
    alarm = request.alerts > 0 and request.state is RequestState.ASKED
    alarm = alarm or request.choose_step > 0 or (ours and request.loose)
    teams = tuple(
        TeamLine(each, stage_words(each.stage), _team_look(each)) for each in request.teams
    )
    alarm = alarm or any(each.look == "alarm" for each in teams)
    return Line(
        request=request,
        row=row,
        words=state_words(request.state),
        look="alarm" if alarm else "waits" if waits and for_us else "",
        teams=teams,
        reason=reasons.get(request.reason, request.reason),
        for_us=for_us,
        ours=ours,
    )


def _team_look(team: dispatching.TeamRow) -> str:
    return "alarm" if team.duress_id is not None or team.missed > 0 else ""


def _lines(by: Actor, requests: Sequence[RequestRow], *, at: datetime) -> tuple[Line, ...]:
    ids = frozenset(each.episode_id for each in requests)
    rows = {row.key: row for row in boards.rows(by, at=at, ids=ids)} if ids else {}
    reasons = community.code_names("decline_reasons", by.language)
    return tuple(line_of(each, rows.get(str(each.episode_id)), by, reasons) for each in requests)


def dispatch_board(by: Actor, *, at: datetime) -> Context:
    """Everything a desk that sends has to see: what waits, who is on the way, which units there are."""
    seq = feed.head()
    lines = _lines(by, dispatching.requests(by, open_only=True), at=at)
    units = dispatching.units(by, at=at)
    waiting = [each for each in lines if not each.teams and each.request.open and each.for_us]
    coming = [each for each in lines if each.teams]
    asked = [each for each in lines if each not in waiting and each not in coming]
    order = {"alarm": 0, "waits": 1, "": 2}
    return {
        "seq": seq,
        "waiting": sorted(waiting, key=lambda one: (order[one.look], one.request.asked_at)),
        "coming": sorted(coming, key=lambda one: (order[one.look], one.request.asked_at)),
        "asked": asked,
        "units": units,
        "stages": {stage.value: stage_words(stage) for stage in Stage},
        "map": draw_map(by.language, _marks(by, lines, units)),
        "may_send": may(by, Action.DISPATCH).allowed,
    }


def _marks(by: Actor, lines: Sequence[Line], units: Sequence[UnitRow]) -> tuple[Mark, ...]:
    """What the map shows: people by the middle of their zone, units by their last position."""
    rows = {each.row.key: each.row for each in lines if each.row is not None}
    where = points(by, [UUID(key) for key in rows])
    found = [
        Mark(where[UUID(key)], row.number, "person", row.urls["open"], row.level)
        for key, row in rows.items()
        if UUID(key) in where
    ]
    found += [
        Mark(unit.facts.at, unit.code, "busy" if unit.stage else "free", "", "")
        for unit in units
        if unit.facts.at is not None
    ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Choice:
    """One unit of the ranking, in words. `figure`: the key that sends it, '' where it may not go."""

    ranked: Ranked
    names: str
    may_go: bool
    needs_override: bool
    because: str
    reasons: tuple[tuple[str, bool], ...]
    figure: str
    eta_min: int | None


def request(by: Actor, request_id: UUID, *, at: datetime) -> Context | None:
    """One request with every unit in order. None where it cannot be seen."""
    seq = feed.head()
    found = [each for each in dispatching.requests(by) if each.id == request_id]
    if not found:
        return None
    [line] = _lines(by, found, at=at)
    answers = line.for_us and may(by, Action.DISPATCH).allowed
    ranked = dispatching.ranked(by, request_id, at=at) if answers and line.request.open else ()
    coming = {team.row.unit for team in line.teams}  # shown beside: they are no choice any more
    sides = (line.request.to_program_id, line.request.from_program_id)
    return {
        "seq": seq,
        "line": line,
        "choices": _choices([each for each in ranked if each.unit.code not in coming]),
        "answers": answers,
        "rings": [person for side in sides for person in agencies.staff_of(side, at=at)],
        "me": by.member_id,
        "decline_reasons": community.codes("decline_reasons", by.language),
        "override_reasons": community.codes("override_reasons", by.language),
        "without_reasons": community.codes("without_reasons", by.language),
        "cautions": cautions(by, line.request.episode_id, at=at),
        "minutes": community.setting("queued_team_min", at),
    }


def _choices(ranked: Sequence[Ranked]) -> list[Choice]:
    names = dispatching.crew_names([one for each in ranked for one in each.unit.crew])
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
                names=", ".join(names.get(one.member_id, "") for one in each.unit.crew),
                may_go=may_go,
                needs_override=needs_override,
                because="" if each.verdict.allowed else because(each.verdict),
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
        "seq": feed.head(),
        "units": [(unit, staff[unit.program_id]) for unit in units],
        "reasons": community.codes("out_of_service", by.language),
        "stages": {stage.value: stage_words(stage) for stage in Stage},
        "may_cad": may(by, Action.DISPATCH).allowed,
    }


def help_on(by: Actor, episode_id: UUID, *, works: bool, at: datetime) -> Context:
    """What was asked for on one call, who is coming, and what may be asked for."""
    if not works:
        return {"help": (), "asks": (), "cautions": ()}
    reasons = community.code_names("decline_reasons", by.language)
    lines = tuple(
        line_of(each, None, by, reasons)
        for each in dispatching.requests(by, episode_ids=[episode_id])
    )
    return {
        "help": lines,
        # of several no's the oldest is followed first; the others go on ringing until they are
        "loose": next((each.request.id for each in lines if each.ours and each.request.loose), ""),
        "asks": asks(by, at=at) if may(by, Action.REQUEST).allowed else (),
        "cautions": cautions(by, episode_id, at=at),
        "without_reasons": community.codes("without_reasons", by.language),
        "caution_codes": community.codes("cautions", by.language),
        "caution_evidence": community.codes("caution_evidence", by.language),
        "caution_appeals": community.codes("caution_appeals", by.language),
    }


@dataclass(frozen=True, slots=True)
class AskLine:
    """One kind of help and one desk that may be asked for it."""

    value: str
    kind_name: str
    to: str


def asks(by: Actor, *, at: datetime) -> tuple[AskLine, ...]:
    names = {kind.code: kind.names for kind in dispatch.kinds()}
    order = list(names)
    ways: list[RouteRow] = [way for way in routes.asks_from(by, at=at) if way.kind in names]
    ways.sort(key=lambda way: (order.index(way.kind), way.to_agency))
    return tuple(
        AskLine(
            way.value,
            community.in_language(names[way.kind], by.language),
            f"{way.to_program}, {way.to_agency}",
        )
        for way in ways
    )
