"""The unit roster: who is on which unit, out of service and back, what CAD says."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import forms
from nowrongdoor.desks import dispatch as teams
from nowrongdoor.desks import team_forms
from nowrongdoor.desks.views.answers import acts_once
from nowrongdoor.dispatch import commands
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import Desk, led
from nowrongdoor.web.clock import now


@require_GET
@requires(Action.DISPATCH)
def rollcall(request: HttpRequest) -> HttpResponse:
    return render(request, "desks/rollcall.html", teams.rollcall(actor_of(request), at=now()))


def _draw(request: HttpRequest) -> HttpResponse:
    context = teams.rollcall(actor_of(request), at=now())
    return render(request, "desks/rollcall.html#follows", context)


ROLLCALL = Desk("rollcall", "calls:rollcall", _draw, alone=True)


@require_POST
@requires((Action.DISPATCH, Action.FIELD))
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
    page = "calls:field" if request.POST.get("page") == "field" else "calls:rollcall"
    return led(request, reverse(page))
