"""What stands at the head of a printed accounting."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.parties import parties
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing.commands.disclosing import read_as_officer
from nowrongdoor.sharing.shelves import KNOWN_AS, number_of


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose accounting it is and who issues it. `name`: as the program that keeps the record knows the person."""

    name: str
    number: str
    issuer: str


def heading(by: Actor, person_id: UUID) -> Heading:
    """The name stands on it only where the record is one of `by`'s own agency's."""
    with act_as(by), connection.cursor() as cursor:
        cursor.execute("SELECT identity_program_of(%s)", [person_id])
        [keeper] = cursor.fetchone() or (None,)
    number, known = number_of(person_id), parties()
    if keeper is None or known[keeper].agency_id != by.agency_id:
        return Heading("", number, known[by.program_id].name(by.language))
    name = read_as_officer(by, keeper, lambda seat: KNOWN_AS.get()(seat, person_id))
    return Heading(name, number, known[keeper].name(by.language))
