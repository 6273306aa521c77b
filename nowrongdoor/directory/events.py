"""What can have happened to a place's capacity. Ids only: the row says what was said."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from nowrongdoor.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacitySaid(Event):
    kind: ClassVar[str] = "directory.capacity_said"

    facility_id: UUID
    capacity_id: UUID
