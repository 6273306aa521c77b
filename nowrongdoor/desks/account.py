"""One's own account: what one is signed in to, and what it was signed in with."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies import commands, sessions, sign_in
from nowrongdoor.agencies.access import onward, signed_in_only
from nowrongdoor.agencies.acting import named
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.web.clock import now


@require_GET
@signed_in_only
def account(request: HttpRequest) -> HttpResponse:
    """Sessions, and whether somebody replaced what one signs in with."""
    member_id = named(actor_of(request))
    context = {
        "sessions": sessions.sessions_of(member_id),
        "here": request.session.session_key,
        "replaced": sessions.replaced(member_id),
    }
    return render(request, "desks/account.html", context)


@require_POST
@signed_in_only
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions; or, with none named, all but this one."""
    by, asked = actor_of(request), request.POST.get("session", "")
    here = request.session.session_key
    chosen = frozenset(
        row.key
        for row in sessions.sessions_of(named(by))
        if row.key != here and asked in ("", row.id)
    )
    commands.end_own_sessions(by=by, at=now(), keys=chosen)
    return HttpResponseRedirect(reverse("agencies:account"))


@require_GET
def unconfirmed(request: HttpRequest) -> HttpResponse:
    """All that opens to whoever signed in with what somebody else gave them, until it is confirmed."""
    member_id = UUID(str(request.user.pk))
    if not sign_in.unconfirmed(request):
        return HttpResponseRedirect(onward(request))
    context = {
        "replaced": sessions.replaced(member_id),
        "confirmers": sessions.confirmers(member_id, at=now()),
    }
    return render(request, "desks/unconfirmed.html", context)


@require_POST
@signed_in_only
def see_replaced(request: HttpRequest) -> HttpResponse:
    commands.see_replaced(by=actor_of(request), at=now())
    return HttpResponseRedirect(reverse("agencies:home"))


PAGES = (
    path("account/", account, name="account"),
    path("account/unconfirmed/", unconfirmed, name="unconfirmed"),
    path("account/sessions/end/", end_session, name="end_session"),
    path("account/replaced/", see_replaced, name="see_replaced"),
)
