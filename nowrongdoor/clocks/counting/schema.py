"""What a file of clocks holds, row by row."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from nowrongdoor.clocks.counting.facts import Certainty, Kind, Roll, Unit
from nowrongdoor.community.schema import Code, Names, Row, Text

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+){1,2}$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=500)]
WEEKDAYS, MONTHS, NTH = 6, 12, 4
DAYS_IN = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Of each month, 29 February aside: a holiday is there each year."""


def _minute(text: str) -> str:
    hour, minute = map(int, text.split(":"))
    if hour * 60 + minute > 24 * 60 or minute > 59:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(f"no such time: {text}")
    return text


Wall = Annotated[
    str, StringConstraints(pattern=r"^[0-2][0-9]:[0-5][0-9]$"), AfterValidator(_minute)
]
MonthDay = Annotated[str, StringConstraints(pattern=r"^[01][0-9]-[0-3][0-9]$")]
Weekday = Annotated[int, Field(ge=0, le=WEEKDAYS)]
Moved = Annotated[int, Field(ge=-WEEKDAYS, le=WEEKDAYS)]
Year = Annotated[int, Field(ge=1, le=9999)]


class HolidayRow(Row):
    """`saturday`, `sunday`: by how many days it is observed elsewhere when it falls there."""

    name: Text
    month: int = Field(ge=1, le=MONTHS)
    day: int | None = Field(default=None, ge=1, le=31)
    weekday: Weekday | None = None
    nth: int | None = Field(default=None, ge=-NTH, le=NTH)
    plus: Moved = 0
    saturday: Moved = 0
    sunday: Moved = 0
    since: Year | None = Field(default=None, alias="from")
    until: Year | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> "HolidayRow":
        of_week = self.weekday is not None and self.nth is not None and self.nth != 0
        if (self.day is not None) is of_week or (self.weekday is None) is not (self.nth is None):
            raise ValueError("a holiday wants a day, or a weekday and which one of the month")
        if self.day is not None and self.day > DAYS_IN[self.month - 1]:
            raise ValueError("this month does not have this day each year")
        return self


class CalendarRow(Row):
    court: bool = False
    weekend: tuple[Weekday, ...] = Field(default=(), max_length=WEEKDAYS)
    days: tuple[HolidayRow, ...] = ()
    both: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _own_or_both(self) -> "CalendarRow":
        if self.both and (self.court or self.weekend or self.days):
            raise ValueError("both goes with nothing else")
        if len(self.both) == 1:
            raise ValueError("both wants two calendars, or more")
        return self


class CautiousRow(Row):
    """The shorter reading: what it says otherwise. A key that is null takes the row's own away."""

    unit: Unit | None = None
    excluded: Name | None = None
    calendar: Name | None = None
    first_day: Literal["counted"] | None = None
    tolled_by: Literal["absences"] | None = None
    roll: Roll | None = None
    roll_calendar: Name | None = None
    ends: Wall | None = None


class VersionRow(Row):
    """What is in force from a date until another, both included. What is left out is the row's own."""

    since: date | None = Field(default=None, alias="from")
    until: date | None = None
    amount: int | None = None
    unit: Unit | None = None
    excluded: Name | None = None
    calendar: Name | None = None
    law: Sentence = ""


class ClockRow(Row):
    id: Name
    name: Sentence
    group: Name
    kind: Kind
    starts_on: Name
    stops_on: tuple[Name, ...] = ()
    amount: int | None = None
    unit: Unit
    direction: Literal["before", "after"] = "after"
    excluded: Name | None = None
    calendar: Name | None = None
    open: tuple[Wall, Wall] | None = None
    first_day: Literal["counted"] | None = None
    tolled_by: Literal["absences"] | None = None
    roll: Roll = Roll.NONE
    roll_calendar: Name | None = None
    ends: Wall | None = None
    versions: tuple[VersionRow, ...] = ()
    cautious: CautiousRow | None = None
    cap: Name | None = None
    setting: bool = False
    pausable: bool = False
    pending: Name | None = None
    opens_after: int | None = Field(default=None, ge=0)
    warn: tuple[Annotated[int, Field(gt=0)], ...] = ()
    statute: Sentence
    certainty: Certainty
    note: Sentence = ""
    lapse: Sentence
    acts: Sentence


class ClocksFile(Row):
    """`units` to `opens_after` say in words how the file is counted; only their names are looked at."""

    clocks_file: Code
    version: Version
    zone: Text
    units: dict[Unit, Sentence] = Field(default_factory=dict)
    roll: dict[Roll, Sentence] = Field(default_factory=dict)
    direction: Sentence = ""
    kinds: dict[Kind, Sentence] = Field(default_factory=dict)
    readings: Sentence = ""
    versions: Sentence = ""
    facts: dict[Name, Sentence] = Field(default_factory=dict)
    answers: Sentence = ""
    opens_after: Sentence = ""
    certainty: dict[Certainty, Sentence] = Field(default_factory=dict)
    calendars: dict[Name, CalendarRow] = Field(default_factory=dict)
    calendars_uncertain: tuple[Sentence, ...] = ()
    observed: dict[Name, dict[int, tuple[MonthDay, ...]]] = Field(default_factory=dict)
    adopted: tuple[Name, ...] = ()
    events: dict[Name, Names] = Field(default_factory=dict)
    clocks: Annotated[tuple[ClockRow, ...], Field(min_length=1)]
