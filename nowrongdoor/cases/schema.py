"""What a file of cases holds, row by row."""

from typing import Annotated

from pydantic import Field, StringConstraints

from nowrongdoor.cases.facts import Need, Then
from nowrongdoor.community.schema import Code, Names, Row, Text

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+){1,2}$")]
Program = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]
Level = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,3}$")]
Programs = Annotated[tuple[Program, ...], Field(min_length=1)]
MOST_TRIES = 20


class StateRow(Row):
    code: Name
    name: Names
    pauses: bool = False


class MoveRow(Row):
    senders: Annotated[tuple[Name, ...], Field(min_length=1, alias="from")]
    to: Name


class ResultRow(Row):
    code: Name
    name: Names
    then: Then
    to: Name | None = None


class OutcomeRow(Row):
    code: Name
    name: Names
    needs: tuple[Need, ...] = ()


class TaskRow(Row):
    code: Name
    name: Names
    opens: Name | None = None
    due: Name
    tries: int = Field(ge=1, le=MOST_TRIES)


class PlanRow(Row):
    code: Name
    name: Names
    tasks: Annotated[tuple[TaskRow, ...], Field(min_length=1)]
    source: Text


class OpeningRow(Row):
    """`levels` left out: whatever the level."""

    event: Name
    senders: Programs = Field(alias="from")
    levels: tuple[Level, ...] = ()
    to: Program
    plan: Name
    basis: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    source: Text


class KindRow(Row):
    code: Name
    name: Names
    owners: Programs
    untaken: Name
    first: Name
    states: Annotated[tuple[StateRow, ...], Field(min_length=1)]
    moves: tuple[MoveRow, ...] = ()
    results: Annotated[tuple[ResultRow, ...], Field(min_length=1)]
    outcomes: Annotated[tuple[OutcomeRow, ...], Field(min_length=1)]
    plans: Annotated[tuple[PlanRow, ...], Field(min_length=1)]
    opened_by: tuple[OpeningRow, ...] = ()
    source: Text


class CasesFile(Row):
    cases: Code
    version: Version
    kinds: Annotated[tuple[KindRow, ...], Field(min_length=1)]
