"""The map without any map server: the zones' own outlines, streets, people and units. A list stands beside it.

Twice: as one picture, for paper and where a browser cannot draw more, and as lines and marks for one that can.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nowrongdoor.community import queries as community
from nowrongdoor.dispatch.facts import Point

WIDTH = 1000
EDGE = 20
APART = 26
"""Pixels between two marks that stand at one place."""
AROUND = 0.005
TURN = 2.4
"""Degrees from a place, and radians around it, at which the next mark of that place stands: a spiral."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on the map: a person (with a level), or a unit."""

    at: Point
    label: str
    kind: str
    level: str
    opens: str = ""
    """The request that a person's mark leads to."""


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


def lines(language: str) -> str:
    """What does not move, as JSON: zones with their names, streets, what is said of them, and what is shown first."""
    shapes = community.zone_shapes(language)
    streets = community.streets()
    zones = [
        {"type": "Feature", "properties": {"name": each.name}, "geometry": each.shape}
        for each in shapes
    ]
    names = [
        {
            "type": "Feature",
            "properties": {"name": each.name},
            "geometry": {"type": "Point", "coordinates": [each.centre_lon, each.centre_lat]},
        }
        for each in shapes
    ]
    drawn = json.loads(streets.drawn)
    where = [at for each in drawn["features"] for at in each["geometry"]["coordinates"]]
    where = where or [(each.centre_lon, each.centre_lat) for each in shapes]
    sides = [_most(side) for side in zip(*where, strict=True)]
    return json.dumps(
        {
            "zones": {"type": "FeatureCollection", "features": zones},
            "names": {"type": "FeatureCollection", "features": names},
            "streets": drawn,
            "first": list(zip(*sides, strict=True)) or [[-179, -80], [179, 80]],
        },
        separators=(",", ":"),
    )


def _most(where: Sequence[float]) -> tuple[float, float]:
    """From where to where most of it lies: a road that leaves the town does not make the town small."""
    ordered = sorted(where)
    cut = len(ordered) // 10
    return ordered[cut], ordered[-1 - cut]


def frame(marks: Sequence[Mark]) -> dict[str, Any]:
    """Where everybody is now, as GeoJSON: people and units. Marks of one place stand around it."""
    seen: dict[Point, int] = {}
    people: list[dict[str, Any]] = []
    units: list[dict[str, Any]] = []
    for mark in marks:
        number = seen.get(mark.at, 0)
        seen[mark.at] = number + 1
        (people if mark.kind == "person" else units).append(_feature(mark, number))
    return {
        name: {"type": "FeatureCollection", "features": features}
        for name, features in (("people", people), ("units", units))
    }


def _feature(mark: Mark, number: int) -> dict[str, Any]:
    turn, far = number * TURN, AROUND * math.sqrt(number)
    at = [
        round(mark.at.lon + far * math.cos(turn), 6),
        round(mark.at.lat + far * math.sin(turn), 6),
    ]
    told = {"name": mark.label, "look": mark.kind, "level": mark.level, "opens": mark.opens}
    geometry = {"type": "Point", "coordinates": at}
    return {"type": "Feature", "properties": told, "geometry": geometry}


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
