"""What can have happened to a contact."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from nowrongdoor.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Event):
    """A contact opened an episode."""

    kind: ClassVar[str] = "calls.received"
    contact_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Event):
    """Contacts without a behavioral need were counted, in one go."""

    kind: ClassVar[str] = "calls.counted"
    first_contact_id: UUID
    count: int
