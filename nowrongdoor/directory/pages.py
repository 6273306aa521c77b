"""The page of places: where they are, when they are open, how full they are and who says so."""

from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.directory import commands, queries
from nowrongdoor.kit.acts import Acts, actor_of
from nowrongdoor.rows.locks import missing
from nowrongdoor.web.clock import now


@require_GET
@requires(Action.SEE_BOARD)
def places(request: HttpRequest) -> HttpResponse:
    by, at = actor_of(request), now()
    rows = queries.facility_rows(by, at=at)
    kinds = [(name, list(group)) for name, group in groupby(rows, key=lambda row: row.kind_name)]
    context = {"kinds": kinds, "drawn_at": at, "forms": acts.forms(by, at=at)}
    return render(request, "directory/places.html", context)


def draw(request: HttpRequest, facility_id: UUID) -> HttpResponse:
    """The place's row as it now stands."""
    by, at = actor_of(request), now()
    row = next((row for row in queries.facility_rows(by, at=at) if row.id == facility_id), None)
    if row is None:
        raise missing()
    context = {"row": row, "answered": True, "forms": acts.forms(by, at=at)}
    return render(request, "directory/places.html#row", context)


acts = Acts("directory", draw=draw, home="directory:places")
acts.add(
    commands.report_capacity,
    at="directory/<uuid:facility_id>/capacity/",
    label=_("Update capacity"),
    key="s",
    machine=True,
    subject="facility_id",
)
