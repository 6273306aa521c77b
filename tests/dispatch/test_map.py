"""The map's geometry, without a database: who is outside stands at the edge, no mark hides another."""

import pytest

from nowrongdoor.community.queries import ZoneShape
from nowrongdoor.dispatch import map as drawing
from nowrongdoor.dispatch.facts import Point
from nowrongdoor.dispatch.map import APART, EDGE, WIDTH, Map, Mark, draw_map

MIDDLE = (32.0, -111.0)
SQUARE = [[-111.01, 31.99], [-110.99, 31.99], [-110.99, 32.01], [-111.01, 31.99]]
ONE = ZoneShape("Central", {"type": "Polygon", "coordinates": [SQUARE]}, -111.0, 32.0)


@pytest.fixture(autouse=True)
def zones(monkeypatch: pytest.MonkeyPatch) -> list[ZoneShape]:
    """One zone, or what a test makes of it; the outlines of the test before are forgotten."""
    found = [ONE]
    monkeypatch.setattr(drawing.community, "zone_shapes", lambda _language: tuple(found))
    monkeypatch.setattr(drawing.community, "zones_version", lambda: "one")
    drawing._outlines.cache_clear()
    return found


def drawn(*points: tuple[float, float]) -> Map:
    marks = [Mark(Point(lat, lon), str(n), "person", "") for n, (lat, lon) in enumerate(points)]
    found = draw_map("en", marks)
    assert found is not None
    return found


def put(*points: tuple[float, float]) -> list[tuple[float, float]]:
    return [(each.x, each.y) for each in drawn(*points).placed]


def test_a_mark_stands_where_it_is_north_up_and_west_left() -> None:
    height = drawn().height
    [middle, north_west, south_east] = put(MIDDLE, (32.01, -111.01), (31.99, -110.99))

    assert height > WIDTH  # a degree of latitude is longer than one of longitude
    assert middle == pytest.approx((WIDTH / 2, height / 2), abs=1)
    assert north_west == pytest.approx((WIDTH / 4, height / 4), abs=1)
    assert south_east == pytest.approx((WIDTH * 3 / 4, height * 3 / 4), abs=1)


@pytest.mark.parametrize(
    ("point", "across", "down"),
    [
        ((32.0, -120), "least", ""),
        ((32.0, -100), "most", ""),
        ((40, -111.0), "", "least"),
        ((20, -111.0), "", "most"),
        ((90, 180), "most", "least"),
        ((-90, -180), "least", "most"),
    ],
)
def test_who_is_outside_stands_at_the_edge(
    point: tuple[float, float], across: str, down: str
) -> None:
    height = drawn().height
    [(x, y)] = put(point)

    assert x == {"least": EDGE, "": WIDTH / 2, "most": WIDTH - EDGE}[across]
    assert y == pytest.approx({"least": EDGE, "": height / 2, "most": height - EDGE}[down], abs=1)


@pytest.mark.parametrize("point", [MIDDLE, (20, -100), (40, -100), (20, -120), (40, -120)])
def test_marks_of_one_place_stand_apart_and_on_the_map(point: tuple[float, float]) -> None:
    height, found = drawn().height, put(*[point] * 20)

    assert found[0] == put(point)[0]
    for n, (x, y) in enumerate(found):
        assert EDGE <= x <= WIDTH - EDGE
        assert EDGE <= y <= height - EDGE
        for other in found[:n]:
            assert max(abs(x - other[0]), abs(y - other[1])) >= APART


def test_marks_of_two_places_stand_where_each_is() -> None:
    assert put(MIDDLE, (32.01, -111.01)) == put(MIDDLE) + put((32.01, -111.01))


def test_a_zone_of_several_parts_is_one_outline(zones: list[ZoneShape]) -> None:
    parts = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}
    zones.append(ZoneShape("Islands", parts, -111.0, 32.0))
    zones.append(ZoneShape("Dot", {"type": "Point", "coordinates": [-111.0, 32.0]}, -111.0, 32.0))

    one, two, dot = drawn().outlines

    assert (one.name, one.d.count("M"), one.d.count("L")) == ("Central", 1, 3)
    assert (two.name, two.d.count("M"), two.d.count("Z")) == ("Islands", 2, 2)
    assert dot.d == ""
    assert one.x == pytest.approx(WIDTH / 2)


def test_an_outlying_zone_does_not_shrink_the_others(zones: list[ZoneShape]) -> None:
    zones += [ONE] * 6
    near = put((32.0, -111.01))
    zones.append(ZoneShape("Far away", ONE.shape, -115.0, 36.0))
    drawing._outlines.cache_clear()

    assert put((32.0, -111.01)) == near


def test_a_community_without_zones_has_no_map(zones: list[ZoneShape]) -> None:
    zones.clear()

    assert draw_map("en", []) is None
