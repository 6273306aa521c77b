"""What a protocol's file holds, row by row."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from nowrongdoor.community.schema import Code, Row, Text
from nowrongdoor.triage.facts import Clinical, Ems, Level, Police

# what is compiled must be a plain word: a question becomes a variable, a value a string
QuestionId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,19}$")]
Value = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{0,39}$")]
DutyId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,9}$")]
Chain = Annotated[tuple[Value, ...], Field(min_length=2)]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+){1,2}$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=500)]
# police / ambulance / clinical, or that the agency's own protocol decides
Sent = Annotated[
    str,
    StringConstraints(
        pattern=r"^(standard|(none|aware|staged|now) / (none|staged|now) / (refer|line|team|pair))$"
    ),
]
Says = Annotated[dict[str, Sentence], Field(min_length=1)]


MOST_QUESTIONS, MOST_RULES = 100, 100
"""Three times what the community's protocol has."""


class QuestionRow(Row):
    id: QuestionId
    type: Literal["ynu"] | None = None
    values: tuple[Value, ...] | None = Field(default=None, min_length=2)
    benign: Value | None = None
    hard_stop: bool = False
    always: bool = False
    external: bool = False
    ask_when: Text | None = None
    ask: Says
    says: dict[Value, Says] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_kind(self) -> "QuestionRow":
        if (self.type is None) == (self.values is None):
            raise ValueError("give either type: ynu or values, not both")
        if self.values is not None and self.benign is None:
            raise ValueError("a list of values needs its benign one")
        if self.external and (self.hard_stop or self.always or self.ask_when):
            raise ValueError("what the community's settings answer is never asked")
        return self


class LevelRow(Row):
    id: RuleId
    level: Level
    when: Text = Field(alias="if")
    says: Says
    floor: bool = False


class DutyRow(Row):
    id: DutyId
    when: Text | None = Field(default=None, alias="if")
    joins_when_safe: bool = False
    says: Says
    blocks_release: bool = False
    for_crews: bool = False

    @model_validator(mode="after")
    def _one_cause(self) -> "DutyRow":
        if (self.when is None) is not self.joins_when_safe:
            raise ValueError("give either if, or joins_when_safe: true")
        return self


class InvariantRow(Row):
    id: RuleId
    text: Sentence
    when: Text
    level_in: tuple[Level, ...] = ()
    duty_any: tuple[DutyId, ...] = ()
    police_in: tuple[Police, ...] = ()
    ems_in: tuple[Ems, ...] = ()
    clinical_in: tuple[Clinical, ...] = ()

    @model_validator(mode="after")
    def _one_claim(self) -> "InvariantRow":
        wanted = (self.level_in, self.duty_any, self.police_in, self.ems_in, self.clinical_in)
        if sum(map(bool, wanted)) != 1:
            raise ValueError(
                "an invariant wants one of level_in, duty_any, police_in, ems_in, clinical_in"
            )
        return self


class ResponseRow(Row):
    police: Police = Police.NONE
    ems: Ems = Ems.NONE
    clinical: Clinical = Clinical.REFER
    standard: bool = False


class ResponsesRow(Row):
    levels: dict[Level, ResponseRow]
    duties: dict[DutyId, ResponseRow] = Field(default_factory=dict)


class ApproverRow(Row):
    role: Code
    name: Says


class StoryRow(Row):
    id: RuleId
    story: Sentence
    answers: dict[QuestionId, Value] = Field(default_factory=dict)
    level: Level
    rule: RuleId
    duties: tuple[DutyId, ...] = ()
    response: Sent | None = None


class ExemptRow(Row):
    mutation: Text
    because: Text


class LowersRow(Row):
    than: Version
    when: Text
    because: Text


class ProtocolFile(Row):
    protocol: Code
    version: Version
    status: Literal["draft", "approved", "active", "retired"]
    source: Text
    questions: tuple[QuestionRow, ...] = Field(min_length=1, max_length=MOST_QUESTIONS)
    levels: tuple[LevelRow, ...] = Field(min_length=1, max_length=MOST_RULES)
    duties: tuple[DutyRow, ...] = Field(default=(), max_length=MOST_RULES)
    invariants: tuple[InvariantRow, ...] = ()
    responses: ResponsesRow
    minimum: tuple[QuestionId, ...] = ()
    risk_order: dict[QuestionId, tuple[Chain, ...]] = Field(default_factory=dict)
    if_lost: Text | None = None
    approvers: tuple[ApproverRow, ...] = Field(min_length=1)
    stories: tuple[StoryRow, ...] = ()
    exceptions: tuple[ExemptRow, ...] = ()
    lowers: tuple[LowersRow, ...] = ()
