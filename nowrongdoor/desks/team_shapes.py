"""What the API of requests and units reads and answers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, Strict

from nowrongdoor.desks.api_shapes import Body, Flag, Line, When, example
from nowrongdoor.dispatch.board import RequestRow, TeamRow, UnitRow
from nowrongdoor.dispatch.facts import RequestState, Stage, Way

ID = "019364c0-0000-7000-8000-000000000002"


class TeamOut(Schema):
    """A unit on its way, or there. `missed`: signs of life missed in a row."""

    id: UUID
    unit: str
    stage: Stage
    since: datetime | None
    duress: bool
    missed: int


class RequestOut(Schema):
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
    teams: list[TeamOut]


class UnitOut(Schema):
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


class AskIn(Body):
    """What is asked for, of which desk. `follows_id`: the request that was declined, or came back."""

    model_config = example(kind="mobile_team", to_program_id=ID)

    kind: Line
    to_program_id: UUID
    note: Line = ""
    language: Line = ""
    follows_id: UUID | None = None


class PromiseIn(Body):
    """By when a unit is there, and who rings the caller until then."""

    model_config = example(promised_at="2027-03-01T19:40:00Z", rings_member_id=ID)

    promised_at: When
    rings_member_id: UUID


class DeclineIn(Body):
    """Why not: a code of the list `decline_reasons`."""

    model_config = example(reason="capacity")

    reason: Line


class AssignIn(Body):
    """The unit that goes. `override`: why without a clearance that is missing; "" where none is."""

    model_config = example(unit_id=ID)

    unit_id: UUID
    override: Line = ""


class StepIn(Body):
    """Where the unit is now, and how one knows."""

    model_config = example(stage="on_scene", way="radio")

    stage: Literal["en_route", "staged", "on_scene", "engaged", "transporting"]
    way: Way = Way.RADIO


class HeardIn(Body):
    """How the team was heard."""

    model_config = example(way="radio")

    way: Way = Way.RADIO


class ClearIn(Body):
    """How it ended: a code of `cmt_dispositions`; what is left behind: codes of `left_behind`."""

    model_config = example(outcome="crc_vol", took_somebody=True, left_behind=["nobody"])

    outcome: Line
    took_somebody: Flag = False
    left_behind: list[Line] = Field(default_factory=list, max_length=10)
    next_try_at: When | None = None
    way: Way = Way.RADIO


class SaidIn(Body):
    """What CAD shows of its own unit: its status word, whether it is on a call, and when it said so."""

    model_config = example(state="ENRT", busy=True, at="2027-03-01T19:02:11Z")

    state: Line
    busy: Flag
    at: When


Degrees = Annotated[float, Strict(), Field(ge=-180, le=180, allow_inf_nan=False)]


class PositionIn(Body):
    """Where a unit is, in degrees, and when it was there. Only the latest is kept."""

    model_config = example(lat=32.22, lon=-110.97, at="2027-03-01T19:02:11Z")

    lat: Degrees
    lon: Degrees
    at: When


def team_out(row: TeamRow) -> TeamOut:
    return TeamOut(
        id=row.id,
        unit=row.unit,
        stage=row.stage,
        since=row.since,
        duress=row.duress_id is not None,
        missed=row.missed,
    )


def request_out(row: RequestRow) -> RequestOut:
    return RequestOut(
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
        teams=[team_out(each) for each in row.teams],
    )


def unit_out(row: UnitRow) -> UnitOut:
    return UnitOut(
        id=row.facts.id,
        code=row.code,
        kind=row.facts.kind,
        cad=row.facts.cad,
        stage=row.stage,
        out_of_service=row.facts.out_of_service,
        crew=len(row.people),
        said=row.said,
        said_at=row.said_at,
    )
