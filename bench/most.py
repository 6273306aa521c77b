"""The most calls a second that 200 live boards hold.

The rate of `boards` climbs until it is not held: a row is missing somewhere, a command is refused, or the
rows come so late (p99) that they only queue up. The last rate that was held is the figure. The floor is
the bare fan-out server of `boards`, with the same boards, the same sender and the same three conditions.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import takewhile
from typing import Any

from bench import boards
from bench.figures import Figure, repeated
from bench.house import House, house
from bench.processes import free_port, started

FIRST = 10.0
STEP = 1.25
FLOOR_STEP = 2.0
MOST = 5_000.0
SECONDS = 10.0
HELD_MS = 1_000.0

Seen = dict[str, Any]


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where the program could not be started, or nobody could sign in."""
    with house() as running:
        job = boards.planned(running) | {"seconds": SECONDS}
        boards.watched(running, job | {"seconds": boards.WARM_S})
        turns = repeated("most", repeats, partial(_turn, running, job))
    n = f"{len(job['cookies'])} boards, {SECONDS:.0f} s at each rate, each {STEP} times the last"
    return [
        Figure(
            "most",
            f"calls a second held: every row everywhere, p99 ≤ {HELD_MS:.0f} ms",
            "a second",
            [ours[0] for ours, _ in turns],
            [floor[0] for _, floor in turns],
            n,
        ),
        Figure(
            "most",
            "call to row at that rate: p99",
            "ms",
            [ours[1] for ours, _ in turns],
            [floor[1] for _, floor in turns],
            n,
        ),
    ]


def _turn(
    house: House, job: dict[str, Any], _number: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    ours = _held(lambda rate: boards.watched(house, job | {"rate": rate}), STEP)
    port, size = free_port(), boards.watched(house, job | {"seconds": 1.0})["frame_bytes"]
    with started([sys.executable, "-m", "bench.floor_boards", str(port), str(size)]):
        boards.listening(port)
        asked = job | {"port": port, "path": "/", "strangers": []}
        floor = _held(lambda rate: boards.seen_by(asked | {"rate": rate}), FLOOR_STEP)
    return ours, floor


def _held(at: Callable[[float], Seen], step: float) -> tuple[float, float]:
    """The last rate that was held, and its p99; none, where not even the first was."""
    found = takewhile(lambda each: _holds(each[1]), ((rate, at(rate)) for rate in _rates(step)))
    return max(((rate, seen["p99_ms"]) for rate, seen in found), default=(0.0, 0.0))


def _rates(step: float) -> Iterator[float]:
    rate = FIRST
    while rate <= MOST:
        yield rate
        rate *= step


def _holds(seen: Seen) -> bool:
    print(
        f"  {seen['sent'] / SECONDS:.1f} a second: p99 {seen['p99_ms']:.0f} ms, gaps {seen['gaps']}, "
        f"refused {seen['refused']}, streams that ended {seen['closed']}, sender late {seen['late_ms']:.0f} ms",
        file=sys.stderr,
    )
    lost = seen["gaps"] or seen["refused"] or seen["closed"]
    return not lost and bool(seen["p99_ms"] <= HELD_MS)
