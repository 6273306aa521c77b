"""Wall clocks and instants. Pure.

An instant is a number of seconds since the first midnight of the calendar, in UTC; a date is its ordinal; a minute is
one of a local day. So the arithmetic of counting is that of whole numbers.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from nowrongdoor.clocks.counting.facts import Case

FIRST = datetime(1, 1, 1, tzinfo=UTC)
SECONDS, MINUTES = 24 * 60 * 60, 24 * 60
"""Of a day without a change of clocks."""


def zone_of(case: Case) -> ZoneInfo:
    """The zone in which a case is counted. Errors: TypeError where its start carries none of the tz database."""
    zone = case.start.tzinfo
    if not isinstance(zone, ZoneInfo):
        raise TypeError("a start carries the zone of the place where the duty is owed")
    return zone


def seconds_of(time: datetime) -> int:
    """An aware time as an instant, its seconds dropped: a deadline never gains by rounding."""
    offset = time.utcoffset() or timedelta()
    local = time.toordinal() * SECONDS + time.hour * 3600 + time.minute * 60
    return local - offset.days * SECONDS - offset.seconds


def time_of(seconds: int, zone: ZoneInfo) -> datetime:
    """An instant on the wall clocks of a zone."""
    return (FIRST + timedelta(seconds=seconds - SECONDS)).astimezone(zone)


@lru_cache(maxsize=65536)
def instant(zone: ZoneInfo, day: int, minute: int = 0) -> int:
    """When wall clocks show a minute of a date: the first time, where they show it twice.

    A minute that the clocks skip is read as if they had not yet been put forward; of a midnight, that is the moment
    at which the date begins.
    """
    return seconds_of(wall(zone, day, minute))


def wall(zone: ZoneInfo, day: int, minute: int) -> datetime:
    """The same as a time of a zone; `minute` may be 24:00, which is the next midnight."""
    days, rest = divmod(minute, MINUTES)
    return datetime.fromordinal(day + days).replace(hour=rest // 60, minute=rest % 60, tzinfo=zone)


def at(zone: ZoneInfo, day: int, minute: int) -> datetime:
    """The same, as wall clocks do show it: a minute that they skip is told as the one they show instead."""
    time = wall(zone, day, minute)
    if time.utcoffset() == time.replace(fold=1).utcoffset():  # no change of clocks near it
        return time
    return time_of(seconds_of(time), zone)
