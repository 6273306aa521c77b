"""What a contact is before it is a row."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from nowrongdoor.episodes.facts import CardFacts, Source


class Channel(StrEnum):
    CALL_911 = "911"
    LINE = "line"
    WALK_IN = "walk_in"
    OFFICER = "officer"
    TEXT = "text"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stages:
    """The times of a contact that are known; None is "the source does not say"."""

    queued_at: datetime | None = None
    dispatched_at: datetime | None = None
    enroute_at: datetime | None = None
    arrived_at: datetime | None = None
    cleared_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """One contact. `behavioral` ones open an episode; any other is counted.

    `at` is when it was received, by the source's own clock. `outcome` is how its own system
    closed it, '' while it is open; only entered afterwards (paper, import).
    """

    at: datetime
    class_code: str
    behavioral: bool
    channel: Channel = Channel.CALL_911
    card: CardFacts = field(default_factory=CardFacts)
    zone_id: UUID | None = None
    source: Source = Source.LIVE
    external_ref: str = ""
    stages: Stages = field(default_factory=Stages)
    outcome: str = ""
