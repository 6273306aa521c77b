"""The desk that sends: its board and one request; and help asked for on a call's own page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.desks import dispatch as teams
from nowrongdoor.desks.dispatch import Context
from nowrongdoor.desks.looking import saw_call
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import Desk
from nowrongdoor.rows.locks import missing
from nowrongdoor.web.clock import now

KEPT = "private, max-age=31536000, immutable"


@require_GET
@requires(Action.DISPATCH)
def board(request: HttpRequest) -> HttpResponse:
    """What waits for this desk, who is on the way, which units there are."""
    context = teams.dispatch_board(actor_of(request), at=now())
    return render(request, "desks/dispatch.html", context)


@require_GET
@requires(Action.DISPATCH)
def map_frame(request: HttpRequest) -> HttpResponse:
    """Where people and units are now, for the map of the board."""
    return JsonResponse(teams.map_frame(actor_of(request), at=now()))


@require_GET
@requires(Action.DISPATCH)
def map_lines(request: HttpRequest) -> HttpResponse:
    """Zones and streets. The browser keeps them under an address that changes with the files."""
    answer = HttpResponse(teams.map_lines(actor_of(request)), content_type="application/json")
    answer["Cache-Control"] = KEPT
    return answer


def _draw_board(request: HttpRequest) -> HttpResponse:
    context = teams.dispatch_board(actor_of(request), at=now())
    return render(request, "desks/dispatch.html#follows", context)


@require_GET
@requires(Action.REQUEST)
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: its units in order for the desk that answers, its state for whoever asked."""
    context = _one(request, request_id)
    episode_id = context["line"].request.episode_id
    saw_call(actor_of(request), episode_id, page="request", at=now())
    return render(request, "desks/request.html", context)


def _draw_one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return render(request, "desks/request.html#follows", _one(request, request_id))


def _one(request: HttpRequest, request_id: UUID) -> Context:
    context = teams.request(actor_of(request), request_id, at=now())
    if context is None:
        raise missing()
    return context


TEAMS = Desk("teams", "calls:teams", _draw_board, alone=True)
REQUEST = Desk("request", "calls:request", _draw_one)
