"""A community's street file: one line of the map a row, from CSV or GeoJSON. Pure.

`streets.csv` has the columns name, kind, points ("32.2360 -111.0300; 32.2360 -110.7722": latitude, longitude), and may
have first and last: the house numbers at the first and the last point. `blocks.csv` says where house numbers stand
in a town of a grid: axis (east or north), cross_street, at (degrees), number (negative is west or south).
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Points = tuple[tuple[float, float], ...]
"""Longitude and latitude in degrees, as in GeoJSON."""
KINDS = ("freeway", "arterial", "street", "rail", "river")
MOST_LON, MOST_LAT = 180, 90
AXES = ("east", "north")
_OF_HIGHWAYS = {
    "motorway": "freeway", "trunk": "freeway", "primary": "arterial", "secondary": "arterial",
    "tertiary": "street", "residential": "street", "unclassified": "street", "living_street": "street",
}  # fmt: skip
"""What OpenStreetMap calls a road, as far as somebody may be driven to it."""
NO_LINES = '{"type":"FeatureCollection","features":[]}'


class BadStreets(ValueError):  # noqa: N818 - as `files.BadCommunity`
    """A file of streets that cannot be read: its `line` counts from 1."""

    def __init__(self, line: int, because: str) -> None:
        super().__init__(f"line {line}: {because}")
        self.line = line
        self.because = because


@dataclass(frozen=True, slots=True)
class Street:
    """One line of the map. `first`, `last`: the house numbers at its ends; None where the blocks say."""

    name: str
    kind: str
    points: Points
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Where a house number stands on every street that runs along this axis."""

    axis: str
    at: float
    number: int


def from_csv(text: str) -> tuple[Street, ...]:
    """Errors: BadStreets names the line."""
    return tuple(_each(text, _street))


def blocks_from_csv(text: str) -> tuple[Block, ...]:
    """Errors: BadStreets names the line."""
    return tuple(_each(text, _block))


def from_geojson(text: str) -> tuple[Street, ...]:
    """The named lines of a GeoJSON collection, by `kind` or OpenStreetMap's `highway`, `railway`, `waterway`.

    Errors: BadStreets where it is no collection. What has no name, or is no line, is left out.
    """
    try:
        features = json.loads(text)["features"]
        return tuple(one for each in features for one in _of_feature(each))
    except json.JSONDecodeError as wrong:
        raise BadStreets(wrong.lineno, wrong.msg) from wrong
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadStreets(1, "it is not a GeoJSON collection of lines") from wrong


def as_csv(streets: Iterable[Street]) -> Iterator[tuple[str, ...]]:
    """The rows of a street file, its header first."""
    yield "name", "kind", "points", "first", "last"
    for each in streets:
        points = "; ".join(f"{lat:.6f} {lon:.6f}" for lon, lat in each.points)
        numbers = ("" if one is None else str(one) for one in (each.first, each.last))
        yield each.name, each.kind, points, *numbers


def as_geojson(streets: Iterable[Street]) -> str:
    """The lines as the map draws them."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": each.name, "kind": each.kind},
            "geometry": {"type": "LineString", "coordinates": each.points},
        }
        for each in streets
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))


def kind_of(tags: Mapping[str, Any]) -> str:
    """The kind of a line by its own word or OpenStreetMap's tags; '' for what the map does not show."""
    if tags.get("kind") in KINDS:
        return str(tags["kind"])
    if tags.get("railway") == "rail":
        return "rail"
    if tags.get("waterway") == "river":
        return "river"
    return _OF_HIGHWAYS.get(str(tags.get("highway", "")).removesuffix("_link"), "")


def _each(text: str, read: Any) -> Iterator[Any]:
    rows = csv.DictReader(text.splitlines())
    for number, row in enumerate(rows, start=2):
        try:
            yield read(row)
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            raise BadStreets(number, _why(wrong)) from wrong


def _why(wrong: Exception) -> str:
    return f"no column {wrong}" if isinstance(wrong, KeyError) else str(wrong)


def _street(row: Mapping[str, str]) -> Street:
    kind, points = row["kind"], tuple(_point(each) for each in row["points"].split(";"))
    if kind not in KINDS:
        raise ValueError(f"no such kind: {kind}")
    if len(points) == 1:
        raise ValueError("a street has at least two points")
    if not row["name"].strip():
        raise ValueError("a street has a name")
    return Street(
        row["name"].strip(), kind, points, _number(row.get("first")), _number(row.get("last"))
    )


def _point(text: str) -> tuple[float, float]:
    lat, lon = map(float, text.split())
    return _on_earth(lon, lat)


def _on_earth(lon: float, lat: float) -> tuple[float, float]:
    if abs(lon) > MOST_LON or abs(lat) > MOST_LAT:
        raise ValueError(f"not on Earth: {lat} {lon}")
    return lon, lat


def _number(text: Any) -> int | None:
    return None if text in (None, "") else int(text)


def _block(row: Mapping[str, str]) -> Block:
    if row["axis"] not in AXES:
        raise ValueError(f"no such axis: {row['axis']}")
    return Block(row["axis"], float(row["at"]), int(row["number"]))


def _of_feature(feature: Mapping[str, Any]) -> Iterator[Street]:
    tags, shape = feature["properties"] or {}, feature["geometry"]
    name, kind = str(tags.get("name") or "").strip(), kind_of(tags)
    if not name or not kind or shape["type"] not in ("LineString", "MultiLineString"):
        return
    many = [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]
    for line in many:
        points = tuple(_on_earth(float(each[0]), float(each[1])) for each in line)
        if len(points) > 1:
            yield Street(name, kind, points, _number(tags.get("first")), _number(tags.get("last")))
