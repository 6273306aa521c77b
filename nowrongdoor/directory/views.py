"""The page of places: where they are, when they are open, how full they are and who says so."""

from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies.doors import needs
from nowrongdoor.agencies.facts import Action
from nowrongdoor.community import queries as community
from nowrongdoor.directory import commands, queries
from nowrongdoor.directory.facts import SAID
from nowrongdoor.directory.forms import WordForm
from nowrongdoor.directory.words import state_name
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.locks import missing
from nowrongdoor.web.clock import now

REVIEWS_MIN = (15, 30, 60, 120, 240)


@require_GET
@needs(Action.SEE_BOARD)
def places(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@needs(Action.SAY_CAPACITY)
def say(request: HttpRequest, facility_id: UUID) -> HttpResponse:
    """Answers a click with the row as it now stands, and a plain form with the page."""
    form, at = WordForm(request.POST), now()
    if not form.is_valid():
        return _answer(request, facility_id, wrong=form)
    commands.say_capacity(by=_by(request), at=at, facility_id=facility_id, word=form.word(at))
    if _in_place(request):
        return _answer(request, facility_id)
    return HttpResponseRedirect(f"{reverse('directory:places')}#place-{facility_id}")


def _answer(
    request: HttpRequest, facility_id: UUID, *, wrong: WordForm | None = None
) -> HttpResponse:
    if not _in_place(request):
        return _page(request, wrong=wrong, wrong_id=facility_id)
    by, at = _by(request), now()
    row = next((row for row in queries.facility_rows(by, at=at) if row.id == facility_id), None)
    if row is None:
        raise missing()
    context = _choices(by) | {"row": row, "wrong": wrong, "wrong_id": facility_id, "answered": True}
    return render(request, "directory/places.html#row", context, status=422 if wrong else 200)


def _page(
    request: HttpRequest, *, wrong: WordForm | None = None, wrong_id: UUID | None = None
) -> HttpResponse:
    by, at = _by(request), now()
    rows = queries.facility_rows(by, at=at)
    kinds = [(name, list(group)) for name, group in groupby(rows, key=lambda row: row.kind_name)]
    context = {"kinds": kinds, "drawn_at": at, "wrong": wrong, "wrong_id": wrong_id}
    status = 422 if wrong else 200
    return render(request, "directory/places.html", _choices(by) | context, status=status)


def _choices(by: Actor) -> dict[str, object]:
    """What the form of a row offers to choose from. One query."""
    return {
        "states": [(state.value, state_name(state)) for state in SAID],
        "reasons": community.codes("diversion_reasons", by.language),
        "reviews_min": REVIEWS_MIN,
    }


def _in_place(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _by(request: HttpRequest) -> Actor:
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by Doors
    return by
