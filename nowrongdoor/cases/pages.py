"""A program's caseload and one case, and the acts on them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.cases import commands, queries
from nowrongdoor.cases.queries import When
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.acts import Acts, actor_of
from nowrongdoor.kit.desks import Desk
from nowrongdoor.sharing.commands import looked
from nowrongdoor.web.clock import now

DESK = "case"
WORDS = {
    When.OVERDUE: _("Overdue"),
    When.TODAY: _("Today"),
    When.WEEK: _("Next 7 days"),
    When.LATER: _("Later"),
    When.DONE: _("Nothing more is owed: close it"),
    When.PAUSED: _("Paused"),
    When.UNTAKEN: _("No owner yet"),
}


@require_GET
@requires(Action.KEEP_CASES)
def caseload(request: HttpRequest) -> HttpResponse:
    """What one's program owes to people after the moment, what is due first at the top of each heading."""
    by, at = actor_of(request), now()
    parts = [(WORDS[when], when, rows) for when, rows in queries.caseload(by, at=at)]
    mine = sum(each.mine for _words, _when, rows in parts for each in rows)
    untaken = sum(len(rows) for _words, when, rows in parts if when is When.UNTAKEN)
    listed = sum(len(rows) for _words, _when, rows in parts)
    most = queries.MOST if listed == queries.MOST else 0
    context = {"parts": parts, "mine": mine, "untaken": untaken, "most": most, "at": at}
    return render(request, "cases/caseload.html", context | choices(by, at=at))


@require_GET
@requires(Action.KEEP_CASES)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: what is owed, what was tried, and what may be done next. That they looked is written down."""
    return draw(request, case_id)


def draw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    by, at = actor_of(request), now()
    view = queries.case(by, case_id, at=at)
    if view.row.owner:  # who it is, is shown from then on
        looked(
            by=by,
            at=at,
            page="case",
            label=view.row.number,
            record_id=view.id,
            person_id=view.person_id,
            episode_id=view.episode_id,
            of_agency_id=by.agency_id,
            basis="own",
        )
    return render(request, "cases/case.html", {"case": view, "at": at} | choices(by, at=at))


def choices(by: Actor, *, at: datetime) -> dict[str, Any]:
    return {"forms": acts.forms(by, at=at)}


CASE = Desk(DESK, "cases:case", draw)
acts = Acts("cases", home="cases:caseload", desk=DESK)
acts.add(
    commands.take_case,
    at="cases/<uuid:case_id>/take/",
    label=_("Take it"),
    machine=False,
    target="",
)
acts.add(
    commands.assign_case,
    at="cases/<uuid:case_id>/assign/",
    label=_("Assign"),
    machine=False,
    target="",
)
acts.add(
    commands.log_try,
    at="cases/tasks/<uuid:task_id>/tries/",
    label=_("Log a try"),
    machine=False,
    target="",
    subject="case_id",
)
acts.add(
    commands.move_case,
    at="cases/<uuid:case_id>/move/",
    label=_("The person is elsewhere"),
    machine=False,
    target="",
)
acts.add(
    commands.close_case,
    at="cases/<uuid:case_id>/close/",
    label=_("Close the case"),
    machine=False,
    target="",
)
