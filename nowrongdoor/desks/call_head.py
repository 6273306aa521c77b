"""The head of a call's page: the level, what and where, who has it, who is on the line, and the one next step."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from nowrongdoor.calls.response import KEYS
from nowrongdoor.desks.next_step import Need, Standing, Step, next_step
from nowrongdoor.episodes.queries import EpisodeRow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage.facts import Axes, Clinical, Ems, Police

Given = Mapping[str, Mapping[str, Any]]
"""What each part of the page was given, by the part's name."""


def head(by: Actor, found: EpisodeRow, given: Given) -> dict[str, object]:
    line = given["line"]
    screen = given.get("screen", {}).get("screen")
    lines = line["lines"]
    return {
        "screen": screen,
        "on_line": [one for each in lines for one in each.leg.on],
        "line_began": next((each.leg.began_at for each in lines), None),
        "may_leave_at": _leaves_at(line),
        "step": step(by, found, given),
    }


def step(by: Actor, found: EpisodeRow, given: Given) -> Step | None:
    line = given["line"]
    screen = given.get("screen", {}).get("screen")
    closed = found.closed_at is not None or found.facts.joined_into_id is not None
    row, route = line["row"], line.get("first_route")
    transfer = ""
    if route is not None:
        transfer = gettext("Transfer to %(agency)s") % {"agency": route.to_agency}
    axes = None if screen is None or not screen.level else screen.axes
    on_phone = axes is not None and axes.clinical >= Clinical.LINE
    return next_step(
        Standing(
            acts=_acts(by, given),
            holds=line["holds"] and not closed,
            screens=screen is not None,
            screened=screen is not None and screen.screened,
            stops_open=screen is not None and screen.stops_open,
            needs=() if axes is None else _needs(given, axes),
            transfer=transfer if line.get("return_route") is None else "",
            offered=row.offer is not None and row.offer.ours,
            may_leave=_leaves_at(line) is not None,
            counselor_needed=on_phone,
        )
    )


def _acts(by: Actor, given: Given) -> frozenset[str]:
    """The keys of what the page draws for them, of the acts that come before everything else."""
    line = given["line"]
    row, me = line["row"], str(by.member_id or "")
    mine = row.offer is not None and row.offer.to_member in ("", me)
    open_acts = {
        "v": line["must_see"],
        "a": ("accept_transfer" in row.may and mine) or bool(line["joining"]),
        "c": "confirm_contact" in row.may,
        "t": "take_from_queue" in row.may,
        "f": "close_call" in row.may,
    }
    return frozenset(key for key, is_open in open_acts.items() if is_open)


def _needs(given: Given, axes: Axes) -> tuple[Need, ...]:
    """Police and ambulance where they are needed now; a team wherever one is needed."""
    urgent = {"police": axes.police is Police.NOW, "ems": axes.ems is Ems.NOW}
    return tuple(
        Need(
            key=KEYS[each.axis],
            button="" if each.does is None else each.does.label,
            open=each.goes and not each.covered and urgent.get(each.axis, True),
            urgent=urgent.get(each.axis, False),
        )
        for each in given.get("response", {}).get("response", ())
    )


def _leaves_at(line: Mapping[str, Any]) -> object | None:
    """From when on they may leave a line that somebody else owns; None for whoever does not monitor one."""
    listening = (
        each for each in line["lines"] if each.on is not None and each.on.mode == "listening"
    )
    return next((each.may_leave_at for each in listening if each.may_leave_at), None)
