"""Roll-call: who is on which unit, out of service and back, what CAD says."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies.doors import needs
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import forms
from nowrongdoor.desks import dispatch as teams
from nowrongdoor.desks import team_forms
from nowrongdoor.desks.views.answers import actor_of, acts_once, to
from nowrongdoor.dispatch import commands
from nowrongdoor.web.clock import now


@require_GET
@needs(Action.DISPATCH)
def rollcall(request: HttpRequest) -> HttpResponse:
    return render(request, "desks/rollcall.html", teams.rollcall(actor_of(request), at=now()))


@require_POST
@needs(Action.REQUEST)
@acts_once
def sign_on(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """A crew goes on a unit: said at its desk, or by the crew itself on its phone."""
    commands.sign_on(
        by=actor_of(request),
        at=now(),
        unit_id=unit_id,
        members=team_forms.crew(request.POST),
        vehicle=forms.line(request.POST, "vehicle"),
        plain_clothes=request.POST.get("plain_clothes") == "yes",
    )
    return _back(request)


@require_POST
@needs(Action.REQUEST)
@acts_once
def sign_off(request: HttpRequest, crew_id: UUID) -> HttpResponse:
    commands.sign_off(by=actor_of(request), at=now(), crew_id=crew_id)
    return _back(request)


@require_POST
@needs(Action.REQUEST)
@acts_once
def service(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Out of service with a reason; without one, back in service."""
    by, at, reason = actor_of(request), now(), forms.line(request.POST, "reason")
    if reason:
        commands.take_out_of_service(by=by, at=at, unit_id=unit_id, reason=reason)
    else:
        commands.put_in_service(by=by, at=at, unit_id=unit_id)
    return _back(request)


@require_POST
@needs(Action.DISPATCH)
@acts_once
def cad(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """What CAD shows of its own unit, keyed by hand where no machine tells us."""
    commands.say_cad(
        by=actor_of(request),
        at=now(),
        unit_id=unit_id,
        state=forms.line(request.POST, "state", most=forms.CALLBACK),
        busy=request.POST.get("busy") == "yes",
    )
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    page = "calls:field" if request.POST.get("page") == "field" else "calls:rollcall"
    return to(request, reverse(page))
