"""A book of clocks, what one is asked, and what it answers. Nothing here counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

DAY_ENDS = 23 * 60 + 59
"""The minute of its last day at which something counted in days is due, where the row names none."""


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    BUSINESS_HOURS = "business_hours"
    COURT_DAYS = "court_days"
    BUSINESS_DAYS = "business_days"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_YEARS = "calendar_years"


TIMES = frozenset({Unit.MINUTES, Unit.HOURS, Unit.BUSINESS_HOURS})
"""Units that are counted by the minute; the others are counted by the date."""
WORKING_DAYS = frozenset({Unit.COURT_DAYS, Unit.BUSINESS_DAYS})


class Kind(StrEnum):
    """What is at stake: somebody must have acted; power over a person ends; a right begins; a promise; days left."""

    DUTY = "duty"
    AUTHORITY = "authority"
    OPENS = "opens"
    TARGET = "target"
    COUNTER = "counter"


class Roll(StrEnum):
    """Where a last day goes that is not counted."""

    NONE = "none"
    FORWARD = "forward"
    BACK = "back"


class Certainty(StrEnum):
    """How far the row rests on a text that was read."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    MEMORY = "memory"
    DESIGN = "design"


class Reading(StrEnum):
    ORDINARY = "ordinary"
    CAUTIOUS = "cautious"


class Answer(StrEnum):
    """What a count comes to, where it comes to no time."""

    TIME = "time"
    NOT_IN_FORCE = "not in force"
    NONE_LEFT = "none left"


@dataclass(frozen=True, slots=True)
class Holiday:
    """One rule for a date of each year: a day of a month, or the `nth` of a weekday in it (-1: the last).

    `saturday`, `sunday`: by how many days it moves when it falls there. `plus`: days after that date.
    `since`, `until`: years.
    """

    name: str
    month: int
    day: int = 0
    weekday: int = 0
    nth: int = 0
    plus: int = 0
    saturday: int = 0
    sunday: int = 0
    since: int = 0
    until: int = 9999


@dataclass(frozen=True, eq=False)
class Calendar:
    """Which dates do not count: weekends (Monday is 0) and holidays; or what all of `both` leave out.

    `court`: special closures of the court count here too. A calendar is equal to itself alone.
    """

    name: str
    weekend: frozenset[int] = frozenset()
    holidays: tuple[Holiday, ...] = ()
    court: bool = False
    both: "tuple[Calendar, ...]" = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """How one reading of one version counts. `ends`, `opens_at`, `closes_at`: minutes of a local day.

    `excluded`: whose dates do not run in hours; `calendar`: whose dates are counted in working days and hours.
    """

    amount: int
    unit: Unit
    excluded: Calendar | None = None
    calendar: Calendar | None = None
    first_counted: bool = False
    tolled: bool = False
    roll: Roll = Roll.NONE
    roll_calendar: Calendar | None = None
    ends: int = DAY_ENDS
    opens_at: int = 0
    closes_at: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """How a clock counts for starts from one local date to another, both included."""

    ordinary: Terms
    cautious: Terms | None = None
    since: date = date.min
    until: date = date.max
    law: str = ""


@dataclass(frozen=True, eq=False)
class Clock:
    """One row. `warn`: minutes before it is due. `cap`: the fact that ends it earlier. `pending`: a bill."""

    id: str
    name: str
    group: str
    kind: Kind
    starts_on: str
    versions: tuple[Version, ...]
    statute: str
    certainty: Certainty
    lapse: str
    acts: str
    stops_on: tuple[str, ...] = ()
    before: bool = False
    setting: bool = False
    pausable: bool = False
    tolled: bool = False
    cap: str = ""
    pending: str = ""
    opens_after: int | None = None
    note: str = ""
    warn: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Book:
    """A community's clocks. `events`: how a start is said, by language; `adopted`: bills in force there."""

    id: str
    version: str
    zone: str
    calendars: Mapping[str, Calendar]
    clocks: Mapping[str, Clock]
    adopted: frozenset[str] = frozenset()
    events: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One count that is asked for. `start` is aware: its zone is that of the place where the duty is owed.

    `calendar`: in place of the row's own. `closures`: dates on which the court is shut. `paused`: from, to.
    `absences`: left on, back on. `stays`: in on, out on. `caps`: by name, a date or an aware time.
    """

    start: datetime
    reading: Reading = Reading.ORDINARY
    calendar: Calendar | None = None
    closures: frozenset[date] = frozenset()
    amount: int | None = None
    adopted: frozenset[str] = frozenset()
    paused: tuple[tuple[datetime, datetime], ...] = ()
    absences: tuple[tuple[date, date], ...] = ()
    stays: tuple[tuple[date, date], ...] = ()
    caps: Mapping[str, date | datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Count:
    """One reading's answer. `due`: None where it is no time; `last`: the date that the count itself came to.

    `rolled`: the last day fell on a date that does not count, and moved. `capped`: a date of the case came first.
    """

    answer: Answer
    terms: Terms | None = None
    due: datetime | None = None
    last: date | None = None
    rolled: bool = False
    capped: bool = False
    used: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """What a clock comes to in a case, in every reading that it has. `law`: of the version that was used."""

    clock: Clock
    case: Case
    ordinary: Count
    cautious: Count | None = None
    law: str = ""

    @property
    def count(self) -> Count:
        """The reading that was asked for."""
        if self.case.reading is Reading.CAUTIOUS and self.cautious is not None:
            return self.cautious
        return self.ordinary

    @property
    def due(self) -> datetime | None:
        return self.count.due

    @property
    def doubtful(self) -> bool:
        """The two readings come to different times: a court or counsel has to say which one holds."""
        return self.cautious is not None and self.cautious.due != self.ordinary.due

    @property
    def warned_by(self) -> datetime | None:
        """What warnings run to: the earliest of the readings."""
        dues = [
            each.due for each in (self.ordinary, self.cautious) if each is not None and each.due
        ]
        return min(dues, default=None)
