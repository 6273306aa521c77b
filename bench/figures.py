"""What was measured, and how it is printed."""

import math
import os
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured quantity. `ours` and `floor` hold one value for each repeat.

    `n` says in words what each value rests on; `aim` is printed, never asserted.
    """

    bench: str
    what: str
    unit: str
    ours: Sequence[float]
    floor: Sequence[float] = ()
    n: str = ""
    aim: str = ""

    def cells(self) -> tuple[str, ...]:
        """One row of the table."""
        base = median(self.floor) if self.floor else 0.0
        return (
            self.bench,
            self.what,
            f"{number(median(self.ours))} {self.unit}",
            spread(self.ours),
            f"{number(base)} {self.unit}" if self.floor else "–",
            spread(self.floor) if self.floor else "–",
            f"{number(median(self.ours) / base)}×" if base else "–",
            self.n,
            self.aim or "–",
        )


HEAD = ("bench", "figure", "median", "IQR", "floor", "floor IQR", "ratio", "n", "aim")


def table(figures: Iterable[Figure]) -> str:
    """A Markdown table, padded so that it can be read as it is."""
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def spread(values: Sequence[float]) -> str:
    """The quartiles of the repeats, or that there was only one."""
    if len(values) < 2:
        return "once"
    low, _, high = quantiles(values, n=4, method="inclusive")
    return f"{number(low)}–{number(high)}"


def number(value: float) -> str:
    """Three digits that matter, at least."""
    if abs(value) < 1:
        return f"{value:.3g}"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def quantile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least this part of them does not exceed; NaN where there is none."""
    if not values:
        return math.nan
    return sorted(values)[max(1, math.ceil(part * len(values))) - 1]


def machine() -> str:
    """What the figures were taken on, as far as it explains them."""
    processors = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    )
    system = f"{platform.system()} on {platform.machine()}"
    return f"{processors} processors, {system}, Python {platform.python_version()}"


def say(text: str) -> None:
    """How far it is, beside the figures on standard output."""
    print(text, file=sys.stderr, flush=True)


def repeated(name: str, repeats: int, once: Callable[[int], T]) -> list[T]:
    """Do it again and again, and say how far it is."""
    done = []
    for turn in range(repeats):
        say(f"{name}: repeat {turn + 1} of {repeats}")
        done.append(once(turn))
    return done
