"""What can have happened in dispatch. Ids and who is told; nothing that describes a person."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from nowrongdoor.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvent(Event):
    """Common to what happens to a request. Never written itself."""

    request_id: UUID
    from_program_id: UUID
    to_program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(RequestEvent):
    kind: ClassVar[str] = "dispatch.asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAccepted(RequestEvent):
    kind: ClassVar[str] = "dispatch.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued(RequestEvent):
    """Nobody is coming yet; a time was promised."""

    kind: ClassVar[str] = "dispatch.queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDeclined(RequestEvent):
    kind: ClassVar[str] = "dispatch.declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawn(RequestEvent):
    kind: ClassVar[str] = "dispatch.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestUnanswered(RequestEvent):
    """A request has not been answered in time, or was accepted and nobody has been sent."""

    kind: ClassVar[str] = "dispatch.unanswered"
    supervisor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceDue(RequestEvent):
    """A queued team: somebody has to choose."""

    kind: ClassVar[str] = "dispatch.choice_due"
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen(RequestEvent):
    kind: ClassVar[str] = "dispatch.chosen"
    choice_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFollowed(RequestEvent):
    """A declined or returned request, and nobody else has been asked yet."""

    kind: ClassVar[str] = "dispatch.not_followed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneWithout(RequestEvent):
    """After a no, or a return, somebody decided that nobody else is asked."""

    kind: ClassVar[str] = "dispatch.done_without"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEnded(RequestEvent):
    """The work is over, or came back because the person was not met."""

    kind: ClassVar[str] = "dispatch.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliceKept(RequestEvent):
    kind: ClassVar[str] = "dispatch.police_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliceReleased(RequestEvent):
    kind: ClassVar[str] = "dispatch.police_released"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentEvent(Event):
    """Common to what happens to a unit on its way. Never written itself."""

    assignment_id: UUID
    unit_id: UUID
    from_program_id: UUID
    to_program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(AssignmentEvent):
    kind: ClassVar[str] = "dispatch.assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped(AssignmentEvent):
    """A unit reached the next stage of its way."""

    kind: ClassVar[str] = "dispatch.stepped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared(AssignmentEvent):
    kind: ClassVar[str] = "dispatch.cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOff(AssignmentEvent):
    """Its desk sent the unit elsewhere; the request waits again."""

    kind: ClassVar[str] = "dispatch.called_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberStepped(AssignmentEvent):
    """Somebody in a car of their own came, or left."""

    kind: ClassVar[str] = "dispatch.member_stepped"
    member_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AloneOnScene(AssignmentEvent):
    """One person, no officer, is at a scene without their colleague."""

    kind: ClassVar[str] = "dispatch.alone_on_scene"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn(AssignmentEvent):
    kind: ClassVar[str] = "dispatch.checked_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInMissed(AssignmentEvent):
    kind: ClassVar[str] = "dispatch.check_in_missed"
    missed: int
    supervisor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DuressRang(AssignmentEvent):
    kind: ClassVar[str] = "dispatch.duress"


@dataclass(frozen=True, slots=True, kw_only=True)
class DuressEnded(AssignmentEvent):
    kind: ClassVar[str] = "dispatch.duress_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldComing(AssignmentEvent):
    """The caller, or patrol, was told who is coming."""

    kind: ClassVar[str] = "dispatch.told"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEvent(Event):
    """Common to what happens to a unit at roll-call. Never written itself."""

    unit_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOn(UnitEvent):
    kind: ClassVar[str] = "dispatch.signed_on"
    crew_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOff(UnitEvent):
    kind: ClassVar[str] = "dispatch.signed_off"
    crew_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfService(UnitEvent):
    kind: ClassVar[str] = "dispatch.out_of_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class InService(UnitEvent):
    kind: ClassVar[str] = "dispatch.in_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class CadSaid(UnitEvent):
    kind: ClassVar[str] = "dispatch.cad_said"


@dataclass(frozen=True, slots=True, kw_only=True)
class CautionEvent(Event):
    """Common to what happens to a caution. Never written itself."""

    caution_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned(CautionEvent):
    kind: ClassVar[str] = "dispatch.warned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appealed(CautionEvent):
    kind: ClassVar[str] = "dispatch.appealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecided(CautionEvent):
    kind: ClassVar[str] = "dispatch.appeal_decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class CautionEnded(CautionEvent):
    kind: ClassVar[str] = "dispatch.caution_ended"
