"""What every page is given: who acts, which screens they have, the community's clock."""

from base64 import b64encode
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as, granted
from nowrongdoor.agencies.facts import Action, Role
from nowrongdoor.agencies.rules import may
from nowrongdoor.calls import queries as calls
from nowrongdoor.community import queries as community
from nowrongdoor.desks import waiting
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.journal.kinds import Kind
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.words import _
from nowrongdoor.site.alerts import ALERTS
from nowrongdoor.site.modules import MODULES
from nowrongdoor.web import clock
from nowrongdoor.web.clock import now


@dataclass(frozen=True, slots=True)
class NavItem:
    """`first`: of the few that stand in the bar at the bottom of a phone."""

    url: str
    label: str
    key: str
    count: int | None
    current: bool
    icon: str = "list"
    first: bool = False


@dataclass(frozen=True, slots=True)
class NavGroup:
    label: str
    items: tuple[NavItem, ...]


GROUPS = {
    "work": _("My work"),
    "operations": _("Operations"),
    "facilities": _("Facilities"),
    "admin": _("Administration"),
}
IN_BOTTOM_BAR = 3
"""So many screens stand at the bottom of a phone, before *More*."""


@dataclass(frozen=True, slots=True)
class SignedInAs:
    """Who acts, as the top bar says it."""

    name: str
    role: str
    agency: str
    program: str
    member_id: UUID | None
    seat: str
    """The position, as scripts name it: role and program."""
    key: str
    """What one's own pages alone can read of what is typed and not sent yet."""
    supervises: bool
    alarms: bool
    """Whether alarms reach them, on every page."""
    finds: bool
    """Whether they may search, from every page."""
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Layout:
    community_name: str
    time_zone: str
    actor: SignedInAs | None
    rail: tuple[NavGroup, ...]
    synthetic: bool
    now_iso: str
    pace: int
    languages: tuple[tuple[str, str], ...]
    idle_s: int
    stale_s: int
    alerts: tuple[Kind, ...]


def layout(request: HttpRequest) -> dict[str, Any]:
    """The template context `frame`, asked for only where a template shows it: no part of a page does.

    One transaction of five statements for a signed-in page, one query for a stranger's; for a
    supervisor one statement more, which counts who waits for them.
    """
    return {"frame": SimpleLazyObject(partial(_framed, request))}


def _framed(request: HttpRequest) -> "Layout | None":
    by: Actor | None = getattr(request, "actor", None)
    with nullcontext() if by is None else act_as(by):
        return _layout(request, by)


def _layout(request: HttpRequest, by: Actor | None) -> "Layout | None":
    at = now()
    try:
        place = community.community()
    except community.NotLoaded:
        return None
    language = get_language() or settings.LANGUAGE_CODE
    waits = 0 if by is None else sum(episodes.relief_batches(by).values()) + calls.watches_for(by)
    languages = dict(settings.LANGUAGES)
    return Layout(
        community_name=place.name(language),
        time_zone=place.time_zone,
        actor=None if by is None else _line(by, at),
        rail=() if by is None else _navigation(by, request.path, waits, at),
        synthetic=settings.SYNTHETIC,
        now_iso=at.isoformat(),
        pace=clock.pace(),
        languages=tuple((code, languages[code]) for code in place.languages if code in languages),
        idle_s=_idle_s(by, at),
        stale_s=0 if by is None else int(community.setting("stale_s", at)),
        alerts=() if by is None else tuple(ALERTS.values()),
    )


def _line(by: Actor, at: datetime) -> SignedInAs:
    row = agencies.program(by.program_id, language=by.language)
    role = agencies.role_name(by.role)
    return SignedInAs(
        name=by.name,
        role=role,
        agency=row.agency,
        program=row.program,
        member_id=by.member_id,
        seat=f"{by.role} {by.program_id}",
        key=_key(by),
        supervises=agencies.may_supervise(by),
        alarms=granted(by, (Action.SEE_BOARD, Action.GOVERN_SHARING)),
        finds=granted(by, Action.SEE_BOARD),
        elsewhere=by.member_id is not None and agencies.acts_in_other_program(by.member_id, at=at),
    )


def _key(by: Actor) -> str:
    """The same for a member in a position for as long as the secret key is: never kept, only shown to them."""
    found = salted_hmac(
        "nowrongdoor.drafts", f"{by.member_id} {by.role} {by.program_id}", algorithm="sha256"
    )
    return b64encode(found.digest()).decode()


def _navigation(by: Actor, path: str, waits: int, at: datetime) -> tuple[NavGroup, ...]:
    """The screens this role has, with what waits there."""
    over = waiting.count(by, at=at) if may(by, Action.ASSUME).allowed else None
    screens = (
        (None, "agencies:home", gettext("Home"), "H", None, "work", "home"),
        (Action.FIELD, "calls:field", gettext("My assignment"), "M", None, "work", "team"),
        (
            Action.ASSUME,
            "calls:supervising",
            gettext("Supervisor queue"),
            "z",
            over,
            "work",
            "inbox",
        ),
        (Action.ACCEPT, "calls:queue", gettext("Calls you can take"), "y", None, "work", "inbox"),
        (Action.TAKE_CALL, "calls:new_call", gettext("New call"), "n", None, "work", "plus"),
        (Action.SEE_BOARD, "calls:board", gettext("Active calls"), "b", None, "operations", "list"),
        (Action.SEE_BOARD, "calls:find", gettext("Search"), "F", None, "operations", "search"),
        (Action.DISPATCH, "calls:teams", gettext("Dispatch"), "T", None, "operations", "map"),
        (Action.DISPATCH, "calls:rollcall", gettext("Unit roster"), "R", None, "operations", "car"),
        (Action.RELIEVE, "calls:relief", gettext("Shift change"), "r", waits, "operations", "swap"),
        (
            Action.SEE_BOARD,
            "calls:morning",
            gettext("Shift briefing"),
            "7",
            None,
            "operations",
            "file",
        ),
        *(
            (s.needs, s.page, gettext(s.label), s.key, None, s.group, s.icon)
            for m in MODULES
            for s in m.screens
        ),
    )
    open_to = [each for each in screens if granted(by, each[0]) and _for(by, each[1])]
    first = sorted(
        open_to, key=lambda each: _FIRST.index(each[1]) if each[1] in _FIRST else len(_FIRST)
    )
    in_bar = {each[1] for each in first[:IN_BOTTOM_BAR]}
    groups = (
        NavGroup(
            gettext(label),
            tuple(
                NavItem(
                    reverse(name), words, key, count, path == reverse(name), icon, name in in_bar
                )
                for _needs, name, words, key, count, group, icon in open_to
                if group == code
            ),
        )
        for code, label in GROUPS.items()
    )
    return tuple(group for group in groups if group.items)


_FIRST = ("calls:field", "calls:supervising", "calls:board", "directory:places", "agencies:home")
"""Which screens a phone shows first, where its holder has them."""


def _for(by: Actor, name: str) -> bool:
    """The queue is a clinician's who sits on the floor; whoever else opens it finds it empty."""
    return name != "calls:queue" or by.role == Role.IN_CENTER_CLINICIAN


def _idle_s(by: Actor | None, at: datetime) -> int:
    if by is None:
        return 0
    return int(community.setting("idle_lock_min", at)) * 60
