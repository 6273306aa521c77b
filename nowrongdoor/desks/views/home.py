"""Home: the first page of anyone who signs in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from nowrongdoor.agencies.access import signed_in_only
from nowrongdoor.agencies.acting import granted
from nowrongdoor.agencies.facts import Action
from nowrongdoor.desks import home as homes
from nowrongdoor.journal import feed
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.web.clock import now


@require_GET
@signed_in_only
def home(request: HttpRequest) -> HttpResponse:
    by, at = actor_of(request), now()
    seq = feed.latest_position()
    context = {"seq": seq, "home": homes.home(by, at=at), "at": at}
    context["takes"] = granted(by, Action.TAKE_CALL)
    return render(request, "desks/home.html", context)


PAGES = (path("", home, name="home"),)
