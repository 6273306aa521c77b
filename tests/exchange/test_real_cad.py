"""The real CAD file, where it lies beside the project: a week of it here, the whole in `make faults`."""

import csv
import json
from collections.abc import Collection
from pathlib import Path

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls.models import Contact
from nowrongdoor.episodes.models import Episode
from nowrongdoor.exchange import cad, profiles, reading
from nowrongdoor.web.clock import now
from tests.conftest import not_run
from tests.exchange.test_cad import PROFILE, SHARED, import_


def real() -> Path:
    file = SHARED / "alexandria_psap_cad/cad_incidents_w35_w44.csv"
    if not file.exists():
        not_run("the real CAD file is not beside the project")
    return file


def a_week(
    folder: Path, nothing: str = "", *, number: str = "35", lacks: Collection[str] = ()
) -> Path:
    """One of its ten weeks; `nothing` stands where nothing stands, and always under `lacks`."""
    with real().open(newline="") as source:
        reader = csv.DictReader(source)
        week = [row for row in reader if row["WeekNo"] == number]
    file = folder / f"week{number}.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, reader.fieldnames or ())
        writer.writeheader()
        for row in week:
            writer.writerow(
                {name: nothing if name in lacks else each or nothing for name, each in row.items()}
            )
    return file


def test_the_file_as_the_centre_publishes_it_loses_nothing(tmp_path: Path) -> None:
    """It writes NULL where nothing stands: 308 of 1,934 lines were once rejected for it."""
    profile, at = profiles.read(PROFILE), now()

    plain = list(reading.lines(a_week(tmp_path), profile, at=at))
    null = list(reading.lines(a_week(tmp_path, "NULL"), profile, at=at))

    assert len(plain) > 1000
    assert null == plain


@pytest.mark.long
@pytest.mark.usefixtures("db")
def test_a_week_that_was_exported_before_its_calls_were_closed_is_completed(tmp_path: Path) -> None:
    closing = ("Final_Closed_Time", "Incident_First_Close_Time")
    open_ = tmp_path / "open.csv"
    text = a_week(tmp_path, lacks=closing).read_text()
    open_.write_text(text)

    first = import_(open_, tmp_path / "rejects")
    then = import_(a_week(tmp_path), tmp_path / "rejects")
    again = import_(a_week(tmp_path), tmp_path / "rejects")

    with act_as(cad.importer(None, at=now())):
        assert Episode.objects.count() == first.episodes
        still = Episode.objects.filter(closed_at=None).count()
        unclosed = Contact.objects.filter(closed_at=None).count()
    with a_week(
        tmp_path
    ).open() as week:  # a line without a number is another line, once it is closed
        numberless = sum(not row["Master_Incident_Number"] for row in csv.DictReader(week))
    assert then.entered.total() + then.rejected.total() == numberless < 5
    assert again.completed.total() == 0
    assert (then.completed.total() > 1000, still, unclosed <= numberless) == (True, 0, True)


@pytest.mark.usefixtures("db")
def test_a_week_of_the_real_file_is_entered_once_and_counted_whole(tmp_path: Path) -> None:
    """The first of its ten; `make faults` enters all."""
    file = a_week(tmp_path)
    week = file.read_text().splitlines()[1:]

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
