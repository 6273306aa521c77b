"""How often something that is overdue rings, whom it climbs to, and when it stands instead. Pure."""

from collections.abc import Mapping
from typing import Any

from nowrongdoor.clocks.facts import Alarm
from nowrongdoor.kernel.verdict import Verdict, no, yes

LINE = ("desk", "supervisor", "shift_supervisor")
"""Whom a ring climbs to: who answers for it, their program's supervisor, the 911 shift supervisor."""
UNSAID = Alarm(times=10, line=LINE)
"""Where a community has not said how often: loud long enough, and not for ever."""


def alarm(said: Mapping[str, Any], kind: str) -> Alarm:
    """How a kind of deadline rings, of what the setting `alarms` says.

    Shape: a kind that is not named there rings as `UNSAID` does, so a new kind is never for ever.
    Source: sources, "Alarms": how often it repeats, how many times, and the line it climbs.
    """
    row = said.get(kind)
    if row is None:
        return UNSAID
    return Alarm(
        int(row["times"]),
        tuple(row.get("line", LINE[:1])),
        row.get("every_s"),
        int(row.get("quiet_s", UNSAID.quiet_s)),
    )


def climbed(alarm: Alarm, *, before: int) -> int:
    """How far up `LINE` a ring goes after so many before it. The last of its line is told again."""
    return LINE.index(alarm.line[min(before, len(alarm.line) - 1)])


def may_acknowledge(*, in_line: bool, crew: bool, acknowledged: bool) -> Verdict:
    """Say whether somebody may acknowledge an alarm for everybody: only the line that it climbs.

    `crew`: the alarm is about the team that they are on. Whoever holds its phone may not be the team.
    Source: sources, "Alarms": only people in that line acknowledge for all.
    """
    if crew:
        return no("alarm.crew", "Your desk acknowledges this alarm.")
    if not in_line:
        return no(
            "alarm.not_yours",
            "Only the desk that answers for this, or a supervisor, can acknowledge it.",
        )
    if acknowledged:
        return no("alarm.acknowledged", "Someone has already acknowledged this.")
    return yes("alarm.in_line")


def stands(alarm: Alarm, *, rung: int) -> bool:
    """Whether it has rung as often as it does: from now on it stands, red, until somebody acts."""
    return rung >= alarm.times
