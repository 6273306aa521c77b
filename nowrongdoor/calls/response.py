"""What a level asks for on each axis, what was requested and recorded of it, and the one button that does it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from nowrongdoor.agencies import routes
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.calls.line import ResponderLine, is_psap
from nowrongdoor.community.queries import NotLoaded, setting
from nowrongdoor.dispatch import queries as dispatch
from nowrongdoor.dispatch.board import RequestRow
from nowrongdoor.dispatch.facts import RequestState
from nowrongdoor.dispatch.words import state_words
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage.facts import Axes, Clinical, Ems, Police
from nowrongdoor.triage.words import responder_words

_SCALES = {"police": Police, "ems": Ems, "clinical": Clinical}
_ICONS = {"police": "police", "ems": "ambulance", "clinical": "team"}
KEYS = {"police": "x", "ems": "E", "clinical": "m"}


@dataclass(frozen=True, slots=True)
class Said:
    """What was requested or recorded, in words. A record says that it is one."""

    words: str
    who: str
    at: datetime
    look: str


@dataclass(frozen=True, slots=True)
class Button:
    """`field` and `value`: the one thing that it posts. `requests`: somebody has to accept it; else it records."""

    label: str
    key: str
    url: str
    field: str
    value: str
    requests: bool


@dataclass(frozen=True, slots=True)
class ResponseLine:
    """One axis. `needs`: what the level asks for, in words; '' where it asks for nothing.

    `goes`: that is somebody who goes, and no counselor on the phone. `covered`: at least that was requested or
    recorded, and nobody said no.
    """

    axis: str
    icon: str
    name: str
    needs: str
    said: tuple[Said, ...]
    goes: bool
    covered: bool
    does: Button | None


def response_lines(
    by: Actor,
    episode_id: UUID,
    axes: Axes,
    *,
    asked: Iterable[RequestRow],
    recorded: Iterable[ResponderLine],
    at: datetime,
) -> tuple[ResponseLine, ...]:
    """Police, EMS and clinical, in this order. Two queries."""
    requests = tuple(each for each in asked if each.open or each.state is RequestState.DONE)
    sent = tuple(recorded)
    teams = _teams(at=at)
    buttons = _buttons(by, episode_id, axes, teams, at=at)
    return tuple(
        _line(axis, value, requests, sent, teams, buttons.get(axis))
        for axis, value in (("police", axes.police), ("ems", axes.ems), ("clinical", axes.clinical))
    )


def _line(
    axis: str,
    value: Police | Ems | Clinical,
    asked: tuple[RequestRow, ...],
    recorded: tuple[ResponderLine, ...],
    teams: Mapping[Clinical, str],
    button: Button | None,
) -> ResponseLine:
    names = {
        "police": gettext("Police"),
        "ems": gettext("Ambulance"),
        "clinical": gettext("Clinical team"),
    }
    requests = [each for each in asked if each.axis == axis]
    records = [each for each in recorded if each.row.axis == axis]
    words = responder_words().get(f"{axis}:{value.value}", "")
    said = (*(_asked(each) for each in requests), *(_recorded(each) for each in records))
    reached = [_reach(each, teams) for each in requests] + [each.row.value for each in records]
    return ResponseLine(
        axis=axis,
        icon=_ICONS[axis],
        name=names[axis],
        needs=words,
        said=tuple(sorted(said, key=lambda each: each.at)),
        goes=words != "" and value not in (Clinical.REFER, Clinical.LINE),
        covered=covered(axis, value, reached),
        does=button,
    )


def covered(axis: str, value: Police | Ems | Clinical, reached: Iterable[str]) -> bool:
    """Whether one of these is at least what is needed. What is no mode of the axis covers nothing of it."""
    scale = _SCALES[axis]
    return any(each in set(scale) and scale(each) >= value for each in reached)


def _reach(request: RequestRow, teams: Mapping[Clinical, str]) -> str:
    """The mode of a request on its axis. Of teams only those that the community sends to a level count: not outreach."""
    if request.axis == "ems":
        return Ems.NOW
    if request.axis == "clinical":
        return next((each.value for each, kind in teams.items() if kind == request.kind), "")
    return request.mode


def _asked(request: RequestRow) -> Said:
    look = "ours" if request.state.value == "accepted" else "wait"
    who = f"{request.kind_name}, {request.to_program}"
    return Said(
        state_words(request.state), who, request.asked_at, "alarm" if request.alerts else look
    )


def _recorded(line: ResponderLine) -> Said:
    who = f"{line.words}, {line.row.by_name}"
    return Said(gettext("Dispatched in CAD"), who, line.row.at, "")


def _buttons(
    by: Actor, episode_id: UUID, axes: Axes, teams: Mapping[Clinical, str], *, at: datetime
) -> Mapping[str, Button]:
    """911 records what it sent in CAD; whoever has no CAD requests it. A team is requested by everyone."""
    found: dict[str, Button] = {}
    if is_psap(by.program_id) and may(by, Action.ACCEPT).allowed:
        url = reverse("calls:record_dispatched", args=[episode_id])
        labels = {
            "police": gettext("Record police dispatch"),
            "ems": gettext("Record ambulance dispatch"),
        }
        for axis, label in labels.items():
            found[axis] = Button(
                label, KEYS[axis], url, "axis:value", f"{axis}:now", requests=False
            )
    if not may(by, Action.REQUEST).allowed:
        return found
    url = reverse("dispatch:ask", args=[episode_id])
    ways = {way.kind: way.value for way in reversed(routes.asks_from(by, at=at))}
    for axis, kind in _kinds(axes, teams).items():
        if axis not in found and kind in ways:
            found[axis] = Button(
                _label(axis, axes), KEYS[axis], url, "kind:to_program_id", ways[kind], requests=True
            )
    return found


def _kinds(axes: Axes, teams: Mapping[Clinical, str]) -> dict[str, str]:
    """The kind of request that each axis is asked for by: the fullest of its axis, the first that the
    community lists; of teams, the one that the level asks for."""
    found: dict[str, str] = {}
    for kind in dispatch.kinds():
        if kind.axis == "ems" or (kind.axis == "police" and kind.mode == Police.NOW):
            found.setdefault(kind.axis, kind.code)
    clinical = Clinical.PAIR if axes.clinical is Clinical.PAIR else Clinical.TEAM
    return found | ({"clinical": teams[clinical]} if clinical in teams else {})


def _teams(*, at: datetime) -> dict[Clinical, str]:
    """The kind of request for a team and for a pair; nothing where the community does not say."""
    try:
        said = setting("joins_when_safe", at)
    except NotLoaded:
        return {}
    return {Clinical(code): str(kind) for code, kind in said.items()}


def _label(axis: str, axes: Axes) -> str:
    if axis == "police":
        return gettext("Request police now")
    if axis == "ems":
        return gettext("Request an ambulance")
    if axes.clinical is Clinical.PAIR:
        return gettext("Request co-responders")
    return gettext("Request mobile team")
