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
class Alarm:
    """How a kind of deadline rings: so many times, and whom each time tells, by words of `rules.LINE`.

    `every_s` None: it repeats as often as the promise itself says. A line of the desk alone adds
    nobody to those whom the kind of entry names.
    """

    times: int
    line: tuple[str, ...]
    every_s: int | None = None
