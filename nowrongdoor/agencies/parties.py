"""The programs, as the gate knows them."""

from dataclasses import dataclass
from uuid import UUID

from nowrongdoor.agencies.facts import Role
from nowrongdoor.agencies.models import Member, Position, Program
from nowrongdoor.community.queries import in_language
from nowrongdoor.community.remembered import remembered


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A program: whose it is, what it is to the gate, and its names by language."""

    program_id: UUID
    agency_id: UUID
    kind: str
    path: str
    names: dict[str, str]
    agency_names: dict[str, str]
    at_home: bool

    def name(self, language: str) -> str:
        program, agency = (in_language(each, language) for each in (self.names, self.agency_names))
        return f"{agency}, {program}"


@remembered
def parties() -> dict[UUID, PartyRow]:
    """Every program by its id."""
    rows = Program.objects.select_related("agency").order_by("agency__code", "code")
    return {
        row.pk: PartyRow(
            program_id=row.pk,
            agency_id=row.agency_id,
            kind=row.disclosure_kind,
            path=f"{row.agency.code}/{row.code}",
            names=row.names,
            agency_names=row.agency.names,
            at_home=row.agency.pointer,
        )
        for row in rows
    }


def party(program_id: UUID) -> PartyRow:
    return parties()[program_id]


def privacy_program(agency_id: UUID) -> UUID | None:
    """The program in which an agency's privacy officer works; None where it has none."""
    rows = Position.objects.filter(
        program__agency_id=agency_id, role=Role.PRIVACY_OFFICER.value, until_at=None
    )
    return rows.order_by("program__code").values_list("program_id", flat=True).first()


@dataclass(frozen=True, slots=True)
class EmployerRow:
    agency_id: UUID
    kind: str


def employer_of(member_id: UUID) -> EmployerRow:
    """Who employs a member: not always whose program they sit in."""
    row = Member.objects.filter(pk=member_id).values_list("employer_id", "employer__kind")
    return EmployerRow(*row[0])
