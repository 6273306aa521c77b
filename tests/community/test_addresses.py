"""A place is found by what is said or typed: by tables, by every street of the file, and with letters changed."""

import random
from functools import cache
from pathlib import Path

import pytest

from nowrongdoor.community import streets
from nowrongdoor.community.addresses import Found, StreetIndex, find, index
from nowrongdoor.community.spoken import words_of
from nowrongdoor.community.streets import BadStreets, Block, Street

TUCSON = Path(__file__).parents[2] / "communities/tucson"
MISTYPED = 200
FIRST = [
    "Aguil",
    "Alam",
    "Birch",
    "Calla",
    "Cedar",
    "Dorad",
    "Elm",
    "Fresn",
    "Gran",
    "Hazel",
    "Iron",
    "Junip",
    "Kiva",
    "Laurel",
    "Mesquit",
    "Nogal",
    "Ocotil",
    "Palo",
]
LAST = [
    "ado",
    "bank",
    "brook",
    "crest",
    "dale",
    "field",
    "ford",
    "gate",
    "ridge",
    "stone",
    "view",
    "wood",
]


@cache
def lines() -> tuple[Street, ...]:
    return streets.from_csv((TUCSON / "streets.csv").read_text())


@cache
def tucson() -> StreetIndex:
    return index(lines(), streets.blocks_from_csv((TUCSON / "blocks.csv").read_text()))


def texts(found: Found) -> list[str]:
    return [place.text for place in found.places]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1200 E Speedway Blvd", "1200 E Speedway Blvd"),
        ("12 hundred east speedway", "1200 E Speedway Blvd"),
        ("Twelve hundred East Speedway, apartment 4, blue door", "1200 E Speedway Blvd"),
        ("twelve forty e speedway", "1240 E Speedway Blvd"),
        ("mil doscientos este Speedway", "1200 E Speedway Blvd"),
        ("1200 block of E. Speedway", "1200 E Speedway Blvd"),
        ("122 N Stone", "122 N Stone Ave"),
        ("nine one one south sixth", "911 S 6th Ave"),  # digit by digit
        ("one two hundred e speedway", "1200 E Speedway Blvd"),
        ("two thousand five hundred east Grant", "2500 E Grant Rd"),
        ("6000 Oracle", "6000 N Oracle Rd"),  # it does not go on to the south
        ("one twenty-two north Stone", "122 N Stone Ave"),
        ("500 S 6th Ave", "500 S 6th Ave"),
        ("Speedway and Stone", "Speedway Blvd and Stone Ave"),
        ("Speedway & Stone", "Speedway Blvd and Stone Ave"),
        ("Calle 22 y Avenida Kino", "22nd St and Kino Pkwy"),
        ("calle veintidós y Alvernon", "22nd St and Alvernon Way"),
        ("twenty-second street and Kolb", "22nd St and Kolb Rd"),
        ("Calle Sexta con avenida Stone", "6th St and Stone Ave"),
        ("esquina de Broadway con Country Club", "Broadway Blvd and Country Club Rd"),
        ("Ft Lowell / Swan", "Fort Lowell Rd and Swan Rd"),
        ("1200 E Speedway and Park", "Speedway Blvd and Park Ave"),
    ],
)
def test_what_is_said_is_the_place(typed: str, meant: str) -> None:
    found = find(typed, tucson())

    assert texts(found) == [meant]
    assert found.sure


@pytest.mark.parametrize(
    ("typed", "places", "named"),
    [
        ("500 6th", ["500 E 6th St", "500 N 6th Ave", "500 S 6th Ave", "500 W 6th St"], []),
        ("500 stone", ["500 N Stone Ave", "500 S Stone Ave"], []),  # on both sides of the middle
        ("3145 n oracel", ["3145 N Oracle Rd"], []),  # put right: a person says that it is this one
        ("1200 Speedway", ["1200 E Speedway Blvd"], []),  # or west of the blocks
        ("400 N 4th St", ["400 N 4th Ave"], []),  # a 4th St that is not listed is not 4th Ave
        ("22nd Ave and Kino", ["22nd St and Kino Pkwy"], []),
        ("twelve five e speedway", [], []),  # 125 or 1205
        ("Oracle Rd", [], ["Oracle Rd"]),  # no number
        ("9999 E Grant", [], ["Grant Rd"]),  # there is no such number on it
        ("Grant and Speedway", [], ["Grant Rd", "Speedway Blvd"]),  # they do not meet
        ("6110 E 14th St", [], []),  # a number is never nearly another
        ("Reid Park, bandshell", [], []),
        ("Union Pacific and Stone", [], ["Stone Ave"]),  # nobody lives on a railway
        ("", [], []),
        ("and", [], []),
    ],
)
def test_what_is_not_sure_is_asked(typed: str, places: list[str], named: list[str]) -> None:
    found = find(typed, tucson())

    assert sorted(texts(found)) == places
    assert sorted(found.streets) == named
    assert not found.sure


def test_where_numbers_stand() -> None:
    """Between two cross streets by their numbers; west and south of the middle they count the other way."""
    [east] = find("700 E Speedway Blvd", tucson()).places
    [west] = find("200 W Speedway Blvd", tucson()).places
    [south] = find("650 S Stone Ave", tucson()).places

    assert (east.lat, east.lon) == pytest.approx(
        (32.236, -110.96086)
    )  # four fifths from 300 to 800
    assert (west.lat, west.lon) == pytest.approx((32.236, -110.9751))
    assert (south.lat, south.lon) == pytest.approx((32.2141, -110.972))


def test_every_house_of_the_file_is_found_again_by_what_is_written_for_it() -> None:
    """For each street and hundred: the text of a place finds that place, and surely."""
    seen = 0
    for street in lines():
        for number in range(50, 10_000, 300):
            for place in find(f"{number} {street.name}", tucson()).places:
                again = find(place.text, tucson())
                assert again.sure, place
                assert again.places == (place,)
                seen += 1

    assert seen > 300


def test_a_line_with_its_own_numbers_needs_no_grid() -> None:
    bent = Street("Calle Real", "street", ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0)), first=100, last=300)
    found = find("250 calle real", index([bent], ()))

    [place] = found.places
    assert (place.text, place.lat, place.lon) == ("250 Calle Real", 1.0, 0.5)
    assert find("400 calle real", index([bent], ())).places == ()


def test_two_streets_of_one_name_in_two_towns_are_asked() -> None:
    one = Street("Oak St", "street", ((0.0, 0.0), (0.01, 0.0)), first=1, last=99)
    other = Street("Oak St", "street", ((1.0, 0.0), (1.01, 0.0)), first=1, last=99)
    found = find("50 Oak St", index([one, other], ()))

    assert (len(found.places), found.sure) == (2, False)


def mistyped(word: str, chance: random.Random) -> str:
    """One letter left out, doubled, changed, or two of them in the other order."""
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice("aeilnorst") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


def test_mistyped_names_are_found_among_many() -> None:
    """200 of the names of a large file, a letter wrong in each: the street that was meant is offered."""
    chance = random.Random(7)
    names = [first + last for first in FIRST for last in LAST]
    many = index([Street(f"{name} St", "street", ((0, 0), (1, 0)), 1, 99) for name in names], ())
    lost = [
        name
        for name in chance.choices(names, k=MISTYPED)
        if f"50 {name} St" not in texts(find(f"50 {mistyped(name.lower(), chance)}", many))
    ]

    assert lost == []


def test_a_number_of_a_row_is_no_house() -> None:
    assert words_of("sixth and Stone") == ["6#", "and", "stone"]
    assert words_of("1200 E. Speedway #4") == ["1200", "e", "speedway"]


OSM = """{"type": "FeatureCollection", "features": [
 {"properties": {"name": "Oak Street", "highway": "residential"},
  "geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 0]]}},
 {"properties": {"name": "A footway", "highway": "footway"},
  "geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 0]]}},
 {"properties": {"name": "A well"}, "geometry": {"type": "Point", "coordinates": [0, 0]}}]}"""


def test_what_has_a_name_and_can_be_driven_is_read_from_geojson() -> None:
    assert streets.from_geojson(OSM) == (Street("Oak Street", "street", ((0.0, 0.0), (1.0, 0.0))),)


def test_a_street_file_is_read_again_as_it_was_written() -> None:
    rows = "\n".join(",".join(row) for row in streets.as_csv(lines()))

    assert streets.from_csv(rows) == lines()


@pytest.mark.parametrize(
    ("read", "text", "line", "because"),
    [
        (streets.from_csv, "name,kind,points\nA,lane,1 2; 3 4", 2, "no such kind: lane"),
        (streets.from_csv, "name,kind,points\nA,street,1 2", 2, "a street has at least two points"),
        (streets.from_csv, "name,kind,points\nA,street,91 2; 3 4", 2, "not on Earth: 91.0 2.0"),
        (streets.from_csv, "name,kind,points\n,street,1 2; 3 4", 2, "a street has a name"),
        (streets.from_csv, "name,kind\nA,street", 2, "no column 'points'"),
        (streets.blocks_from_csv, "axis,at,number\nup,1,2", 2, "no such axis: up"),
        (streets.from_geojson, "{", 1, "Expecting property name enclosed in double quotes"),
        (streets.from_geojson, "[]", 1, "it is not a GeoJSON collection of lines"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_by_its_line(
    read: object, text: str, line: int, because: str
) -> None:
    assert callable(read)
    with pytest.raises(BadStreets) as refused:
        read(text)

    assert (refused.value.line, refused.value.because) == (line, because)


def test_blocks_are_read() -> None:
    assert streets.blocks_from_csv("axis,at,number\neast,-110.972,0") == (
        Block("east", -110.972, 0),
    )
