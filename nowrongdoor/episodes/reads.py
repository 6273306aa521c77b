"""What other systems read of episodes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OfferNow:
    """An offer that waits for an answer; or, with `accepted_name`, for the contact that was promised.

    `by_arrival`: accepting is a promise; the owner changes when the person is received by name there.
    """

    id: UUID
    purpose: str
    to_program_id: UUID
    to_program: str
    offered_at: datetime
    alerts: int
    accepted_name: str
    by_arrival: bool


@dataclass(frozen=True, slots=True)
class EpisodeNow:
    """An open episode as your program may see it. "" and null are "not known to you".

    `attested_name` is who accepted for a program whose people are no users.
    """

    id: UUID
    number: str
    incident_class: str
    zone: str
    opened_at: datetime
    holder_program_id: UUID
    holder_program: str
    holder_name: str
    attested_name: str
    held_since: datetime
    unreachable: bool
    due_at: datetime | None
    version: int
    offers: tuple[OfferNow, ...]
