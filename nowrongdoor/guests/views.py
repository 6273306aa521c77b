"""Pages of the guest link: the sender makes it, the guest opens it and answers.

A guest has no session and is nobody here but the holder of one link: its id stands in a signed
cookie that is sent to these pages alone, and every request asks the database again what it opens.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nowrongdoor.agencies.doors import needs
from nowrongdoor.agencies.facts import Action
from nowrongdoor.community import queries as community
from nowrongdoor.guests import commands, forms, limits, qr, queries, rules
from nowrongdoor.guests.facts import Found, State
from nowrongdoor.guests.queries import Look
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.web.clock import now
from nowrongdoor.web.refusals import because

View = Callable[..., HttpResponse]
COOKIE = "__Secure-guest_link" if settings.SECURE else "guest_link"
SALT = "nowrongdoor.guests"
PATH = "/guest/"
PAGES = {
    State.OPEN: "guests/card.html",
    State.ACCEPTED: "guests/done.html",
    State.DECLINED: "guests/done.html",
    State.OVER: "guests/over.html",
}


def unlisted(view: View) -> View:
    """No search engine keeps the page, and no other address learns of it.

    The origin alone is told, never the path. `no-referrer` would be less still, but under it
    browsers send a form's origin as "null", which the forgery check rightly refuses.
    """

    @wraps(view)
    def run(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return run


@require_POST
@needs(Action.OFFER)
@unlisted
def make(request: HttpRequest, handoff_id: UUID) -> HttpResponse:
    """Shown on this answer and nowhere again; so it is no answer to be remembered."""
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by Doors
    made = commands.make_link(by=by, at=now(), handoff_id=handoff_id)
    address = request.build_absolute_uri(reverse("guests:follow", args=[made.token]))
    context = {
        "made": made,
        "address": address,
        "digits": " ".join(made.code),
        "typed_at": request.build_absolute_uri(reverse("guests:code")),
        "qr": qr.draw(address),
    }
    return render(request, "guests/made.html", context)


@require_POST
@needs(Action.OFFER)
def end(request: HttpRequest, link_id: UUID) -> HttpResponse:
    by: Actor = request.actor  # type: ignore[attr-defined]
    episode_id = commands.end_link(by=by, at=now(), link_id=link_id)
    return HttpResponseRedirect(reverse("calls:episode", args=[episode_id]))


@require_http_methods(["GET", "POST"])
@unlisted
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """The address. Looking at it opens nothing: a preview of the message must not; the button does."""
    if request.method == "GET":
        return render(request, "guests/follow.html")
    found = queries.by_token(token)
    if found is None or not rules.address_opens(found, at=now()).allowed:
        return render(request, "guests/gone.html", status=404)
    return _enter(request, found)


@require_http_methods(["GET", "POST"])
@unlisted
def code(request: HttpRequest) -> HttpResponse:
    """The spoken code. Wrong ones are counted before they are looked at."""
    form = forms.CodeForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return render(request, "guests/code.html", {"form": form}, status=status)
    guess = limits.take(get_adapter(request).get_client_ip(request))
    if guess is None:
        return _too_many(request, form)
    found = queries.by_code(form.cleaned_data["code"])
    verdict = rules.code_opens(found, at=now())
    if found is None or not verdict.allowed:
        wrong = {"form": form, "wrong": because(verdict)}
        return render(request, "guests/code.html", wrong, status=422)
    limits.give_back(guess)
    return _enter(request, found)


@require_GET
@unlisted
def card(request: HttpRequest) -> HttpResponse:
    """What the link shows now. A browser that has opened none is asked for a code."""
    if _link_id(request) is None:
        return HttpResponseRedirect(reverse("guests:code"))
    look = _look(request)
    if look is None:
        return render(request, "guests/gone.html", status=404)
    return _page(request, look)


@require_http_methods(["GET", "POST"])
@unlisted
def accept(request: HttpRequest) -> HttpResponse:
    look, form = _look(request), forms.AcceptForm(request.POST or None)
    if request.method == "GET" or look is None or look.state is not State.OPEN:
        return _to_card()  # it says how the offer stands, and what the first of two answers was
    if not form.is_valid():
        return _page(request, look, accepting=form)
    by = look.link.guest(request.LANGUAGE_CODE)
    commands.accept_by_link(by=by, at=now(), link_id=look.link.id, receiver=form.receiver())
    return _to_card()


@require_http_methods(["GET", "POST"])
@unlisted
def decline(request: HttpRequest) -> HttpResponse:
    look, form = _look(request), forms.DeclineForm(request.POST or None)
    if request.method == "GET" or look is None or look.state is not State.OPEN:
        return _to_card()
    if not form.is_valid():
        return _page(request, look, declining=form)
    commands.decline_by_link(
        by=look.link.guest(request.LANGUAGE_CODE),
        at=now(),
        link_id=look.link.id,
        receiver=form.receiver(),
        reason=form.cleaned_data["reason"],
    )
    return _to_card()


@require_POST
@unlisted
def leave(_request: HttpRequest) -> HttpResponse:
    """Forget in this browser what was opened: the next one at this desk does not find it."""
    response = HttpResponseRedirect(reverse("guests:code"))
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def _enter(request: HttpRequest, found: Found) -> HttpResponse:
    """Open the link in this browser: from here on its id is known by a cookie, not by the address."""
    commands.open_link(by=found.guest(request.LANGUAGE_CODE), at=now(), link_id=found.id)
    response = _to_card()
    response.set_signed_cookie(
        COOKIE,
        str(found.id),
        salt=SALT,
        path=PATH,
        httponly=True,
        secure=settings.SECURE,
        samesite="Lax",
    )
    return response


def _link_id(request: HttpRequest) -> UUID | None:
    """Which link this browser has opened, by our own signature."""
    signed = request.get_signed_cookie(COOKIE, default=None, salt=SALT)
    return UUID(signed) if signed else None


def _look(request: HttpRequest) -> Look | None:
    link_id = _link_id(request)
    if link_id is None:
        return None
    return queries.look(link_id, at=now(), language=request.LANGUAGE_CODE)


def _page(request: HttpRequest, look: Look, **typed: Form) -> HttpResponse:
    """The page of this state; `typed` is a form to be shown again as it was filled in."""
    reasons = community.codes("decline_reasons", request.LANGUAGE_CODE)
    context = {"look": look, "reasons": reasons} | typed
    return render(request, PAGES[look.state], context, status=422 if typed else 200)


def _too_many(request: HttpRequest, form: Form) -> HttpResponse:
    wrong = gettext("Too many wrong codes. Wait ten minutes, or open the link itself.")
    response = render(request, "guests/code.html", {"form": form, "wrong": wrong}, status=429)
    response["Retry-After"] = str(limits.KEPT_S)
    return response


def _to_card() -> HttpResponse:
    return HttpResponseRedirect(reverse("guests:card"))
