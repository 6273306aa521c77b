"""What can have happened in triage. No answer, no level and no rule: those stay in their tables."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from nowrongdoor.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEvent(Event):
    """Common to every step of a screening. Never written itself."""

    screening_id: UUID
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened(StepEvent):
    """Something was answered."""

    kind: ClassVar[str] = "triage.screened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rose(StepEvent):
    """The need rose with this step; written beside the step's own entry."""

    kind: ClassVar[str] = "triage.rose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended(StepEvent):
    kind: ClassVar[str] = "triage.recommended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered(StepEvent):
    kind: ClassVar[str] = "triage.lowered"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyWasDone(Event):
    kind: ClassVar[str] = "triage.duty_done"
    duty_done_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolEvent(Event):
    """Common to every step of a protocol's life. Never written itself."""

    protocol_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted(ProtocolEvent):
    kind: ClassVar[str] = "triage.protocol_drafted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved(ProtocolEvent):
    kind: ClassVar[str] = "triage.protocol_proved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(ProtocolEvent):
    kind: ClassVar[str] = "triage.protocol_approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activated(ProtocolEvent):
    kind: ClassVar[str] = "triage.protocol_activated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired(ProtocolEvent):
    kind: ClassVar[str] = "triage.protocol_retired"
