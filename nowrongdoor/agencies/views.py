"""Pages of signing in and out. Passwords and second factors are allauth's."""

from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nowrongdoor.agencies import commands, queries
from nowrongdoor.agencies import demo as synthetic
from nowrongdoor.agencies.access import (
    LOCKED,
    holding_count,
    onward,
    signed_in_only,
)
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, Refused, no
from nowrongdoor.web.clock import now
from nowrongdoor.web.refusals import answer


@require_http_methods(["GET", "POST"])
def positions(request: HttpRequest) -> HttpResponse:
    """Choose the program to act for. With one position there is nothing to choose."""
    at = now()
    member_id = UUID(str(request.user.pk))
    rows = queries.positions_of(member_id, at=at, language=request.LANGUAGE_CODE)
    if request.method == "POST" or len(rows) == 1:
        wanted = request.POST.get("position") if request.method == "POST" else str(rows[0].id)
        chosen = next((row for row in rows if str(row.id) == wanted), None)
        if chosen is None:
            raise BadInput("position", "position.unknown", "Choose one of your positions.")
        synthetic.act(request, chosen.id)
        return HttpResponseRedirect(onward(request, crew=queries.goes_out(chosen.id)))
    return render(request, "agencies/positions.html", {"positions": rows})


@require_http_methods(["GET", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in as a synthetic member with one click. Only on this machine, only in the demo."""
    synthetic.only_here(request)
    label = request.get_host().split(":")[0].removesuffix("localhost").strip(".")
    rows = queries.pickable(at=now(), language=request.LANGUAGE_CODE)
    if request.method == "POST":
        row = next((row for row in rows if str(row.id) == request.POST.get("position")), None)
        if row is None:
            raise BadInput("position", "position.unknown", "Choose someone from the list.")
        synthetic.sign_in(request, row.member_id, row.id)
        return HttpResponseRedirect(onward(request, crew=queries.goes_out(row.id)))
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
        commands.vacate_desk(by=by, at=now(), holding=holding_count(by))
    logout(request)
    response = HttpResponseRedirect(reverse("account_login"))
    response["Clear-Site-Data"] = '"cache", "storage"'  # the way back shows the next one nothing
    return response


@require_POST
@signed_in_only
def lock(request: HttpRequest) -> HttpResponse:
    by: Actor = request.actor  # type: ignore[attr-defined]
    commands.lock_screen(by=by, at=now(), holding=holding_count(by))
    request.session[LOCKED] = True
    there = request.POST.get("next", "")  # `onward` leads nowhere but to a page of ours
    query = f"?{urlencode({'next': there})}" if there else ""
    return HttpResponseRedirect(reverse("agencies:unlock") + query)


@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Open a locked screen again, with the password (in the demo, with one click)."""
    wrong = ""
    demo_member = settings.SYNTHETIC and getattr(request.user, "synthetic", False)
    if request.method == "POST":
        wrong = "" if demo_member else _wrong_password(request)
        if not wrong:
            request.session.pop(LOCKED, None)
            return HttpResponseRedirect(onward(request))
    status = 422 if wrong else 200
    return render(
        request, "agencies/unlock.html", {"wrong": wrong, "demo": demo_member}, status=status
    )


def _wrong_password(request: HttpRequest) -> str:
    """'' where it is theirs, else why not. Wrong ones count towards the lockout of signing in."""
    typed = request.POST.get("password", "")
    name = request.user.get_username()
    try:
        found = get_adapter(request).authenticate(request, username=name, password=typed)
    except ValidationError as too_many:
        return str(too_many.messages[0])
    return "" if found else gettext("That is not your password.")


@require_GET
def no_password(request: HttpRequest) -> HttpResponse:
    """Whoever signs in by their agency, or by the demo's picker, has no password to change."""
    return answer(
        request,
        Refused(
            no(
                "password.none",
                "You sign in without a password here: your agency keeps it, or this is a demo.",
            )
        ),
    )


@require_GET
def ended(request: HttpRequest) -> HttpResponse:
    """Signed in elsewhere, and no longer a member here."""
    return answer(
        request,
        NotPermitted(
            no("access.ended", "Your access here has ended. Ask your agency's administrator.")
        ),
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
