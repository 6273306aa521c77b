"""What can have happened to an episode."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from nowrongdoor.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    kind: ClassVar[str] = "episodes.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChanged(Event):
    kind: ClassVar[str] = "episodes.card_changed"
    card_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified(Event):
    kind: ClassVar[str] = "episodes.classified"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointerSet(Event):
    kind: ClassVar[str] = "episodes.pointer_set"
    party_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffEvent(Event):
    """Common to every step of a handoff. Never written itself."""

    handoff_id: UUID
    to_program_id: UUID
    from_program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(HandoffEvent):
    """`into_id`: where it is offered to be joined to another, whose holder answers."""

    kind: ClassVar[str] = "episodes.offered"
    into_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(HandoffEvent):
    kind: ClassVar[str] = "episodes.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedAccepted(HandoffEvent):
    kind: ClassVar[str] = "episodes.attested"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestAccepted(HandoffEvent):
    """Accepted by somebody without an account, by their own hand."""

    kind: ClassVar[str] = "episodes.guest_accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(HandoffEvent):
    kind: ClassVar[str] = "episodes.declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(HandoffEvent):
    kind: ClassVar[str] = "episodes.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered(HandoffEvent):
    kind: ClassVar[str] = "episodes.unanswered"
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacted(HandoffEvent):
    kind: ClassVar[str] = "episodes.contacted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOverdue(HandoffEvent):
    kind: ClassVar[str] = "episodes.contact_overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(HandoffEvent):
    kind: ClassVar[str] = "episodes.taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack(HandoffEvent):
    kind: ClassVar[str] = "episodes.taken_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed(HandoffEvent):
    kind: ClassVar[str] = "episodes.assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(HandoffEvent):
    kind: ClassVar[str] = "episodes.joined"
    into_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Separated(HandoffEvent):
    kind: ClassVar[str] = "episodes.separated"
    from_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Event):
    kind: ClassVar[str] = "episodes.closed"
