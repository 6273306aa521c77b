"""The real CAD file, where it lies beside the project: a week of it here, the whole in `make faults`."""

import csv
import json
from pathlib import Path

import pytest

from tests.conftest import not_run
from tests.exchange.test_cad import SHARED, import_


def real() -> Path:
    file = SHARED / "alexandria_psap_cad/cad_incidents_w35_w44.csv"
    if not file.exists():
        not_run("the real CAD file is not beside the project")
    return file


@pytest.mark.usefixtures("db")
def test_a_week_of_the_real_file_is_entered_once_and_counted_whole(tmp_path: Path) -> None:
    """The first of its ten; `make faults` enters all."""
    with real().open(newline="") as source:
        reader = csv.DictReader(source)
        week = [row for row in reader if row["WeekNo"] == "35"]
    file = tmp_path / "week.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(week)

    first = import_(file, tmp_path / "rejects")
    again = import_(file, tmp_path / "rejects")

    held = sum(first.entered[group] for group in ("behavioural_health", "substance"))
    assert len(week) > 1000
    assert first.in_file.total() == len(week)
    assert first.entered + first.rejected == first.in_file
    assert 20 < first.episodes == held
    assert (again.entered.total(), again.known) == (0, first.entered)
    assert (again.in_file, again.rejected) == (first.in_file, first.rejected)
    assert {group: again.medians(group) for group in first.in_file} == {
        group: first.medians(group) for group in first.in_file
    }
    assert first.medians("behavioural_health")


@pytest.mark.long
@pytest.mark.usefixtures("db")
def test_the_real_file_gives_the_totals_and_medians_of_its_calibration(tmp_path: Path) -> None:
    file = real()
    known = json.loads((SHARED / "calibration/alexandria_calibration_develop.json").read_text())[
        "classes"
    ]

    first = import_(file, tmp_path / "rejects")
    again = import_(file, tmp_path / "rejects")

    for report in (first, again):
        for group in (
            "behavioural_health",
            "substance",
            "police_external_other",
            "ems_other",
            "fire",
        ):
            assert report.in_file[group] == known[group]["calls"], group
            stages = {name: (row["p50"], row["n"]) for name, row in known[group]["stages"].items()}
            assert report.medians(group) == stages, group
    assert first.episodes == known["behavioural_health"]["calls"] + known["substance"]["calls"]
    assert (again.entered.total(), again.known.total()) == (0, first.entered.total())
    assert first.rejected == again.rejected
