"""The alarms of whoever looks: a page of its own, and the layer that every page has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.desks import alarms as ringing
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import Desk
from nowrongdoor.web.clock import now


@require_GET
@requires((Action.SEE_BOARD, Action.GOVERN_SHARING))
def alarms(request: HttpRequest) -> HttpResponse:
    """What alarms this desk now; asked for by a script, the layer alone."""
    if request.headers.get("HX-Request") == "true":
        return _draw(request)
    return render(request, "desks/alarms.html", ringing.alarms(actor_of(request), at=now()))


def _draw(request: HttpRequest) -> HttpResponse:
    return render(request, "desks/alarms.html#alarms", ringing.alarms(actor_of(request), at=now()))


ALARMS = Desk("alarms", "calls:alarms", _draw, alone=True)
