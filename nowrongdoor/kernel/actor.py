"""Who acts. Everything that is done or read is done or read by an Actor."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which agency and program, in which role.

    `code` goes into the journal and never names a person: `member:<uuid>`,
    `machine:<uuid>` of a key, `guest:<uuid>` of the link that somebody without an account
    opened, or what acts when nobody does: `timer`, `import`, `sandbox`.
    `member_id` is None for all but the first; `machine_id` is a key's. A machine that speaks for
    somebody's telephone has both. `name` is for screens only. `role` is one of
    `agencies.facts.Role`; what a role may do is `agencies.rules.GRANTS`.
    """

    code: str
    agency_id: UUID
    program_id: UUID
    role: str
    name: str = ""
    member_id: UUID | None = None
    machine_id: UUID | None = None
    agency_kind: str = ""
    language: str = "en"
    scopes: frozenset[str] | None = None
    """What a machine's key may do at most; None means all that the role may."""
    position_id: UUID | None = None
    until_at: datetime | None = None
    """The position acted in, and its end, as they were read: a command asks again before it commits."""

    @property
    def asks_as(self) -> UUID | None:
        """Whose keys of idempotency these are: the machine's, else the member's."""
        return self.machine_id or self.member_id
