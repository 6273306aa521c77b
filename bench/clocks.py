"""One clock counted, and counted and said in words: every row of the community's file, over twenty years.

Pure: no database. The floor is what no count can do without: so many hours added to a moment, on the same zone's
wall clocks, for the same starts in the same process right after.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from bench.figures import Figure, quantile, repeated
from nowrongdoor.clocks.counting.facts import Book, Case, Clock, Kind, Reading
from nowrongdoor.clocks.counting.reading import book_of
from nowrongdoor.clocks.counting.rules import count
from nowrongdoor.clocks.counting.words import in_words

MANY = 20_000
FIRST, DAYS = datetime(2016, 1, 1, tzinfo=UTC), 20 * 365
ZONES = ("America/Phoenix", "America/Los_Angeles")
AIM_US = 20
T = TypeVar("T")
Asked = tuple[Clock, Case]
Turn = dict[str, list[float]]


def run(repeats: int) -> list[Figure]:
    book = book_of("tucson")
    turns = repeated("clocks", repeats, lambda number: _turn(book, Random(number)))
    slowest = Figure(
        "clocks",
        "the slowest of the clocks counted, p50",
        "µs",
        [max(turn["by clock"]) for turn in turns],
        [quantile(turn["floor"], 0.5) for turn in turns],
        "the p50 of each clock by itself, the greatest",
        f"<= {AIM_US} µs",
    )
    whole = [
        Figure(
            "clocks",
            f"one clock {what}, {name}",
            "µs",
            [quantile(turn[what], part) for turn in turns],
            [quantile(turn["floor"], part) for turn in turns],
            f"{MANY:,} cases of {len(book.clocks)} clocks; floor: hours added in a zone",
            f"<= {AIM_US} µs" if (what, name) == ("counted", "p50") else "",
        )
        for what in ("counted", "counted and said")
        for name, part in (("p50", 0.5), ("p99", 0.99))
    ]
    return [*whole, slowest]


def _turn(book: Book, chance: Random) -> Turn:
    asked = cases(book, chance)
    _timed(
        lambda one: count(book, *one), asked
    )  # dates that nobody has asked of are worked out once
    counted = _timed(lambda one: count(book, *one), asked)
    of_clock: dict[str, list[float]] = {}
    for (clock, _case), us in zip(asked, counted, strict=True):
        of_clock.setdefault(clock.id, []).append(us)
    return {
        "counted": counted,
        "by clock": [quantile(each, 0.5) for each in of_clock.values()],
        "floor": _timed(lambda one: _added(one[1].start), asked),
        "counted and said": _timed(lambda one: in_words(book, count(book, *one)), asked),
    }


def _timed(act: Callable[[Asked], T], asked: Sequence[Asked]) -> list[float]:
    us = []
    for one in asked:
        began = time.perf_counter_ns()
        act(one)
        us.append((time.perf_counter_ns() - began) / 1000)
    return us


def _added(start: datetime) -> datetime:
    return (start.astimezone(UTC) + timedelta(hours=24)).astimezone(start.tzinfo)


def cases(book: Book, chance: Random) -> list[Asked]:
    """Any clock, from any minute of twenty years, one in three with facts of its own."""
    return [_case(book, chance) for _ in range(MANY)]


def _case(book: Book, chance: Random) -> Asked:
    clock = chance.choice(tuple(book.clocks.values()))
    zone = ZoneInfo(chance.choice(ZONES))
    minutes = timedelta(minutes=chance.randrange(DAYS * 24 * 60))
    start = (FIRST + minutes).astimezone(zone)
    if chance.random() > 1 / 3:
        return clock, Case(start)
    day = start.date()
    return clock, Case(
        start,
        reading=chance.choice(tuple(Reading)),
        closures=frozenset({day + timedelta(days=chance.randint(1, 9))}),
        paused=((start + timedelta(hours=1), start + timedelta(hours=9)),)
        if clock.pausable
        else (),
        absences=_spans(day, chance) if clock.tolled else (),
        stays=_spans(day - timedelta(days=400), chance) if clock.kind is Kind.COUNTER else (),
    )


def _spans(day: date, chance: Random) -> tuple[tuple[date, date], ...]:
    begins = [day + timedelta(days=chance.randint(1, 350)) for _ in range(2)]
    return tuple((each, each + timedelta(days=chance.randint(0, 20))) for each in begins)
