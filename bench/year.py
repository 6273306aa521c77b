"""Commands and pages as history grows, up to a year and a million entries; and that year, verified.

A synthetic city's day is played by its own commands, then copied back in time (`multiplied`) until
the journal has ten thousand, a hundred thousand and a million entries. At each size: entering calls
by eight clients in a closed loop, and pages as the line's supervisor asks for them, one after the other.
The floor of a command is the same number of INSERTs and UPDATEs in an empty database; the floor of
a page is `/health`. The slope is what ten times the history adds. In the end `verify` reads it all.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from math import log10
from statistics import linear_regression, median
from typing import Any

import psycopg

from bench import commands, multiplied
from bench.boards import sign_in
from bench.figures import Figure, say
from bench.house import NOWRONGDOOR, House, house
from bench.processes import Failed, ask, finish

DAYS = 1
SIZES = (10_000, 100_000, 1_000_000)
SECONDS = 6.0
DRAWN = 15
LOOKING = "denise.wright"  # at the line: what the clients enter at 911 is not on her board
PAGES = {"holding": "/board/", "07:30": "/morning/", "supervising": "/supervising/"}
SEALED_MOST_S = 300


@dataclass(frozen=True, slots=True)
class Stage:
    """What one size of history costs."""

    entries: int
    call: commands.Work
    pages: dict[str, float]


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where the program could not be started, or the year is not clean."""
    with house() as running:
        say("year: playing a day of the city")
        began = time.monotonic()
        played = ("sandbox", "--days", str(DAYS), "--fast")
        finish([*NOWRONGDOOR, *played], most_s=900, environment=running.environment)
        lives = _lives(running, time.monotonic() - began)
        desks = commands.seated(running)
        call, _sent = commands.counted(running, desks, commands.NOTHING_TO_HAND_ON, commands=1)
        asked = {"tokens": [], "positions": [LOOKING]}
        [position] = ask("tokens", asked, most_s=60, environment=running.environment)["positions"]
        looks = sign_in(running.port, position)
        stages = []
        for grown in _grows(running):
            for turn in range(repeats):
                say(f"year: {grown:,} entries, repeat {turn + 1} of {repeats}")
                stages.append(_stage(running, desks, call, looks, grown))
        began = time.monotonic()
        finish([*NOWRONGDOOR, "verify"], most_s=900, environment=running.environment)
        verified_s = time.monotonic() - began
        return [*_figures(stages, call), lives, *_of_the_whole(running, verified_s)]


def _grows(house: House) -> Iterator[int]:
    """The number of entries at each size, when all of them are sealed."""
    with psycopg.connect(house.admin_url, autocommit=True) as admin:
        history = multiplied.of(admin)
        turn = 0
        for size in SIZES:
            while _entries(house) + history.entries / 2 < size:
                turn += 1
                multiplied.copy(admin, history, turn=turn, days=DAYS * turn)
                if turn % 20 == 0:
                    say(f"year: {turn} days copied")
                    _sealed(house)
            _sealed(house)
            admin.execute("ANALYZE")
            yield _entries(house)


def _entries(house: House) -> int:
    [(count,)] = house.rows("SELECT count(*) FROM journal_entry")
    return int(count)


def _sealed(house: House) -> None:
    until = time.monotonic() + SEALED_MOST_S
    while time.monotonic() < until:
        [(open_,)] = house.rows(
            "SELECT (SELECT count(*) FROM journal_entry) - (SELECT count(*) FROM journal_seal)"
        )
        if not open_:
            return
        time.sleep(0.5)
    raise Failed("the journal was not sealed in time")


def _stage(
    house: House, desks: commands.Desks, call: commands.Writes, looks: str, grown: int
) -> Stage:
    sent = commands.send(house, desks, commands.NOTHING_TO_HAND_ON, SECONDS)
    floor = commands.floor_of(house, call)
    work = commands.Work(commands.speed_of(sent), commands.speed_of(floor))
    return Stage(grown, work, _pages(house, looks))


def _pages(house: House, cookie: str) -> dict[str, float]:
    """Milliseconds of each page, p50."""
    connection = HTTPConnection("localhost", house.port, timeout=60)
    found = {}
    for name, path in (PAGES | {"floor": "/health"}).items():
        ms = []
        for _ in range(DRAWN):
            began = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise Failed(f"{path} answered {answer.status}")
            ms.append((time.perf_counter() - began) * 1000)
        found[name] = median(ms)
    connection.close()
    return found


def _figures(stages: Sequence[Stage], call: commands.Writes) -> list[Figure]:
    figures = []
    for size in dict.fromkeys(stage.entries for stage in stages):
        here = [stage for stage in stages if stage.entries == size]
        for name, unit, key in (
            ("calls a second", "/s", "rate"), ("p50", "ms", "p50_ms"), ("p99", "ms", "p99_ms"),
        ):  # fmt: skip
            ours = [getattr(stage.call.ours, key) for stage in here]
            floor = [getattr(stage.call.floor, key) for stage in here]
            what = f"entering a call after {size:,} entries: {name}"
            figures.append(Figure("year", what, unit, ours, floor, call.text()))
        for name in PAGES:
            ours = [stage.pages[name] for stage in here]
            floor = [stage.pages["floor"] for stage in here]
            what = f"page {name} after {size:,} entries: p50"
            figures.append(Figure("year", what, "ms", ours, floor, f"{DRAWN} a repeat"))
    p50 = [(stage.entries, stage.call.ours.p50_ms) for stage in stages]
    figures.append(_slope("entering a call", p50))
    pages = [
        _slope(f"page {name}", [(stage.entries, stage.pages[name]) for stage in stages])
        for name in PAGES
    ]
    return [*figures, *pages]


def _slope(what: str, points: Sequence[tuple[int, float]]) -> Figure:
    line = linear_regression([log10(entries) for entries, _ms in points], [ms for _, ms in points])
    return Figure("year", f"{what}: what ×10 of history adds to p50", "ms", [line.slope])


def _lives(house: House, seconds: float) -> Figure:
    [(lives, entries)] = house.rows(
        "SELECT (SELECT count(*) FROM episodes_episode), (SELECT count(*) FROM journal_entry)"
    )
    n = f"{lives} calls, {entries:,} entries, one process without HTTP"
    return Figure("year", "full call lives played", "/s", [lives / seconds], n=n)


def _of_the_whole(house: House, verified_s: float) -> list[Figure]:
    [(episodes, days, size)] = house.rows(
        "SELECT count(*), extract(epoch FROM max(opened_at) - min(opened_at)) / 86400,"
        " pg_database_size(current_database()) FROM episodes_episode"
    )
    rests: dict[str, Any] = {"n": f"{episodes:,} episodes over {days:,.0f} days"}
    return [
        Figure("year", "verify, clean", "s", [verified_s], **rests),
        Figure("year", "the database", "MB", [size / 1e6], **rests),
    ]
