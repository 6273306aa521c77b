"""Every door is shut until it is opened.

A stranger reaches only what `OPEN_TO_ALL` names. A member reaches only views that say whom they
are for: `@needs(Action.X)`, or `@signed_in_only`. A view that says nothing is shut.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext

from nowrongdoor.agencies import actors, tokens
from nowrongdoor.agencies.acting import Needs, require_role
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.sign_in import (
    factor_page,
    first_password,
    is_of,
    second_factor,
    unconfirmed,
)
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.hooks import Hook
from nowrongdoor.kernel.verdict import NotPermitted, no
from nowrongdoor.web.clock import now
from nowrongdoor.web.rates import TooOften, require_share
from nowrongdoor.web.refusals import answer, by_script, wants_json

V = TypeVar("V", bound=Callable[..., Any])

POSITION = "position"
"""The session's key for the position that its member chose."""
LOCKED = "locked"
"""The session's key that says its screen is locked."""

PLAIN = no(
    "door.plain_http",
    "Use HTTPS. What you sent could be read on the network: if it included a key, replace it.",
)

# Reviewed by name; a test holds this list against its own copy.
OPEN_TO_ALL = frozenset(
    {
        "account_login",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "openid_connect_login",
        "openid_connect_callback",
        "socialaccount_login_error",
        "socialaccount_login_cancelled",
        "agencies:demo",
        "sandbox:city",
        "sandbox:components",
        "sandbox:pace",
        "sandbox:take_call",
        "sandbox:watch",
        "sandbox:send_team",
        "sandbox:practice",
        "sandbox:practice_call",
        "sandbox:sit",
        "sandbox:caller",
        "sandbox:debrief",
        "agencies:set_language",
        "account_inactive",
        "account_logout",
        "health",
        "ready",
        "metrics",
        "guests:follow",
        "guests:code",
        "guests:card",
        "guests:accept",
        "guests:decline",
        "guests:arrived",
        "guests:leave",
    }
)
# Signed in, but not yet acting for a program. Of these a locked screen reaches only its unlocking.
BEFORE_ACTING = frozenset(
    {
        "agencies:positions",
        "agencies:unlock",
        "agencies:unconfirmed",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "account_change_password",
        "account_set_password",
    }
)

# Of these, what is open until somebody confirmed who signed in with what was given: what they sign in with, no more.
WHILE_UNCONFIRMED = BEFORE_ACTING - {"agencies:positions"}
# Of these, what is open while a given password has not been changed.
TO_CHOOSE_A_PASSWORD = frozenset({"account_change_password", "account_reauthenticate"})
# Of these, what is open to a session that has shown no second factor: to show one, or to have a first one.
TO_SHOW_A_FACTOR = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
TO_HAVE_A_FACTOR = frozenset({"mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"})
# Open to somebody whose sign-in was replaced until they say that they have read it.
TO_READ_WHAT_WAS_REPLACED = frozenset(
    {"agencies:account", "agencies:see_replaced", "agencies:end_session"}
)


def requires(action: Needs) -> Callable[[V], V]:
    """Open a view to those whose role may do this, or any one of these."""

    def mark(view: V) -> V:
        view.needs = action  # type: ignore[attr-defined]  # read by Doors
        return view

    return mark


def signed_in_only(view: V) -> V:
    """Open a view to everybody who acts for a program, whatever their role."""
    view.needs = None  # type: ignore[attr-defined]  # read by Doors
    return view


ON_HAND: Hook[Callable[[Actor], int]] = Hook("how many people a member has on hand")


def holding_count(by: Actor) -> int:
    """How many people `by` holds, speaks with or goes to, as the modules above this one know."""
    return ON_HAND.get()(by)


class Doors:
    """Middleware, innermost: finds out who acts, then lets them through or not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        by = actor(request)
        request.actor = by  # type: ignore[attr-defined]
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN_TO_ALL or name.startswith("api-"):  # the API asks at each operation
            return _heard_by_others(request, name)
        if not request.user.is_authenticated:
            return _turn_away(request)
        if ahead := _ahead(request, name):
            return _go(request, ahead)
        if name in BEFORE_ACTING:
            return None
        if by is None or _to_be_read(request, name):
            return _go(request, "agencies:positions" if by is None else "agencies:account")
        return _admit(request, by, view)


def _ahead(request: HttpRequest, name: str) -> str:
    """What comes before anything else: opening a locked screen, a factor, a password, being confirmed. '' is nothing.

    The session is asked, at each request: one that showed no factor does not act because its member has one.
    """
    if request.session.get(LOCKED):
        return "" if name == "agencies:unlock" else "agencies:unlock"
    page = "" if second_factor(request) else factor_page(request)
    if page in TO_SHOW_A_FACTOR:
        return "" if name in TO_SHOW_A_FACTOR else page
    if first_password(request):
        return "" if name in TO_CHOOSE_A_PASSWORD else "account_change_password"
    if page:
        return "" if name in TO_HAVE_A_FACTOR else page
    waits = unconfirmed(request) and name not in WHILE_UNCONFIRMED
    return "agencies:unconfirmed" if waits else ""


def _to_be_read(request: HttpRequest, name: str) -> bool:
    """Whether somebody replaced what this member signs in with, and they have not said that they read it."""
    replaced = getattr(request.user, "replaced_at", None)
    if replaced is None or getattr(request.user, "unconfirmed", False):
        return False
    return name not in TO_READ_WHAT_WAS_REPLACED


def actor(request: HttpRequest) -> Actor | None:
    """Who acts: from the session's position, asked anew for every request. One query, with the member.

    A member whose access or position ended meanwhile is nobody, and so is one whom nobody confirmed.
    """
    chosen = request.session.get(POSITION)
    if chosen is None:
        return None
    found = actors.seated(UUID(chosen), at=now(), language=request.LANGUAGE_CODE)
    if found is not None and is_of(request.session, found.member):
        request.user = found.member  # else Django asks for itself who that is
    if not request.user.is_authenticated:
        return None
    if found is None or found.member.pk != request.user.pk:
        logout(request)
        return None
    return None if unconfirmed(request) else found.actor


def api_actor(action: Needs) -> Callable[[HttpRequest], Actor | None]:
    """An API operation's `auth=`: a token's actor, or for reading a session's, if they may do this.

    A session never writes here, so that no other site can make a browser do it. None is "who are you?" (401); NotPermitted is "not you" (403).
    """

    def authenticate(request: HttpRequest) -> Actor | None:
        by = tokens.actor_of(request, at=now()) if tokens.offered(request) else None
        reads = request.method in ("GET", "HEAD") and not request.session.get(LOCKED)
        if by is None and reads and not tokens.offered(request):
            by = actor(request) if second_factor(request) else None
        if by is None:
            return None
        request.actor = by  # type: ignore[attr-defined]
        require_role(by, action)
        _count(request, by, action)
        return by

    authenticate.needs = action  # type: ignore[attr-defined]  # read by the doors test
    return authenticate


def _admit(request: HttpRequest, by: Actor, view: Callable[..., Any]) -> HttpResponseBase | None:
    """None to go on. A refusal is answered here: Django gives none of a middleware's to another."""
    try:
        _require(by, view)
        _count(request, by, view.needs)  # type: ignore[attr-defined]  # or it would be shut
    except (NotPermitted, TooOften) as refusal:
        return answer(request, refusal)
    return None


def _require(by: Actor, view: Callable[..., Any]) -> None:
    if not hasattr(view, "needs"):
        raise NotPermitted(no("door.shut", "This page is not open to anyone."))
    require_role(by, view.needs)


def _count(request: HttpRequest, by: Actor, needs: Needs) -> None:
    """Count a change for whoever sends it; never one by which a call is entered. Errors: TooOften."""
    enters = Action.TAKE_CALL in (needs if isinstance(needs, tuple) else (needs,))
    if request.method == "POST" and not enters:
        require_share(by)


def _heard_by_others(request: HttpRequest, name: str) -> HttpResponseBase | None:
    """A refusal of the API over plain HTTP. Pages are sent on; a machine would never notice."""
    if name.startswith("api-") and settings.SECURE and not request.is_secure():
        return answer(request, NotPermitted(PLAIN))
    return None


def _turn_away(request: HttpRequest) -> HttpResponseBase:
    way = _by_way_of(request, "account_login")
    if wants_json(request) or by_script(request):
        stranger = NotPermitted(no("door.stranger", "Sign in first."))
        return answer(request, stranger, (way, gettext("Sign in")))
    return HttpResponseRedirect(way)


def _go(request: HttpRequest, name: str) -> HttpResponseBase:
    way = _by_way_of(request, name)
    if wants_json(request):
        not_acting = no("door.not_acting", "Choose your program first.")
        return answer(request, NotPermitted(not_acting))
    if by_script(request):  # the page stays, with what was typed on it
        shut = no("door.not_now", "Not done: the screen is locked or needs something first.")
        return answer(request, NotPermitted(shut), (way, gettext("Continue")))
    return HttpResponseRedirect(way)


def _by_way_of(request: HttpRequest, name: str) -> str:
    """The address of what comes first, which leads back to the page that somebody was on."""
    page = request.path if request.method == "GET" else ""
    if by_script(request):
        page = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return f"{reverse(name)}?{urlencode({'next': page})}" if page else reverse(name)


def onward(request: HttpRequest, *, crew: bool = False) -> str:
    """The page that somebody was on before they signed in, chose or unlocked; else the first of theirs.

    `crew`: they go out in a unit, and land where their assignment is.
    """
    page = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()})
    return page if ours else reverse("calls:field" if crew else "agencies:home")
