"""The privacy officer's screen: the keys of the agency's machines, and whether they show people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET

from nowrongdoor.agencies import commands, machine_keys, sessions
from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.desks.people import acts
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import Desk
from nowrongdoor.kit.module import Screen
from nowrongdoor.web.clock import now

PAGE = "desks/keys.html"


@require_GET
@requires(Action.AGREE_TO_KEY)
def keys(request: HttpRequest) -> HttpResponse:
    return _shown(request)


def draw(request: HttpRequest) -> HttpResponse:
    """The screen as it now stands."""
    return _shown(request, part="#follows")


def _shown(request: HttpRequest, *, part: str = "") -> HttpResponse:
    by, at = actor_of(request), now()
    context = {
        "desk": ("keys", ""),
        "forms": acts.forms(by, at=at),
        "waiting": sessions.to_confirm(by, at=at),
        "tokens": machine_keys.tokens_of(by, at=at),
    }
    return render(request, f"{PAGE}{part}", context)


KEYS = Desk("keys", "agencies:keys", draw, alone=True)
acts.add(
    commands.agree_to_key,
    at="keys/<uuid:token_id>/agree/",
    label=_("Approve"),
    machine=False,
)
SCREEN = Screen(
    page="agencies:keys",
    label=_("API keys"),
    key="K",
    needs=Action.AGREE_TO_KEY,
    group="admin",
    icon="key",
)
PAGES = (path("keys/", keys, name="keys"),)
