"""Whole call lives a second over HTTP, and how long one takes when twice as many begin as can be lived.

First eight clients in a closed loop: how many lives a second. Then in an open loop, at half of that
rate and at twice: a life counts from the moment at which it was to begin. At twice the rate the line of
those who wait grows for as long as it lasts, so that figure says how it gets worse, and that nobody is lost.
The floor is as many transactions as a life has commands, with as many INSERTs and UPDATEs as the database
counted for them, by as many connections, one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

from bench import commands
from bench.boards import sign_in
from bench.figures import Figure, quantile, repeated, say
from bench.house import House, house
from bench.processes import Failed, ask, finish
from bench.taps import FILL

UNITS = 64
CLIENTS = 8
WAITING = 24
SECONDS = 15.0
WARM_S = 4.0
DESKS = {
    "taker": ("anna.miller", "911/floor"),
    "counselor": ("maria.lopez", "line/counselors"),
    "dispatcher": ("david.chavez", "911/floor"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One repeat; `floor` is lives a second that the database alone could write."""

    rate: float
    at_once: dict[str, Any]
    half: dict[str, Any]
    twice: dict[str, Any]
    floor: float


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where the program could not be started, or a life was not lived to its end."""
    with house() as running:
        job = _job(running)
        before = commands.written(running)
        warm = lived(job | {"seconds": WARM_S})
        after = commands.written(running)
        writes = commands.each(before, after, len(warm["ms"]), commands=int(warm["steps"]))
        turns = repeated("lives", repeats, partial(_turn, running, job, writes))
    return _figures(turns, writes)


def _job(house: House) -> dict[str, Any]:
    finish([*FILL, "0", str(UNITS)], most_s=300, environment=house.environment)
    asked = {
        "tokens": [DESKS["taker"]],
        "positions": [username for username, _program in DESKS.values()],
        "programs": ["line/counselors", "911/floor"],
    }
    given = ask("tokens", asked, most_s=60, environment=house.environment)
    cookies = [sign_in(house.port, position) for position in given["positions"]]
    units = house.rows(
        "SELECT id::text FROM dispatch_unit WHERE source = 'made up for a benchmark'"
    )
    return {
        "port": house.port,
        "rate": 0,
        "clients": CLIENTS,
        "seconds": SECONDS,
        "key": given["tokens"][0],
        "desks": dict(zip(DESKS, cookies, strict=True)),
        "programs": dict(zip(("line", "floor"), given["programs"], strict=True)),
        "units": [id for [id] in units],
    }


def lived(job: dict[str, Any]) -> dict[str, Any]:
    """Errors: Failed where anybody was lost on the way."""
    answer: dict[str, Any] = ask("living", job, most_s=job["seconds"] * 8 + 120)
    if answer["refused"] or not answer["ms"]:
        raise Failed(f"{answer['refused']} lives were not lived to their end: {answer['said']}")
    return answer


def _turn(house: House, job: dict[str, Any], writes: commands.Writes, _number: int) -> Turn:
    at_once = lived(job)
    rate = len(at_once["ms"]) / at_once["seconds"]
    half = lived(job | {"rate": rate / 2, "clients": WAITING})
    twice = lived(job | {"rate": rate * 2, "clients": WAITING})
    floor = commands.floor_of(house, writes)
    return Turn(rate, at_once, half, twice, len(floor["ms"]) / floor["seconds"] / writes.commands)


def _figures(turns: Sequence[Turn], writes: commands.Writes) -> list[Figure]:
    first = turns[0]
    steps = f"{first.at_once['steps']} commands a life; {writes.text()}"
    say(f"lives: {sum(len(t.at_once['ms'] + t.half['ms'] + t.twice['ms']) for t in turns)}, 0 lost")
    rates = [turn.rate for turn in turns]
    figures = [
        Figure("lives", "lives a second", "/s", rates, [turn.floor for turn in turns], steps)
    ]
    for name, part in (("half", "half"), ("twice", "twice")):
        seen = [getattr(turn, part) for turn in turns]
        n = f"{median(len(each['ms']) for each in seen):,.0f} lives begun in {SECONDS:.0f} s"
        for quantile_name, at in (("p50", 0.5), ("p99", 0.99)):
            what = f"a life at {name} that rate: {quantile_name}"
            figures.append(
                Figure("lives", what, "s", [quantile(each["ms"], at) / 1000 for each in seen], n=n)
            )
    return figures
