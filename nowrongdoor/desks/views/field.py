"""The team's phone: one thumb, at a doorstep."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import commands as calls
from nowrongdoor.desks import field as pages
from nowrongdoor.desks import team_forms
from nowrongdoor.desks.looking import saw_call
from nowrongdoor.desks.views.answers import acts_once
from nowrongdoor.dispatch import commands
from nowrongdoor.episodes.facts import Proposal
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import Desk, led
from nowrongdoor.web.clock import now


@require_GET
@requires(Action.REQUEST)
def field(request: HttpRequest) -> HttpResponse:
    """Whom I am with, what is known, what comes next."""
    by, at = actor_of(request), now()
    context = pages.field(by, at=at)
    if context["team"] is not None:
        saw_call(by, context["team"].episode_id, page="field", at=at)
    return render(request, "desks/field.html", context)


def _draw(request: HttpRequest) -> HttpResponse:
    return render(request, "desks/field.html#follows", pages.field(actor_of(request), at=now()))


FIELD = Desk("field", "calls:field", _draw, alone=True)


@require_POST
@requires((Action.DISPATCH, Action.FIELD))
@acts_once
def destination(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Where the team takes them; whoever receives there is offered the person, where we may offer.

    Both or neither: who cannot be offered the person is not named as where they go.
    """
    by, at = actor_of(request), now()
    code, way = team_forms.facility(request.POST), team_forms.way(request.POST)
    with act_as(by):
        row = commands.name_destination(
            by=by, at=at, assignment_id=assignment_id, facility_code=code, way=way
        )
        chosen = pages.receiver(by, code, at=at)
        if chosen is not None:
            kind, program_id = chosen
            proposal = Proposal(UUID(str(row.episode_id)), kind=kind, to_program_id=program_id)
            calls.offer_transfer(by=by, at=at, proposal=proposal)
    return led(request, reverse("calls:field"))


@require_POST
@requires((Action.DISPATCH, Action.FIELD))
def position(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Where the phone is. The latest only; asking twice is no second act."""
    commands.report_position(
        by=actor_of(request), at=now(), unit_id=unit_id, point=team_forms.point(request.POST)
    )
    return HttpResponse(status=204)
