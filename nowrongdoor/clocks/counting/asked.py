"""Reading one line of what is asked of the clocks: `{"clock", "start", "zone", "facts"}`. Pure."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nowrongdoor.clocks.counting.facts import Book, Calendar, Case, Clock, Kind, Reading
from nowrongdoor.clocks.counting.limits import most_of
from nowrongdoor.kernel.hours import readings
from nowrongdoor.kernel.verdict import BadInput

T = TypeVar("T")
KEYS = ("clock", "start", "zone", "facts")
WORLD = ("fold", "reading", "calendar", "closures", "adopted")
"""Facts that any clock may be asked with; the others belong to rows of their sort."""
FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST = 2_000
"""Of each list: a life of stays, and more days than a court is ever shut."""
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:[0-5]\d)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NOTHING = (None, "")
"""A zone or facts that are not given: what is left empty in a table of cases."""


def read_line(book: Book, given: object) -> tuple[Clock, Case]:
    """What one line asks: which clock, in which case.

    Units: times are local, `YYYY-MM-DD HH:MM`, in the line's zone or else the book's; seconds are dropped. Dates are
        `YYYY-MM-DD`.
    Errors: BadInput, naming the key: for one that is unknown or missing, a clock, zone or calendar that there is not,
        a time that cannot be read or that clocks skipped, and a fact that a row of this sort has no use for.
    """
    if not isinstance(given, dict):
        raise BadInput(
            "line", "clock.shape", "A line is an object of JSON: clock, start, zone, facts."
        )
    for key in given:
        if key not in KEYS:
            raise BadInput(key, "clock.key", "A line has no {name}.", name=_short(key))
    for key in KEYS[:2]:
        if key not in given:
            raise BadInput(key, "clock.missing", "A line needs {name}.", name=key)
    clock = _clock(book, given["clock"])
    zone, facts = given.get("zone"), given.get("facts")
    zone = _zone(book.zone if zone in NOTHING else zone)
    facts = {} if facts in NOTHING else _written_out(facts)
    if not isinstance(facts, dict):
        raise BadInput("facts", "clock.shape", "Facts are an object of JSON: names with values.")
    return clock, _Facts(book, clock, zone, facts).case(given["start"])


class _Facts:
    """The facts of one line, read as the row has a use for them."""

    def __init__(
        self, book: Book, clock: Clock, zone: ZoneInfo, given: Mapping[str, object]
    ) -> None:
        self.book, self.clock, self.zone, self.given = book, clock, zone, given

    def case(self, start: object) -> Case:
        own = self.own()
        for name in self.given:
            if name not in own and name not in WORLD:
                raise BadInput(name, "clock.fact", "{clock} has no use for {name}.", clock=self.clock.id, name=_short(name))  # fmt: skip
        if not self.given:
            return Case(self.time("start", start))
        fold = self.one("fold", _fold, 0)
        return Case(
            start=self.time("start", start, fold),
            reading=self.one("reading", _reading, Reading.ORDINARY),
            calendar=self.one("calendar", self.calendar, None),
            closures=frozenset(self.many("closures", _date)),
            amount=self.one("amount", self.amount, None),
            adopted=frozenset(self.many("adopted", _name)),
            paused=tuple(self.many("paused", self.pause)),
            absences=tuple(self.many("absences", _days)),
            stays=tuple(self.many("stays", _days)),
            caps=self.caps(),
        )

    def own(self) -> frozenset[str]:
        """The facts that this row has a use for, besides those of the world."""
        clock = self.clock
        has = {
            "amount": clock.setting,
            "paused": clock.pausable,
            "absences": clock.tolled,
            "stays": clock.kind is Kind.COUNTER,
        }
        return frozenset(
            {*(name for name, true in has.items() if true), *filter(None, [clock.cap])}
        )

    def one(self, name: str, read: Callable[[str, object], T], otherwise: T) -> T:
        value = self.given.get(name)
        return otherwise if value is None else read(name, value)

    def many(self, name: str, read: Callable[[str, object], T]) -> list[T]:
        value = self.given.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > MOST:
            raise BadInput(name, "clock.list", "{name} is a list of at most {most}.", name=name, most=str(MOST))  # fmt: skip
        return [read(name, each) for each in value]

    def caps(self) -> dict[str, date | datetime]:
        name = self.clock.cap
        value = self.given.get(name) if name else None
        if value is None:
            return {}
        if isinstance(value, str) and _DATE.fullmatch(value):
            return {name: _date(name, value)}
        return {name: self.time(name, value)}

    def time(self, name: str, value: object, fold: int = 0) -> datetime:
        read = _TIME.fullmatch(value) if isinstance(value, str) else None
        try:
            local = datetime.fromisoformat(f"{read[1]} {read[2]}") if read else None
        except ValueError:
            local = None
        if local is None:
            raise BadInput(name, "clock.time", "{name} is not a time: write 2026-11-30 14:05.", name=name)  # fmt: skip
        _in_reach(name, local)
        found = readings(local, self.zone)
        if not found:
            raise BadInput(name, "clock.skipped", "{name} is a time that clocks skipped when they were put forward.", name=name)  # fmt: skip
        return local.replace(tzinfo=self.zone, fold=min(fold, len(found) - 1))

    def pause(self, name: str, value: object) -> tuple[datetime, datetime]:
        begin, end = _pair(name, value)
        span = self.time(name, begin), self.time(name, end)
        return _in_order(name, span)

    def calendar(self, name: str, value: object) -> Calendar:
        found = self.book.calendars.get(value) if isinstance(value, str) else None
        if found is None:
            raise BadInput(name, "clock.calendar", "There is no calendar {value} here.", value=_short(value))  # fmt: skip
        return found

    def amount(self, name: str, value: object) -> int:
        units = {
            terms.unit
            for each in self.clock.versions
            for terms in (each.ordinary, each.cautious)
            if terms
        }
        least, most = (
            pick(most_of(unit)[n] for unit in units) for n, pick in enumerate((max, min))
        )
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise BadInput(name, "clock.amount", "{name} is a whole number from {least} to {most}.", name=name, least=str(least), most=str(most))  # fmt: skip
        return value


def _written_out(facts: object) -> object:
    """Facts as a table of cases holds them, a text of JSON, are read as what the text says."""
    try:
        return json.loads(facts, object_pairs_hook=_once) if isinstance(facts, str) else facts
    except (ValueError, RecursionError):
        return None


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a name is given twice")
    return read


def _clock(book: Book, value: object) -> Clock:
    found = book.clocks.get(value) if isinstance(value, str) else None
    if found is None:
        raise BadInput("clock", "clock.unknown", "There is no clock {value} here.", value=_short(value))  # fmt: skip
    return found


@lru_cache(maxsize=1024)
def _known_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zone(value: object) -> ZoneInfo:
    found = _known_zone(value) if isinstance(value, str) else None
    if found is None:
        raise BadInput("zone", "clock.zone", "There is no time zone {value}.", value=_short(value))
    return found


def _fold(name: str, value: object) -> int:
    if value not in (0, 1) or isinstance(value, bool | float):
        raise BadInput(name, "clock.fold", "{name} is 0 or 1: which of two equal times in autumn.", name=name)  # fmt: skip
    return 1 if value == 1 else 0


def _reading(name: str, value: object) -> Reading:
    if not isinstance(value, str) or value not in tuple(Reading):
        raise BadInput(name, "clock.reading", "{name} is ordinary or cautious.", name=name)
    return Reading(value)


def _name(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadInput(name, "clock.name", "{name} is a list of names.", name=name)
    return value


def _date(name: str, value: object) -> date:
    try:
        read = (
            date.fromisoformat(value) if isinstance(value, str) and _DATE.fullmatch(value) else None
        )
    except ValueError:
        read = None
    if read is None:
        raise BadInput(name, "clock.date", "{name} is not a date: write 2026-11-30.", name=name)
    _in_reach(name, read)
    return read


def _days(name: str, value: object) -> tuple[date, date]:
    begin, end = _pair(name, value)
    return _in_order(name, (_date(name, begin), _date(name, end)))


def _pair(name: str, value: object) -> Sequence[object]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - from, to
        raise BadInput(name, "clock.pair", "{name} is a list of pairs: from, to.", name=name)
    return value


D = TypeVar("D", date, datetime)


def _in_order(name: str, span: tuple[D, D]) -> tuple[D, D]:
    if span[1] - span[0] < timedelta():
        raise BadInput(name, "clock.order", "In {name} an end is before its start.", name=name)
    return span


def _in_reach(name: str, when: date) -> None:
    if not FIRST_YEAR <= when.year < LAST_YEAR:
        raise BadInput(name, "clock.year", "{name} is a time from {first} to {last}.", name=name, first=str(FIRST_YEAR), last=str(LAST_YEAR - 1))  # fmt: skip


def _short(value: object) -> str:
    return str(value)[:40]
