"""The API of units: CAD says what its units do, each at a time of its own; and other systems ask.

A token stands for one position, and is refused what that position would be.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import Field, Strict

from nowrongdoor.agencies.access import api_actor
from nowrongdoor.agencies.facts import Action
from nowrongdoor.desks.api_shapes import Flag, Line, example, writes
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Point
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.shapes import WRITES, Body, Done, When
from nowrongdoor.web.clock import now

router = Router()


class SaidIn(Body):
    """What CAD shows of its own unit: its status word, whether it is on a call, and when it said so."""

    model_config = example(state="ENRT", busy=True, at="2027-03-01T19:02:11Z")

    state: Line
    busy: Flag
    at: When


Latitude = Annotated[float, Strict(), Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Strict(), Field(ge=-180, le=180, allow_inf_nan=False)]


class PositionIn(Body):
    """Where a unit is, in degrees, and when it was there. Only the latest is kept."""

    model_config = example(lat=32.22, lon=-110.97, at="2027-03-01T19:02:11Z")

    lat: Latitude
    lon: Longitude
    at: When


@router.post("/units/{unit_id}/said", auth=api_actor(Action.DISPATCH), response=WRITES)
@writes
def said(request: HttpRequest, unit_id: UUID, how: SaidIn) -> Done:
    """What CAD shows of a unit of its own. Older than what is known, it changes nothing."""
    at = _not_ahead(how.at)
    commands.report_cad_status(
        by=actor_of(request), at=at, unit_id=unit_id, state=how.state, busy=how.busy
    )
    return Done(id=unit_id, episode_id=None)


@router.post(
    "/units/{unit_id}/position", auth=api_actor((Action.DISPATCH, Action.FIELD)), response=WRITES
)
@writes
def position(request: HttpRequest, unit_id: UUID, where: PositionIn) -> Done:
    """Where a unit is. Older than what is known, it changes nothing."""
    point = Point(where.lat, where.lon)
    commands.report_position(
        by=actor_of(request), at=_not_ahead(where.at), unit_id=unit_id, point=point
    )
    return Done(id=unit_id, episode_id=None)


def _aware(at: datetime, field: str) -> datetime:
    if at.tzinfo is None:
        raise BadInput(field, "time.zone", "Give the time with its zone, as 2027-03-01T19:40:00Z.")
    return at


def _not_ahead(at: datetime) -> datetime:
    """When another system saw something: with its zone, and not later than now."""
    return min(_aware(at, "at"), now())
