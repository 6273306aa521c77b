"""Pages of signing in and out, of access and of shifts. Passwords and second factors are allauth's."""

from datetime import timedelta
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nowrongdoor.agencies import commands, queries
from nowrongdoor.agencies import demo as synthetic
from nowrongdoor.agencies.doors import (
    LOCKED,
    for_everybody_signed_in,
    holding_count,
    needs,
)
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.agencies.sign_in import second_factor
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, Refused, no
from nowrongdoor.web.clock import now
from nowrongdoor.web.refusals import answer

LONGEST_LABEL, LONGEST_DAYS, MOST_DAYS = 80, 3, 366


@require_GET
@for_everybody_signed_in
def home(request: HttpRequest) -> HttpResponse:
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by Doors
    if may(by, Action.SEE_BOARD).allowed:
        return HttpResponseRedirect(reverse("calls:board"))
    if may(by, Action.MANAGE_ACCESS).allowed:
        return HttpResponseRedirect(reverse("agencies:people"))
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
        synthetic.act(request, chosen.id)
        return HttpResponseRedirect(reverse("agencies:home"))
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
            raise BadInput("position", "position.unknown", "Choose somebody from the list.")
        synthetic.sign_in(request, row.member_id, row.id)
        return HttpResponseRedirect(reverse("agencies:home"))
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
    response = HttpResponseRedirect(reverse("account_login"))
    response["Clear-Site-Data"] = '"cache", "storage"'  # the way back shows the next one nothing
    return response


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
    wrong = ""
    demo_member = settings.SYNTHETIC and getattr(request.user, "synthetic", False)
    if request.method == "POST":
        wrong = "" if demo_member else _wrong_password(request)
        if not wrong:
            request.session.pop(LOCKED, None)
            return HttpResponseRedirect(reverse("agencies:home"))
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


@require_GET
@needs(Action.MANAGE_ACCESS)
def people(request: HttpRequest) -> HttpResponse:
    """One's own agency's people, and the keys of its machines."""
    return render(request, "agencies/people.html", _people(request))


@require_POST
@needs(Action.MANAGE_ACCESS)
def end_access(request: HttpRequest, member_id: UUID) -> HttpResponse:
    commands.end_access(by=_by(request), at=now(), member_id=member_id)
    return HttpResponseRedirect(reverse("agencies:people"))


@require_POST
@needs(Action.MANAGE_ACCESS)
def give_password(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Shown on this answer and nowhere again; so it is no answer to be remembered."""
    secret = commands.give_password(by=_by(request), at=now(), member_id=member_id)
    return render(request, "agencies/people.html", _people(request) | {"secret": secret})


@require_POST
@needs(Action.MANAGE_ACCESS)
def issue_token(request: HttpRequest) -> HttpResponse:
    """As `give_password`: the key is shown this once."""
    at, posted = now(), request.POST
    days, label = posted.get("days", ""), posted.get("label", "").strip()
    if len(label) > LONGEST_LABEL:
        raise BadInput(
            "label", "text.long", "At most {most} characters, please.", most=str(LONGEST_LABEL)
        )
    if not days.isdecimal() or len(days) > LONGEST_DAYS or not 1 <= int(days) <= MOST_DAYS:
        raise BadInput("days", "token.days", "Say for how many days, from 1 to 366.")
    wish = commands.TokenWish(
        label=label,
        scopes=frozenset(posted.getlist("scopes")),
        expires_at=at + timedelta(days=int(days)),
    )
    _, key = commands.issue_token(
        by=_by(request), at=at, position_id=_id(posted, "position"), wish=wish
    )
    return render(request, "agencies/people.html", _people(request) | {"secret": key})


@require_POST
@needs(Action.MANAGE_ACCESS)
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    commands.revoke_token(by=_by(request), at=now(), token_id=token_id)
    return HttpResponseRedirect(reverse("agencies:people"))


@require_http_methods(["GET", "POST"])
@needs(Action.RUN_SHIFT)
def shift(request: HttpRequest) -> HttpResponse:
    """Who is on duty in one's program, and who answers for its queue."""
    by, at = _by(request), now()
    if request.method == "POST":
        member_id = _id(request.POST, "member")
        if request.POST.get("end"):
            commands.end_shift(by=by, at=at, member_id=member_id)
        else:
            supervises = request.POST.get("supervises") == "yes"
            commands.start_shift(
                by=by, at=at, member_id=member_id, until_at=None, supervises=supervises
            )
        return HttpResponseRedirect(reverse("agencies:shift"))
    context = {
        "on_duty": queries.on_duty(by, at=at),
        "colleagues": queries.colleagues(by, at=at),
    }
    return render(request, "agencies/shift.html", context)


def _people(request: HttpRequest) -> dict[str, object]:
    by, at = _by(request), now()
    return {
        "people": queries.people(by, at=at),
        "tokens": queries.tokens_of(by, at=at),
        "positions": queries.positions_in(by, at=at),
        "scopes": tuple(action.value for action in Action),
        "me": by.member_id,
    }


def _by(request: HttpRequest) -> Actor:
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by Doors
    return by


def _id(posted: QueryDict, field: str) -> UUID:
    try:
        return UUID(posted.get(field, ""))
    except ValueError:
        raise BadInput(field, "id.unreadable", "Choose one of the list.") from None
