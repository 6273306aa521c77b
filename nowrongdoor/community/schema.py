"""What a community's files hold. Every fact carries its source."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from nowrongdoor.community import hours
from nowrongdoor.community.streets import Block, Street

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=40)]
# a value of a list may also be a letter of the law, as "N" or "R"
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]
Names = dict[str, Annotated[str, StringConstraints(min_length=1, max_length=120)]]
Text = Annotated[str, StringConstraints(min_length=1)]
Tell = Literal["receiver", "sender", "supervisor"]
Age = Literal["child", "teen", "adult", "older"]


def _readable(text: str) -> str:
    hours.spans(text)
    return text


class Row(BaseModel):
    """Frozen, and nothing unknown is let in: a misspelt key is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CommunityFile(Row):
    """`streets_note`: what the map says of its streets: that they are approximate, or whose they are."""

    code: Code
    name: Names
    time_zone: Text
    languages: tuple[str, ...] = Field(min_length=1)
    number_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")]
    synthetic: bool
    source: Text
    streets_note: Names = {}


class DeskRow(Row):
    code: Code
    name: Names


class ProgramRow(Row):
    """`disclosure_kind`: what it is to the gate; '' is its agency's kind. Police say it of each program."""

    code: Code
    name: Names
    disclosure_kind: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]*$")] = ""
    roles: tuple[str, ...] = ()
    desks: tuple[DeskRow, ...] = ()


class AgencyRow(Row):
    code: Code
    kind: str
    name: Names
    programs: tuple[ProgramRow, ...] = Field(min_length=1)
    pointer: bool = False
    source: Text


class PositionRow(Row):
    program: Text  # agency/program
    role: str


class QualificationRow(Row):
    code: Code
    until: date | None = None


class MemberRow(Row):
    username: Code
    name: Text
    employer: Code
    languages: tuple[str, ...] = ("en",)
    positions: tuple[PositionRow, ...] = Field(min_length=1)
    qualifications: tuple[QualificationRow, ...] = ()


class RouteRow(Row):
    kind: Code
    sender: Text = Field(alias="from")
    receivers: tuple[Text, ...] = Field(alias="to", min_length=1)
    basis: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]*$")]
    since: date
    source: Text


class StepRow(Row):
    after_s: int = Field(gt=0)
    tell: Tell


class HandoffRow(Row):
    code: Code
    name: Names
    moves_holder: Literal["on_accept", "on_contact", "never"]
    owner: Code
    attestable: bool
    by_team: bool = False  # whoever is with the person offers it, not only who holds
    answer: tuple[StepRow, ...]
    source: Text


class ValueRow(Row):
    code: Word
    name: Names


class ListRow(Row):
    list: Code
    source: Text
    values: tuple[ValueRow, ...] = Field(min_length=1)


class SettingRow(Row):
    key: Code
    value: Any
    unit: Text
    since: date = Field(alias="from")
    source: Text


class AlarmRow(Row):
    """How a kind of deadline rings. Three times at least: the desk, a supervisor, then police or another's."""

    times: int = Field(ge=3)
    every_s: int | None = Field(default=None, gt=0)
    quiet_s: int = Field(default=300, ge=30, le=3600)
    line: tuple[Literal["desk", "supervisor", "shift_supervisor"], ...] = Field(
        default=("desk",), min_length=1
    )


Alarms = dict[str, AlarmRow]


class FundingRow(Row):
    source: Text
    percent: int = Field(ge=0, le=100)
    ends: date | None = None


class CrewRow(Row):
    member: Code
    funding: tuple[FundingRow, ...] = Field(min_length=1)


class AuthorityRow(Row):
    """Whose desk may send a unit, from a day until another."""

    program: Text
    since: date
    until: date | None = None


class UnitRow(Row):
    code: Text
    program: Text
    kind: Code
    vehicle: Text
    plain_clothes: bool
    crew: tuple[CrewRow, ...] = ()
    cad: bool = False
    sent_by: tuple[AuthorityRow, ...] = Field(min_length=1)
    source: Text


class RequestRow(Row):
    """A kind of help that can be asked for. Who may ask whom for it stands among the routes."""

    code: Code
    name: Names
    axis: Literal["clinical", "police", "ems"]
    mode: Literal["", "aware", "staged", "now"] = ""
    unit_kinds: tuple[Code, ...] = ()
    needs: tuple[Code, ...] = ()
    clearances: tuple[Code, ...] = ()
    least_crew: int = Field(default=2, ge=1, le=6)
    clinician: bool = False
    answer_s: int = Field(gt=0)
    source: Text


class ZoneRow(Row):
    code: Code
    name: Names
    population_2000: int = Field(ge=0)
    centre_lon: float
    centre_lat: float
    zips: tuple[str, ...] = ()
    shape: dict[str, Any]


class ApprovalRow(Row):
    approver: Text
    member: Code
    day: date = Field(alias="on")


class ApprovalsFile(Row):
    """Who has approved which version of the protocol. Without it the protocol stays a draft."""

    protocol_version: Text
    active_from: date
    approvals: tuple[ApprovalRow, ...]
    source: Text


class PsapRow(Row):
    program: Text
    zones: tuple[Code, ...]
    emergency_number: Text
    source: Text


class TakesRow(Row):
    """Whom a place takes: only what decides whether somebody can be brought there.

    `police`: `always` refuses no officer. `medical`: the most it can look after: whoever was
    examined, whoever seems stable, or anybody. `serves` empty is everyone.
    """

    ages: tuple[Age, ...] = Field(min_length=1)
    police: Literal["always", "yes", "no"] = "yes"
    involuntary: bool = False
    medical: Literal["examined", "stable", "any"] = "stable"
    serves: tuple[Literal["men", "women", "families"], ...] = ()
    pets: bool = False


class FacilityRow(Row):
    """A place where a person can go. `program` runs it, where it is one of ours."""

    code: Code
    kind: Code
    name: Names
    program: str = ""
    zone: str = ""
    point: tuple[float, float] | None = None  # longitude, latitude
    hours: Annotated[str, AfterValidator(_readable)]
    takes: TakesRow
    places: int | None = Field(default=None, ge=0)
    phone: str = ""
    source: Text


class SignerRow(Row):
    name: Text
    agency: Text


class AgreedRow(Row):
    """Who agreed for their agency, and in which program they work there."""

    member: Code
    program: Text


class AgreementRow(Row):
    """What agencies signed: which programs tell which others what, why, and until when.

    It opens nothing of an agency that is not among `agreed`. Dates are days there; it ends as `until` begins.
    """

    code: Text
    title: Text
    tells: tuple[Text, ...] = Field(min_length=1)
    told: tuple[Text, ...] = Field(min_length=1)
    data: tuple[Text, ...] = Field(min_length=1)
    purposes: tuple[Text, ...] = Field(min_length=1)
    fields: tuple[Text, ...] = ()
    legal_basis: Text
    since: date = Field(alias="from")
    until: date | None = None
    remind_days: tuple[Annotated[int, Field(ge=1, le=366)], ...] = (90, 30)
    signed_by: tuple[SignerRow, ...] = ()
    agreed: tuple[AgreedRow, ...] = Field(min_length=1)
    source: Text


class Community(Row):
    """Everything of one folder, checked as a whole. `digest` is of the files' bytes.

    `protocol`, `disclosure` and `clip` are files as text, '' where there is none: the modules that own them read
    and check them.
    """

    about: CommunityFile
    agencies: tuple[AgencyRow, ...]
    members: tuple[MemberRow, ...]
    routes: tuple[RouteRow, ...]
    handoffs: tuple[HandoffRow, ...]
    lists: tuple[ListRow, ...]
    settings: tuple[SettingRow, ...]
    units: tuple[UnitRow, ...]
    requests: tuple[RequestRow, ...] = ()
    zones: tuple[ZoneRow, ...]
    streets: tuple[Street, ...] = ()
    blocks: tuple[Block, ...] = ()
    psaps: tuple[PsapRow, ...] = ()
    facilities: tuple[FacilityRow, ...] = ()
    approvals: ApprovalsFile | None = None
    agreements: tuple[AgreementRow, ...] = ()
    protocol: str = ""
    disclosure: str = ""
    clocks: str = ""
    cases: str = ""
    clip: str = ""
    digest: str
