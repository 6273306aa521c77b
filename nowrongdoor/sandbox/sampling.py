"""Drawing from what a community's file says. Pure: everything comes out of the `Random` that is given."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import exp
from random import Random
from typing import TypeVar

T = TypeVar("T")
AT = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
LARGEST = 500.0
CHECK_IN_S = 900.0
LATE_SIGN_S = 1500.0
"""A sign of life in good time, and one that is missed: it is due after twenty minutes."""
CHOICE_S = 1230.0
"""How long a desk leaves a queue alone: a choice is due after twenty minutes, and again."""


def seeded(*parts: object) -> Random:
    """A generator of its own for each thing that is drawn, so that none depends on what came before."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - a city, not a secret


def chosen(random: Random, share: Mapping[T, float]) -> T:
    """One of these, each as often as its weight says."""
    names = list(share)
    return random.choices(names, [share[name] for name in names])[0]


def spell(random: Random, quantiles: Sequence[float]) -> float:
    """Seconds, between quantiles in a straight line; beyond p5 and p95 as at them."""
    where = random.random()
    above = bisect_right(AT, where)
    if above in (0, len(AT)):
        return quantiles[min(above, len(AT) - 1)]
    low, high = AT[above - 1], AT[above]
    return quantiles[above - 1] + (quantiles[above] - quantiles[above - 1]) * (where - low) / (
        high - low
    )


def poisson(random: Random, mean: float) -> int:
    """How many happen where `mean` are expected. Errors: ValueError above `LARGEST`."""
    if mean > LARGEST:
        raise ValueError("an hour of more than 500 calls is not this city")
    left, count = exp(-mean), -1
    product = 1.0
    while product > left:
        product *= random.random()
        count += 1
    return max(count, 0)


def signs(stay_s: float, late: Callable[[], bool]) -> Iterator[float]:
    """The pauses of a stay, which are as long as it in all: between two of them stands a sign of life."""
    while stay_s > CHECK_IN_S:
        pause_s = min(LATE_SIGN_S if late() else CHECK_IN_S, stay_s)
        stay_s -= pause_s
        yield pause_s
    if stay_s > 0:
        yield stay_s


def waits(wait_s: float) -> Iterator[float]:
    """The pauses of a wait, which are as long as it in all: between two of them choices are made."""
    while wait_s > 0:
        pause_s = min(CHOICE_S, wait_s)
        wait_s -= pause_s
        yield pause_s
