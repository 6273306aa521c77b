"""What is answered after acting: the row or the page as it now is, or where to go."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.desks import board as boards
from nowrongdoor.desks.call import call
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import Desk, led
from nowrongdoor.web.clock import now
from nowrongdoor.web.idempotency import once

PAGE = "follows"
"""The id of the part of an episode's page that is drawn again."""


def _draw(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The page or the board's row as it now is (htmx), or the way to the episode's page."""
    if request.headers.get("HX-Request") != "true":
        return led(request, reverse("calls:episode", args=[episode_id]))
    by = actor_of(request)
    if request.headers.get("HX-Target") == PAGE:
        return draw_call(request, episode_id)
    found = boards.rows(by, at=now(), ids=frozenset({episode_id}))
    if not found:
        return HttpResponse("")
    [context] = boards.each_by_itself(by, found, at=now())
    return render(request, "desks/board.html#row", context)


def draw_call(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The call's desk as it now is."""
    context = call(actor_of(request), episode_id, at=now())
    return render(request, "desks/call.html#follows", context)


CALL = Desk("call", "calls:episode", draw_call)
HOLDING = Desk("holding", "calls:episode", _draw)
"""The rows of *Active calls*, wherever one acts on a call and no other desk stands around."""
acts_once = once(act_as, _draw)
