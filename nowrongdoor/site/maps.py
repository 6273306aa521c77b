"""`nowrongdoor map`: a community's own streets, from what it has, into its folder. It needs no database."""

import csv
import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from nowrongdoor.community import streets
from nowrongdoor.community.streets import BadStreets, Street

NEEDS_EXTRA = "A .osm.pbf needs the extra `map`: pip install 'nowrongdoor[map]'. GeoJSON and CSV need nothing."
PICTURES = "PMTiles hold pictures of streets and no list of them. Give the .osm.pbf or the GeoJSON they were made from."
UNKNOWN = "Give streets as .csv, .geojson, .json or .osm.pbf."


@click.group(name="map")
def maps() -> None:
    """The streets of the dispatch board's map, and of addresses."""


@maps.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--into",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="the community's folder",
)
def build(file: Path, into: Path) -> None:
    """Write a community's streets.csv from CSV, GeoJSON or an OpenStreetMap extract. `load` brings it in."""
    try:
        found = read(file)
    except BadStreets as bad:
        raise click.ClickException(f"{file.name}, line {bad.line}: {bad.because}") from None
    except UnicodeDecodeError:
        raise click.ClickException(f"{file.name} is not UTF-8.") from None
    if not found:
        raise click.ClickException(f"{file.name} has no named street.")
    out = into / "streets.csv"
    with out.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written, lineterminator="\n").writerows(streets.as_csv(found))
    names = len({each.name for each in found})
    click.echo(f"{out}: {len(found)} lines of {names} streets. Now: nowrongdoor load {into}")


def read(file: Path) -> tuple[Street, ...]:
    """The streets of a file, by its ending. Errors: BadStreets names the line; ClickException for other kinds."""
    name = file.name.lower()
    if name.endswith(".csv"):
        return streets.from_csv(file.read_text("utf-8"))
    if name.endswith((".geojson", ".json")):
        return streets.from_geojson(file.read_text("utf-8"))
    if name.endswith(".pmtiles"):
        raise click.ClickException(PICTURES)
    if not name.endswith(".osm.pbf"):
        raise click.ClickException(UNKNOWN)
    if importlib.util.find_spec("osmium") is None:
        raise click.ClickException(NEEDS_EXTRA)
    return tuple(_ways(importlib.import_module("osmium"), file))


def _ways(osmium: Any, file: Path) -> Iterator[Street]:
    """The named ways of an extract. The file is © OpenStreetMap contributors: `streets_note` says so on the map."""
    for way in osmium.FileProcessor(str(file)).with_locations():
        if not way.is_way() or not way.tags.get("name"):
            continue
        kind = streets.kind_of({tag.k: tag.v for tag in way.tags})
        points = tuple((node.lon, node.lat) for node in way.nodes if node.location.valid())
        if kind and len(points) > 1:
            yield Street(way.tags["name"], kind, points)
