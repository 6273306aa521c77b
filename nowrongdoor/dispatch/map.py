"""The map without any map server: the zones' own outlines, people and units on top. A list stands beside it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nowrongdoor.community import queries as community
from nowrongdoor.dispatch.facts import Point

WIDTH = 1000
EDGE = 20
APART = 26
"""Pixels between two marks that stand at one place."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on the map: a person (with a level), or a unit."""

    at: Point
    label: str
    kind: str
    level: str


@dataclass(frozen=True, slots=True)
class Placed:
    x: float
    y: float
    mark: Mark

    @property
    def key(self) -> str:
        return f"{self.mark.kind} {self.mark.label}"


@dataclass(frozen=True, slots=True)
class Outline:
    name: str
    d: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Map:
    width: int
    height: int
    outlines: tuple[Outline, ...]
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class _Box:
    """How degrees become pixels: flat, which is true enough for one county."""

    west: float
    north: float
    by_lon: float
    by_lat: float

    def put(self, lon: float, lat: float) -> tuple[float, float]:
        return round((lon - self.west) * self.by_lon, 1), round((self.north - lat) * self.by_lat, 1)

    def within(self, at: Point, height: int) -> tuple[float, float]:
        """As `put`, at the edge where that is outside."""
        x, y = self.put(at.lon, at.lat)
        return min(max(x, EDGE), WIDTH - EDGE), min(max(y, EDGE), height - EDGE)


def draw_map(language: str, marks: Sequence[Mark]) -> Map | None:
    """The community's zones with these marks. None where the community has no zones."""
    shapes = _outlines(community.zones_version(), language)
    if shapes is None:
        return None
    box, height, outlines = shapes
    return Map(WIDTH, height, outlines, tuple(_placed(box, height, marks)))


def _placed(box: _Box, height: int, marks: Sequence[Mark]) -> Iterable[Placed]:
    """Marks of one place stand in a row beside each other, so that none hides another. The row runs
    towards the middle: at the edge nobody is pushed off the map."""
    seen: dict[tuple[float, float], int] = {}
    for mark in marks:
        x, y = box.within(mark.at, height)
        number = seen.get((x, y), 0)
        seen[(x, y)] = number + 1
        across = APART if x < WIDTH / 2 else -APART
        down = APART if y < height / 2 else -APART
        yield Placed(x + across * (number % 6), y + down * (number // 6), mark)


@lru_cache(maxsize=8)
def _outlines(version: str, language: str) -> tuple[_Box, int, tuple[Outline, ...]] | None:
    """The zones as paths; read once for each version of the community's files and language."""
    shapes = community.zone_shapes(language)
    rings = [ring for each in shapes for ring in _rings(each.shape)]
    if not rings or not version:
        return None
    west, east = _middle([each.centre_lon for each in shapes])
    south, north = _middle([each.centre_lat for each in shapes])
    by_lon = WIDTH / (east - west)
    by_lat = by_lon / math.cos(math.radians((north + south) / 2))
    box = _Box(west, north, by_lon, by_lat)
    height = math.ceil((north - south) * by_lat)
    outlines = []
    for each in shapes:
        x, y = box.put(each.centre_lon, each.centre_lat)
        d = " ".join(_path(box, ring) for ring in _rings(each.shape))
        outlines.append(Outline(each.name, d, x, y))
    return box, height, tuple(outlines)


def _middle(centres: Sequence[float]) -> tuple[float, float]:
    """From where to where the map is drawn: around the middles of most zones. An outlying zone, larger
    than all others together, is cut off at the edge; who is there is pushed to it."""
    ordered = sorted(centres)
    cut = len(ordered) // 7
    least, most = ordered[cut], ordered[-1 - cut]
    margin = max(0.02, (most - least) * 0.35)
    return least - margin, most + margin


def _path(box: _Box, ring: Sequence[Sequence[float]]) -> str:
    points = [box.put(lon, lat) for lon, lat in ring]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _rings(shape: dict[str, object]) -> list[list[list[float]]]:
    """The rings of a GeoJSON Polygon or MultiPolygon. Anything else has none."""
    coordinates = shape.get("coordinates")
    if not isinstance(coordinates, list):
        return []
    if shape.get("type") == "Polygon":
        return coordinates
    if shape.get("type") == "MultiPolygon":
        return [ring for polygon in coordinates for ring in polygon]
    return []
