"""The supervisor's screen of a shift: who is on duty in one's program, and who answers for its queue."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET

from nowrongdoor.agencies import commands, machine_keys, queries, sessions
from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.desks.people import acts
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import Desk
from nowrongdoor.kit.module import Screen
from nowrongdoor.web.clock import now

PAGE = "desks/shift.html"


@dataclass(frozen=True, slots=True)
class Here:
    """The program that somebody is put on duty in: one's own."""

    id: UUID


@require_GET
@requires(Action.RUN_SHIFT)
def shift(request: HttpRequest) -> HttpResponse:
    return _shown(request)


def draw(request: HttpRequest) -> HttpResponse:
    """The screen as it now stands."""
    return _shown(request, part="#follows")


def _shown(request: HttpRequest, *, part: str = "") -> HttpResponse:
    by, at = actor_of(request), now()
    context = {
        "desk": ("shift", ""),
        "forms": acts.forms(by, at=at),
        "waiting": sessions.to_confirm(by, at=at),
        "here": Here(by.program_id),
        "on_duty": queries.on_duty(by, at=at),
        "tokens": machine_keys.tokens_that_show(by, at=at),
    }
    return render(request, f"{PAGE}{part}", context)


SHIFT = Desk("shift", "agencies:shift", draw, alone=True)
acts.add(
    commands.start_shift,
    at="shift/start/",
    label=_("On duty"),
    key="o",
    machine=False,
    folded=False,
    target="#follows",
)
acts.add(
    commands.end_shift,
    at="shift/<uuid:member_id>/end/",
    label=_("Take off roster"),
    machine=False,
)
SCREEN = Screen(
    page="agencies:shift", label=_("Duty roster"), key="u", needs=Action.RUN_SHIFT, icon="users"
)
PAGES = (path("shift/", shift, name="shift"),)
