"""What dispatch's rules are told, and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from nowrongdoor.episodes.facts import Source
from nowrongdoor.kernel.words import _
from nowrongdoor.web.fields import Code, Codes, FromNow, Pick, Text, Tick

UNANSWERED = "dispatch.unanswered"
CHOICE = "dispatch.choice"
FOLLOW = "dispatch.follow"
CHECK_IN = "dispatch.check_in"
DURESS = "dispatch.duress"
SILENT = "dispatch.silent"  # sent, and has not said that it goes
"""The kinds of deadline."""
STALE_SAID_S = 900
LISTED = _("Choose from the list.")
REASONS = _("Choose one of the listed reasons.")
MINUTES = _("Give minutes from now, 1 to 1440.")


class Axis(StrEnum):
    """Which response a kind of help belongs to (sources, "Three kinds of response")."""

    CLINICAL = "clinical"
    POLICE = "police"
    EMS = "ems"


class Mode(StrEnum):
    """How near police are. *Aware* is told and not rolling."""

    NONE = ""
    AWARE = "aware"
    STAGED = "staged"
    NOW = "now"


class RequestState(StrEnum):
    ASKED = "asked"
    QUEUED = "queued"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DONE = "done"
    RETURNED = "returned"  # not found, refused, unsafe: back to who asked, with a next try


WAITING = frozenset({RequestState.ASKED, RequestState.QUEUED})
OPEN = WAITING | {RequestState.ACCEPTED}


class Stage(StrEnum):
    """The way of a unit to somebody, in its order. Engaged: with the person."""

    ASSIGNED = "assigned"
    EN_ROUTE = "en_route"
    STAGED = "staged"
    ON_SCENE = "on_scene"
    ENGAGED = "engaged"
    TRANSPORTING = "transporting"
    CLEARED = "cleared"


STEP_WORDS = {
    Stage.EN_ROUTE: _("En route"),
    Stage.STAGED: _("Staged"),
    Stage.ON_SCENE: _("On scene"),
    Stage.ENGAGED: _("Contact made"),
    Stage.TRANSPORTING: _("Transporting"),
}
OWN_CAR_WORDS = {
    Stage.EN_ROUTE: _("En route"),
    Stage.ON_SCENE: _("On scene"),
    Stage.CLEARED: _("Left"),
}
"""What may be said of somebody who comes in a car of their own."""


class Transport(StrEnum):
    """How a sign of life, or a step, reached us."""

    TAP = "tap"
    RADIO = "radio"
    PHONE = "phone"
    PAPER = "paper"
    WORD = "word"  # the spoken duress word, keyed at the desk


WAY_WORDS: Mapping[StrEnum, str] = {
    Transport.TAP: _("By tap"),
    Transport.RADIO: _("By radio"),
    Transport.PHONE: _("By phone"),
    Transport.PAPER: _("From paper"),
    Transport.WORD: _("By the duress word"),
}


class Whom(StrEnum):
    """Who is told who is coming."""

    CALLER = "caller"
    PATROL = "patrol"


WHOM_WORDS = {Whom.CALLER: _("Notify caller who is coming"), Whom.PATROL: _("Notify patrol")}


class QueueDecision(StrEnum):
    """What a person decides while a team is queued."""

    KEEP = "keep"
    UPGRADE = "upgrade"
    OTHER_UNIT = "other_unit"
    OTHER_HELP = "other_help"


CHOOSE_WORDS = {
    QueueDecision.KEEP: _("Keep waiting"),
    QueueDecision.UPGRADE: _("Upgrade: police or ambulance"),
    QueueDecision.OTHER_UNIT: _("Another unit"),
    QueueDecision.OTHER_HELP: _("Other response"),
}


class CautionOf(StrEnum):
    PLACE = "place"
    PERSON = "person"


CAUTION_WORDS = {CautionOf.PLACE: _("Location"), CautionOf.PERSON: _("Person")}


class Decision(StrEnum):
    """What a supervisor decides of a caution that was appealed."""

    KEEP = "keep"
    DROP = "drop"


DECISION_WORDS = {Decision.KEEP: _("Keep the alert"), Decision.DROP: _("Remove the alert")}


@dataclass(frozen=True, slots=True)
class KindFacts:
    """A kind of help. `needs` are courses whose lack is a gap; `clearances` what the law requires."""

    code: str
    axis: Axis
    mode: Mode
    unit_kinds: frozenset[str]
    needs: frozenset[str] = frozenset()
    clearances: frozenset[str] = frozenset()
    least_crew: int = 2
    clinician: bool = False


@dataclass(frozen=True, slots=True)
class RequestFacts:
    id: UUID
    episode_id: UUID
    kind: str
    from_program_id: UUID
    to_program_id: UUID
    state: RequestState
    kept: bool = False
    released: bool = False


@dataclass(frozen=True, slots=True)
class CrewFacts:
    """One person of a crew. `own_car`: comes separately, with times of their own."""

    member_id: UUID
    role: str
    languages: frozenset[str] = frozenset()
    qualifications: Mapping[str, datetime | None] = field(default_factory=dict)
    own_car: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    lat: float
    lon: float


_LOOKS = {
    Stage.ASSIGNED: "assigned",
    Stage.EN_ROUTE: "moving",
    Stage.STAGED: "moving",
    Stage.ON_SCENE: "there",
    Stage.ENGAGED: "there",
    Stage.TRANSPORTING: "moving",
    Stage.CLEARED: "free",
}


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as somebody who chooses sees it.

    `stage` None: free. `crew` empty: nobody has signed on. `out_of_service`: the reason's code, ''
    where it serves. `done_today`: assignments since it signed on. `at` None: nobody knows where it is.
    `said_s`: seconds since CAD last said anything of a unit of CAD's, None for ours or never.
    """

    id: UUID
    code: str
    kind: str
    authority_ids: frozenset[UUID]
    crew: tuple[CrewFacts, ...] = ()
    stage: Stage | None = None
    out_of_service: str = ""
    done_today: int = 0
    at: Point | None = None
    cad: bool = False
    said_s: int | None = None

    @property
    def look(self) -> str:
        """How a list and a map draw it, by shape and color. What nobody knows is not free."""
        if self.out_of_service:
            return "out"
        if self.stage is not None:
            return _LOOKS[self.stage]
        if self.unknown:
            return "unknown"
        return "free" if self.crew or self.cad else "out"

    @property
    def unknown(self) -> bool:
        """Whether nobody knows what it does: CAD's, and CAD has said nothing of it for long, or ever."""
        return self.cad and (self.said_s is None or self.said_s > STALE_SAID_S)


@dataclass(frozen=True, slots=True)
class UnitRequirements:
    """What is asked for, where, and by when one must know."""

    kind: KindFacts
    authority_id: UUID
    at: datetime
    place: Point | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a unit stands where it stands. `code` is stable, and put in words by the pages; `plus` is good."""

    code: str
    plus: bool = False
    says: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """`over`: entered afterwards. It is over, whether or not anybody knows when the unit left."""

    id: UUID
    episode_id: UUID
    request_id: UUID
    unit_id: UUID
    program_id: UUID
    crew_member_ids: frozenset[UUID]
    reached: Mapping[Stage, datetime]
    over: bool = False

    @property
    def stage(self) -> Stage:
        """The last step that was said, in the order of the way; assigned where no time is known."""
        return [Stage.ASSIGNED, *(stage for stage in Stage if stage in self.reached)][-1]

    @property
    def cleared(self) -> bool:
        return self.over or Stage.CLEARED in self.reached


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks for. `follows_id`: the request that was declined, or came back."""

    episode_id: UUID
    kind: Annotated[str, Text(label=_("Resource"), wrong=LISTED, example="mobile_team")]
    to_program_id: Annotated[UUID, Pick(label=_("Request from"), wrong=LISTED)]
    note: Annotated[str, Text(label=_("Access notes"), most=500)] = ""
    language: Annotated[str, Code(label=_("Language"), list="languages", wrong=LISTED)] = ""
    follows_id: Annotated[
        UUID | None, Pick(label=_("Request another unit below, or enter why none is needed"))
    ] = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A promise for a queued team: by when, and who rings the caller until then."""

    promised_at: Annotated[
        datetime, FromNow(label=_("ETA (min from now)"), begins="40", wrong=MINUTES)
    ]
    rings_member_id: Annotated[
        UUID,
        Pick(
            label=_("Who calls the caller meanwhile"),
            of_row="staff",
            begins_as="me",
            wrong=LISTED,
        ),
    ]


@dataclass(frozen=True, slots=True)
class Clearing:
    """How it ended. `left_behind`: the codes of what was left (child, elder, pet, stove), or `none`.

    `next_try_at` is needed where the person was not met.
    """

    outcome: Annotated[
        str,
        Code(
            label=_("Disposition"),
            list="cmt_dispositions",
            wrong=_("Choose the disposition from the list."),
            example="resolved_scene",
        ),
    ]
    left_behind: Annotated[
        tuple[str, ...],
        Codes(
            label=_("Left at the scene?"),
            list="left_behind",
            wrong=_("Choose what is left at the scene from the list."),
        ),
    ] = ()
    took_somebody: Annotated[
        bool, Tick(label=_("We transported the person"), begins_as="facility_code")
    ] = False
    next_try_at: Annotated[
        datetime | None, FromNow(label=_("No contact? Retry in (min)"), wrong=MINUTES)
    ] = None
    narrative: Annotated[
        str,
        Text(
            label=_("What was done"),
            help=_("No clinical details. Everyone who works on this call can read it."),
            most=2000,
            rows=3,
        ),
    ] = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit entered afterwards, as another system or a sheet of paper has it.

    `reached` are the stages whose times are known; a stage that is not in it is missing.
    """

    kind: str
    asked_at: datetime
    outcome: str
    source: Source
    reached: Mapping[Stage, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Completed:
    """What a later line brings to a visit that is entered: stages that were missing, an outcome that was
    unknown ('' leaves it); and the facts in which it says otherwise and is not followed."""

    reached: Mapping[Stage, datetime] = field(default_factory=dict)
    outcome: str = ""
    different: tuple[str, ...] = ()

    @property
    def brings(self) -> bool:
        return bool(self.reached or self.outcome)


@dataclass(frozen=True, slots=True)
class Signing:
    """One person signing on at roll-call."""

    member_id: UUID
    own_car: str = ""
