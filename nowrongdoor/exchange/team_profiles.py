"""Reading the profile of a file of teams' visits. Errors name file, line and key."""

from functools import cached_property
from pathlib import Path

from pydantic import Field

from nowrongdoor.community.files import read_one
from nowrongdoor.community.schema import Code, Row, Text
from nowrongdoor.exchange.facts import VISIT_TIMES, OutcomeRule
from nowrongdoor.exchange.profiles import Column, FileColumns, FileProfile, Pattern
from nowrongdoor.kernel.text import folded, plain


class TeamColumns(FileColumns):
    reason: Column
    end_point: Column
    disposition: Column
    asked_at: Column
    assigned_at: Column
    en_route_at: tuple[Text, ...] = ()
    on_scene_at: Column
    engaged_at: Column
    cleared_at: Column

    @cached_property
    def times(self) -> dict[str, tuple[str, ...]]:
        """The columns of each time the file has, in the order of the way."""
        return {name: getattr(self, name) for name in VISIT_TIMES if getattr(self, name)}


class OutcomeRow(Row):
    end_point: Pattern = ""
    disposition: Pattern = ""
    outcome: Code


class TeamProfile(FileProfile):
    """One kind of file of teams' visits: one line, one visit."""

    kind: Code
    columns: TeamColumns
    classes: dict[str, Code] = Field(min_length=1)
    outcomes: tuple[OutcomeRow, ...] = ()
    closed_as: Code

    @cached_property
    def class_of(self) -> dict[str, str]:
        return {folded(reason): code for reason, code in self.classes.items()}

    @cached_property
    def outcome_rules(self) -> tuple[OutcomeRule, ...]:
        return tuple(
            OutcomeRule(row.outcome, plain(row.end_point), plain(row.disposition))
            for row in self.outcomes
        )


def read(file: Path) -> TeamProfile:
    """Errors: BadCommunity with every problem found."""
    return read_one(file, TeamProfile)
