"""What the API of lines and of screening reads and answers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import StringConstraints

from nowrongdoor.calls.facts import Mode, PlaceIs
from nowrongdoor.calls.queries import LegRow
from nowrongdoor.desks.api_shapes import Body, Flag, Line, Note, example
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage.facts import Level
from nowrongdoor.triage.queries import NeedRow
from nowrongdoor.triage.words import blocks_release

Word = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]


class OnLineOut(Schema):
    """Somebody on a line now. `you`: the position that the token stands for is this one.

    `seen_step` is the last step of screening that they have seen; `relief_to` the colleague whom they
    ask to listen on, "" for nobody.
    """

    name: str
    program: str
    program_id: UUID
    mode: Mode
    since_at: datetime
    seen_step: int
    relief_to: str
    you: bool


class LineOut(Schema):
    """One caller's open line. `alone_since`: nobody is on it since then."""

    id: UUID
    episode_id: UUID
    medium: str
    began_at: datetime
    alone_since: datetime | None
    on: list[OnLineOut]


class DutyOut(Schema):
    """Something the rules ask for. `blocks_release`: nobody leaves the line before it is done."""

    id: str
    says: str
    done: bool
    blocks_release: bool


class ResponseOut(Schema):
    """What should go, on each of the protocol's axes."""

    police: str
    ems: str
    clinical: str


class NeedOut(Schema):
    """What screening says. `level` "" and `response` null: nobody was screened, and unknown is a risk.

    `provisional`: a hard stop is still to be asked. `step` counts the steps of screening; at
    `rose_step` the need rose last, 0 for never: whoever is on the line and has `seen_step` below it has
    not seen that yet.
    """

    level: str
    why: str
    rule: str
    provisional: bool
    step: int
    rose_step: int
    duties: list[DutyOut]
    response: ResponseOut | None


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


def line_out(leg: LegRow, by: Actor) -> LineOut:
    return LineOut(
        id=leg.id,
        episode_id=leg.episode_id,
        medium=leg.medium,
        began_at=leg.began_at,
        alone_since=leg.alone_since,
        on=[
            OnLineOut(
                name=one.name,
                program=one.program,
                program_id=one.program_id,
                mode=Mode(one.mode),
                since_at=one.since_at,
                seen_step=one.seen_step,
                relief_to=one.relief_to,
                you=one.member_id is not None and one.member_id == by.member_id,
            )
            for one in leg.on
        ],
    )


NOT_SCREENED = NeedOut(
    level="",
    why="",
    rule="",
    provisional=True,
    step=0,
    rose_step=0,
    duties=[],
    response=None,
)


def need_out(row: NeedRow, by: Actor) -> NeedOut:
    protocol = triage.protocol(by, at=row.at)
    words = {duty.id: duty.says.get(by.language) or duty.says["en"] for duty in protocol.duties}
    blocking = blocks_release(protocol, by.language)
    return NeedOut(
        level=row.shown.value,
        why=row.because,
        rule=row.rule,
        provisional=row.provisional,
        step=row.step,
        rose_step=row.rose_step,
        duties=[
            DutyOut(
                id=id,
                says=words.get(id, id),
                done=id in row.done,
                blocks_release=id in blocking,
            )
            for id in row.duties
        ],
        response=ResponseOut(
            police=row.response.police.value,
            ems=row.response.ems.value,
            clinical=row.response.clinical.value,
        ),
    )
