"""What can have happened to a deadline."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from nowrongdoor.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired(Event):
    kind: ClassVar[str] = "clocks.fired"
    deadline_id: UUID
    subject_id: UUID
