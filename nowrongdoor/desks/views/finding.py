"""A privacy officer finds a record by the name of its person, among those of their own agency's programs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import PartyRow, parties
from nowrongdoor.identity import finding
from nowrongdoor.identity.commands import record_search
from nowrongdoor.identity.pages import MOST_SOUGHT
from nowrongdoor.identity.reads import PersonLine
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.text import line
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.sharing.commands.disclosing import read_as_officer
from nowrongdoor.sharing.shelves import number_of
from nowrongdoor.web.clock import now


@dataclass(frozen=True, slots=True)
class Found:
    """What tells one record from another, and nothing else of what it says."""

    id: UUID
    number: str
    name: str
    born: str
    program: str


@require_POST
@requires(Action.GOVERN_SHARING)
def find_record(request: HttpRequest) -> HttpResponse:
    """Sent as POST, so that neither an address nor a log says for whom; the journal has how many were shown."""
    by, at = actor_of(request), now()
    sought = line(request.POST.get("sought", ""))[:MOST_SOUGHT]
    found, more = _found(by, sought, at=at) if sought else ((), False)
    if sought:
        record_search(by=by, at=at, count=len(found))
    context = {"found": found, "more": more, "sought": sought}
    return render(request, "desks/found_records.html", context)


def _found(by: Actor, sought: str, *, at: datetime) -> tuple[tuple[Found, ...], bool]:
    """Each program is asked as itself: the database shows its records to no other."""

    def read(seat: Actor) -> tuple[tuple[PersonLine, ...], bool]:
        return finding.persons(seat, at=at, text=sought)

    own = sorted(
        (each for each in parties().values() if each.agency_id == by.agency_id),
        key=lambda each: each.path,
    )
    answers = [(each, read_as_officer(by, each.program_id, read)) for each in own]
    rows = tuple(
        _row(person, program, by) for program, (persons, _more) in answers for person in persons
    )
    return rows, any(more for _program, (_persons, more) in answers)


def _row(person: PersonLine, program: PartyRow, by: Actor) -> Found:
    return Found(
        id=person.id,
        number=number_of(person.id),
        name=person.name,
        born=person.born,
        program=program.name(by.language),
    )
