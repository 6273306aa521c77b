"""What can have happened to a guest link. Ids only: never its address, its code or a name."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from nowrongdoor.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvent(Event):
    """Common to every step of a link. Never written itself."""

    link_id: UUID
    handoff_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMade(LinkEvent):
    kind: ClassVar[str] = "guests.link_made"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOpened(LinkEvent):
    """By a browser that did not have it open: once for each."""

    kind: ClassVar[str] = "guests.link_opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAnswered(LinkEvent):
    kind: ClassVar[str] = "guests.link_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnded(LinkEvent):
    """By the sender, by a newer link in its place, or (as `timer`) by its age."""

    kind: ClassVar[str] = "guests.link_ended"
