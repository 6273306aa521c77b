"""Which zone a point lies in. Pure; ray casting over GeoJSON rings."""

from collections.abc import Iterable, Sequence
from typing import Any

Point = tuple[float, float]


def zone_of(point: Point, shapes: Iterable[tuple[str, dict[str, Any]]]) -> str | None:
    """The code of the first zone whose shape holds the point, or None.

    Units: degrees, (longitude, latitude), as in GeoJSON.
    """
    return next((code for code, shape in shapes if holds(shape, point)), None)


def holds(shape: dict[str, Any], point: Point) -> bool:
    """Whether a GeoJSON Polygon or MultiPolygon holds a point.

    Errors: ValueError for any other geometry. A point on an edge lies on one side, no telling which.
    """
    kind, coordinates = shape["type"], shape["coordinates"]
    if kind == "Polygon":
        return _in_polygon(coordinates, point)
    if kind == "MultiPolygon":
        return any(_in_polygon(polygon, point) for polygon in coordinates)
    raise ValueError(f"not an area: {kind}")


def _in_polygon(rings: Sequence[Sequence[Sequence[float]]], point: Point) -> bool:
    outer, *holes = rings
    return _in_ring(outer, point) and not any(_in_ring(hole, point) for hole in holes)


def _in_ring(ring: Sequence[Sequence[float]], point: Point) -> bool:
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
