"""`nowrongdoor map build`: a street file from what a community has; what it cannot read it says in a sentence."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nowrongdoor.community import streets
from nowrongdoor.community.streets import Street
from nowrongdoor.site import maps

OAK = {
    "type": "Feature",
    "properties": {"name": "Oak St", "highway": "residential"},
    "geometry": {"type": "LineString", "coordinates": [[-110.9, 32.2], [-110.8, 32.2]]},
}


def build(file: Path, into: Path) -> Result:
    return CliRunner().invoke(maps.maps, ["build", str(file), "--into", str(into)])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ours.geojson", json.dumps({"type": "FeatureCollection", "features": [OAK]})),
        ("ours.csv", "name,kind,points\nOak St,street,32.2 -110.9; 32.2 -110.8\n"),
    ],
)
def test_a_street_file_is_made_that_loads(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    done = build(tmp_path / name, tmp_path)

    assert done.exit_code == 0, done.output
    assert "1 lines of 1 streets" in done.output
    found = streets.from_csv((tmp_path / "streets.csv").read_text())
    assert found == (Street("Oak St", "street", ((-110.9, 32.2), (-110.8, 32.2))),)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("town.osm.pbf", "", maps.NEEDS_EXTRA),
        ("town.pmtiles", "", maps.PICTURES),
        ("town.shp", "", maps.UNKNOWN),
        ("town.csv", "name,kind,points\nA,lane,1 2; 3 4\n", "town.csv, line 2: no such kind: lane"),
        ("town.json", '{"features": []}', "town.json has no named street."),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, says: str
) -> None:
    monkeypatch.setattr(maps.importlib.util, "find_spec", lambda _name: None)
    (tmp_path / name).write_text(text)
    done = build(tmp_path / name, tmp_path)

    assert done.exit_code == 1
    assert done.output.strip() == f"Error: {says}"
    assert not (tmp_path / "streets.csv").exists()
