"""Of which class a note is that its author keeps in their program's own record."""

from typing import NamedTuple
from uuid import UUID

from nowrongdoor.agencies.parties import employer_of, party
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.narrative import rules
from nowrongdoor.sharing import queries


class Kept(NamedTuple):
    data_class: str
    employer_id: UUID | None
    apart: bool


def own_class(by: Actor) -> Kept:
    """By the author's employer and role: a provider's clinician in a police team writes a health record, apart.

    Called inside a transaction.
    """
    employer = None if by.member_id is None else employer_of(by.member_id)
    program = party(by.program_id)
    data, apart = rules.class_of_author(
        program.kind, "" if employer is None else employer.kind, by.role
    )
    table = queries.table()
    code = rules.STRICTEST if table is None else table.data.get(data, rules.STRICTEST)
    return Kept(code, None if employer is None else employer.agency_id, apart)


def class_name(by: Actor) -> str:
    """The class as the table calls it, for the words above the box."""
    employer = None if by.member_id is None else employer_of(by.member_id)
    kind = "" if employer is None else employer.kind
    return rules.class_of_author(party(by.program_id).kind, kind, by.role)[0]
