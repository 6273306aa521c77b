"""Pages of the protocol. A view understands the request, makes one call, shows the answer."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.kit.acts import Acts, actor_of
from nowrongdoor.kit.desks import Desk
from nowrongdoor.triage import commands, pages
from nowrongdoor.triage import screen as screening
from nowrongdoor.triage.forms import DraftForm
from nowrongdoor.web.clock import now
from nowrongdoor.web.idempotency import once

acts_once = once(act_as)
PAGE, ONE, DRY = "triage/protocol.html", "triage/version.html", "triage/dry_run.html"


@require_GET
@requires(Action.SEE_BOARD)
def protocol(request: HttpRequest) -> HttpResponse:
    """The version in force, and every other. Rules are no secret: whoever has a board reads them."""
    return render(request, PAGE, pages.protocol(actor_of(request), at=now()))


@require_http_methods(["GET", "POST"])
@requires(Action.GOVERN_PROTOCOL)
def draft(request: HttpRequest) -> HttpResponse:
    """The same page with the box open: empty, from another version, or as it was typed.

    What is sent is read and proved first, in a child; only then a transaction begins.
    """
    by, posted = actor_of(request), request.method == "POST"
    form = DraftForm(request.POST, request.FILES) if posted else DraftForm()
    if posted:
        form.before = pages.text_going(by, at=now())
    if posted and form.is_valid():
        return _written(request, form)
    if not posted:
        form.shown = pages.draft_text(by, request.GET.get("from", ""))
    context = pages.protocol(by, at=now(), form=form)
    return render(request, PAGE, context, status=422 if posted else 200)


@acts_once
def _written(request: HttpRequest, form: DraftForm) -> HttpResponse:
    by, text, known = actor_of(request), form.cleaned_data["text"], form.sent_before
    return _to_version(known or commands.draft_protocol(by=by, at=now(), text=text).pk)


@require_GET
@requires(Action.SEE_BOARD)
def version(request: HttpRequest, protocol_id: UUID) -> HttpResponse:
    return render(request, ONE, _whole(request, protocol_id, at=now()))


@require_POST
@requires(Action.SEE_BOARD)
def prove(request: HttpRequest, protocol_id: UUID) -> HttpResponse:
    """Reads, and writes nothing; POST, so that no link and no crawler sets the solver to work."""
    by, at = actor_of(request), now()
    made = pages.proved(by, protocol_id, at=at)
    if request.headers.get("HX-Request") == "true":
        return render(request, f"{ONE}#proof", made)
    return render(request, ONE, _whole(request, protocol_id, at=at) | made)


@require_POST
@requires(Action.GOVERN_PROTOCOL)
def mutate(request: HttpRequest, protocol_id: UUID) -> HttpResponse:
    """As `prove`, and for seconds: only for those who decide by it."""
    by = actor_of(request)
    made = pages.mutated(by, protocol_id)
    if request.headers.get("HX-Request") == "true":
        return render(request, f"{ONE}#mutations", made)
    return render(request, ONE, _whole(request, protocol_id, at=now()) | made)


@require_GET
@requires(Action.GOVERN_PROTOCOL)
def dry_run(request: HttpRequest, protocol_id: UUID) -> HttpResponse:
    return render(request, DRY, pages.dry_run(actor_of(request), protocol_id, at=now()))


@require_GET
@requires(Action.GOVERN_PROTOCOL)
def dry_run_csv(request: HttpRequest, protocol_id: UUID) -> HttpResponse:
    number, text = pages.dry_run_csv(actor_of(request), protocol_id, at=now())
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="dry-run-{number}.csv"'
    return response


def _to_version(protocol_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("triage:version", args=[protocol_id]))


def _whole(request: HttpRequest, protocol_id: UUID, *, at: datetime) -> pages.Context:
    by = actor_of(request)
    return pages.version(by, protocol_id, at=at) | {"forms": acts.forms(by, at=at)}


def draw(request: HttpRequest, protocol_id: UUID) -> HttpResponse:
    """Where the version now stands, and what may be done next."""
    by, at = actor_of(request), now()
    context = pages.active_version(by, protocol_id, at=at) | {"forms": acts.forms(by, at=at)}
    return render(request, f"{ONE}#follows", context)


VERSION = Desk("protocol", "triage:version", draw)
acts = Acts("triage", draw=draw, home="triage:protocol")
acts.add(
    commands.approve_protocol,
    at="protocol/<uuid:protocol_id>/approve/",
    label=_("Approve by name"),
    machine=False,
    folded=False,
    subject="protocol_id",
)
acts.add(
    commands.activate_protocol,
    at="protocol/<uuid:protocol_id>/activate/",
    label=_("Activate"),
    machine=False,
    first=pages.prove_ahead,
    folded=False,
)
acts.add(
    commands.retire_protocol,
    at="protocol/<uuid:protocol_id>/retire/",
    label=_("Retire"),
    machine=False,
)
on_a_call = partial(
    acts.add, machine=False, target="#follows", subject="episode_id", desk="holding"
)
"""An act of the call's own page, which is drawn again in its answer."""
on_a_call(
    commands.do_duty,
    at="episodes/<uuid:episode_id>/duty/",
    label=_("Done"),
)
on_a_call(commands.recommend, at="episodes/<uuid:episode_id>/recommend/", label=_("Recommend"))
on_a_call(commands.lower, at="episodes/<uuid:episode_id>/lower/", label=_("Lower"))
for_owner = partial(on_a_call, machine=False)
"""What a clinician's joining needs: people decide it, on the call's page."""
for_owner(
    commands.send_clinician,
    at="episodes/<uuid:episode_id>/clinician/",
    label=_("Send request"),
)
for_owner(
    commands.end_clinical_need,
    at="episodes/<uuid:episode_id>/clinician/end/",
    label=_("Save"),
)
acts.reads(
    "episodes/<uuid:episode_id>/need",
    screening.need,
    screening.NeedNow,
    needs=Action.SEE_BOARD,
    one=True,
    describes=True,
)
