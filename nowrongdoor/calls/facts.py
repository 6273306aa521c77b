"""What a contact is before it is a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from nowrongdoor.dispatch.facts import Axis
from nowrongdoor.episodes.facts import CardFacts, Source
from nowrongdoor.kernel.words import _
from nowrongdoor.web.fields import Code, Text, Tick

CALL_BACK = "calls.call_back"
"""The deadline of a counselor's call back; its subject is the episode."""


class Medium(StrEnum):
    """What a contact leg carries. Nobody can listen in on text."""

    AUDIO = "audio"
    VIDEO = "video"
    TEXT = "text"
    IN_PERSON = "in_person"


class Mode(StrEnum):
    """How somebody is on a leg: speaking with the caller, or staying on and listening."""

    JOINED = "joined"
    LISTENING = "listening"


MODE_WORDS = {Mode.JOINED: _("On the call"), Mode.LISTENING: _("Monitoring")}


class Left(StrEnum):
    """How somebody's time on a leg ended."""

    LEFT = "left"
    RELEASED = "released"
    RELIEVED = "relieved"
    TAKEN_BACK = "taken_back"
    LOST = "lost"


class PlaceIs(StrEnum):
    """What is known of the place, when a person is handed back: never silently reused."""

    SAME = "same"
    NEW = "new"
    SOUGHT = "sought"


PLACE_WORDS = {
    PlaceIs.SOUGHT: _("Location unknown"),
    PlaceIs.SAME: _("Same location"),
    PlaceIs.NEW: _("New location"),
}


AXIS_WORDS = {
    Axis.EMS: _("Ambulance"),
    Axis.POLICE: _("Police"),
    Axis.CLINICAL: _("Clinician"),
}


class Sending(StrEnum):
    """What can be sent on an axis."""

    AWARE = "aware"
    STAGED = "staged"
    NOW = "now"
    LINE = "line"
    TEAM = "team"
    PAIR = "pair"


SENDING_WORDS = {
    Sending.NOW: _("Now"),
    Sending.STAGED: _("Staged nearby"),
    Sending.AWARE: _("Notified, not responding"),
    Sending.LINE: _("Counselor on the phone"),
    Sending.TEAM: _("Mobile team"),
    Sending.PAIR: _("Co-responder team"),
}


class Rescue(StrEnum):
    """Whether the person agreed to a rescue. NONE: it is none."""

    NONE = ""
    VOLUNTARY = "voluntary"
    INVOLUNTARY = "involuntary"


RESCUE_WORDS = {
    Rescue.VOLUNTARY: _("With consent"),
    Rescue.INVOLUNTARY: _("Without consent (imminent risk, least invasive option exhausted)"),
    Rescue.NONE: _("No active rescue"),
}


class SearchFor(StrEnum):
    """What is being sought: where somebody is, or somebody who was lost from the line."""

    PLACE = "place"
    CALLER = "caller"


SEEKING_WORDS = {SearchFor.PLACE: _("Location"), SearchFor.CALLER: _("Caller")}


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
class CallerFacts:
    """Who is on the line, who may not be the person in crisis."""

    name: Annotated[
        str, Text(label=_("Caller's name"), help=_("if different from the person in crisis"))
    ] = ""
    callback: Annotated[str, Text(label=_("Caller's number"))] = ""
    language: Annotated[str, Code(label=_("Language"), list="languages")] = ""
    """'' is the desk's own, no interpreter."""
    relay: Annotated[bool, Tick(label=_("Relay or interpreter"))] = False
    unverified: Annotated[bool, Tick(label=_("Caller unverified"))] = False


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
    medium: Medium = Medium.AUDIO
    caller: CallerFacts = field(default_factory=CallerFacts)
    at_either: bool = False
    """`at` fell into the hour that clocks repeat, and nothing tells which of the two: the first is kept."""
    over_at: datetime | None = None
    """As of when it is over here, where it was closed at a time that the source does not settle."""

    @property
    def closed_at(self) -> datetime | None:
        return self.stages.closed_at or self.over_at


@dataclass(frozen=True, slots=True)
class Entered:
    """A contact as it stands here, beside what a later line of its own system says.

    `untouched`: its episode came from a file and nobody has taken it, offered it or joined it since.
    `open` and `outcome` are its episode's; False and '' where there is none to see.
    """

    id: UUID
    received_at: datetime
    class_code: str
    source: Source
    stages: Stages
    external_ref: str = ""
    episode_id: UUID | None = None
    untouched: bool = False
    open: bool = False
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a later line brings, and the facts in which it says otherwise and is not followed.

    `stages` were missing; `class_code` '' leaves the class; `opens` the episode that it should have had.
    `external_ref`: the whole number, where it was kept with less of its scope.
    """

    stages: Mapping[str, datetime] = field(default_factory=dict)
    class_code: str = ""
    opens: bool = False
    closes: bool = False
    different: tuple[str, ...] = ()
    external_ref: str = ""

    @property
    def brings(self) -> bool:
        return bool(self.stages or self.class_code or self.opens or self.closes)


@dataclass(frozen=True, slots=True)
class ParticipantFacts:
    """Somebody on a leg. `seen_step` is the last step of screening that their screen has shown
    and they have acknowledged; `member_id` None is somebody who is no user."""

    id: UUID
    leg_id: UUID
    program_id: UUID
    member_id: UUID | None
    mode: Mode
    since_at: datetime
    until_at: datetime | None = None
    seen_step: int = 0


@dataclass(frozen=True, slots=True)
class LegFacts:
    """One caller's line, with everybody who is on it now."""

    id: UUID
    episode_id: UUID
    medium: Medium
    ended: bool
    alone_since: datetime | None
    on: tuple[ParticipantFacts, ...] = ()

    def of(self, member_id: UUID | None) -> ParticipantFacts | None:
        """Where this member is on it, or None."""
        return next((one for one in self.on if one.member_id == member_id), None)


@dataclass(frozen=True, slots=True)
class Need:
    """What triage says of an episode, as far as leaving the line asks.

    `level` is what a screen shows, '' where nobody was screened. `step` is the last step of
    screening, `rose_step` the last at which the need rose, 0 for never. `open_duties` are those that
    nobody has done and that keep whoever stayed on the line, in words.
    """

    level: str = ""
    step: int = 0
    rose_step: int = 0
    open_duties: tuple[str, ...] = ()
