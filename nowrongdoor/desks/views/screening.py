"""Asking and answering at a desk: the questions, the level, the duties, the note and plan."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import commands, forms
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import led
from nowrongdoor.triage import queries
from nowrongdoor.triage.rules import none_of_these
from nowrongdoor.triage.screen import screen
from nowrongdoor.web.clock import now
from nowrongdoor.web.idempotency import drawn, once


def _panel(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    if request.headers.get("HX-Request") != "true":
        return led(request, reverse("calls:episode", args=[episode_id]))
    shown = screen(actor_of(request), episode_id, at=now())
    context = {"screen": shown, "row": {"key": episode_id}}
    return TemplateResponse(request, "triage/screening.html#answered", context)


@require_POST
@requires(Action.SCREEN)
@once(act_as, _panel, together=True)
def answer(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """One key's answer, or `together`: no to every hard stop that is still open. The panel comes back."""
    by, at = actor_of(request), now()
    given = forms.answers(request.POST)
    together = request.POST.get("together") == "yes"
    if together:
        known = queries.answers(by, episode_id)
        stops = none_of_these(queries.protocol(by, at=at))
        given = {stop: value for stop, value in stops.items() if stop not in known}
    commands.answer(by=by, at=at, episode_id=episode_id, given=given, asked_together=together)
    return drawn(episode_id)
