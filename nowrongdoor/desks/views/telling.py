"""Telling somebody what one's own program holds: chosen, shown exactly, then told."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.desks import telling
from nowrongdoor.desks.telling import Typed
from nowrongdoor.kernel.text import line, lines
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import led
from nowrongdoor.web.clock import now
from nowrongdoor.web.idempotency import once
from nowrongdoor.web.refusals import STATUS, reason

PAGE = "desks/tell.html"
LONGEST = 300


@require_GET
@requires(Action.SHARE)
def tell(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The form, empty."""
    return render(request, PAGE, telling.form(actor_of(request), person_id, Typed()))


@require_POST
@requires(Action.SHARE)
def preview(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What exactly would be told. Nothing is told, and nothing is written."""
    by, typed = actor_of(request), _typed(request.POST)
    try:
        shown = telling.preview(by, person_id, typed, at=now())
    except Refused as refusal:
        return _again(request, person_id, typed, refusal)
    context = telling.form(by, person_id, typed) | {"preview": shown, "key": uuid4()}
    return render(request, PAGE, context)


@require_POST
@requires(Action.SHARE)
@once(act_as)
def told(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Told, and in the ledger. The answer is only where it stands: what was told is kept nowhere else."""
    by, at, typed = actor_of(request), now(), _typed(request.POST)
    try:
        decision = telling.told(by, person_id, typed, at=at)
    except Refused as refusal:
        return _again(request, person_id, typed, refusal)
    page = "calls:tell_waits" if decision is None else "calls:told_page"
    return led(request, reverse(page, args=[person_id]))


@require_GET
@requires(Action.SHARE)
def told_page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What was told last, to read out or to print."""
    by = actor_of(request)
    shown, at, changed = telling.last_told(by, person_id)
    context = telling.form(by, person_id, Typed()) | {"told": shown, "at": at, "changed": changed}
    return render(request, "desks/told_to.html", context)


@require_GET
@requires(Action.SHARE)
def tell_waits(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Another person was asked to confirm it first."""
    context = telling.form(actor_of(request), person_id, Typed()) | {"waits": True}
    return render(request, "desks/told_to.html", context)


def _again(request: HttpRequest, person_id: UUID, typed: Typed, refusal: Refused) -> HttpResponse:
    """The form with what was typed, and what is wrong beside it."""
    context = telling.form(actor_of(request), person_id, typed) | {
        "error": reason(refusal.verdict),
        "wrong": getattr(refusal, "field", ""),
    }
    return render(request, PAGE, context, status=STATUS[type(refusal)])


def _typed(posted: QueryDict) -> Typed:
    """Errors: none; what is not on a list is answered by the gate as a no."""
    return Typed(
        to=posted.get("to", "")[:40],
        to_name=line(posted.get("to_name", ""))[:LONGEST],
        purpose=posted.get("purpose", "")[:40],
        groups=tuple(posted.getlist("group"))[:40],
        ground=posted.get("ground", "")[:40],
        reference=lines(posted.get("reference", ""))[:1000],
        shown=posted.get("shown", "")[:64],
    )
