"""Reading a profile. Errors name file, line and key, as for a community's files."""

from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from nowrongdoor.calls.facts import Channel
from nowrongdoor.community.files import read_one
from nowrongdoor.community.schema import Code, Row, Text
from nowrongdoor.exchange.facts import TIMES, ClassRule
from nowrongdoor.exchange.rules import ISO, has_hour
from nowrongdoor.kernel.text import folded, plain

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone")
    return name


def _reads_back(text: str) -> str:
    """A way to write times must say at least the day, or it would be guessed."""
    if text != ISO:
        told = datetime(2003, 11, 25, 16, 5, 6)  # noqa: DTZ001 - as a file has it
        try:
            same = datetime.strptime(told.strftime(text), text)  # noqa: DTZ007 - the zone is the profile's
        except ValueError:
            raise ValueError("no way to write a time") from None
        if same.date() != told.date() or (has_hour(text) and same.hour != told.hour):
            raise ValueError("this does not say day, month, year and hour")
    return text


def _as_written(word: object) -> str:
    """NULL, a number or a date is something else in YAML, and a word here."""
    return "NULL" if word is None else str(word)


Pattern = Annotated[str, StringConstraints(max_length=200)]
Column = Annotated[tuple[Text, ...], Field(min_length=1)]
Zone = Annotated[Text, AfterValidator(_known_zone)]
TimeFormat = Annotated[Text, AfterValidator(_reads_back)]
Word = Annotated[str, BeforeValidator(_as_written)]


class Numbering(Row):
    """Whose numbers these are, where the profile alone does not say: the last column is the number, those
    before it say whose, and `with: year` that it begins anew each year."""

    columns: Column
    with_: Annotated[Literal["", "year"], Field(alias="with")] = ""


class FileColumns(Row):
    """For each fact the columns it may stand in; the first that is filled counts."""

    number: Column | Numbering
    updated_at: tuple[Text, ...] = ()

    def all(self) -> frozenset[str]:
        named = (getattr(self, name) for name in type(self).model_fields)
        return frozenset(
            name
            for each in named
            for name in (each.columns if isinstance(each, Numbering) else each)
        )

    @property
    def numbers(self) -> tuple[str, ...]:
        return self.number.columns[-1:] if isinstance(self.number, Numbering) else self.number

    @property
    def whose(self) -> tuple[str, ...]:
        return self.number.columns[:-1] if isinstance(self.number, Numbering) else ()

    @property
    def by_year(self) -> bool:
        return isinstance(self.number, Numbering) and self.number.with_ == "year"


class Columns(FileColumns):
    problem: Column
    agency: Column
    reception: Column
    disposition: Column
    received_at: Column
    queued_at: Column
    dispatched_at: Column
    enroute_at: Column
    arrived_at: Column
    cleared_at: Column
    closed_at: Column

    @cached_property
    def times(self) -> dict[str, tuple[str, ...]]:
        """The columns of each time, in the order of a CAD's own chain."""
        return {name: getattr(self, name) for name in TIMES}


class FileProfile(Row):
    """How one system writes its files, and which of its times are none.

    A time before `begins` or after `ends` is missing; so is 00:00:00 where `midnight` says that it is a
    date alone, and a word of `missing`. `longest_h` is how long after the first time of a line any other
    can be.
    """

    code: Code
    name: Text
    time_zone: Zone
    columns: FileColumns
    encoding: Literal[
        "utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15", "cp437", "cp850"
    ] = "utf-8"
    separator: Literal[",", ";", "\t", "|"] = ","
    header_line: Annotated[int, Field(ge=1, le=100)] = 1
    times: Annotated[tuple[TimeFormat, ...], Field(min_length=1)] = (ISO,)
    missing: tuple[Word, ...] = ()
    begins: Annotated[date, Field(ge=date(1971, 1, 1))] = date(2000, 1, 1)
    ends: date | None = None
    midnight: Literal["time", "missing"] = "time"
    longest_h: Annotated[int, Field(ge=1)] | None = None

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def none_words(self) -> frozenset[str]:
        return frozenset({"", *map(folded, self.missing)})

    def no_time(self, local: datetime) -> bool:
        """Whether what stands there is no time: a placeholder, or a date written as midnight."""
        day = local.date()
        if day < self.begins or (self.ends is not None and day > self.ends):
            return True
        return self.midnight == "missing" and local.time() == time()


class ClassRow(Row):
    group: Code
    problem: Pattern = ""
    agency: Pattern = ""
    reception: Pattern = ""
    class_code: Annotated[str, Field(alias="class")] = ""


class Profile(FileProfile):
    """One kind of CAD file."""

    columns: Columns
    longest_h: Annotated[int, Field(ge=1)] | None = 240
    classes: tuple[ClassRow, ...] = Field(min_length=1)
    channels: dict[str, Channel] = Field(default_factory=dict)
    outcomes: dict[str, str] = Field(default_factory=dict)

    @cached_property
    def rules(self) -> tuple[ClassRule, ...]:
        return tuple(
            ClassRule(
                row.group,
                row.class_code,
                plain(row.problem),
                plain(row.agency),
                plain(row.reception),
            )
            for row in self.classes
        )

    @cached_property
    def channel_of(self) -> dict[str, Channel]:
        return {folded(word): channel for word, channel in self.channels.items()}

    @cached_property
    def outcome_of(self) -> dict[str, str]:
        return {folded(word): outcome for word, outcome in self.outcomes.items()}


def read(file: Path) -> Profile:
    """Errors: BadCommunity with every problem found."""
    return read_one(file, Profile)
