"""The sheet of components: every part that pages are made of, once, in the words of a call."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nowrongdoor import web
from nowrongdoor.agencies import demo
from nowrongdoor.kit.forms import Shown
from nowrongdoor.web import clock
from nowrongdoor.web.fields import Widget

# Roles of color as tokens.css names them; a swatch is drawn for each.
SURFACES = ("page", "section", "shell", "bar", "raised", "ink", "ink-2", "ink-3")
LINES = ("line", "line-2", "line-3", "accent", "focus")
ICONS = Path(web.__path__[0]) / "static/web/icons.svg"
SEVERITIES = ("critical", "critical-bg", "warning", "warning-bg", "info-bg", "ok-bg", "offline-bg")


@dataclass(frozen=True, slots=True)
class Sample:
    """A level as it is drawn: its digit, why, and whether it may still change."""

    level: str
    why: str
    provisional: bool = False


LEVELS = (
    Sample("E", "Medical emergency"),
    Sample("4", "Police now"),
    Sample("3B", "Co-responder, police staged"),
    Sample("3A", "Mobile crisis team"),
    Sample("2", "Crisis line"),
    Sample("1", "Referral"),
    Sample("X", "Not screened"),
    Sample("3A", "Level so far", provisional=True),
    Sample("", "No level"),
)
LINE = Shown(
    name="place",
    label="Location",
    help="Address, cross street or landmark",
    widget=Widget.LINE,
    needed=True,
    choices=(),
    most=200,
    rows=1,
    value="2641 E Glenn St, Apt 4",
    began=None,
    error="",
)
FIELDS = (
    LINE,
    replace(
        LINE,
        name="owner",
        label="Follow-up assigned to",
        help="",
        value="",
        error="Name who follows up, or record that the person declined.",
    ),
    replace(
        LINE,
        name="language",
        label="Language",
        help="",
        widget=Widget.CHOICE,
        choices=(("en", "English"), ("es", "Spanish")),
        value="es",
    ),
    replace(
        LINE,
        name="note",
        label="Note",
        widget=Widget.LINES,
        rows=3,
        value="Two dogs",
        needed=False,
        wrote="Rifle by the door",
    ),
    replace(LINE, name="free", label="Open places", help="", widget=Widget.NUMBER, value="4"),
    replace(LINE, name="plain", label="Plain clothes", help="", widget=Widget.TICK, value="yes"),
)


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """All of them, to look at in both themes before a page is laid out."""
    demo.only_here(request)
    now = clock.now()
    sheet = {
        "colors": (("Surfaces and text", SURFACES), ("Lines", LINES), ("Severity", SEVERITIES)),
        "levels": LEVELS,
        "icons": re.findall(r'<symbol id="([\w-]+)"', ICONS.read_text()),
        "fields": FIELDS,
        "uid": "sheet",
        "since_at": now - timedelta(minutes=18),
        "due_at": now + timedelta(minutes=4),
        "over_at": now - timedelta(minutes=2),
    }
    return render(request, "sandbox/components.html", sheet)
