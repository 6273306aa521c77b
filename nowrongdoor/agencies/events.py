"""What can have happened to people's access, presence and shifts."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from nowrongdoor.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEvent(Event):
    """Common to what happens to one member. Never written itself."""

    member_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(MemberEvent):
    kind: ClassVar[str] = "agencies.signed_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(MemberEvent):
    kind: ClassVar[str] = "agencies.signed_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked(MemberEvent):
    kind: ClassVar[str] = "agencies.locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceLost(MemberEvent):
    kind: ClassVar[str] = "agencies.presence_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceFound(MemberEvent):
    kind: ClassVar[str] = "agencies.presence_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEnded(MemberEvent):
    kind: ClassVar[str] = "agencies.access_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSet(MemberEvent):
    """Somebody else gave them a first password, or a new one."""

    kind: ClassVar[str] = "agencies.password_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(MemberEvent):
    """They chose another password themselves."""

    kind: ClassVar[str] = "agencies.password_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorAdded(MemberEvent):
    """They added an authenticator app, a passkey or a security key."""

    kind: ClassVar[str] = "agencies.factor_added"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRemoved(MemberEvent):
    kind: ClassVar[str] = "agencies.factor_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesMade(MemberEvent):
    kind: ClassVar[str] = "agencies.recovery_codes_made"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftStarted(MemberEvent):
    kind: ClassVar[str] = "agencies.shift_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEnded(MemberEvent):
    kind: ClassVar[str] = "agencies.shift_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssued(MemberEvent):
    kind: ClassVar[str] = "agencies.token_issued"
    token_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(MemberEvent):
    kind: ClassVar[str] = "agencies.token_revoked"
    token_id: UUID
