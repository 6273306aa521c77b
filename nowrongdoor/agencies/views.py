"""Pages of signing in and out. Passwords and second factors are allauth's."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nowrongdoor.agencies import commands, queries
from nowrongdoor.agencies.doors import (
    LOCKED,
    POSITION,
    for_everybody_signed_in,
    holding_count,
)
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.models import Member
from nowrongdoor.agencies.rules import may
from nowrongdoor.agencies.sign_in import second_factor
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.web.clock import now

LOOPBACK = frozenset({"127.0.0.1", "::1"})
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_GET
@for_everybody_signed_in
def home(request: HttpRequest) -> HttpResponse:
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by Doors
    if may(by, Action.SEE_BOARD).allowed:
        return HttpResponseRedirect(reverse("calls:board"))
    return render(request, "agencies/home.html")


@require_http_methods(["GET", "POST"])
def positions(request: HttpRequest) -> HttpResponse:
    """Choose the program to act for. With one position there is nothing to choose."""
    if not second_factor(request):
        return HttpResponseRedirect(reverse("mfa_activate_totp"))
    at = now()
    member_id = UUID(str(request.user.pk))
    rows = queries.positions_of(member_id, at=at, language=request.LANGUAGE_CODE)
    if request.method == "POST" or len(rows) == 1:
        wanted = request.POST.get("position") if request.method == "POST" else str(rows[0].id)
        chosen = next((row for row in rows if str(row.id) == wanted), None)
        if chosen is None:
            raise BadInput("position", "position.unknown", "Choose one of your positions.")
        return _act(request, chosen.id)
    return render(request, "agencies/positions.html", {"positions": rows})


@require_http_methods(["GET", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in as a synthetic member with one click. Only on this machine, only in the demo."""
    if not settings.SYNTHETIC or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404
    label = request.get_host().split(":")[0].removesuffix("localhost").strip(".")
    rows = queries.pickable(at=now(), language=request.LANGUAGE_CODE)
    if request.method == "POST":
        row = next((row for row in rows if str(row.id) == request.POST.get("position")), None)
        if row is None:
            raise BadInput("position", "position.unknown", "Choose somebody from the list.")
        login(request, Member.objects.get(pk=row.member_id), backend=BACKEND)
        request.session.pop(LOCKED, None)
        return _act(request, row.id)
    here = [row for row in rows if row.agency_code == label]
    port = request.get_port()
    everybody = f"{request.scheme}://localhost:{port}{reverse('agencies:demo')}"
    return render(
        request,
        "agencies/demo.html",
        {"here": here, "positions": rows, "label": label, "everybody": everybody},
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave the desk and end the session, or only a sign-in that was begun."""
    by: Actor | None = request.actor  # type: ignore[attr-defined]
    if by is not None:
        commands.leave_desk(by=by, at=now(), holding=holding_count(by))
    logout(request)
    return HttpResponseRedirect(reverse("account_login"))


@require_POST
@for_everybody_signed_in
def lock(request: HttpRequest) -> HttpResponse:
    by: Actor = request.actor  # type: ignore[attr-defined]
    commands.lock_screen(by=by, at=now(), holding=holding_count(by))
    request.session[LOCKED] = True
    return HttpResponseRedirect(reverse("agencies:unlock"))


@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Open a locked screen again, with the password (in the demo, with one click)."""
    wrong = False
    member = request.user
    demo_member = settings.SYNTHETIC and getattr(member, "synthetic", False)
    if request.method == "POST":
        known = demo_member or authenticate(
            request, username=member.get_username(), password=request.POST.get("password", "")
        )
        if known:
            request.session.pop(LOCKED, None)
            return HttpResponseRedirect(reverse("agencies:home"))
        wrong = True
    status = 422 if wrong else 200
    return render(
        request, "agencies/unlock.html", {"wrong": wrong, "demo": demo_member}, status=status
    )


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("language", "")
    if not check_for_language(code) or code not in dict(settings.LANGUAGES):
        raise BadInput("language", "language.unknown", "Choose one of the languages.")
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    response = HttpResponseRedirect(back if safe else "/")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        samesite="Lax",
        httponly=True,
        secure=settings.SECURE,
        max_age=31_536_000,
    )
    return response


def _act(request: HttpRequest, position_id: UUID) -> HttpResponse:
    """Begin to act in a position: remember it, and take a seat."""
    by = queries.actor_at(position_id, at=now())
    if by is None:
        raise BadInput("position", "position.ended", "That position has ended.")
    request.session[POSITION] = str(position_id)
    commands.sit_down(by=by, at=now())
    return HttpResponseRedirect(reverse("agencies:home"))
