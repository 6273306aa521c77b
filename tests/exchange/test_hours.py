"""The hour that clocks repeat: settled by the order of a line's own times, else marked and counted."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls.models import Contact
from nowrongdoor.episodes.models import Episode
from nowrongdoor.exchange import cad, team_profiles, team_rows
from nowrongdoor.exchange.facts import Line
from tests.exchange import test_teams as teams
from tests.exchange.phx import AT, a_line, a_profile, import_, read

EAST = ("America/Phoenix", "America/New_York")
AUTUMN = "2026-11-01 "
"""Clocks there went from 01:59 back to 01:00: in UTC 05:xx is the first of the two, 06:xx the second."""


def a_night(**clock: str) -> dict[str, str]:
    return a_line("H-1", **{name: AUTUMN + at for name, at in clock.items()})


@pytest.mark.parametrize(
    ("clock", "known", "repeated"),
    [
        ({"Received": "01:30:00"}, {"received_at": "05:30"}, 1),  # one of two: the first is kept, and marked
        ({"Received": "01:30:00", "Arrived": "02:10:00"}, {"received_at": "05:30", "arrived_at": "07:10"}, 1),
        ({"Received": "01:50:00", "Arrived": "01:10:00"}, {"received_at": "05:50", "arrived_at": "06:10"}, 0),
        ({"Received": "00:55:00", "Queued": "01:30:00", "Dispatched": "01:20:00", "Arrived": "01:25:00"},
         {"received_at": "04:55", "queued_at": "05:30", "dispatched_at": "06:20", "arrived_at": "06:25"}, 0),
        ({"Received": "00:55:00", "Closed": "01:08:00"}, {"received_at": "04:55"}, 1),
        ({"Received": "00:55:00", "Queued": "01:08:00", "Closed": "02:00:00"}, {"received_at": "04:55", "closed_at": "07:00"}, 1),
    ],
)  # fmt: skip
def test_the_order_of_a_line_tells_or_it_is_counted(
    tmp_path: Path, clock: dict[str, str], known: dict[str, str], repeated: int
) -> None:
    [line] = read(tmp_path, a_night(**clock), profile=a_profile(tmp_path, EAST))

    assert line.contact is not None
    assert {name: f"{at:%H:%M}" for name, at in line.known.items()} == known
    assert line.repeated == repeated
    assert line.contact.at_either == (clock["Received"] == "01:30:00")


def test_a_line_that_runs_backwards_in_every_reading_is_a_reject(tmp_path: Path) -> None:
    clock = {"Received": "01:50:00", "Queued": "01:30:00", "Dispatched": "01:10:00"}

    [line] = read(tmp_path, a_night(**clock), profile=a_profile(tmp_path, EAST))

    assert line.reject is not None
    assert (line.reject.column, line.contact) == ("Dispatched", None)


@pytest.mark.usefixtures("db")
def test_a_call_closed_in_that_hour_does_not_stay_open(tmp_path: Path) -> None:
    """When it was closed stays missing; that it was is no question."""
    row = a_night(Received="00:55:00", Closed="01:08:00")
    either = a_night(Received="01:30:00") | {"No": "H-2"}

    report = import_(tmp_path, row, either, profile=a_profile(tmp_path, EAST))

    with act_as(cad.importer(None, at=AT)):
        closed = Episode.objects.exclude(closed_at=None).get()
        contact = Contact.objects.get(episode=closed)
        marked = Contact.objects.get(received_either=True)
    assert (closed.closed_at, contact.closed_at) == (datetime(2026, 11, 1, 6, 8, tzinfo=UTC), None)
    assert marked.external_ref == "phx:H-2"
    assert (report.repeated, report.either) == (2, 1)
    assert "but for 1 received times: the first of two, and marked" in report.text()


def visits(tmp_path: Path, *clock: str) -> list[Line]:
    times = dict(zip(teams.TIMES, (f"2025-11-02T{at}:00" for at in clock), strict=False))
    file = teams.a_file(tmp_path, teams.a_row(**times))
    return list(team_rows.lines(file, team_profiles.read(teams.PROFILE), at=AT))


def test_one_reading_of_a_visit_is_found_where_there_is_only_one(tmp_path: Path) -> None:
    [told] = visits(tmp_path, "00:30", "00:40", "01:20", "01:25", "01:10")
    [backwards] = visits(tmp_path, "01:50", "01:40", "01:30", "01:35", "01:45")

    assert [f"{at:%H:%M}" for at in told.known.values()] == [
        "07:30",
        "07:40",
        "08:20",
        "08:25",
        "09:10",
    ]
    assert (told.repeated, told.missing) == (0, ())
    assert backwards.reject is not None


def test_placeholders_are_missing_and_counted(tmp_path: Path) -> None:
    profile = a_profile(tmp_path, ("", "midnight: missing"))
    [line] = read(
        tmp_path,
        a_line("E-2", Queued="1900-01-01 00:00:00", Dispatched="2026-11-20 00:00:00", Arrived="20261120"),
        profile=profile,
    )  # fmt: skip

    assert line.missing == ("queued_at", "dispatched_at", "arrived_at")
    assert list(line.known) == ["received_at"]


@pytest.mark.usefixtures("db")
def test_a_visit_that_was_going_on_gets_its_end_from_the_next_file(tmp_path: Path) -> None:
    going = teams.a_row(ID="V-1", **{teams.GONE: "", "End Point of Dispatch": ""})
    gone = teams.a_row(ID="V-1", Disposition="Arrest", **teams.at(teams.GONE, "15:10"))
    first = teams.import_(teams.a_file(tmp_path, going))
    second = teams.import_(teams.a_file(tmp_path, gone))
    again = teams.import_(teams.a_file(tmp_path, gone))
    other = teams.import_(teams.a_file(tmp_path, gone | teams.at(teams.GONE, "15:20")))

    desk = teams.teams.desk(None, None, at=AT)
    with act_as(desk.by):
        visit = teams.Assignment.objects.select_related("request").get()
    assert (visit.outcome, visit.request.outcome, f"{visit.cleared_at:%H:%M}") == (
        "police_took",
        "police_took",
        "22:10",
    )
    assert [report.completed.total() for report in (first, second, again, other)] == [0, 1, 0, 0]
    assert (other.different.total(), other.kept) == (1, {})
    assert "arrival_to_departure_s" not in first.kept_medians("lane-county-or")
    assert second.kept_medians("lane-county-or")["arrival_to_departure_s"] == (3000, 1)
