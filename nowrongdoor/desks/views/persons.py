"""The page of one record of a person: for the program that keeps it, and for its privacy officer."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.acting import act_as, granted
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import party
from nowrongdoor.desks import person as persons
from nowrongdoor.episodes.known import known_from
from nowrongdoor.identity import queries as identity
from nowrongdoor.identity.pages import DESK
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import Desk, led
from nowrongdoor.rows.locks import missing
from nowrongdoor.sharing import (
    commands,
    privacy_queries,
    release_queries,
    suspension_queries,
)
from nowrongdoor.sharing.shelves import number_of
from nowrongdoor.web.clock import now
from nowrongdoor.web.idempotency import once


@require_GET
@requires((Action.KEEP_PERSONS, Action.GOVERN_SHARING))
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What of a person whoever looks may see. That they looked is written down first."""
    by, at = actor_of(request), now()
    if not granted(by, Action.KEEP_PERSONS):
        return _officer(request, person_id)
    identity.record(by, person_id)  # who sees nothing has not looked
    commands.looked(
        by=by,
        at=at,
        page="person",
        label=number_of(person_id),
        record_id=person_id,
        person_id=person_id,
        of_agency_id=by.agency_id,
        basis="own",
    )
    seq = feed.latest_position()
    context = persons.person(by, person_id, at=at)
    return render(request, "desks/person.html", context | {"seq": seq})


def _officer(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """For a privacy officer: who looked, what was told and by which releases; nothing of what the record says."""
    by, at = actor_of(request), now()
    program_id = require_own_agency(by, person_id)
    number = number_of(person_id)
    commands.looked(
        by=by,
        at=at,
        page="person",
        label=number,
        record_id=person_id,
        person_id=person_id,
        of_agency_id=by.agency_id,
        basis="privacy_officer",
    )
    context = {
        "person_id": person_id,
        "number": number,
        "program": party(program_id).name(by.language),
        "looks": privacy_queries.looks(by, label=number),
        "told": privacy_queries.accounting(by, person_id),
        "releases": release_queries.of_person(by, person_id, at=at),
        "suspensions": suspension_queries.suspensions(by, person_id, at=at),
        "requesters": suspension_queries.requesters(by),
        "key": uuid4(),
    }
    return render(request, "desks/person_officer.html", context)


def require_own_agency(by: Actor, person_id: UUID) -> UUID:
    """The program that keeps the record. Errors: NotFound where it is no program of `by`'s agency."""
    with act_as(by):
        program_id = identity.program_of(person_id)
    if program_id is None or party(program_id).agency_id != by.agency_id:
        raise missing()
    return program_id


def _draw(request: HttpRequest, person_id: UUID) -> HttpResponse:
    context = persons.person(actor_of(request), person_id, at=now())
    return render(request, "desks/person.html#follows", context | {"seq": feed.latest_position()})


@require_POST
@requires(Action.SHARE)
@once(act_as)
def ask_to_see(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask the program that may hold it, naming the call on which both work. The answer comes to whoever asked."""
    by, posted = actor_of(request), request.POST
    record = identity.record(by, person_id)
    of_program_id = _program(posted.get("of_program_id", ""))
    known = known_from(by, (person_id, *(each.id for each in record.parts)))
    about = known.of(of_program_id)
    commands.ask_to_see(
        by=by,
        at=now(),
        of_program_id=of_program_id,
        data=posted.get("data", "")[:40],
        purpose=posted.get("purpose", "")[:40],
        why=posted.get("why", ""),
        person_id=person_id,
        episode_id=None if about is None else known.episode_of(about),
    )
    return led(request, reverse("calls:person", args=[person_id]))


@require_POST
@requires(Action.SHARE)
@once(act_as)
def claim_emergency(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Open at once what the table gives to an emergency, in one's own name."""
    by, at = actor_of(request), now()
    _require_own(by, person_id)
    from_id = _program(request.POST.get("from_program_id", ""))
    known = known_from(by, (person_id,))
    about = known.of(from_id)
    if about is None:
        raise missing()
    commands.claim_emergency(
        by=by,
        at=at,
        from_program_id=from_id,
        person_id=about.person_id,
        episode_id=known.episode_of(about),
        reason=request.POST.get("reason", ""),
    )
    return led(request, reverse("calls:person", args=[person_id]))


def _require_own(by: Actor, person_id: UUID) -> None:
    """Errors: NotFound for a record that `by`'s program does not keep."""
    with act_as(by):
        if identity.program_of(person_id) != by.program_id:
            raise missing()


def _program(text: str) -> UUID:
    try:
        found = UUID(text)
        party(found)
    except (ValueError, KeyError):
        raise BadInput("of_program_id", "code.unknown", "Choose from the list.") from None
    return found


PERSON = Desk(DESK, "calls:person", _draw)
