"""What other systems read of requests and units: ids, codes and times. Whoever comes has no name here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.dispatch import board
from nowrongdoor.dispatch.board import RequestRow, TeamRow, UnitRow
from nowrongdoor.dispatch.facts import RequestState, Stage
from nowrongdoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class TeamNow:
    """A unit on its way, or there. `missed`: signs of life missed in a row."""

    id: UUID
    unit: str
    stage: Stage
    since: datetime | None
    duress: bool
    missed: int


@dataclass(frozen=True, slots=True)
class RequestNow:
    """Work that was asked for. `choose_step`: a queued team, and somebody has to choose; 0 not now."""

    id: UUID
    episode_id: UUID
    number: str
    kind: str
    state: RequestState
    from_program_id: UUID
    to_program_id: UUID
    asked_at: datetime
    promised_at: datetime | None
    choose_step: int
    version: int
    teams: tuple[TeamNow, ...]


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit that this desk sends, or that is its program's own. `said_at`: when CAD last said anything."""

    id: UUID
    code: str
    kind: str
    cad: bool
    stage: Stage | None
    out_of_service: str
    crew: int
    said: str
    said_at: datetime | None


def requests(by: Actor, *, at: datetime) -> tuple[RequestNow, ...]:  # noqa: ARG001 - as every read
    """The requests that your program may see and that still wait for something."""
    return tuple(_request(each) for each in board.requests(by, open_only=True))


def units(by: Actor, *, at: datetime) -> tuple[UnitNow, ...]:
    """The units that your desk may send, and those of your own program."""
    return tuple(_unit(each) for each in board.units(by, at=at))


def _request(row: RequestRow) -> RequestNow:
    return RequestNow(
        id=row.id,
        episode_id=row.episode_id,
        number=row.number,
        kind=row.kind,
        state=row.state,
        from_program_id=row.from_program_id,
        to_program_id=row.to_program_id,
        asked_at=row.asked_at,
        promised_at=row.promised_at,
        choose_step=row.choose_step,
        version=row.version,
        teams=tuple(_team(each) for each in row.teams),
    )


def _team(row: TeamRow) -> TeamNow:
    return TeamNow(
        id=row.id,
        unit=row.unit,
        stage=row.stage,
        since=row.since,
        duress=row.duress_id is not None,
        missed=row.missed,
    )


def _unit(row: UnitRow) -> UnitNow:
    return UnitNow(
        id=row.id,
        code=row.code,
        kind=row.facts.kind,
        cad=row.facts.cad,
        stage=row.stage,
        out_of_service=row.facts.out_of_service,
        crew=len(row.people),
        said=row.said,
        said_at=row.said_at,
    )
