"""The clip: CAD's text, pasted or sent by a macro, fills a new call. Nothing is kept before it is taken."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls.clip import SETTING, Clip, from_query, from_text
from nowrongdoor.calls.clip_schema import Profile
from nowrongdoor.community import queries as community
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.web.clock import now


@require_http_methods(["GET", "POST"])
@requires(Action.TAKE_CALL)
def clip(request: HttpRequest) -> HttpResponse:
    """Read what was pasted (`text`) or what a macro sent; a page to look at, then one key."""
    by: Actor = request.actor  # type: ignore[attr-defined]  # set by Doors
    found = _read(request)
    names = {
        "number": gettext("number"),
        "place": gettext("place"),
        "callback": gettext("number to call back"),
        "nature": gettext("nature"),
        "name": gettext("name"),
        "language": gettext("language"),
    }
    context = {
        "clip": found,
        "unread": [] if found is None else [names[each] for each in found.unread],
        "classes": community.codes("incident_classes", by.language),
    }
    return render(request, "calls/clip.html", context)


def _read(request: HttpRequest) -> Clip | None:
    """What was read; None where nothing was sent yet."""
    sent = request.POST if request.method == "POST" else request.GET
    if not sent:
        return None
    profile = Profile.model_validate(community.setting(SETTING, now()))
    if "text" in sent:
        return from_text(profile, sent["text"])
    return from_query(profile, sent.dict())
