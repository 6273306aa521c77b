"""A newcomer's first page: what goes on, how fast, and three things to try, each one click."""

from secrets import choice
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nowrongdoor.agencies import demo, queries
from nowrongdoor.agencies.facts import Role
from nowrongdoor.dispatch import queries as units
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotFound, no
from nowrongdoor.sandbox import city as cities
from nowrongdoor.sandbox import control, walkthroughs
from nowrongdoor.sandbox import practice as practicing
from nowrongdoor.sandbox.control import PACES, Control, Traffic
from nowrongdoor.sandbox.debrief import Asked
from nowrongdoor.sandbox.staff import NotHired
from nowrongdoor.sandbox.state import Town
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage import words
from nowrongdoor.triage.facts import Story
from nowrongdoor.web import clock

NO_CITY = no(
    "city.none", "The demo city is not running here. Stop, then start with `nowrongdoor run` alone."
)


@require_GET
def city(request: HttpRequest) -> HttpResponse:
    """What there is to try, and how the city runs."""
    demo.only_here(request)
    town = _town()
    floor = town.staff.somebody(town.desks.floor, Role.PSAP_SUPERVISOR, town.at)
    line = town.staff.somebody(town.desks.line, Role.LINE_SUPERVISOR, town.at)
    chosen = control.read()
    desks = town.desks
    page = {
        "at_911": episodes.count_open(floor),
        "at_line": episodes.count_open(line),
        "out": len(units.stages()),
        "chosen": chosen,
        "shown": f"{town.rates.shown.given} {town.rates.shown.family}",
        "paces": PACES,
        "traffics": _traffics(),
        "slowed": chosen.pace != 1 and clock.pace() == 1,
        "desks": tuple(
            (each.split("/", maxsplit=1)[0], f"{_host(request, each)}/demo/")
            for each in (desks.floor, desks.line)
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
        raise BadInput("pace", "pace.unknown", "Choose from the list.") from None
    return HttpResponseRedirect(reverse("sandbox:city"))


@require_POST
def take_call(request: HttpRequest) -> HttpResponse:
    """Become a call-taker with somebody on the line."""
    demo.only_here(request)
    town = _town()
    by = _become(request, town, town.desks.floor, Role.CALL_TAKER)
    episode_id = walkthroughs.ringing(town, by)
    return HttpResponseRedirect(reverse("calls:episode", args=[episode_id]))


@require_POST
def send_team(request: HttpRequest) -> HttpResponse:
    """Become the line's team dispatcher, with a team that is wanted."""
    demo.only_here(request)
    town = _town()
    request_id = walkthroughs.wanted(town)
    _become(request, town, town.desks.teams, Role.TEAM_DISPATCHER)
    return HttpResponseRedirect(reverse("calls:request", args=[request_id]))


@require_http_methods(["GET", "POST"])
def watch(request: HttpRequest) -> HttpResponse:
    """The newest transfer as both desks see it, side by side; the same one for as long as it is open.

    Asked for by its button, and there is none: the city has somebody ring.
    """
    demo.only_here(request)
    town = _town()
    episode_id = _chosen(request) or walkthroughs.newest(town)
    if request.method == "POST":
        if episode_id is None:
            control.wish()
        return HttpResponseRedirect(reverse("sandbox:watch"))
    found = (
        ()
        if episode_id is None
        else walkthroughs.sides(town, episode_id, language=request.LANGUAGE_CODE)
    )
    over = bool(found) and all(side.row is None for side in found)
    page = {"episode_id": episode_id, "sides": found, "over": over}
    part = "#desks" if request.headers.get("HX-Request") else ""
    return render(request, f"sandbox/watch.html{part}", page)


@require_http_methods(["GET", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """Choose a caller, or one by chance; they ring at once."""
    demo.only_here(request)
    town = _town()
    stories = practicing.practice_calls(practicing.protocol(town))
    if request.method == "POST":
        wanted = request.POST.get("story") or choice(stories).id
        story = next((each for each in stories if each.id == wanted), None)
        if story is None:
            raise BadInput("story", "story.unknown", "Choose one of the scenarios.")
        episode_id = practicing.ring(town, story)
        return HttpResponseRedirect(reverse("sandbox:practice_call", args=[episode_id]))
    return render(request, "sandbox/practice.html", {"stories": stories})


@require_GET
def practice_call(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """One practice call: its seats, the sheet of whoever plays the caller, the debrief."""
    demo.only_here(request)
    town = _town()
    story = _story(town, episode_id)
    done = practicing.practiced(town, episode_id, story)
    page = {"episode_id": episode_id, "story": story, "done": done, "seats": _seats(request, town)}
    return render(request, "sandbox/practice_call.html", page)


@require_POST
def sit(request: HttpRequest, episode_id: UUID, seat: str) -> HttpResponse:
    """Take a seat of a practice call: sign in there, with the call, the board or the team before one."""
    demo.only_here(request)
    town = _town()
    _story(town, episode_id)
    if seat not in practicing.seats(town):
        raise BadInput("seat", "seat.unknown", "Choose one of the desks.")
    by = _become(request, town, *practicing.seats(town)[seat])
    if seat == "call_taker":
        practicing.take(town, episode_id, by)
        return HttpResponseRedirect(reverse("calls:episode", args=[episode_id]))
    if seat == "pair":
        beside = town.program_ids[town.rates.practice.program]
        other = queries.demo_members(beside, Role.CO_RESPONDER, at=town.at)
        if other is not None:
            practicing.sign_on(town, by, other[0])
        return HttpResponseRedirect(reverse("calls:field"))
    return HttpResponseRedirect(reverse("calls:board"))


@require_GET
def caller(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The sheet of whoever plays the caller: what they say when they are asked."""
    demo.only_here(request)
    town = _town()
    story = _story(town, episode_id)
    compared = practicing.practiced(town, episode_id, story).debrief
    lines = [_line(each, request.LANGUAGE_CODE) for each in compared.asked]
    return render(request, "sandbox/caller.html", {"story": story, "lines": lines})


@require_GET
def debrief(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """What the protocol expected against what was done, as far as it went."""
    demo.only_here(request)
    town = _town()
    story = _story(town, episode_id)
    done = practicing.practiced(town, episode_id, story)
    protocol, language = practicing.protocol(town), request.LANGUAGE_CODE
    page = {
        "episode_id": episode_id,
        "done": done,
        "because": triage.because(protocol, story.rule, language),
        "expected_words": words.level_words(story.level.value),
        "missing": [_line(each, language) for each in done.debrief.missing],
        "wrong": [_line(each, language) for each in done.debrief.wrong],
        "duties": [
            (words.localized(one.says, language), each)
            for each in done.debrief.duties
            for one in protocol.duties
            if one.id == each.id
        ],
        "moments": [(_moment(each.code), each) for each in done.moments],
    }
    return render(request, "sandbox/debrief.html", page)


def _story(town: Town, episode_id: UUID) -> Story:
    found = practicing.story_of(town, episode_id)
    if found is None:
        raise Http404
    return found


def _line(asked: Asked, language: str) -> dict[str, str]:
    """One question as people read it, with what the caller says and what was written down."""
    says = asked.question.says
    return {
        "ask": words.localized(asked.question.ask, language),
        "expected": words.localized(says[asked.expected], language),
        "written": words.localized(says[asked.written], language) if asked.written else "",
    }


def _seats(request: HttpRequest, town: Town) -> tuple[tuple[str, str, str], ...]:
    """Each seat with what it is, and the host under which a second browser window is somebody else."""
    words = {
        "call_taker": gettext("911 call-taker"),
        "counselor": gettext("Crisis line counselor"),
        "pair": gettext("Co-responder officer, with a clinician"),
    }
    return tuple(
        (seat, words[seat], _host(request, program))
        for seat, (program, _role) in practicing.seats(town).items()
    )


def _host(request: HttpRequest, program: str) -> str:
    """An agency's own host on this machine: another window with cookies of its own."""
    agency = program.split("/", maxsplit=1)[0]
    return f"{request.scheme}://{agency}.localhost:{request.get_port()}"


def _moment(code: str) -> str:
    return {
        "answered": gettext("Answered"),
        "first_question": gettext("First answer recorded"),
        "level": gettext("Expected level shown"),
        "offered": gettext("Transfer started"),
        "accepted": gettext("Accepted by name"),
        "declined": gettext("Declined"),
        "withdrawn": gettext("Canceled"),
        "released": gettext("Dropped off"),
        "asked": gettext("Response requested"),
        "closed": gettext("Closed"),
    }.get(code, code)


def _become(request: HttpRequest, town: Town, program: str, role: Role) -> Actor:
    found = queries.demo_members(town.program_ids[program], role, at=town.at)
    if found is None:
        raise BadInput("position", "position.unknown", "Choose someone from the list.")
    return demo.sign_in(request, *found)


def _chosen(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET["call"])
    except (KeyError, ValueError):
        return None


def _town() -> Town:
    """The city as it is now. Errors: NotFound where none is played."""
    try:
        return cities.found(settings.COMMUNITY, seed=1, at=clock.now())
    except (FileNotFoundError, NotHired):
        raise NotFound(NO_CITY) from None


def _traffics() -> tuple[tuple[str, str], ...]:
    return (
        (Traffic.ON, gettext("Run")),
        (Traffic.OFF, gettext("No new calls")),
        (Traffic.PAUSED, gettext("Pause")),
    )
