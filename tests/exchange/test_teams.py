"""Importing a file of teams' visits: small ones made here, and the real one where it lies beside the project."""

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls.models import Contact
from nowrongdoor.community.files import BadCommunity
from nowrongdoor.dispatch import queries
from nowrongdoor.dispatch.facts import RequestState
from nowrongdoor.dispatch.models import Assignment, Request
from nowrongdoor.episodes.models import Episode
from nowrongdoor.exchange import rules, team_profiles, team_rows, teams
from nowrongdoor.exchange.facts import VISIT_GAPS, VISIT_MOST_S, Line
from nowrongdoor.exchange.report import Report
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.web.clock import now
from tests.conftest import ROOT, not_run

PROFILE = ROOT / "profiles/lane-county-or.yaml"
SHARED = ROOT.parent / "shared/data"
REASONS = [f"Reason for Dispatch #{n}" for n in range(1, 6)]
ASKED, SENT, THERE, MET, GONE = TIMES = (
    "Dispatch Request Date & Time",
    "Dispatch Date & Time",
    "Arrival on Scene Date & Time",
    "Engagement with Client Date & Time",
    "MCIT Departure Date & Time",
)
HEAD = ["ID", "End Point of Dispatch", "City", *TIMES, *REASONS, "Disposition"]
MIDNIGHT = "2025-06-02T00:00:00"


def a_row(**over: str) -> dict[str, str]:
    """Asked at two in the afternoon there; sent, there, met and gone at tens of minutes."""
    clock = ("14:00", "14:10", "14:20", "14:30", "14:50")
    row = dict.fromkeys(HEAD, "") | {
        "ID": "1", "End Point of Dispatch": "Engaged Client", "Disposition": "Remained in community",
        "Reason for Dispatch #1": "Paranoia",
    }  # fmt: skip
    return row | dict(zip(TIMES, (f"2025-06-02T{at}:00" for at in clock), strict=True)) | over


def at(column: str, clock: str) -> dict[str, str]:
    return {column: f"2025-06-02T{clock}:00"}


def a_file(folder: Path, *rows: Mapping[str, str]) -> Path:
    file = folder / "teams.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, HEAD)
        writer.writeheader()
        writer.writerows(rows)
    return file


def read(tmp_path: Path, *rows: Mapping[str, str]) -> list[Line]:
    return list(team_rows.lines(a_file(tmp_path, *rows), team_profiles.read(PROFILE), at=now()))


def import_(
    file: Path, profile: Path = PROFILE, *, rejects: Path | None = None, **desk: str
) -> Report:
    at = now()
    return teams.import_file(
        file,
        profile,
        desk=teams.desk(desk.get("program"), desk.get("unit"), at=at),
        at=at,
        rejects=rejects or file.with_suffix(".rejects"),
        progress=lambda _n: None,
    )


def test_a_line_is_a_request_with_a_visit_and_its_true_times(tmp_path: Path) -> None:
    [line] = read(tmp_path, a_row())

    assert line.visit is not None
    assert line.visit.asked_at == datetime(2025, 6, 2, 21, tzinfo=UTC)
    assert [stage.value for stage in line.visit.reached] == [
        "assigned",
        "on_scene",
        "engaged",
        "cleared",
    ]
    assert line.missing == ()


@pytest.mark.parametrize(
    ("over", "missing"),
    [
        ({MET: MIDNIGHT}, {"engaged_at"}),  # a date, written as midnight
        ({MET: ""}, {"engaged_at"}),
        ({MET: "2025-06-02"}, {"engaged_at"}),
        ({GONE: "2005-06-02T14:50:00"}, {"cleared_at"}),  # before the file begins: a typing error
        ({SENT: MIDNIGHT, THERE: MIDNIGHT, MET: ""}, {"assigned_at", "on_scene_at", "engaged_at"}),
        (dict.fromkeys(TIMES[1:], MIDNIGHT), {"assigned_at", "on_scene_at", "engaged_at", "cleared_at"}),
    ],
)  # fmt: skip
def test_what_is_no_time_is_missing(
    tmp_path: Path, over: dict[str, str], missing: set[str]
) -> None:
    [line] = read(tmp_path, a_row(**over))

    assert line.visit is not None
    assert set(line.missing) == missing
    assert not {f"{stage.value}_at" for stage in line.visit.reached} & missing


@pytest.mark.parametrize(
    ("over", "column"),
    [
        ({ASKED: MIDNIGHT}, ASKED),
        ({ASKED: ""}, ASKED),
        (at(SENT, "13:59"), SENT),
        (at(THERE, "14:05"), THERE),
        (at(MET, "14:15"), MET),
        (at(GONE, "14:15"), GONE),
        ({THERE: "soon"}, THERE),
        ({SENT: "2025-03-09T02:30:00"}, SENT),  # an hour that clocks skipped
        ({"Reason for Dispatch #1": "Moon sickness"}, "Reason for Dispatch #1"),
        (dict.fromkeys(TIMES, "2125-06-02T14:00:00"), ASKED),
    ],
)
def test_what_cannot_be_is_rejected_by_its_column(
    tmp_path: Path, over: dict[str, str], column: str
) -> None:
    [line] = read(tmp_path, a_row(**over))

    assert (line.contact, line.visit) == (None, None)
    assert line.reject is not None
    assert line.reject.column == column


def test_a_number_that_comes_twice_is_entered_once(tmp_path: Path) -> None:
    _first, second = read(tmp_path, a_row(), a_row(**{SENT: ""}))

    assert (second.visit, second.known, second.same) == (None, {}, 2)


@pytest.mark.parametrize(
    ("end_point", "disposition", "outcome"),
    [
        ("Engaged Client", "Remained in community", "resolved_scene"),
        ("Engaged client", "Emergency Department", "ed"),
        ("", "Emergency Department", "ed"),  # a blank end point is no word about being met
        ("", "Remained in community", "unknown"),  # also said of those never reached
        ("Unable to Locate", "Remained in community", "not_found"),
        ("Unable to locate client", "", "not_found"),
        ("Client declined  to engage", "Remained in community", "refused"),
        ("Dispatch canceled before arrival", "Other", "cancelled"),
        ("No contact due to safety concern", "Remained in community", "unsafe_staged"),
        ("Refused", "Emergency Department", "unknown"),  # contradicts itself
        ("Engaged Client", "Sobering or Detox Facility", "detox_mat"),
        ("Engaged Client", "sobering/detox facility ", "detox_mat"),
        ("Engaged Client", "Respite", "shelter_respite"),
        ("Engaged Client", "Arrest", "police_took"),
        ("Other", "Other", "unknown"),
        ("", "", "unknown"),
        ("Abducted", "by aliens", "unknown"),
    ],
)
def test_what_came_of_it_is_what_both_columns_say_or_unknown(
    end_point: str, disposition: str, outcome: str
) -> None:
    known = team_profiles.read(PROFILE).outcome_rules

    assert (rules.outcome_of(known, end_point, disposition) or "unknown") == outcome


def test_how_a_visit_ended_in_words_that_the_profile_does_not_name_is_listed(
    tmp_path: Path,
) -> None:
    """Three people who were taken to the center were once *unknown*, and nobody was told of the word."""
    odd = {"Disposition": "Crisis walk-in Center", "End Point of Dispatch": "Field"}
    lines = read(tmp_path, a_row(ID="T-1"), a_row(ID="T-2") | odd, a_row(ID="T-3") | odd)
    report = Report()
    for line in lines:
        report.add(line)

    assert [line.visit is not None and line.visit.outcome for line in lines][1:] == ["unknown"] * 2
    assert "        2  Field + Crisis walk-in Center" in report.text()
    assert len(report.unmatched) == 1


def test_a_profile_names_what_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(PROFILE.read_text().replace("midnight: missing", "midnight: maybe"))

    with pytest.raises(BadCommunity, match="midnight"):
        team_profiles.read(bad)


@pytest.mark.usefixtures("db")
def test_what_is_missing_stays_missing_and_nobody_is_kept_busy(tmp_path: Path) -> None:
    nothing = dict.fromkeys(TIMES[1:], MIDNIGHT)
    rows = (
        a_row(ID="whole"),
        a_row(ID="not_gone", **{GONE: ""}),
        a_row(ID="nothing", **nothing),
        a_row(ID="not_met", **{"End Point of Dispatch": "Unable to Locate", MET: ""}),
    )
    report = import_(a_file(tmp_path, *rows))

    desk = teams.desk(None, None, at=now())
    with act_as(desk.by):
        whole, not_gone, empty, not_met = Assignment.objects.order_by("episode__number")
        closed = list(Episode.objects.order_by("number").values_list("outcome", "closed_at"))
        states = [row.state for row in Request.objects.order_by("episode__number")]
        busy = queries.stage_of(desk.unit_id)
    assert (report.entered.total(), report.episodes) == (4, 4)
    assert report.missing == {"assigned_at": 1, "on_scene_at": 1, "engaged_at": 2, "cleared_at": 2}
    assert whole.cleared_at == closed[0][1] == datetime(2025, 6, 2, 21, 50, tzinfo=UTC)
    assert (not_gone.cleared_at, closed[1][1]) == (None, not_gone.engaged_at)
    assert empty.reached() == {}
    assert closed[2] == ("unknown", datetime(2025, 6, 2, 21, tzinfo=UTC))
    assert not_met.outcome == "not_found"
    assert states == [RequestState.DONE] * 3 + [RequestState.RETURNED]
    assert busy is None
    assert {row.facts().cleared for row in (whole, not_gone, empty)} == {True}


@pytest.mark.usefixtures("db")
def test_twice_changes_nothing(tmp_path: Path) -> None:
    file = a_file(tmp_path, *(a_row(ID=str(n)) for n in range(3)), a_row(ID="x", **{ASKED: ""}))

    first, second = import_(file), import_(file)

    with act_as(teams.desk(None, None, at=now()).by):
        assert [model.objects.count() for model in (Contact, Episode, Request, Assignment)] == [
            3
        ] * 4
    assert (first.entered.total(), second.entered.total(), second.known.total()) == (3, 0, 3)
    assert second.rejected.total() == 1
    assert "entered s" in first.text()


@pytest.mark.usefixtures("db")
def test_a_later_line_brings_the_times_that_were_missing(tmp_path: Path) -> None:
    import_(a_file(tmp_path, a_row(**{MET: "", GONE: ""})))
    second = import_(a_file(tmp_path, a_row()))
    third = import_(a_file(tmp_path, a_row()))

    with act_as(teams.desk(None, None, at=now()).by):
        visit = Assignment.objects.get()
    assert visit.engaged_at == datetime(2025, 6, 2, 21, 30, tzinfo=UTC)
    assert visit.cleared_at == datetime(2025, 6, 2, 21, 50, tzinfo=UTC)
    assert (second.completed.total(), third.completed.total()) == (1, 0)


@pytest.mark.usefixtures("db")
def test_what_is_not_known_here_is_said_before_the_first_line(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(PROFILE.read_text().replace("outcome: ed}", "outcome: moonbase}"))
    file = a_file(tmp_path, a_row())

    with pytest.raises(BadInput, match="moonbase"):
        import_(file, other)
    with pytest.raises(BadInput) as refusal:
        import_(file, unit="UFO-1")
    with pytest.raises(BadInput, match="nobody"):
        import_(file, program="nobody/here")

    assert refusal.value.verdict.rule == "unit.unknown"


def minutes(rows: list[tuple[datetime | None, datetime | None]]) -> list[float]:
    """The spans that the calibration counts: forward, and of eight hours at most."""
    spans = [(end - start).total_seconds() / 60 for start, end in rows if start and end]
    return [span for span in spans if 0 <= span <= 480]


def real() -> tuple[Path, dict[str, Any]]:
    """The real file, and what its calibration says of it."""
    file = SHARED / "mcslc_mobile_crisis/calls_to_2025-08.csv"
    if not file.exists():
        not_run("the real file of teams is not beside the project")
    return file, json.loads((SHARED / "calibration/mcslc_calibration_develop.json").read_text())


def test_the_real_file_is_read_as_its_calibration_was() -> None:
    file, known = real()
    report = Report(spans=VISIT_GAPS, most_s=VISIT_MOST_S)

    for line in team_rows.lines(file, team_profiles.read(PROFILE), at=now()):
        report.add(line)

    found = report.medians("lane-county-or")
    assert report.in_file.total() == known["calls"]
    assert report.rejected.total() == 88
    for name in (
        "request_to_dispatch",
        "dispatch_to_arrival",
        "arrival_to_departure",
        "request_to_arrival",
    ):
        shipped = known[f"{name}_min"]
        assert found[f"{name}_s"] == (shipped["p50"] * 60, shipped["n"]), name


@pytest.mark.usefixtures("db")
@pytest.mark.faults
@pytest.mark.long
def test_the_real_file_gives_the_medians_of_its_calibration(tmp_path: Path) -> None:
    """By the file's own clock, to the call; from our tables too, once two dates are no span of 0 minutes.

    The calibration takes a date written as midnight for a time: two of them make a visit of no
    minutes. We have those, and whole lines in an impossible order, as missing. Put back, the medians
    are the same; without them two of the four are one minute longer.
    """
    file, known = real()
    spans = {name.removesuffix("_s"): pair for name, pair in VISIT_GAPS.items()}
    calibrated = {name: known[f"{name}_min"] for name in spans if f"{name}_min" in known}

    report = import_(file, rejects=tmp_path / "rejects")

    desk = teams.desk(None, None, at=now())
    lines = list(team_rows.lines(file, team_profiles.read(PROFILE), at=now()))
    fields = (
        "request__asked_at",
        *sorted({each for pair in spans.values() for each in pair} - {"asked_at"}),
    )
    with act_as(desk.by):
        rows = [
            dict(zip(fields, row, strict=True)) for row in Assignment.objects.values_list(*fields)
        ]
    ours: dict[str, float] = {}
    assert len(calibrated) == 4
    for name, shipped in calibrated.items():
        start, end = (each.replace("asked_at", "request__asked_at") for each in spans[name])
        table = minutes([(row[start], row[end]) for row in rows])
        dropped = minutes(
            [
                (line.written.get(spans[name][0]), line.written.get(spans[name][1]))
                for line in lines
                if not {*spans[name]} <= line.known.keys()
            ]
        )
        assert len(table) + len(dropped) == shipped["n"]
        assert median([*table, *dropped]) == shipped["p50"]
        ours[name] = median(table)
    assert ours == {
        "request_to_dispatch": 12,
        "dispatch_to_arrival": 15,
        "arrival_to_departure": 23,
        "request_to_arrival": 30,
    }
    assert report.kept_medians("lane-county-or")["dispatch_to_arrival_s"] == (15 * 60, 2740)
    assert (report.entered.total(), report.rejected.total()) == (2974, 88)
