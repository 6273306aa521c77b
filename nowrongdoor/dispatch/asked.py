"""What was asked for and what may be asked for, in words: the lines that every page of requests shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nowrongdoor.agencies import routes
from nowrongdoor.agencies.routes import RouteRow
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import queries
from nowrongdoor.dispatch.board import RequestRow, TeamRow
from nowrongdoor.dispatch.facts import RequestState
from nowrongdoor.dispatch.words import stage_words, state_words
from nowrongdoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A unit on its way, in words."""

    row: TeamRow
    words: str
    look: str

    @property
    def overdue(self) -> bool:
        return self.row.missed > 0


@dataclass(frozen=True, slots=True)
class Line:
    """One request as every page shows it."""

    request: RequestRow
    words: str
    look: str
    teams: tuple[TeamLine, ...]
    reason: str
    for_us: bool
    ours: bool

    @property
    def key(self) -> str:
        return str(self.request.id)


def line_of(request: RequestRow, by: Actor, reasons: Mapping[str, str]) -> Line:
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
        words=state_words(request.state),
        look="alarm" if alarm else "waits" if waits and for_us else "",
        teams=teams,
        reason=reasons.get(request.reason, request.reason),
        for_us=for_us,
        ours=ours,
    )


def _team_look(team: TeamRow) -> str:
    return "alarm" if team.duress_id is not None or team.missed > 0 else ""


@dataclass(frozen=True, slots=True)
class AskLine:
    """One kind of help and one desk that may be asked for it."""

    value: str
    kind_name: str
    to: str


def asks(by: Actor, *, at: datetime) -> tuple[AskLine, ...]:
    names = {kind.code: kind.names for kind in queries.kinds()}
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
