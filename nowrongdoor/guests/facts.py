"""What a guest link is, before and after it is a row."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from nowrongdoor.episodes.facts import GUEST, Attested
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.words import _
from nowrongdoor.web.fields import Name, Text

OwnName = Name(label=_("Your name"), autofill="name", wrong=_("Enter your name."))
OwnNumber = Name(label=_("Your operator/badge ID"), wrong=_("Enter your operator/badge ID."))
OwnIncident = Text(label=_("Your own incident number"), help=_("if you have one"))


@dataclass(frozen=True, slots=True)
class Accepts(Attested):
    """Who accepts, as they say it of themselves."""

    name: Annotated[str, OwnName]
    operator: Annotated[str, OwnNumber]
    incident: Annotated[str, OwnIncident] = ""


@dataclass(frozen=True, slots=True)
class Receives(Accepts):
    """Who received the person at the door, as they say it of themselves."""


@dataclass(frozen=True, slots=True)
class Declines(Attested):
    """Who declines: their name is enough."""

    name: Annotated[str, OwnName]
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the sender's program may pass on of a person, in words. '' is *not told*."""

    age: str = ""
    level: str = ""
    level_words: str = ""
    weapon: str = ""
    violence: str = ""
    medical: str = ""
    unit: str = ""
    vehicle: str = ""
    arrives_at: datetime | None = None
    phone: str = ""
    """Of the sender: the unit's, or its program's."""


class State(StrEnum):
    """How an offer stands for the guest whose link still shows something."""

    OPEN = "open"
    PROMISED = "promised"  # by this guest; the person has not arrived yet
    ACCEPTED = "accepted"  # by this guest; and received, where that was promised
    DECLINED = "declined"  # by this guest
    OVER = "over"  # withdrawn, or answered by somebody else


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """`answered` says how: accepted, declined, or ''."""

    id: UUID
    expires_at: datetime
    opened: bool = False
    answered: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A link as a stranger finds it: where it belongs and whether it still opens. Nothing else.

    `expires_at` is until when it opens by the way it was found: a code's time ends before the link's.
    """

    id: UUID
    agency_id: UUID
    program_id: UUID
    handoff_id: UUID
    expires_at: datetime
    ended_at: datetime | None = None
    answered_at: datetime | None = None

    def guest(self, language: str = "en") -> Actor:
        """Who acts: within the sender's wall, in a role that no table of grants knows."""
        return Actor(
            code=f"{GUEST}{self.id}",
            agency_id=self.agency_id,
            program_id=self.program_id,
            role="guest",
            language=language,
        )


@dataclass(frozen=True, slots=True)
class Made:
    """A new link, with what is shown this once and kept nowhere."""

    link_id: UUID
    episode_id: UUID
    expires_at: datetime
    code_expires_at: datetime
    place: str
    """The short name of the agency that is asked: said with the code."""
    token: str = field(repr=False)
    code: str = field(repr=False)

    @property
    def id(self) -> UUID:
        """As acts name the row that they act on."""
        return self.link_id
