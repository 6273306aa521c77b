"""What somebody looks for, found in every module that knows it, and drawn in two lists: open and closed."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.calls.found import FoundLine, in_words
from nowrongdoor.dispatch import queries as dispatch
from nowrongdoor.episodes import finding, sought
from nowrongdoor.episodes.finding import Found
from nowrongdoor.episodes.sought import Matched, Sought
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage.queries import LevelRow


@dataclass(frozen=True, slots=True)
class FindLine:
    """One call that was found. `matched`: what of it is like what was typed, in words."""

    line: FoundLine
    level: LevelRow | None
    matched: tuple[str, ...]


def find(by: Actor, typed: str) -> Found:
    """Every call like what was typed, that `by` may see. Errors: BadInput where too little was typed, or too much."""
    if len(typed) > sought.MOST:
        raise BadInput("sought", "sought.long", "Enter at most 100 characters.")
    read = sought.read(typed)
    if read.nothing:
        raise BadInput("sought", "sought.short", "Enter at least 2 letters or digits.")
    return finding.find(by, read, owners=_owners(read), sent=_sent(by, read))


def _owners(read: Sought) -> frozenset[Any]:
    return agencies.members_with(partial(sought.named, read)) if read.words else frozenset()


def _sent(by: Actor, read: Sought) -> dict[Any, str]:
    most = finding.MOST + 1
    return dispatch.sent_units(by, partial(sought.called, read), most=most) if read.words else {}


def page(by: Actor, found: Found, *, at: datetime) -> dict[str, Any]:
    """The open ones and the closed ones, the newest first."""
    levels = triage.levels(by, [row.id for row in found.rows])
    words = _words()
    lines = [
        FindLine(line, levels.get(line.row.id), tuple(words[each] for each in line.row.matched))
        for line in in_words(by, found.rows, at=at)
    ]
    listed = sorted(lines, key=lambda each: each.line.row.closed_at is not None)
    return {
        "found": found,
        "top": next(iter(listed), None),
        "most": finding.MOST,
        "groups": (
            (
                "open",
                gettext("Open calls"),
                [each for each in lines if not each.line.row.closed_at],
            ),
            (
                "closed",
                gettext("Closed calls"),
                [each for each in lines if each.line.row.closed_at],
            ),
        ),
    }


def _words() -> dict[Matched, str]:
    return {
        Matched.NUMBER: gettext("Number"),
        Matched.PHONE: gettext("Callback number"),
        Matched.PLACE: gettext("Location"),
        Matched.NAME: gettext("Name given"),
        Matched.OWNER: gettext("Owner"),
        Matched.UNIT: gettext("Unit"),
    }
