"""What the API of lines and of screening reads and answers."""

from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import StringConstraints

from nowrongdoor.calls.facts import PlaceIs
from nowrongdoor.desks.api_shapes import Body, Flag, Line, Note, example
from nowrongdoor.triage.facts import Level

Word = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]


class Count(Schema):
    """On how many lines that was done."""

    lines: int


class AnswersIn(Body):
    """Questions of the protocol in force and their answers. `asked_together`: as one question."""

    model_config = example(answers={"WPN": "none", "SI": "passive"}, asked_together=False)

    answers: dict[str, str]
    asked_together: Flag = False


class RecommendIn(Body):
    """A clinician's own level."""

    model_config = example(level="3A")

    level: Level


class LowerIn(Body):
    """A lower level, and why: a code of the community's list `override_reasons`."""

    model_config = example(level="2", reason="new_facts")

    level: Level
    reason: Line


class GiveBackIn(Body):
    """To which 911 centre, by which kind of handoff, and what is known of the place now."""

    model_config = example(
        to_program_id="019364c0-0000-7000-8000-000000000001",
        kind="return_to_911",
        place_is="new",
        new_place="12 Quiet Street",
    )

    to_program_id: UUID
    kind: Line
    place_is: PlaceIs
    new_place: Line = ""


class SentIn(Body):
    """What was sent in CAD. `rescue`: whether they agreed to it; "" where it is no rescue."""

    model_config = example(axis="ems", value="now", rescue="voluntary")

    axis: Literal["police", "ems", "clinical"]
    value: Literal["aware", "staged", "now", "line", "team", "pair"]
    rescue: Literal["", "voluntary", "involuntary"] = ""


class CardIn(Body):
    """The whole card, as it is from now on; the earlier one stays as it was."""

    model_config = example(place="12 Quiet Street", callback="520-555-0123")

    place: Line = ""
    callback: Line = ""
    name_given: Line = ""
    note: Note = ""


class WatchIn(Body):
    """A colleague in the own program."""

    model_config = example(to_member_id="019364c0-0000-7000-8000-000000000002")

    to_member_id: UUID
