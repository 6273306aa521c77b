"""Reading the profile of a file of teams' visits. Errors name file, line and key."""

from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from nowrongdoor.community.files import read_one
from nowrongdoor.community.schema import Code, Row, Text
from nowrongdoor.exchange import rules
from nowrongdoor.exchange.facts import VISIT_TIMES, OutcomeRule
from nowrongdoor.exchange.profiles import Column, Pattern, Zone


class TeamColumns(Row):
    """For each fact the columns it may stand in; the first that is filled counts."""

    number: Column
    reason: Column
    end_point: Column
    disposition: Column
    asked_at: Column
    assigned_at: Column
    en_route_at: tuple[Text, ...] = ()
    on_scene_at: Column
    engaged_at: Column
    cleared_at: Column

    def all(self) -> frozenset[str]:
        return frozenset(name for field in type(self).model_fields for name in getattr(self, field))

    @cached_property
    def times(self) -> dict[str, tuple[str, ...]]:
        """The columns of each time the file has, in the order of the way."""
        return {name: getattr(self, name) for name in VISIT_TIMES if getattr(self, name)}


class OutcomeRow(Row):
    end_point: Pattern = ""
    disposition: Pattern = ""
    outcome: Code


class TeamProfile(Row):
    """One kind of file of teams' visits: one line, one visit.

    `midnight` says what 00:00:00 is: a time, or how the file writes a date alone. `begins` is the
    file's first day: what lies before it is no time of it.
    """

    code: Code
    name: Text
    time_zone: Zone
    kind: Code
    columns: TeamColumns
    midnight: Literal["time", "missing"] = "time"
    begins: date | None = None
    classes: dict[str, Code] = Field(min_length=1)
    outcomes: tuple[OutcomeRow, ...] = ()
    closed_as: Code

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def class_of(self) -> dict[str, str]:
        return {rules.folded(reason): code for reason, code in self.classes.items()}

    @cached_property
    def outcome_rules(self) -> tuple[OutcomeRule, ...]:
        return tuple(
            OutcomeRule(row.outcome, row.end_point, row.disposition) for row in self.outcomes
        )

    def no_time(self, local: datetime) -> bool:
        """Whether what stands there is no time: a date written as midnight, or before the file begins."""
        early = self.begins is not None and local.date() < self.begins
        return early or (self.midnight == "missing" and local.time() == time())


def read(file: Path) -> TeamProfile:
    """Errors: BadCommunity with every problem found."""
    return read_one(file, TeamProfile)
