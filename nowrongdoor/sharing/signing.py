"""A signature: strokes of a finger, or a name that was typed. Pure.

A point is (x, y) in a box of WIDTH by HEIGHT, whole numbers, so that what was drawn on any screen is drawn again on any
other and on paper.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.web.fields import Field, Lists, Widget

WIDTH, HEIGHT = 1000, 400
MOST_POINTS, FEWEST_POINTS = 5000, 8
Strokes = tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """`drawn` or `typed`, whichever came. `minor`: the name that a minor typed beside a guardian."""

    drawn: Strokes = ()
    typed: str = ""
    minor: str = ""

    @property
    def kind(self) -> str:
        return "drawn" if self.drawn else "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing(Field):
    """Strokes as JSON: a list of strokes, each a list of points [x, y]."""

    @property
    def widget(self) -> Widget:
        return Widget.HIDDEN

    def read(self, name: str, text: str, *, at: datetime) -> object:  # noqa: ARG002
        try:
            said: Any = json.loads(text) if len(text) < 20 * MOST_POINTS else None
            return tuple(tuple((int(x), int(y)) for x, y in stroke) for stroke in said)
        except (ValueError, TypeError, RecursionError, OverflowError):
            raise self.missing(name) from None

    def check(self, name: str, value: object, codes: Lists) -> None:  # noqa: ARG002
        points = [point for stroke in value for point in stroke] if isinstance(value, tuple) else []
        inside = all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
        if value and not (inside and FEWEST_POINTS <= len(points) <= MOST_POINTS):
            raise BadInput(
                name,
                "signature.unreadable",
                "This drawing cannot be kept. Clear it and sign again, or type the name.",
            )


def kept(signature: Signature) -> str:
    """As a column keeps it."""
    if not signature.drawn and not signature.typed:
        return ""
    found: dict[str, object] = {signature.kind: signature.drawn or signature.typed}
    return json.dumps(found | ({"minor": signature.minor} if signature.minor else {}))


def read(text: str) -> Signature:
    """A signature from its column: as `kept` wrote it, or a name alone; none from an empty one."""
    if not text.startswith("{"):
        return Signature(typed=text)
    said = json.loads(text)
    drawn = tuple(tuple((x, y) for x, y in stroke) for stroke in said.get("drawn", ()))
    return Signature(drawn, said.get("typed", ""), said.get("minor", ""))


def path(strokes: Strokes) -> str:
    """The strokes as the path of an SVG; a stroke of one point is a dot."""
    return "".join(
        f"M{stroke[0][0]} {stroke[0][1]}" + "".join(f"L{x} {y}" for x, y in stroke[1:] or stroke)
        for stroke in strokes
        if stroke
    )
