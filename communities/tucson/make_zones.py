# /// script
# requires-python = ">=3.11"
# dependencies = ["shapely>=2.0"]
# ///
"""Make zones.geojson from the Census: block groups, grouped by where their centre lies.

    uv run communities/tucson/make_zones.py ../shared/data/tucson_geo

The groups are ours, named as people there name the parts of the county; no agency's beats or
divisions. Population is the Census of 2000 (843,746 for the county), to be scaled by whoever uses it.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

from shapely.geometry import Point, mapping, shape
from shapely.ops import unary_union

ZONES = [  # order of the lists on screen
    ("central", "Central Tucson", "Tucson centro"),
    ("south-tucson", "South Tucson", "South Tucson"),
    ("north", "North side", "Lado norte"),
    ("west", "West side", "Lado oeste"),
    ("south", "South side", "Lado sur"),
    ("southeast", "Southeast side", "Lado sureste"),
    ("east", "East side", "Lado este"),
    ("far-east", "Far east side", "Extremo este"),
    ("foothills", "Catalina Foothills", "Catalina Foothills"),
    ("oro-valley", "Oro Valley and Marana", "Oro Valley y Marana"),
    ("tanque-verde", "Tanque Verde and Rincon", "Tanque Verde y Rincon"),
    ("vail", "Vail", "Vail"),
    ("sahuarita", "Green Valley and Sahuarita", "Green Valley y Sahuarita"),
    ("avra", "Avra Valley and Three Points", "Avra Valley y Three Points"),
    ("west-county", "West county: Ajo and the Tohono O'odham Nation",
     "Oeste del condado: Ajo y la Nación Tohono O'odham"),
]


def zone(lon: float, lat: float, in_city: bool, in_south: bool) -> str:
    """The zone of a block group's centre: first line that holds."""
    if in_south:
        return "south-tucson"
    if lon < -111.60:
        return "west-county"
    if in_city:
        if lat < 32.20:
            return "south" if lon < -110.92 else "southeast"
        if lat > 32.265 and lon < -110.90:
            return "north"
        if lon < -110.985:
            return "west"
        if lon < -110.91:
            return "central"
        return "east" if lon < -110.82 else "far-east"
    if lon < -111.12:
        return "avra"
    if lat < 32.04:
        return "sahuarita" if lon < -110.85 else "vail"
    if lat < 32.17:
        return "vail" if lon > -110.90 else "south"
    if lat > 32.345 or (lat > 32.27 and lon < -110.98):
        return "oro-valley"
    if lat > 32.265 and lon < -110.78:
        return "foothills"
    return "tanque-verde" if lon > -110.82 else "west"


def main(source: Path) -> None:
    city = shape(json.loads((source / "boundary_tucson.json").read_text())["features"][0]["geometry"])
    south = shape(json.loads((source / "boundary_south-tucson.json").read_text())["features"][0]["geometry"])
    groups = json.loads((source / "pima_block_groups_2000.geojson").read_text())["features"]
    shapes, people, centres = defaultdict(list), defaultdict(int), defaultdict(list)
    for group in groups:
        facts = group["properties"]
        centre = Point(facts["lon"], facts["lat"])
        code = zone(facts["lon"], facts["lat"], city.contains(centre), south.contains(centre))
        shapes[code].append(shape(group["geometry"]).buffer(0))
        people[code] += facts["pop2000"]
        centres[code].append((facts["pop2000"], facts["lon"], facts["lat"]))
    zips = defaultdict(list)
    with (source / "pima_zip_centroids.csv").open() as rows:
        for row in csv.DictReader(rows):
            centre = Point(float(row["lon"]), float(row["lat"]))
            zips[zone(centre.x, centre.y, city.contains(centre), south.contains(centre))].append(row["zip"])
    features = []
    for code, english, spanish in ZONES:
        area = unary_union(shapes[code]).simplify(0.0006, preserve_topology=True)
        weight = sum(n for n, _, _ in centres[code]) or 1
        features.append({
            "type": "Feature",
            "properties": {
                "code": code,
                "name": {"en": english, "es": spanish},
                "population_2000": people[code],
                "centre_lon": round(sum(n * lon for n, lon, _ in centres[code]) / weight, 5),
                "centre_lat": round(sum(n * lat for n, _, lat in centres[code]) / weight, 5),
                "zips": sorted(zips[code]),
            },
            "geometry": json.loads(json.dumps(mapping(area)), parse_float=lambda t: round(float(t), 5)),
        })
        print(code, people[code], len(zips[code]))
    text = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in features)
    out = Path(__file__).with_name("zones.geojson")
    out.write_text(f'{{"type":"FeatureCollection","features":[\n{text}\n]}}\n')


if __name__ == "__main__":
    main(Path(sys.argv[1]))
