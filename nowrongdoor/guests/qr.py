"""A QR code as one path of SVG: no style, no script, no mark-up that is not ours."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import segno

QUIET = 4  # modules around it, as the standard wants


@dataclass(frozen=True, slots=True)
class Drawing:
    """`size` is the width of its square, in modules; `path` fills the dark ones."""

    size: int
    path: str


def draw(text: str) -> Drawing:
    rows = list(segno.make(text, error="m", micro=False).matrix_iter(border=QUIET))
    return Drawing(len(rows), "".join(_runs(y, row) for y, row in enumerate(rows)))


def _runs(y: int, row: Iterable[int]) -> str:
    """The dark stretches of one row, each as a rectangle."""
    found = ""
    x = 0
    for dark, modules in groupby(row):
        width = len(list(modules))
        if dark:
            found += f"M{x} {y}h{width}v1h-{width}z"
        x += width
    return found
