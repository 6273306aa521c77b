"""The community's clocks, asked by name: what the folders above ask instead of a setting. One query, or none."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from nowrongdoor.clocks.counting import reading, rules
from nowrongdoor.clocks.counting.facts import Book, Case, Clock, Counted, Unit
from nowrongdoor.community import queries as community
from nowrongdoor.community.queries import NotLoaded

BOOK = "clocks"
"""The setting that holds the text of `clocks.yaml`."""
CAPACITY, REVIEW = "capacity_review", "emergency_access_review"
CAUTION = "caution"
OVERDUE_AGAIN = "case_overdue_again"
GUEST_LINK, GUEST_CODE = "guest_link", "guest_code"
NEEDED = (REVIEW, GUEST_LINK, GUEST_CODE)
"""The clocks that the program asks for in every community; of places it asks for `CAPACITY`, of teams for `CAUTION`, of cases for `OVERDUE_AGAIN`."""
Pauses = Sequence[tuple[datetime, datetime]]
_ONE = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}


def counted(name: str, start: datetime, paused: Pauses = ()) -> Counted:
    """What a clock comes to from this start, counted where the community is. A clock that no pause stops runs on.

    Errors: NotLoaded where the community has no such clock.
    """
    book, clock = _clock(name)
    pauses = tuple(paused) if clock.pausable else ()
    return rules.count(book, clock, Case(start.astimezone(ZoneInfo(book.zone)), paused=pauses))


def due(name: str, start: datetime, paused: Pauses = ()) -> datetime:
    """When it is due by the ordinary reading. Errors: as `counted`; NotLoaded also where it is not in force."""
    found = counted(name, start, paused).due
    if found is None:
        raise NotLoaded(f"the clock {name} is not in force at this time")
    return found


def opens(name: str, start: datetime) -> datetime:
    """From when an act counts as in time: its start, or the day that the row names. Errors: as `counted`."""
    book, clock = _clock(name)
    return rules.window_opens(clock, Case(start.astimezone(ZoneInfo(book.zone)))) or start


def lasts(name: str) -> timedelta:
    """How long a clock of plain minutes or hours runs. Errors: NotLoaded for another sort, or none."""
    _book, clock = _clock(name)
    terms = clock.versions[-1].ordinary
    if terms.unit not in _ONE or terms.excluded is not None:
        raise NotLoaded(f"the clock {name} does not run in plain minutes or hours")
    return terms.amount * _ONE[terms.unit]


def days(name: str) -> int:
    """How many days a clock of calendar days runs. Errors: as `lasts`."""
    _book, clock = _clock(name)
    terms = clock.versions[-1].ordinary
    if terms.unit is not Unit.CALENDAR_DAYS:
        raise NotLoaded(f"the clock {name} does not run in calendar days")
    return terms.amount


def _clock(name: str) -> tuple[Book, Clock]:
    text = community.text_of(BOOK)
    book = _read(text)
    if name not in book.clocks:
        raise NotLoaded(f"the community has no clock {name}")
    return book, book.clocks[name]


@lru_cache(maxsize=4)
def _read(text: str) -> Book:
    return reading.read_text(text)
