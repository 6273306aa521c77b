"""The desk that sends: its board, one request, roll-call; and help asked for on a call's own page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies.doors import needs
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import forms
from nowrongdoor.desks import dispatch as teams
from nowrongdoor.desks import team_forms
from nowrongdoor.desks.views.answers import actor_of, acts_once, to
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import CautionOf, Choose
from nowrongdoor.rows.locks import missing
from nowrongdoor.web.clock import now
from nowrongdoor.web.idempotency import drawn


@require_GET
@needs(Action.DISPATCH)
def board(request: HttpRequest) -> HttpResponse:
    """What waits for this desk, who is on the way, which units there are."""
    context = teams.dispatch_board(actor_of(request), at=now())
    return render(request, "desks/dispatch.html", context)


@require_GET
@needs(Action.REQUEST)
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: its units in order for the desk that answers, its state for whoever asked."""
    context = teams.request(actor_of(request), request_id, at=now())
    if context is None:
        raise missing()
    return render(request, "desks/request.html", context)


@require_POST
@needs(Action.REQUEST)
@acts_once
def ask(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    asked = team_forms.asked(request.POST, episode_id)
    commands.ask(by=actor_of(request), at=now(), asked=asked)
    return drawn(episode_id)


@require_POST
@needs(Action.DISPATCH)
@acts_once
def accept(request: HttpRequest, request_id: UUID) -> HttpResponse:
    seen = forms.version_in(request.POST)
    commands.accept_request(
        by=actor_of(request), at=now(), request_id=request_id, seen_version=seen
    )
    return _to_request(request, request_id)


@require_POST
@needs(Action.DISPATCH)
@acts_once
def queue(request: HttpRequest, request_id: UUID) -> HttpResponse:
    at = now()
    answer = team_forms.promise(request.POST, at=at)
    seen = forms.version_in(request.POST)
    commands.queue_request(
        by=actor_of(request), at=at, request_id=request_id, answer=answer, seen_version=seen
    )
    return _to_request(request, request_id)


@require_POST
@needs(Action.DISPATCH)
@acts_once
def decline(request: HttpRequest, request_id: UUID) -> HttpResponse:
    reason = forms.line(request.POST, "reason")
    commands.decline_request(by=actor_of(request), at=now(), request_id=request_id, reason=reason)
    return to(request, reverse("calls:teams"))


@require_POST
@needs(Action.REQUEST)
@acts_once
def withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    row = commands.withdraw_request(by=actor_of(request), at=now(), request_id=request_id)
    return drawn(row.episode_id)


@require_POST
@needs(Action.REQUEST)
@acts_once
def choose(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The forced choice of a queued team."""
    at, chosen = now(), forms.one_of(request.POST, "choose", Choose)
    keeps = chosen is Choose.KEEP
    commands.choose(
        by=actor_of(request),
        at=at,
        request_id=request_id,
        choose=chosen,
        promised_at=team_forms.in_minutes(request.POST, "minutes", at=at) if keeps else None,
    )
    return _to_request(request, request_id)


@require_POST
@needs(Action.REQUEST)
@acts_once
def do_without(request: HttpRequest, request_id: UUID) -> HttpResponse:
    reason = forms.line(request.POST, "reason")
    row = commands.do_without(by=actor_of(request), at=now(), request_id=request_id, reason=reason)
    return drawn(row.episode_id)


@require_POST
@needs(Action.REQUEST)
@acts_once
def police(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Keep police who stand by, or let them go."""
    by, at = actor_of(request), now()
    act = commands.keep_police if request.POST.get("keep") == "yes" else commands.release_police
    row = act(by=by, at=at, request_id=request_id)
    return _back(request, row.episode_id)


@require_POST
@needs(Action.DISPATCH)
@acts_once
def assign(request: HttpRequest, request_id: UUID) -> HttpResponse:
    commands.assign(
        by=actor_of(request),
        at=now(),
        request_id=request_id,
        unit_id=forms.id_in(forms.line(request.POST, "unit"), field="unit"),
        override=forms.line(request.POST, "override"),
        seen_version=forms.version_in(request.POST),
    )
    return _to_request(request, request_id)


@require_POST
@needs(Action.DISPATCH)
@acts_once
def call_off(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    at = now()
    answer = team_forms.promise(request.POST, at=at)
    row = commands.call_off(by=actor_of(request), at=at, assignment_id=assignment_id, answer=answer)
    return _to_request(request, UUID(str(row.request_id)))


@require_POST
@needs(Action.REQUEST)
@acts_once
def told(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    row = commands.tell_coming(
        by=actor_of(request),
        at=now(),
        assignment_id=assignment_id,
        whom=forms.line(request.POST, "whom"),
    )
    return _back(request, row.episode_id)


@require_POST
@needs(Action.DISPATCH)
@acts_once
def end_duress(request: HttpRequest, duress_id: UUID) -> HttpResponse:
    commands.end_duress(by=actor_of(request), at=now(), duress_id=duress_id)
    return to(request, reverse("calls:teams"))


@require_POST
@needs(Action.REQUEST)
@acts_once
def warn(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    at = now()
    commands.warn(
        by=actor_of(request),
        at=at,
        episode_id=episode_id,
        of=forms.one_of(request.POST, "of", CautionOf),
        code=forms.line(request.POST, "code"),
        evidence=forms.line(request.POST, "evidence"),
        expires_at=team_forms.caution_end(request.POST, at=at),
        text=forms.line(request.POST, "text"),
    )
    return _back(request, episode_id)


@require_POST
@needs(Action.REQUEST)
@acts_once
def caution(request: HttpRequest, caution_id: UUID) -> HttpResponse:
    """Appeal a caution, decide an appeal, or end one of one's own."""
    by, at, does = actor_of(request), now(), forms.line(request.POST, "does")
    if does == "appeal":
        reason = forms.line(request.POST, "reason")
        row = commands.appeal(by=by, at=at, caution_id=caution_id, reason=reason)
    elif does in ("keep", "drop"):
        row = commands.decide_appeal(by=by, at=at, caution_id=caution_id, kept=does == "keep")
    else:
        row = commands.end_caution(by=by, at=at, caution_id=caution_id)
    return _back(request, row.episode_id)


def _to_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return to(request, reverse("calls:request", args=[request_id]))


def _back(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """To the page that asked, which says so by a word: the team's phone, the request, or the call."""
    match request.POST.get("page", ""):
        case "field":
            return to(request, reverse("calls:field"))
        case "teams":
            return to(request, reverse("calls:teams"))
    return drawn(episode_id)
