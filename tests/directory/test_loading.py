"""The file of places: every mistake named by file, line and key; loaded twice, retired, optional."""

import shutil
from pathlib import Path

import pytest

from nowrongdoor.community.files import BadCommunity, read
from nowrongdoor.site.load import KNOWN, load
from tests.conftest import ROOT
from tests.makers import NOON

TUCSON = ROOT / "communities/tucson"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TUCSON, tmp_path / "tucson"))


def problems(folder: Path) -> list[str]:
    with pytest.raises(BadCommunity) as bad:
        read(folder, known=KNOWN)
    return [str(each) for each in bad.value.problems]


def line_of(folder: Path, text: str) -> int:
    lines = (folder / "facilities.yaml").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_every_place_has_a_source_and_no_number_that_could_ring() -> None:
    files = read(TUCSON, known=KNOWN)

    assert len(files.facilities) == 13
    for row in files.facilities:
        assert row.source
        assert row.phone == "" or row.phone.startswith("520-555-01"), row.code
        assert not row.phone or "phone synthetic" in row.source


@pytest.mark.parametrize(
    ("old", "new", "key", "told"),
    [
        ("program: crc/adult", "program: crc/cellar", "0.program", "no such program: crc/cellar"),
        ("zone: south", "zone: moon", "0.zone", "no such zone: moon"),
        ("kind: crisis_center", "kind: castle", "0.kind", "not in the list facility_kinds: castle"),
        ('hours: "24/7"', 'hours: "whenever"', "0.hours", "cannot read the hours"),
        ('hours: "Mo-Fr 08:00-17:00"', 'hours: "Mo-Fr 08:00-27:00"', "5.hours", "no such time"),
        ("ages: [adult, older], police", "ages: [grown], police", "0.takes.ages.0", "'adult'"),
        ("places: 34", "places: -1", "0.places", "this is at least 0"),
        ("places: 34", "place: 34", "0.place", "nothing is called that here"),
        ("code: crc-youth", "code: crc-adult", "1", "stands here twice"),
        ('es: "Centro de Respuesta a Crisis, adultos"', 'fr: "Centre"', "0.name", "no name in es"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(folder: Path, old: str, new: str, key: str, told: str) -> None:
    file = folder / "facilities.yaml"
    before, _old, after = file.read_text().partition(old)
    file.write_text(before + new + after)
    line = before.count("\n") + 1

    [found, *_same] = problems(folder)

    # what no key of a row says alone is named at the row, or at the key around it
    assert found.startswith("facilities.yaml, line "), found
    assert f", {key}: " in found
    assert told in found
    assert abs(int(found.split("line ")[1].split(",")[0]) - line) <= 2


def test_a_wrong_kind_is_named_by_its_own_line(folder: Path) -> None:
    file = folder / "facilities.yaml"
    file.write_text(file.read_text().replace("kind: detox", "kind: castle"))

    line = line_of(folder, "kind: castle")
    assert problems(folder) == [
        f"facilities.yaml, line {line}, 6.kind: not in the list facility_kinds: castle"
    ]


def test_a_place_that_is_nowhere_is_refused(folder: Path) -> None:
    file = folder / "facilities.yaml"
    file.write_text(file.read_text().replace("  zone: west\n", ""))

    [found] = problems(folder)
    assert "6: say where it is" in found


def test_places_need_their_lists(folder: Path) -> None:
    file = folder / "codes.yaml"
    file.write_text(file.read_text().replace("facility_kinds", "facility_kinds_gone"))

    found = problems(folder)
    assert "facilities.yaml, line 1, facilities: codes.yaml needs the list facility_kinds" in found


@pytest.mark.usefixtures("db")
def test_places_need_their_clock(folder: Path) -> None:
    file = folder / "clocks.yaml"
    file.write_text(file.read_text().replace("id: capacity_review", "id: capacity_review_gone"))

    with pytest.raises(BadCommunity) as bad:
        load(folder, at=NOON)
    assert (
        str(bad.value) == "clocks.yaml, line 1, capacity_review: facilities.yaml needs this clock"
    )


def test_a_community_without_places_needs_nothing_for_them(folder: Path) -> None:
    (folder / "facilities.yaml").unlink()
    for name, old in (("codes", "facility_kinds"), ("clocks", "capacity_review")):
        file = folder / f"{name}.yaml"
        file.write_text(file.read_text().replace(old, f"{old}_gone"))

    assert read(folder, known=KNOWN).facilities == ()
