"""Which dates a calendar leaves out. Pure. Each date is worked out once and then remembered.

Dates are ordinals, as `date.toordinal` counts them.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from functools import lru_cache

from nowrongdoor.clocks.counting.facts import Calendar, Holiday

LeftOut = Callable[[int], bool]
WEEK = 7
SATURDAY, SUNDAY = 5, 6


def left_out(calendar: Calendar, closures: Collection[int] = ()) -> LeftOut:
    """The question whether a calendar leaves a date out, ready to be asked often.

    Units: ordinals of dates, here and in `closures`: dates on which the court is shut for a special reason. These
        shut a calendar of a court, and one of `both` where all of both leave the date out then.
    """
    if not closures:
        return _days(calendar).__getitem__
    days = _days(calendar)
    if calendar.both:
        parts = [left_out(each, closures) for each in calendar.both]
        return lambda day: days[day] or (day in closures and all(part(day) for part in parts))
    if not calendar.court:
        return days.__getitem__
    return lambda day: day in closures or days[day]


def holiday_on(calendar: Calendar, day: int) -> str:
    """What a date is called that a calendar leaves out; '' where it is a weekend, or counts."""
    for each in calendar.both or (calendar,):
        name = _holidays(each, date.fromordinal(day).year).get(day)
        if name and _days(calendar)[day]:
            return name
    return ""


def is_weekend(calendar: Calendar, day: int) -> bool:
    """Whether a date is of the weekend, in every part of the calendar."""
    return all((day - 1) % WEEK in each.weekend for each in calendar.both or (calendar,))


def observed(calendar: Calendar, year: int) -> tuple[date, ...]:
    """The dates of a year that a calendar leaves out, weekends aside, in their order."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    out = left_out(calendar)
    found = (day for day in range(first, last + 1) if out(day) and not is_weekend(calendar, day))
    return tuple(date.fromordinal(day) for day in found)


class _Days(dict[int, bool]):
    """Whether a date is left out: worked out when it is first asked for."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__()
        self.calendar = calendar
        self.parts = tuple(_days(each) for each in calendar.both)

    def __missing__(self, day: int) -> bool:
        if self.parts:
            out = all(part[day] for part in self.parts)
        elif (day - 1) % WEEK in self.calendar.weekend:
            out = True
        else:
            out = day in _holidays(self.calendar, date.fromordinal(day).year)
        self[day] = out
        return out


@lru_cache(maxsize=256)
def _days(calendar: Calendar) -> _Days:
    return _Days(calendar)


@lru_cache(maxsize=4096)
def _holidays(calendar: Calendar, year: int) -> dict[int, str]:
    """The holidays observed in a year, by ordinal. One of the next year may be observed in this one."""
    found: dict[int, str] = {}
    for of in (year - 1, year, year + 1):
        for rule in calendar.holidays:
            for day in _of(rule, of):
                if day.year == year:
                    found.setdefault(day.toordinal(), rule.name)
    return found


def _of(rule: Holiday, year: int) -> Iterator[date]:
    """When a holiday of this year is observed, if it is."""
    if not rule.since <= year <= rule.until:
        return
    day = _nth(rule, year) if rule.nth else date(year, rule.month, rule.day)
    day += timedelta(days=rule.plus)
    moves = {SATURDAY: rule.saturday, SUNDAY: rule.sunday}
    yield day + timedelta(days=moves.get(day.weekday(), 0))


def _nth(rule: Holiday, year: int) -> date:
    if rule.nth > 0:
        first = date(year, rule.month, 1)
        return first + timedelta(
            days=(rule.weekday - first.weekday()) % WEEK + WEEK * (rule.nth - 1)
        )
    after = date(year + rule.month // 12, rule.month % 12 + 1, 1)
    last = after - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - rule.weekday) % WEEK + WEEK * (-rule.nth - 1))
