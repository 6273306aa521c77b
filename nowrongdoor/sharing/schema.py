"""What a disclosure table's file holds, row by row."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from nowrongdoor.community.schema import Code, Row, Text
from nowrongdoor.sharing.facts import Basis, Duty

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
# a name, everybody, or whoever is of the sender's kind
Who = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z][a-z0-9_]{0,39})$")]
ClassCode = Annotated[str, StringConstraints(pattern=r"^D[0-9]{1,2}$")]
RowId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,9}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+){1,2}$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=500)]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[Name, ...], Field(min_length=1)]
Whos = Annotated[tuple[Who, ...], BeforeValidator(_listed), Field(min_length=1)]


class DenyRow(Row):
    """`was`: the number of the row in the table that this one was drawn up from. What is left out: all."""

    id: RowId
    was: int | None = None
    data: Names | None = None
    sender: Whos | None = Field(default=None, alias="from")
    to: Whos | None = None
    purpose: Names | None = None
    unless: Text | None = None
    because: Sentence
    source: Sentence = ""


class AllowRow(Row):
    id: RowId
    was: int | None = None
    data: Names
    sender: Whos = Field(alias="from")
    to: Whos
    purpose: Names
    needs: Text
    fields: Names
    duties: tuple[Duty, ...]
    basis: Basis
    because: Sentence = ""
    source: Sentence = ""
    settled: bool = True


class InvariantRow(Row):
    id: RowId
    say: Sentence
    never: Text | None = None
    when: Text | None = None
    duty_any: tuple[Duty, ...] = ()
    duty_all: tuple[Duty, ...] = ()

    @model_validator(mode="after")
    def _one_claim(self) -> "InvariantRow":
        wanted = (self.never, self.duty_any, self.duty_all)
        if sum(map(bool, wanted)) != 1:
            raise ValueError("an invariant wants one of never, duty_any, duty_all")
        if (self.never is None) is not (self.when is not None):
            raise ValueError("when goes with duty_any and duty_all, and not with never")
        return self


class FlowRow(Row):
    say: Sentence
    data: Name
    sender: Name = Field(alias="from")
    to: Name
    purpose: Name
    true: tuple[Name, ...] = Field(default=(), alias="with")


class DisclosureFile(Row):
    disclosure: Code
    version: Version
    data: Annotated[dict[Name, ClassCode], Field(min_length=1)]
    kinds: Names
    recipients_only: tuple[Name, ...] = ()
    groups: dict[Name, Names] = Field(default_factory=dict)
    purposes: Names
    facts: dict[Name, Sentence]
    fields: Annotated[dict[Name, Sentence], Field(min_length=1)]
    deny: tuple[DenyRow, ...] = ()
    allow: tuple[AllowRow, ...] = ()
    signed_off: tuple[RowId, ...] = ()
    invariants: tuple[InvariantRow, ...] = ()
    must_work: tuple[FlowRow, ...] = ()
    must_not: tuple[FlowRow, ...] = ()
