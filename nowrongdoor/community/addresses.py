"""Where an address is: a street found by its name, a point by the house number or the street it crosses. Pure.

The name is found as it is said or typed by ear. What is not sure is never taken for found: a person chooses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import cos, hypot, radians

from rapidfuzz import fuzz, process

from nowrongdoor.community.spoken import ORDINAL, words_of
from nowrongdoor.community.streets import Block, Points, Street

LEAST_ALIKE = 70
"""Of 100, how alike two names are that may be one: two letters of eight may be wrong."""
WITHIN = 6
"""Points behind the most alike name: what is as good as it, and is offered too."""
SHORTEST = 3
"""Letters of a name that can be put right at all."""
MOST = 4
"""So many places are offered; more are no help to somebody with a phone at the ear."""
NEAR_M = 250
"""Two lines of an approximate file that come so near to each other cross."""
_SIDES = {"e": ("east", 1), "w": ("east", -1), "n": ("north", 1), "s": ("north", -1)}
_LETTERS = {("east", 1): "E", ("east", -1): "W", ("north", 1): "N", ("north", -1): "S"}
_TYPES = frozenset(
    {
        "st",
        "ave",
        "rd",
        "blvd",
        "dr",
        "wy",
        "ln",
        "pl",
        "ct",
        "cir",
        "pkwy",
        "hwy",
        "ter",
        "trl",
        "fwy",
    }
)
_DRIVEN = frozenset({"freeway", "arterial", "street"})
_M_A_DEGREE = 111_195


@dataclass(frozen=True, slots=True)
class Place:
    """An address or a crossing, as it is written, with its point. Units: degrees."""

    text: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Found:
    """`sure`: the one place, by the very names that were given. `streets`: named, and no point on them is known."""

    places: tuple[Place, ...] = ()
    sure: bool = False
    streets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StreetIndex:
    """The streets by the words of their names, and the blocks of each axis in order. Made once for a file."""

    named: Mapping[str, tuple[Street, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    blocks: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was typed of one street: its number or None, its side or '', the words of its name, its kind or ''."""

    number: int | None
    side: str
    name: str
    type: str


def index(streets: Iterable[Street], blocks: Iterable[Block]) -> StreetIndex:
    """What `find` searches. Rails and rivers have no addresses."""
    named: dict[str, list[Street]] = {}
    for each in streets:
        if each.kind in _DRIVEN:
            named.setdefault(_asked(words_of(each.name)).name, []).append(each)
    axes: dict[str, list[Block]] = {}
    for one in blocks:
        axes.setdefault(one.axis, []).append(one)
    return StreetIndex(
        {name: tuple(rows) for name, rows in named.items()},
        tuple(name for name in named if not _numeric(name)),
        {axis: tuple(sorted(rows, key=lambda row: row.at)) for axis, rows in axes.items()},
    )


def find(text: str, streets: StreetIndex) -> Found:
    """The places that a text may mean, the likeliest first.

    Shape: at most `MOST` places; none where no street is named as this. Not sure: a name was put right, or there
        are several. What stands behind a comma is a description, where the text before it names a street.
    """
    head, comma, _rest = text.partition(",")
    if comma and (found := _find(words_of(head), streets)) != Found():
        return found
    return _find(words_of(text), streets)


def _find(words: list[str], streets: StreetIndex) -> Found:
    while words and words[0] == "and":  # "at the corner of"
        words = words[1:]
    if "and" in words:
        at = words.index("and")
        return _crossing(_asked(words[:at]), _asked(words[at + 1 :]), streets)
    asked = _asked(words)
    rows, exact = _named(asked, streets)
    if asked.number is None:
        return Found(streets=_unique(row.name for row in rows)[:MOST])
    places = [place for row in rows for place in _numbered(row, asked, streets)]
    if not places:
        return Found(streets=_unique(row.name for row in rows)[:MOST])
    open_side = not asked.side and any(_goes_on(row, asked.number, streets) for row in rows)
    return _answer(places, exact=exact and not open_side)


def _answer(places: Sequence[Place], *, exact: bool) -> Found:
    """Two streets of one name in two towns are two places, whose texts are the same."""
    apart = {(place.text, round(place.lat, 3), round(place.lon, 3)): place for place in places}
    once = tuple(apart.values())[:MOST]
    return Found(once, sure=exact and len(once) == 1)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _asked(words: Sequence[str]) -> _Asked:
    """A number before a name is the house's; alone, or said as one of a row, it is the street's."""
    left = list(words)
    number: int | None = None
    if len(left) > 1 and left[0].isdigit() and any(_names(word) for word in left[1:]):
        number = int(left.pop(0))
    side = left.pop(0) if left and left[0] in _SIDES and len(left) > 1 else ""
    if not side and left and left[-1] in _SIDES and len(left) > 1:
        side = left.pop()  # "1200 Speedway east"
    kinds = [word for word in left if word in _TYPES]
    name = [word.removesuffix(ORDINAL) for word in left if word not in _TYPES]
    if not name:
        return _Asked(number, side, " ".join(kinds), "")
    return _Asked(number, side, " ".join(name), kinds[-1] if kinds else "")


def _names(word: str) -> bool:
    return word not in _TYPES and word not in _SIDES


def _numeric(name: str) -> bool:
    return any(char.isdigit() for char in name)


def _named(asked: _Asked, streets: StreetIndex) -> tuple[Sequence[Street], bool]:
    """The streets of this name; else those named nearly so. A number is never nearly another."""
    rows = streets.named.get(asked.name, ())
    if rows:
        of_type = [row for row in rows if _asked(words_of(row.name)).type == asked.type]
        # 4th St is not 4th Ave, which alone is listed
        only = len(rows) == 1 and not _numeric(asked.name)
        return (of_type, True) if of_type else (rows, not asked.type or only)
    if _numeric(asked.name) or len(asked.name) < SHORTEST:
        return (), False
    near = process.extract(
        asked.name, streets.names, scorer=fuzz.ratio, limit=MOST, score_cutoff=LEAST_ALIKE
    )
    best = near[0][1] if near else 0
    return [
        row for name, score, _at in near if score > best - WITHIN for row in streets.named[name]
    ], False


def _numbered(street: Street, asked: _Asked, streets: StreetIndex) -> Iterable[Place]:
    """The house of this number on a line: by the line's own numbers, or by the blocks of the town's grid."""
    number = asked.number or 0
    if street.first is not None and street.last is not None:
        if (at := _between(street.points, street.first, street.last, number)) is not None:
            yield Place(f"{number} {street.name}", at[1], at[0])
        return
    axis = _axis(street.points)
    for (of, sign), letter in _LETTERS.items():
        if of != axis or (asked.side in _SIDES and _SIDES[asked.side] != (of, sign)):
            continue
        where = _stands(streets.blocks.get(axis, ()), sign * number)
        at = None if where is None else _on_line(street.points, axis, where)
        if at is not None:
            yield Place(f"{number} {letter} {street.name}", at[1], at[0])


def _goes_on(street: Street, number: int, streets: StreetIndex) -> bool:
    """Whether the house may stand where the street goes on beyond the blocks that are known: nobody said on which side."""
    axis = _axis(street.points)
    blocks = streets.blocks.get(axis, ())
    if street.first is not None or not blocks:
        return False
    along = [point[0 if axis == "east" else 1] for point in street.points]
    before = number > -blocks[0].number and min(along) < blocks[0].at
    return before or (number > blocks[-1].number and max(along) > blocks[-1].at)


def _axis(points: Points) -> str:
    lon, lat = zip(*points, strict=True)
    wide = (max(lon) - min(lon)) * cos(radians(lat[0]))
    return "east" if wide >= max(lat) - min(lat) else "north"


def _stands(blocks: Sequence[Block], number: int) -> float | None:
    """Degrees along the axis at which a number stands; None outside of the blocks that are known."""
    for one, other in pairwise(blocks):
        if one.number <= number <= other.number and one.number != other.number:
            part = (number - one.number) / (other.number - one.number)
            return one.at + part * (other.at - one.at)
    return None


def _on_line(points: Points, axis: str, where: float) -> tuple[float, float] | None:
    along, across = (0, 1) if axis == "east" else (1, 0)
    for one, other in pairwise(points):
        low, high = sorted((one, other), key=lambda point: point[along])
        if low[along] <= where <= high[along] and high[along] > low[along]:
            part = (where - low[along]) / (high[along] - low[along])
            beside = low[across] + part * (high[across] - low[across])
            return (where, beside) if axis == "east" else (beside, where)
    return None


def _between(points: Points, first: int, last: int, number: int) -> tuple[float, float] | None:
    if not min(first, last) <= number <= max(first, last):
        return None
    lengths = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    left = sum(lengths) * (0 if first == last else (number - first) / (last - first))
    for (one, other), length in zip(pairwise(points), lengths, strict=True):
        if left <= length and length:
            return _part(one, other, left / length)
        left -= length
    return points[-1]


def _part(one: tuple[float, float], other: tuple[float, float], part: float) -> tuple[float, float]:
    return one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1])


def _crossing(one: _Asked, other: _Asked, streets: StreetIndex) -> Found:
    """Where two streets meet. "1200 E Speedway and Stone" has a number, and is where they meet all the same."""
    (first, exact), (second, also) = _named(one, streets), _named(other, streets)
    places = [
        Place(f"{a.name} and {b.name}", at[1], at[0])
        for a, b in product(first, second)
        if a.name != b.name and (at := _meet(a.points, b.points)) is not None
    ]
    if not places:
        return Found(streets=_unique(row.name for row in (*first, *second))[:MOST])
    return _answer(places, exact=exact and also)


def _meet(one: Points, other: Points) -> tuple[float, float] | None:
    """Where two lines cross; where they only come near, the middle of where they come nearest."""
    for (a, b), (c, d) in product(pairwise(one), pairwise(other)):
        if (at := _cross(a, b, c, d)) is not None:
            return at
    ends = [(a, _nearest(a, other)) for a in (one[0], one[-1])]
    ends += [(c, _nearest(c, one)) for c in (other[0], other[-1])]
    a, b = min(ends, key=lambda pair: _metres(*pair))
    return _part(a, b, 0.5) if _metres(a, b) <= NEAR_M else None


def _cross(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> tuple[float, float] | None:
    turn = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
    if turn == 0:
        return None
    t = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / turn
    u = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / turn
    return _part(a, b, t) if 0 <= t <= 1 and 0 <= u <= 1 else None


def _nearest(point: tuple[float, float], line: Points) -> tuple[float, float]:
    return min((_foot(point, a, b) for a, b in pairwise(line)), key=lambda at: _metres(point, at))


def _foot(
    point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]
) -> tuple[float, float]:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    part = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length if length else 0.0
    return _part(a, b, min(1.0, max(0.0, part)))


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = (one[0] - other[0]) * cos(radians(one[1]))
    return hypot(east, one[1] - other[1]) * _M_A_DEGREE
