"""What the API of units reads."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, Strict

from nowrongdoor.desks.api_shapes import Body, Flag, Line, When, example

ID = "019364c0-0000-7000-8000-000000000002"


class AskIn(Body):
    """What is asked for, of which desk. `follows_id`: the request that was declined, or came back."""

    model_config = example(kind="mobile_team", to_program_id=ID)

    kind: Line
    to_program_id: UUID
    note: Line = ""
    language: Line = ""
    follows_id: UUID | None = None


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
