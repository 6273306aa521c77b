"""The page of one record of a person."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.desks import person as persons
from nowrongdoor.identity.pages import DESK
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import Desk
from nowrongdoor.web.clock import now


@require_GET
@requires(Action.KEEP_PERSONS)
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    context = persons.person(actor_of(request), person_id, at=now())
    return render(request, "desks/person.html", context)


def _draw(request: HttpRequest, person_id: UUID) -> HttpResponse:
    context = persons.person(actor_of(request), person_id, at=now())
    return render(request, "desks/person.html#follows", context)


PERSON = Desk(DESK, "calls:person", _draw)
