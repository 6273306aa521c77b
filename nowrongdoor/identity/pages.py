"""The records of a program: the list, and the acts on one. The record's own page is a desk, which others add to."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.identity import commands, finding
from nowrongdoor.identity.reads import Blank
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.text import line
from nowrongdoor.kit.acts import Acts, actor_of
from nowrongdoor.web.clock import now

MOST_SOUGHT = 100
DESK = "person"


@require_http_methods(["GET", "POST"])
@requires(Action.KEEP_PERSONS)
def persons(request: HttpRequest) -> HttpResponse:
    """The program's records. POST looks for somebody, so that neither an address nor a log says for whom."""
    by, at = actor_of(request), now()
    sought = line(request.POST.get("sought", ""))[:MOST_SOUGHT]
    with act_as(by):
        rows, more = finding.persons(by, at=at, text=sought)
        if sought:
            commands.record_search(by=by, at=at, count=len(rows))
    context = {"rows": rows, "more": more, "sought": sought, "blank": Blank()} | choices(by, at=at)
    return render(request, "identity/persons.html", context)


def choices(by: Actor, *, at: datetime) -> dict[str, Any]:
    return {"forms": acts.forms(by, at=at)}


acts = Acts("identity", home="identity:persons", desk=DESK)
acts.add(
    commands.keep_person,
    at="persons/new/",
    label=_("New record"),
    machine=False,
    target="",
)
acts.add(
    commands.change_person,
    at="persons/<uuid:person_id>/change/",
    label=_("Save"),
    machine=False,
    edits=commands.lock_person,
    folded=False,
    target="#follows",
)
acts.add(
    commands.say_born,
    at="persons/<uuid:person_id>/born/",
    label=_("Change birth date"),
    machine=False,
    target="#follows",
)
acts.add(
    commands.add_name,
    at="persons/<uuid:person_id>/names/",
    label=_("Add a name"),
    machine=False,
    target="#follows",
    subject="person_id",
)
acts.add(
    commands.end_name,
    at="persons/names/<uuid:name_id>/end/",
    label=_("Wrong name"),
    machine=False,
    target="#follows",
    subject="person_id",
)
acts.add(
    commands.add_phone,
    at="persons/<uuid:person_id>/phones/",
    label=_("Add a phone"),
    machine=False,
    target="#follows",
    subject="person_id",
)
acts.add(
    commands.end_phone,
    at="persons/phones/<uuid:phone_id>/end/",
    label=_("Not theirs anymore"),
    machine=False,
    target="#follows",
    subject="person_id",
)
acts.add(
    commands.say_contact,
    at="persons/<uuid:person_id>/contact/",
    label=_("Safe contact and protection"),
    machine=False,
    target="#follows",
)
acts.add(
    commands.say_what_helps,
    at="persons/<uuid:person_id>/helps/",
    label=_("What helps me"),
    machine=False,
    target="#follows",
)
acts.add(
    commands.judge,
    at="persons/<uuid:person_id>/judge/",
    label=_("Judge"),
    machine=False,
    folded=False,
    target="#follows",
    subject="one_id",
)
acts.add(
    commands.undo_judgment,
    at="persons/judgments/<uuid:judgment_id>/undo/",
    label=_("Undo"),
    machine=False,
    target="#follows",
    subject="one_id",
)
acts.add(
    commands.merge_person,
    at="persons/<uuid:person_id>/merge/",
    label=_("Merge"),
    machine=False,
    folded=False,
    target="#follows",
)
acts.add(
    commands.separate_person,
    at="persons/<uuid:person_id>/separate/",
    label=_("Separate"),
    machine=False,
    target="#follows",
)
