"""The team's phone: one thumb, at a doorstep."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies.acting import acting
from nowrongdoor.agencies.doors import needs
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls import forms
from nowrongdoor.desks import field as pages
from nowrongdoor.desks import team_forms
from nowrongdoor.desks.views.answers import actor_of, acts_once, to
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Stage
from nowrongdoor.episodes.facts import Proposal
from nowrongdoor.web.clock import now


@require_GET
@needs(Action.REQUEST)
def field(request: HttpRequest) -> HttpResponse:
    """Whom I am with, what is known, what comes next."""
    return render(request, "desks/field.html", pages.field(actor_of(request), at=now()))


@require_POST
@needs(Action.REQUEST)
@acts_once
def step(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    commands.step(
        by=actor_of(request),
        at=now(),
        assignment_id=assignment_id,
        to=forms.one_of(request.POST, "stage", Stage),
        way=team_forms.way(request.POST),
    )
    return _back(request)


@require_POST
@needs(Action.REQUEST)
@acts_once
def step_member(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Somebody who came in a car of their own."""
    commands.step_member(
        by=actor_of(request),
        at=now(),
        assignment_id=assignment_id,
        member_id=forms.id_in(forms.line(request.POST, "member"), field="member"),
        to=forms.one_of(request.POST, "stage", Stage),
        way=team_forms.way(request.POST),
    )
    return _back(request)


@require_POST
@needs(Action.REQUEST)
@acts_once
def check_in(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    commands.check_in(
        by=actor_of(request),
        at=now(),
        assignment_id=assignment_id,
        way=team_forms.way(request.POST),
    )
    return _back(request)


@require_POST
@needs(Action.REQUEST)
@acts_once
def duress(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """One tap, or the spoken word that the desk keys. Never asked twice."""
    commands.ring_duress(
        by=actor_of(request),
        at=now(),
        assignment_id=assignment_id,
        way=team_forms.way(request.POST),
    )
    return _back(request)


@require_POST
@needs(Action.REQUEST)
@acts_once
def destination(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Where the team takes them; whoever receives there is offered the person, where we may offer.

    Both or neither: who cannot be offered the person is not named as where they go.
    """
    by, at = actor_of(request), now()
    code, way = team_forms.facility(request.POST), team_forms.way(request.POST)
    with acting(by):
        row = commands.name_destination(
            by=by, at=at, assignment_id=assignment_id, facility_code=code, way=way
        )
        chosen = pages.receiver(by, code, at=at)
        if chosen is not None:
            kind, program_id = chosen
            proposal = Proposal(UUID(str(row.episode_id)), kind=kind, to_program_id=program_id)
            calls.offer_transfer(by=by, at=at, proposal=proposal)
    return _back(request)


@require_POST
@needs(Action.REQUEST)
@acts_once
def clear(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    at = now()
    commands.clear(
        by=actor_of(request),
        at=at,
        assignment_id=assignment_id,
        clearing=team_forms.clearing(request.POST, at=at),
        way=team_forms.way(request.POST),
    )
    return _back(request)


@require_POST
@needs(Action.REQUEST)
def position(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Where the phone is. The latest only; asking twice is no second act."""
    commands.say_position(
        by=actor_of(request), at=now(), unit_id=unit_id, point=team_forms.point(request.POST)
    )
    return HttpResponse(status=204)


def _back(request: HttpRequest) -> HttpResponse:
    """To the phone, or to the desk that said it for the team."""
    match request.POST.get("page", ""):
        case "teams":
            return to(request, reverse("calls:teams"))
        case "request":
            request_id = forms.id_in(forms.line(request.POST, "request"), field="request")
            return to(request, reverse("calls:request", args=[request_id]))
    return to(request, reverse("calls:field"))
