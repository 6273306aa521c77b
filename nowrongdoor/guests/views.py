"""Pages of the guest link: the sender makes it, the guest opens it and answers.

A guest has no session and is nobody here but the holder of one link: its id stands in a signed
cookie that is sent to these pages alone, and every request asks the database again what it opens.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.guests import commands, limits, qr, queries, rules
from nowrongdoor.guests.facts import Found, State
from nowrongdoor.guests.keys import DIGITS
from nowrongdoor.guests.queries import LinkView
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kit import posted
from nowrongdoor.kit.acts import Acts, actor_of, form_of
from nowrongdoor.kit.desks import led
from nowrongdoor.kit.forms import Again
from nowrongdoor.web.clock import now
from nowrongdoor.web.inputs import inputs_of
from nowrongdoor.web.logs import write_attempt
from nowrongdoor.web.refusals import reason

View = Callable[..., HttpResponse]
COOKIE = "__Secure-guest_link" if settings.SECURE else "guest_link"
SALT = "nowrongdoor.guests"
PATH = "/guest/"
PAGES = {
    State.OPEN: "guests/card.html",
    State.PROMISED: "guests/card.html",
    State.ACCEPTED: "guests/done.html",
    State.DECLINED: "guests/done.html",
    State.OVER: "guests/over.html",
}
ANSWERS = {
    State.OPEN: (
        ("accept", commands.accept_by_link, _("Accept"), "first"),
        ("decline", commands.decline_by_link, _("Decline"), ""),
    ),
    State.PROMISED: (("arrived", commands.receive_by_link, _("Arrived and received"), "first"),),
}
"""What may be answered in each state."""
MOST_SHOWN = 80
HALF = DIGITS // 2
NOTHING: Mapping[str, Again] = MappingProxyType({})


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
@requires(Action.OFFER)
@unlisted
def make(request: HttpRequest, handoff_id: UUID) -> HttpResponse:
    """Shown on this answer and nowhere again; so it is no answer to be remembered."""
    by, at = actor_of(request), now()
    made = commands.make_link(by=by, at=at, handoff_id=handoff_id)
    address = request.build_absolute_uri(reverse("guests:follow", args=[made.token]))
    context = {
        "made": made,
        "forms": acts.forms(by, at=at),
        "desk": ("call", made.episode_id),
        "address": address,
        "digits": f"{made.code[:HALF]} {made.code[HALF:]}",
        "typed_at": request.build_absolute_uri(reverse("guests:code")),
        "qr": qr.draw(address),
    }
    return render(request, "guests/made.html", context)


@require_http_methods(["GET", "POST"])
@unlisted
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """The address. Looking at it opens nothing: a preview of the message must not; the button does."""
    if request.method == "GET":
        return render(request, "guests/follow.html")
    found = queries.by_token(token)
    if found is None or not rules.address_opens(found, at=now()).allowed:
        write_attempt(request, "link.opens_nothing")
        return render(request, "guests/gone.html", status=404)
    return _enter(request, found)


@require_http_methods(["GET", "POST"])
@unlisted
def code(request: HttpRequest) -> HttpResponse:
    """The spoken code. Wrong ones are counted before they are looked at."""
    if request.method == "GET":
        return render(request, "guests/code.html")
    place, digits = request.POST.get("place", ""), _digits(request.POST.get("code", ""))
    if not place.strip() or not digits:
        return _no_code(
            request, gettext("Enter the short name of your facility and the eight digits.")
        )
    guess = limits.reserve(get_adapter(request).get_client_ip(request))
    if guess is None:
        write_attempt(request, "code.too_many")
        return _too_many(request)
    found = queries.by_code(place, digits)
    verdict = rules.code_opens(found, at=now())
    if found is None or not verdict.allowed:
        write_attempt(request, verdict.rule)
        return _no_code(request, reason(verdict))
    limits.release(guess)
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
    return _answer(request, commands.accept_by_link, State.OPEN)


@require_http_methods(["GET", "POST"])
@unlisted
def arrived(request: HttpRequest) -> HttpResponse:
    return _answer(request, commands.receive_by_link, State.PROMISED)


@require_http_methods(["GET", "POST"])
@unlisted
def decline(request: HttpRequest) -> HttpResponse:
    return _answer(request, commands.decline_by_link, State.OPEN)


@require_POST
@unlisted
def leave(_request: HttpRequest) -> HttpResponse:
    """Forget in this browser what was opened: the next one at this desk does not find it."""
    response = HttpResponseRedirect(reverse("guests:code"))
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def _enter(request: HttpRequest, found: Found) -> HttpResponse:
    """Open the link in this browser: from here on its id is known by a cookie, not by the address."""
    again = _link_id(request) == found.id
    guest = found.guest(request.LANGUAGE_CODE)
    verdict = commands.open_link(by=guest, at=now(), link_id=found.id, again=again)
    if not verdict.allowed:
        return render(request, "guests/gone.html", {"wrong": reason(verdict)}, status=409)
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


def _look(request: HttpRequest) -> LinkView | None:
    link_id = _link_id(request)
    if link_id is None:
        return None
    return queries.look(link_id, at=now(), language=request.LANGUAGE_CODE)


def _answer(request: HttpRequest, command: Callable[..., None], state: State) -> HttpResponse:
    """No act: a guest has no session, and what is answered is the card, as it then stands."""
    look = _look(request)
    if request.method == "GET" or look is None or look.state is not state:
        return _to_card()  # it says how the offer stands, and what the first of two answers was
    by, at, inputs = look.link.guest(request.LANGUAGE_CODE), now(), inputs_of(command)
    try:
        typed = posted.read(inputs, request.POST, at=at)
        command(by=by, at=at, **inputs.arguments(typed, {"link_id": look.link.id}))
    except BadInput as wrong:
        again = Again(request.POST, reason(wrong.verdict), wrong.field)
        return _page(request, look, {command.__name__: again})
    return _to_card()


def _page(
    request: HttpRequest, look: LinkView, wrong: Mapping[str, Again] = NOTHING
) -> HttpResponse:
    """The page of this state; `wrong` is a form to be shown again as it was filled in."""
    context: dict[str, object] = {"look": look, "declining": "decline_by_link" in wrong}
    signed = QueryDict(mutable=True)  # who receives them may be somebody else: it is typed over
    signed.update({"name": look.signed, "operator": look.operator})
    for name, command, label, style in ANSWERS.get(look.state, ()):
        by, at, token = look.link.guest(request.LANGUAGE_CODE), now(), get_token(request)
        typed = wrong.get(command.__name__, Again(signed, ""))
        form = form_of(command, label, by=by, at=at)
        context[name] = form.again(reverse(f"guests:{name}"), typed, look=style, token=token)
    return render(request, PAGES[look.state], context, status=422 if wrong else 200)


def _digits(typed: str) -> str:
    """Spaces and hyphens are how people write digits down. '' where these are not the eight."""
    digits = "".join(typed.replace("-", " ").split())
    whole = len(digits) == DIGITS and digits.isascii() and digits.isdecimal()
    return digits if whole else ""


def _no_code(request: HttpRequest, wrong: str, status: int = 422) -> HttpResponse:
    """What was typed of the place stays; a code is typed again, whole."""
    context = {"wrong": wrong, "place": request.POST.get("place", "")[:MOST_SHOWN]}
    return render(request, "guests/code.html", context, status=status)


def _too_many(request: HttpRequest) -> HttpResponse:
    wrong = gettext("Too many wrong codes. Wait 10 minutes, or open the link itself.")
    response = _no_code(request, wrong, status=429)
    response["Retry-After"] = str(limits.KEPT_S)
    return response


def _to_card() -> HttpResponse:
    return HttpResponseRedirect(reverse("guests:card"))


def to_episode(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    return led(request, reverse("calls:episode", args=[episode_id]))


acts = Acts("guests", draw=to_episode, home="calls:board")
acts.add(
    commands.end_link,
    at="guest-links/<uuid:link_id>/end/",
    label=_("Cancel this link"),
    machine=False,
    target="",
)
