"""Places and needs, as the rules are told of them and answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Annotated
from uuid import UUID

from nowrongdoor.kernel.verdict import Verdict
from nowrongdoor.kernel.words import _
from nowrongdoor.web.fields import Code, FromNow, Number, OneOf, Text

Point = tuple[float, float]
"""Degrees: longitude, latitude."""


class State(StrEnum):
    """How full a place is, as it was said."""

    OPEN = "open"
    LIMITED = "limited"
    FULL = "full"
    DIVERTING = "diverting"
    UNKNOWN = "unknown"  # never said, or said too long ago; nobody says this one


STATE_WORDS = {
    State.OPEN: _("Accepting"),
    State.LIMITED: _("Limited"),
    State.FULL: _("Full"),
    State.DIVERTING: _("At capacity"),
    State.UNKNOWN: _("Unknown"),
}
SAID = (State.OPEN, State.LIMITED, State.FULL, State.DIVERTING)
SAID_WORDS = {state: STATE_WORDS[state] for state in SAID}
LONGEST_REVIEW_MIN = 3 * 24 * 60
_CHOOSE = _("Choose the capacity.")
_COUNT = _("Enter the number of open places, or leave it empty.")


class Age(StrEnum):
    CHILD = "child"  # under 13
    TEEN = "teen"  # 13 to 17
    ADULT = "adult"
    OLDER = "older"  # 65 and more


class Medical(StrEnum):
    """How the person is, and the most that a place can look after; lightest first."""

    EXAMINED = "examined"  # somebody medical has seen them and says they may go
    STABLE = "stable"  # nothing seen that needs medical care
    ANY = "any"  # needs medical care first; an emergency department


class Police(StrEnum):
    """Whether officers may bring somebody."""

    ALWAYS = "always"  # never turned away, also when full
    YES = "yes"
    NO = "no"


class Serves(StrEnum):
    MEN = "men"
    WOMEN = "women"
    FAMILIES = "families"


@dataclass(frozen=True, slots=True)
class Takes:
    """Whom a place takes. `serves` empty is everyone."""

    ages: frozenset[Age]
    police: Police = Police.YES
    involuntary: bool = False
    medical: Medical = Medical.STABLE
    serves: frozenset[Serves] = frozenset()
    pets: bool = False


@dataclass(frozen=True, slots=True)
class CapacityReport:
    """What is said of a place: not yet a row.

    `free` None: nobody counted. `told_by` is who said it by phone, '' for the place's own people.
    """

    state: Annotated[State, OneOf(label=_("Capacity"), words=SAID_WORDS, wrong=_CHOOSE)]
    review_at: Annotated[
        datetime,
        FromNow(
            label=_("Next review in minutes"),
            sent_as="review_min",
            offers=(15, 30, 60, 120, 240),
            most=LONGEST_REVIEW_MIN,
            wrong=_("Enter when this is reviewed next."),
        ),
    ]
    free: Annotated[int | None, Number(label=_("Open places"), wrong=_COUNT)] = None
    reason: Annotated[str, Code(label=_("Reason"), list="diversion_reasons")] = ""
    told_by: Annotated[str, Text(label=_("Reported by (name, by phone)"), only_if="told")] = ""


def version_of(said_at: datetime) -> int:
    """A number for the word that was said then, another for each: so that a page says which was the last it showed."""
    return int(said_at.timestamp() * 1000) % 2**31


@dataclass(frozen=True, slots=True)
class CapacityFacts:
    """A word that was said. `own` is by the program that runs the place."""

    word: CapacityReport
    said_at: datetime
    own: bool = True

    @property
    def version(self) -> int:
        return version_of(self.said_at)


@dataclass(frozen=True, slots=True)
class CapacityStatus:
    """How full a place is now. `state` is UNKNOWN once the last word is stale; `last` is still that word."""

    state: State
    last: CapacityFacts | None = None


@dataclass(frozen=True, slots=True)
class RunBy:
    """Who runs a place. `staffed`: that program has people here who can say how full it is."""

    program_id: UUID | None
    staffed: bool
    places: int | None = None


@dataclass(frozen=True, slots=True)
class FacilityFacts:
    """A place as it stands at one moment."""

    code: str
    kind: str
    takes: Takes
    open_now: bool
    standing: CapacityStatus
    point: Point | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class DestinationNeed:
    """Where a person must be able to go. None is not known, and is asked, never guessed.

    `kinds` empty: any kind of place. `point` is where they are now.
    """

    age: Age | None = None
    serves: Serves | None = None
    involuntary: bool | None = None
    medical: Medical | None = None
    police_arrival: bool = False
    pet: bool = False
    kinds: frozenset[str] = frozenset()
    point: Point | None = None


class FitGrade(IntEnum):
    """How one thing that was looked at speaks for a place; best first."""

    FITS = 0
    ASK = 1  # it depends on something that is not known, or must be arranged
    AGAINST = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was looked at, the rule it was looked at by, and how it speaks."""

    grade: FitGrade
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Destination:
    """One place for one need. `distance_m` is a straight line: an estimate. None: nobody knows."""

    facility: FacilityFacts
    verdict: Verdict
    reasons: tuple[Reason, ...]
    distance_m: int | None
