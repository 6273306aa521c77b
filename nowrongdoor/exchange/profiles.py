"""Reading a profile. Errors name file, line and key, as for a community's files."""

from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from nowrongdoor.calls.facts import Channel
from nowrongdoor.community.files import read_one
from nowrongdoor.community.schema import Code, Row, Text
from nowrongdoor.exchange.facts import TIMES, ClassRule


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone")
    return name


Pattern = Annotated[str, StringConstraints(max_length=200)]
Column = Annotated[tuple[Text, ...], Field(min_length=1)]
Zone = Annotated[Text, AfterValidator(_known_zone)]


class Columns(Row):
    """For each fact the columns it may stand in; the first that is filled counts."""

    number: Column
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

    def all(self) -> frozenset[str]:
        return frozenset(name for field in type(self).model_fields for name in getattr(self, field))

    @cached_property
    def times(self) -> dict[str, tuple[str, ...]]:
        """The columns of each time, in the order of a CAD's own chain."""
        return {name: getattr(self, name) for name in TIMES}


class ClassRow(Row):
    group: Code
    problem: Pattern = ""
    agency: Pattern = ""
    reception: Pattern = ""
    class_code: Annotated[str, Field(alias="class")] = ""


class Profile(Row):
    """One kind of CAD file."""

    code: Code
    name: Text
    time_zone: Zone
    columns: Columns
    classes: tuple[ClassRow, ...] = Field(min_length=1)
    channels: dict[str, Channel] = Field(default_factory=dict)
    outcomes: dict[str, str] = Field(default_factory=dict)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def rules(self) -> tuple[ClassRule, ...]:
        return tuple(
            ClassRule(row.group, row.class_code, row.problem, row.agency, row.reception)
            for row in self.classes
        )


def read(file: Path) -> Profile:
    """Errors: BadCommunity with every problem found."""
    return read_one(file, Profile)
