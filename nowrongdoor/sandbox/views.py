"""A newcomer's first page: what goes on, how fast, and three things to try, each one click."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nowrongdoor.agencies import demo, queries
from nowrongdoor.agencies.facts import Role
from nowrongdoor.dispatch import queries as units
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.sandbox import city as cities
from nowrongdoor.sandbox import control, trying
from nowrongdoor.sandbox.control import PACES, Control, Traffic
from nowrongdoor.sandbox.town import DESK, FLOOR, LINE, Town
from nowrongdoor.web import clock


@require_GET
def city(request: HttpRequest) -> HttpResponse:
    """What there is to try, and how the city runs."""
    demo.only_here(request)
    town = _town()
    floor = town.staff.somebody(FLOOR, Role.PSAP_SUPERVISOR, town.at)
    line = town.staff.somebody(LINE, Role.LINE_SUPERVISOR, town.at)
    chosen = control.read()
    port = request.get_port()
    page = {
        "at_911": episodes.count_open(floor),
        "at_line": episodes.count_open(line),
        "out": len(units.stages()),
        "chosen": chosen,
        "paces": PACES,
        "traffics": _traffics(),
        "slowed": chosen.pace != 1 and clock.pace() == 1,
        "desks": tuple(
            (name, f"{request.scheme}://{name}.localhost:{port}/demo/") for name in ("911", "line")
        ),
    }
    return render(request, "sandbox/city.html", page)


@require_POST
def pace(request: HttpRequest) -> HttpResponse:
    """Choose how fast the city runs, or that it stands still."""
    demo.only_here(request)
    before = control.read()
    try:
        chosen = Control(
            int(request.POST.get("pace", before.pace)),
            Traffic(request.POST.get("traffic", before.traffic)),
        )
        control.write(chosen)
    except ValueError:
        raise BadInput("pace", "pace.unknown", "Choose one of the list.") from None
    return HttpResponseRedirect(reverse("sandbox:city"))


@require_POST
def take_call(request: HttpRequest) -> HttpResponse:
    """Become a call-taker with somebody on the line."""
    demo.only_here(request)
    town = _town()
    by = _become(request, town, FLOOR, Role.CALL_TAKER)
    episode_id = trying.ringing(town, by)
    return HttpResponseRedirect(reverse("calls:episode", args=[episode_id]))


@require_POST
def send_team(request: HttpRequest) -> HttpResponse:
    """Become the line's team dispatcher, with a team that is wanted."""
    demo.only_here(request)
    town = _town()
    request_id = trying.wanted(town)
    _become(request, town, DESK, Role.TEAM_DISPATCHER)
    return HttpResponseRedirect(reverse("calls:request", args=[request_id]))


@require_http_methods(["GET", "POST"])
def watch(request: HttpRequest) -> HttpResponse:
    """The newest transfer as both desks see it, side by side; the same one for as long as it is open.

    Asked for by its button, and there is none: the city has somebody ring.
    """
    demo.only_here(request)
    town = _town()
    episode_id = _chosen(request) or trying.newest(town)
    if request.method == "POST":
        if episode_id is None:
            control.wish()
        return HttpResponseRedirect(reverse("sandbox:watch"))
    found = (
        () if episode_id is None else trying.sides(town, episode_id, language=request.LANGUAGE_CODE)
    )
    over = bool(found) and all(side.row is None for side in found)
    page = {"episode_id": episode_id, "sides": found, "over": over}
    part = "#desks" if request.headers.get("HX-Request") else ""
    return render(request, f"sandbox/watch.html{part}", page)


def _become(request: HttpRequest, town: Town, program: str, role: Role) -> Actor:
    found = queries.somebody_to_be(town.program_ids[program], role, at=town.at)
    if found is None:
        raise BadInput("position", "position.unknown", "Choose somebody from the list.")
    return demo.sign_in(request, *found)


def _chosen(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET["call"])
    except (KeyError, ValueError):
        return None


def _town() -> Town:
    return cities.found(settings.COMMUNITY, seed=1, at=clock.now())


def _traffics() -> tuple[tuple[str, str], ...]:
    return (
        (Traffic.ON, gettext("Phones ring")),
        (Traffic.OFF, gettext("Nobody new calls")),
        (Traffic.PAUSED, gettext("Stands still")),
    )
