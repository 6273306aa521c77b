"""How long it takes to put every unit in order for one need, from ten units to a hundred thousand.

Pure: no database. The floor is sorting as many plain tuples by one number in the same process right
after. A slope is fitted through the sizes: 1.0 would be linear growth.
"""

import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from random import Random
from uuid import UUID

from bench.figures import Figure, repeated
from nowrongdoor.dispatch.facts import (
    Axis,
    CrewFacts,
    KindFacts,
    Mode,
    Point,
    Stage,
    UnitFacts,
    UnitRequirements,
)
from nowrongdoor.dispatch.rules.ranking import Driving, rank_units

SIZES = (10, 100, 1_000, 10_000, 100_000)
DESK = UUID(int=1)
AT = datetime(2027, 3, 1, 19, tzinfo=UTC)
DRIVING = Driving(factor=1.6, speed_kmh=40)
LEAST_S = 0.2


def run(repeats: int) -> list[Figure]:
    turns = repeated("ranking", repeats, _turn)
    figures = [
        Figure(
            "ranking",
            f"{size:,} units in order",
            "ms",
            [turn[size][0] for turn in turns],
            [turn[size][1] for turn in turns],
            "floor: sorting as many pairs",
            "<= 5 ms" if size == 1_000 else "",
        )
        for size in SIZES
    ]
    slopes = [slope([(size, turn[size][0]) for size in SIZES]) for turn in turns]
    return [
        *figures,
        Figure("ranking", "growth with units", "(log-log)", slopes, (), "10 to 100,000"),
    ]


def _turn(number: int) -> dict[int, tuple[float, float]]:
    chance = Random(number)
    units = [_unit(index, chance) for index in range(SIZES[-1])]
    need = UnitRequirements(_kind(), DESK, AT, Point(32.2, -110.9), "es")
    pairs = [(chance.random(), index) for index in range(SIZES[-1])]
    return {
        size: (
            _ms(partial(rank_units, need, units[:size], driving=DRIVING)),
            _ms(partial(sorted, pairs[:size])),
        )
        for size in SIZES
    }


def _ms(act: partial[object]) -> float:
    """Milliseconds of one call, over as many calls as fill a fifth of a second."""
    calls, began = 0, time.perf_counter()
    while time.perf_counter() - began < LEAST_S:
        act()
        calls += 1
    return (time.perf_counter() - began) / calls * 1000


def _kind() -> KindFacts:
    kinds = frozenset({"mobile-team"})
    return KindFacts(
        "mobile_team", Axis.CLINICAL, Mode.NONE, kinds, frozenset({"deescalation"}), clinician=True
    )


def _unit(index: int, chance: Random) -> UnitFacts:
    """One unit as a large region has them: most of the kind, some busy, some with gaps, some far."""
    crew = tuple(
        CrewFacts(
            UUID(int=index * 2 + seat),
            "team_clinician",
            frozenset({"en", "es"} if chance.random() < 0.4 else {"en"}),
            {"deescalation": None} if chance.random() < 0.8 else {},
        )
        for seat in range(2)
    )
    return UnitFacts(
        id=UUID(int=index),
        code=f"U{index}",
        kind="mobile-team" if chance.random() < 0.8 else "ambulance",
        authority_ids=frozenset({DESK}),
        crew=crew,
        stage=Stage.ON_SCENE if chance.random() < 0.3 else None,
        done_today=chance.randrange(6),
        at=Point(32 + chance.random() / 2, -111 + chance.random() / 2),
    )


def slope(points: Sequence[tuple[int, float]]) -> float:
    """The slope of a straight line through the points, both axes logarithmic."""
    xs, ys = [math.log(n) for n, _ in points], [math.log(ms) for _, ms in points]
    x0, y0 = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - x0) * (y - y0) for x, y in zip(xs, ys, strict=True)) / sum(
        (x - x0) ** 2 for x in xs
    )
