"""What a deadline is, before and after it is a row."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DeadlineFacts:
    """Something due in the program of the one who promises, or in `program_id` where that is given.

    `kind` names the reaction when it passes; `other_program_id` is the other side, which may
    keep the promise too (it answers the offer, say).
    """

    kind: str
    subject_id: UUID
    due_at: datetime
    episode_id: UUID | None = None
    other_program_id: UUID | None = None
    program_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that has passed, as the sweep finds it: nothing but where it belongs."""

    id: UUID
    agency_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True)
class Ringing:
    """A deadline that rings, or is quiet for a while because somebody acknowledged it.

    `since`: when it was first due, as far as the clocks know. `climbed`: how far up `rules.LINE` it has
    gone, and `reaches`: how far it goes in the end.
    """

    id: UUID
    kind: str
    subject_id: UUID
    episode_id: UUID | None
    program_id: UUID
    other_program_id: UUID | None
    set_at: datetime
    due_at: datetime
    rung: int
    climbed: int
    reaches: int
    acknowledged_at: datetime | None
    acknowledged_by: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """How a kind of deadline rings: so many times, and whom each time tells, by words of `rules.LINE`.

    `every_s` None: it repeats as often as the promise itself says. A line of the desk alone adds
    nobody to those whom the kind of entry names. `quiet_s`: how long it is quiet once somebody has
    acknowledged it; what is not done by then rings again.
    """

    times: int
    line: tuple[str, ...]
    every_s: int | None = None
    quiet_s: int = 300
