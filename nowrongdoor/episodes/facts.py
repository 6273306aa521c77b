"""What the rules of holding are told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.words import _
from nowrongdoor.web.fields import Code, Name, Pick, Text, Tick

LISTED = _("Choose from the list.")
_SAID = _("Read back, then enter who accepted.")


class Purpose(StrEnum):
    """What a handoff is for. The mechanisms; kinds of transfer are data."""

    TRANSFER = "transfer"
    RELIEF = "relief"
    TAKE = "take"
    ASSUME = "assume"
    JOIN = "join"
    SEPARATE = "separate"
    TAKE_BACK = "take_back"


class Moves(StrEnum):
    """When a handoff of this kind moves the holder."""

    ON_ACCEPT = "on_accept"
    ON_CONTACT = "on_contact"
    NEVER = "never"


DIGITS = 6
"""So many has the counter in a label, until it needs more."""

GUEST = "guest:"
"""How the code of an actor begins who has no account and opened a guest link."""


class PartyRole(StrEnum):
    WORKING = "working"
    INFORMED = "informed"
    POINTER = "pointer"


class Source(StrEnum):
    """How a fact came in. Anything but LIVE was entered later, with its true time."""

    LIVE = "live"
    PAPER = "paper"
    IMPORT = "import"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What travels: class D1 (incident, location, safety). No health history, ever."""

    place: Annotated[
        str,
        Text(
            label=_("Location"),
            help=_("Address, cross street or landmark. Leave empty if unknown."),
            example="12 Quiet Street",
            key="w",
        ),
    ] = ""
    callback: Annotated[str, Text(label=_("Callback number"), example="520-555-0123")] = ""
    name_given: Annotated[str, Text(label=_("Name given"))] = ""
    note: Annotated[
        str,
        Text(
            label=_("Location and safety notes"),
            help=_("Shared with responders. No diagnosis."),
            most=2000,
            rows=2,
        ),
    ] = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """How an episode begins. `holder_member_id` None leaves it in the program's queue."""

    class_code: str
    card: CardFacts
    zone_id: UUID | None = None
    holder_member_id: UUID | None = None
    kind: str = "crisis"
    source: Source = Source.LIVE


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    id: UUID
    holder_program_id: UUID
    holder_member_id: UUID | None
    closed: bool = False
    joined_into_id: UUID | None = None
    holder_via_id: UUID | None = None
    worked_by: frozenset[UUID] = frozenset()
    """The programs that work on it."""

    def worked_on(self, by: Actor) -> bool:
        """Whether `by`'s program works on it: holds it, is offered it, or has held it."""
        return by.program_id in self.worked_by

    @property
    def open(self) -> bool:
        return not self.closed and self.joined_into_id is None


@dataclass(frozen=True, slots=True)
class HandoffFacts:
    """An offer as it stands. `ended` says how it ended: accepted, declined, withdrawn, or ''."""

    id: UUID
    episode_id: UUID
    purpose: Purpose
    from_program_id: UUID
    to_program_id: UUID
    to_member_id: UUID | None = None
    ended: str = ""
    moves: Moves = Moves.ON_ACCEPT
    attestable: bool = False
    attested: bool = False
    from_member_id: UUID | None = None
    by_team: bool = False
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attested:
    """A receiver who is no user: as the sender typed it after reading back, or as they did themselves."""

    name: Annotated[str, Name(label=_("Receiver's name"), help=_SAID, example="P. Ortiz")]
    operator: Annotated[str, Name(label=_("Operator/badge ID"), example="4711")]
    incident: Annotated[str, Text(label=_("Their incident number"), example="26-0042")] = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """How an episode ends, and who is accountable from then on."""

    outcome: Annotated[
        str, Code(label=_("Disposition"), list="outcomes", example="stabilized_phone")
    ]
    accountable_member_id: Annotated[
        UUID | None, Pick(label=_("Follow-up assigned to"), of_row="colleagues")
    ] = None
    declined_by_person: Annotated[
        bool, Tick(label=_("Person declined follow-up"), example=True)
    ] = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of waiting for an answer: after so many seconds, tell whom."""

    after_s: int
    tell: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An offer about to be made. `to_member_id` None offers it to the program's queue."""

    episode_id: UUID
    kind: Annotated[str, Text(label=_("What"), wrong=LISTED, example="kind_of_handoff")]
    to_program_id: Annotated[UUID, Pick(label=_("Transfer to"), wrong=LISTED)]
    to_member_id: Annotated[UUID | None, Pick(label=_("Receiver's name"))] = None
    at: datetime | None = None
