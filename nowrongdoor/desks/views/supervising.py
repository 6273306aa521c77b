"""The supervisor's page, the clinician's queue and the shift briefing."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import commands, forms
from nowrongdoor.desks import briefing as sheets
from nowrongdoor.desks import queue as queues
from nowrongdoor.desks import supervisor as waits
from nowrongdoor.desks.views.answers import acts_once
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import led
from nowrongdoor.web.clock import now


@require_GET
@requires(Action.ASSUME)
def supervising(request: HttpRequest) -> HttpResponse:
    """What needs the supervisor now, and the lines that people are handed to."""
    context = waits.supervising(actor_of(request), at=now())
    return render(request, "desks/supervisor.html", context)


@require_POST
@requires(Action.ASSUME)
@acts_once
def line_answers(request: HttpRequest) -> HttpResponse:
    """Say that a program's lines do not answer, or that they answer again."""
    by, at = actor_of(request), now()
    program_id = forms.id_in(forms.line(request.POST, "program"), field="program")
    if program_id not in waits.transferred_to(by, at=at):
        raise BadInput("program", "id.unreadable", "Choose from the list.")
    if request.POST.get("answers") == "yes":
        commands.report_line_up(by=by, at=at, program_id=program_id)
    else:
        commands.report_line_down(by=by, at=at, program_id=program_id)
    return led(request, reverse("calls:supervising"))


@require_POST
@requires(Action.ASSUME)
@acts_once
def take_over(request: HttpRequest) -> HttpResponse:
    """Take over those that are ticked, or everybody on the list: all of them or none."""
    listed = "every" if request.POST.get("all") == "yes" else "episode"
    ids = _ids(request.POST.getlist(listed))
    reason = forms.line(request.POST, "reason")
    commands.assume_all(by=actor_of(request), at=now(), episode_ids=ids, reason=reason)
    return led(request, reverse("calls:supervising"))


def _ids(texts: list[str]) -> tuple[UUID, ...]:
    if not texts:
        raise BadInput("episode", "assume.nobody", "Select at least one.")
    return tuple({forms.id_in(text, field="episode") for text in texts})


@require_GET
@requires(Action.ACCEPT)
def queue(request: HttpRequest) -> HttpResponse:
    """The calls of the floor that a clinician sits on, those that could be pulled first."""
    return render(request, "desks/queue.html", queues.queue(actor_of(request), at=now()))


@require_GET
@requires(Action.SEE_BOARD)
def morning(request: HttpRequest) -> HttpResponse:
    """The shift briefing."""
    return render(request, "desks/briefing.html", sheets.morning(actor_of(request), at=now()))
