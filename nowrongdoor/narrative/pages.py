"""The messages of a program, and the acts of notes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.facts import Action
from nowrongdoor.journal import feed
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.acts import Acts, actor_of
from nowrongdoor.narrative import commands, queries
from nowrongdoor.web.clock import now


@require_GET
@requires(Action.WRITE_NOTE)
def messages(request: HttpRequest) -> HttpResponse:
    """What others wrote for this program and nobody has acknowledged."""
    by, at = actor_of(request), now()
    seq = feed.latest_position()
    [rows] = queries.messages((by,), at=at)
    return render(
        request, "narrative/messages.html", {"seq": seq, "rows": rows} | choices(by, at=at)
    )


def draw(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """The message's row as it now stands; nothing once it was acknowledged."""
    by, at = actor_of(request), now()
    [rows] = queries.messages((by,), at=at, ids=(note_id,))
    if not rows:
        return HttpResponse("")
    return render(request, "narrative/messages.html#row", {"row": rows[0]} | choices(by, at=at))


def choices(by: Actor, *, at: datetime) -> dict[str, Any]:
    return {"forms": acts.forms(by, at=at)}


acts = Acts("narrative", draw=draw, home="narrative:messages")
acts.add(
    commands.write_note,
    at="episodes/<uuid:episode_id>/notes/",
    again=True,
    label=_("Write a note"),
    machine=False,
    folded=False,
    target="#follows",
)
acts.add(
    commands.correct_note,
    at="notes/<uuid:note_id>/correct/",
    again=True,
    label=_("Correct"),
    machine=False,
    target="#follows",
)
acts.add(
    commands.acknowledge_message,
    at="notes/<uuid:note_id>/acknowledge/",
    label=_("Acknowledge"),
    machine=False,
    key="e",
)
acts.reads(
    "episodes/<uuid:episode_id>/notes",
    queries.notes,
    queries.NoteRow,
    needs=(Action.WRITE_NOTE, Action.SEE_PEOPLE),
    describes=True,
)
