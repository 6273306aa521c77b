"""Opening hours as one line of text: "24/7", or "Mo-Fr 08:00-17:00; Sa 09:00-13:00". Pure.

A small part of the notation that OpenStreetMap uses. A span that ends before it begins, or at the
minute it begins, ends on the next day: "Mo-Su 18:00-07:00".
"""

import re
from datetime import datetime

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ALWAYS = "24/7"
MINUTES = 24 * 60
Span = tuple[int, int, int]
"""Day of the week (Monday is 0), first minute of that day, first minute after; past 1440 is the next day."""

_DAY = "|".join(DAYS)
_PART = re.compile(
    rf"(?P<first>{_DAY})(?:-(?P<last>{_DAY}))? (?P<spans>\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*)"
)


def spans(hours: str) -> tuple[Span, ...]:
    """Every span of a week, in the order of the text.

    Errors: ValueError where the text cannot be read; it says which part.
    """
    if hours == ALWAYS:
        return tuple((day, 0, MINUTES) for day in range(len(DAYS)))
    return tuple(span for part in hours.split(";") for span in _part(part.strip()))


def holds(hours: str, local: datetime) -> bool:
    """Whether a local time lies within the hours: from the first minute, until before the last.

    Errors: as `spans`.
    """
    minute = local.hour * 60 + local.minute
    today, yesterday = local.weekday(), (local.weekday() - 1) % len(DAYS)
    return any(
        (day == today and begins <= minute < ends)
        or (day == yesterday and begins <= minute + MINUTES < ends)
        for day, begins, ends in spans(hours)
    )


def _part(text: str) -> tuple[Span, ...]:
    read = _PART.fullmatch(text)
    if read is None:
        raise ValueError(f'cannot read the hours "{text}": write 24/7, or Mo-Fr 08:00-17:00')
    first = DAYS.index(read["first"])
    last = DAYS.index(read["last"] or read["first"])
    days = [(first + step) % len(DAYS) for step in range((last - first) % len(DAYS) + 1)]
    times = [tuple(map(_minute, each.split("-"))) for each in read["spans"].split(",")]
    return tuple(
        (day, begins, ends if ends > begins else ends + MINUTES)
        for day in days
        for begins, ends in times
    )


def _minute(clock: str) -> int:
    hour, minute = map(int, clock.split(":"))
    if hour * 60 + minute > MINUTES or minute > 59:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(f"no such time: {clock}")
    return hour * 60 + minute
