"""What is read of callers' lines, as rows. Those named Now are what the API answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OnNow:
    """Somebody on a line now. `you`: whoever asks is this one; False for several who ask at once.

    `seen_step` is the last step of screening that they have seen; `relief_to` the colleague whom they
    ask to listen on, "" for nobody.
    """

    name: str
    program: str
    program_id: UUID
    mode: str
    since_at: datetime
    seen_step: int
    relief_to: str
    you: bool = False


@dataclass(frozen=True, slots=True)
class LineNow:
    """One caller's open line. `alone_since`: nobody is on it since then."""

    id: UUID
    episode_id: UUID
    medium: str
    began_at: datetime
    alone_since: datetime | None
    on: tuple[OnNow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRow(OnNow):
    """The same, for pages: with who it is, where they are users."""

    member_id: UUID | None


@dataclass(frozen=True, slots=True)
class LegRow(LineNow):
    """The same, for pages."""

    on: tuple[ParticipantRow, ...]


@dataclass(frozen=True, slots=True)
class SearchRow:
    id: UUID
    episode_id: UUID
    seeking: str
    owner: str
    began_at: datetime
    tries: tuple[tuple[datetime, str, str], ...]
    """When, how and who."""


@dataclass(frozen=True, slots=True)
class ResponderRow:
    id: UUID
    episode_id: UUID
    axis: str
    value: str
    at: datetime
    by_name: str
    program: str
    rescue: str
    met_at: datetime | None
    not_found_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnattendedRow:
    leg_id: UUID
    episode_id: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class DownRow:
    """A program's lines do not answer: since when, and who said so."""

    program_id: UUID
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class WishRow:
    """Somebody wishes to be called again, as a note of one's own program says."""

    episode_id: UUID
    number: str
    class_code: str
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class CallRequestRow:
    id: UUID
    episode_id: UUID
    asked_by: str
    program_id: UUID
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class PlanRow:
    text: str
    wishes_follow_up: bool | None
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class CallerRow:
    """The caller as the program that took the contact (`id`) knows them."""

    id: UUID
    channel: str
    name: str
    callback: str
    language: str
    relay: bool
    unverified: bool
    number: str
    """Another system's number for the contact, '' where there is none."""
    either: bool
    """It was received in the hour that clocks repeat, and nothing tells which of the two."""


@dataclass(frozen=True, slots=True)
class TakenRow:
    """The episode that has another system's number already. `holder` '' where it is closed."""

    id: UUID
    number: str
    holder: str
