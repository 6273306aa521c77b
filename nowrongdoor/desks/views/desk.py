"""Pages of the desks. A view understands the request, makes one call, shows the answer."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nowrongdoor.agencies import routes
from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import commands, forms
from nowrongdoor.calls.line import alike_on_paper
from nowrongdoor.community import queries as community
from nowrongdoor.desks import board_rows as boards
from nowrongdoor.desks import call as calls
from nowrongdoor.desks import find as finds
from nowrongdoor.desks import relief as reliefs
from nowrongdoor.desks.looking import saw_call
from nowrongdoor.desks.views.answers import acts_once
from nowrongdoor.episodes.commands import record_search
from nowrongdoor.episodes.facts import Proposal
from nowrongdoor.episodes.lookup import Alike
from nowrongdoor.episodes.sought import Matched
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import led
from nowrongdoor.rows.locks import in_turn
from nowrongdoor.web.clock import now
from nowrongdoor.web.refusals import reason


@require_GET
@requires(Action.SEE_BOARD)
def board(request: HttpRequest) -> HttpResponse:
    context = boards.page(actor_of(request), at=now(), show=request.GET.get("show", "all"))
    return render(request, "desks/board.html", context)


@require_GET
@requires(Action.SEE_BOARD)
def board_rows(request: HttpRequest) -> HttpResponse:
    """The table alone: fetched when a screen's position in the feed is too old to follow on."""
    context = boards.page(actor_of(request), at=now(), show=request.GET.get("show", "all"))
    return render(request, "desks/board.html#table", context)


@require_http_methods(["GET", "POST"])
@requires(Action.TAKE_CALL)
@acts_once
def new_call(request: HttpRequest) -> HttpResponse:
    """Answering begins with one key: from then on the person is held, whatever else is not known."""
    if request.method == "GET":
        return render(request, "desks/new.html", {"media": forms.MEDIA})
    by, at = actor_of(request), now()
    contact = commands.take_contact(
        by=by, at=at, contact=forms.answered(request.POST, by=by, at=at)
    )
    return led(request, reverse("calls:episode", args=[contact.episode_id]))


@require_http_methods(["GET", "POST"])
@requires(Action.TAKE_CALL)
@acts_once
def paper(request: HttpRequest) -> HttpResponse:
    """A call that was written on paper, typed back in with its true time.

    Where one like it is here already, it is asked first: the same sheet may lie before two people.
    """
    by = actor_of(request)
    alike: tuple[Alike, ...] = ()
    form = forms.CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        episode_id, alike = _enter(by, form)
        if episode_id is not None:
            return led(request, reverse("calls:episode", args=[episode_id]))
    status = 422 if request.method == "POST" else 200
    return render(request, "desks/paper.html", _paper(by, form, alike), status=status)


def _paper(by: Actor, form: forms.CallForm, alike: Sequence[Alike]) -> dict[str, object]:
    return {
        "form": form,
        "alike": alike,
        "another": " ".join(str(each.id) for each in alike),
        "classes": community.codes("incident_classes", by.language),
        "zones": community.zones(by.language),
        "routes": routes.routes_from(by, at=now()),
    }


def _enter(by: Actor, form: forms.CallForm) -> tuple[UUID | None, tuple[Alike, ...]]:
    """Enter the call, and offer it where the form says so: one transaction, both or neither.

    Not entered while there are others like it, which are answered, and nobody has said that it is another call.
    """
    at, told = now(), form.contact(by=by)
    chosen = forms.route_chosen(form.cleaned_data["send_to"])
    with act_as(by):
        in_turn("paper", by.program_id)
        alike = alike_on_paper(by, told, at=at)
        if not form.is_another_than(each.id for each in alike):
            return None, alike
        contact = commands.take_contact(by=by, at=at, contact=told)
        episode_id = UUID(str(contact.episode_id))  # a behavioral contact has one
        if chosen is not None:
            kind, program_id = chosen
            proposal = Proposal(episode_id=episode_id, kind=kind, to_program_id=program_id)
            commands.offer_transfer(by=by, at=at, proposal=proposal)
    return episode_id, ()


@require_GET
@requires(Action.SEE_BOARD)
def episode(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    by, at = actor_of(request), now()
    context = calls.call(by, episode_id, at=at)
    saw_call(by, episode_id, page="call", at=at)
    return render(request, "desks/call.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.SEE_BOARD)
def find(request: HttpRequest) -> HttpResponse:
    """POST, so that neither an address nor a log says whom somebody looked for. One call by its number is opened."""
    if request.method == "GET":
        return render(request, "desks/find.html")
    by, at, typed = actor_of(request), now(), forms.line(request.POST, "sought")
    said = {"sought": typed}
    try:
        with act_as(by):
            found = finds.find(by, typed)
            record_search(by=by, at=at, count=len(found.rows))
    except BadInput as wrong:
        said |= {"wrong": reason(wrong.verdict)}
        return render(request, "desks/find.html", said, status=422)
    if [row.matched[:1] for row in found.rows] == [(Matched.NUMBER,)]:
        return led(request, reverse("calls:episode", args=[found.rows[0].id]))
    return render(request, "desks/find.html", finds.page(by, found, at=at) | said)


@require_http_methods(["GET", "POST"])
@requires(Action.RELIEVE)
@acts_once
def relief(request: HttpRequest) -> HttpResponse:
    by, at = actor_of(request), now()
    if request.method == "GET":
        return render(request, "desks/relief.html", reliefs.relief(by, at=at))
    to_member_id = forms.id_in(forms.line(request.POST, "to_member"), field="to_member")
    commands.relieve_all(by=by, at=at, to_member_id=to_member_id)
    return led(request, reverse("calls:relief"))


@require_POST
@requires(Action.ACCEPT)
@acts_once
def accept_relief(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    by, at = actor_of(request), now()
    commands.accept_relief(by=by, at=at, batch_id=batch_id)
    commands.accept_watch(by=by, at=at)
    return led(request, reverse("calls:board"))


@require_POST
@requires(Action.ACCEPT)
@acts_once
def accept_watch(request: HttpRequest) -> HttpResponse:
    commands.accept_watch(by=actor_of(request), at=now())
    return led(request, reverse("calls:board"))
