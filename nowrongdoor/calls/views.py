"""The clip: CAD's text, pasted or sent by a macro, fills a new call. Nothing is kept before it is taken."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import forms, queries
from nowrongdoor.calls.clip import SETTING, Clip, from_query, from_text
from nowrongdoor.calls.clip_schema import Profile
from nowrongdoor.community import queries as community
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.web.clock import now
from nowrongdoor.web.refusals import reason


@require_http_methods(["GET", "POST"])
@requires(Action.TAKE_CALL)
def clip(request: HttpRequest) -> HttpResponse:
    """Read what was pasted (`text`) or what a macro sent; a page to look at, then one key.

    What was pasted stands in its box again, read or not: nothing has to be copied twice.
    """
    by, at = actor_of(request), now()
    sent = request.POST if request.method == "POST" else request.GET
    context: dict[str, object] = {"text": sent.get("text", "")}
    try:
        found = _read(sent, at=at)
    except BadInput as refusal:
        context["error"] = reason(refusal.verdict)
        return render(request, "calls/clip.html", context, status=422)
    if found is not None:
        context |= {
            "clip": found,
            "unread": [_names()[each] for each in found.unread],
            "long": [(_names()[each], value) for each, value in found.long],
            "taken": queries.taken(by, forms.from_clip(found.number, at=at), at=at),
            "classes": community.codes("incident_classes", by.language),
        }
    return render(request, "calls/clip.html", context)


def _names() -> dict[str, str]:
    return {
        "number": gettext("number"),
        "place": gettext("location"),
        "callback": gettext("callback number"),
        "nature": gettext("incident type"),
        "name": gettext("name"),
        "language": gettext("language"),
    }


def _read(sent: QueryDict, *, at: datetime) -> Clip | None:
    """What was read; None where nothing was sent yet. Errors: BadInput where it is too much."""
    if not sent:
        return None
    profile = Profile.model_validate(community.setting(SETTING, at))
    if "text" in sent:
        return from_text(profile, sent.get("text", ""))
    return from_query(profile, {key: sent.get(key, "") for key in sent})
