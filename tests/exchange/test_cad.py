"""Importing a CAD file: a small one made here, and the real one where it lies beside the project."""

import csv
import os
import random
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls.models import Contact
from nowrongdoor.community.files import BadCommunity
from nowrongdoor.episodes.models import Episode
from nowrongdoor.exchange import cad, profiles, reading, rules
from nowrongdoor.exchange.facts import ClassRule, Line
from nowrongdoor.exchange.report import Report
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.web.clock import now
from tests.conftest import ROOT

PROFILE = ROOT / "profiles/alexandria-va.yaml"
SHARED = ROOT.parent / "shared/data"
EAST = ZoneInfo("America/New_York")
HEAD = [
    "Master_Incident_Number", "Problem", "Agency", "Call_Reception", "Disposition", "Incident_Start_Time",
    "Incident_Queue_Time", "Incident_Dispatch_Time", "Incident_Enroute_Time", "Incident_Arrival_Time",
    "TimeFirstCallCleared", "Final_Closed_Time", "Incident_First_Close_Time",
]  # fmt: skip


def a_row(**over: str) -> dict[str, str]:
    row = dict.fromkeys(HEAD, "") | {
        "Master_Incident_Number": "INC1", "Problem": "MENTAL HEALTH CASE", "Agency": "POLICE", "Call_Reception": "E-911",
        "Incident_Start_Time": "2025-09-01 10:00:00.000", "Incident_Queue_Time": "2025-09-01 10:01:00.000",
        "Incident_Dispatch_Time": "2025-09-01 10:03:00.000", "Final_Closed_Time": "2025-09-01 11:00:00.000",
    }  # fmt: skip
    return row | over


def a_file(folder: Path, *rows: dict[str, str], name: str = "cad.csv") -> Path:
    file = folder / name
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, HEAD)
        writer.writeheader()
        writer.writerows(rows)
    return file


def read(tmp_path: Path, *rows: dict[str, str]) -> list[Line]:
    return list(reading.lines(a_file(tmp_path, *rows), profiles.read(PROFILE), at=now()))


def import_(file: Path, rejects: Path | None = None) -> Report:
    at = now()
    return cad.import_file(
        file,
        PROFILE,
        by=cad.importer(None, at=at),
        at=at,
        rejects=rejects or file.with_suffix(".rejects"),
        progress=lambda _n: None,
    )


@pytest.mark.parametrize(
    ("problem", "agency", "reception", "group", "class_code"),
    [
        ("MENTAL HEALTH CASE", "POLICE", "Radio", "behavioural_health", "psych_distress"),
        ("SUICIDE IN PROG INJ/PILLS", "POLICE", "E-911", "behavioural_health", "suicide_attempt"),
        ("SUICIDE DELAY", "POLICE", "E-911", "behavioural_health", "suicide_threat"),
        ("PSYCHIATRIC EMERGENCY VIOLENT", "EMS", "E-911", "behavioural_health", "disturbance_bh"),
        (
            "TRNSPORT PRISONER MENTAL CASE",
            "POLICE",
            "Phone",
            "behavioural_health",
            "mh_transport_order",
        ),
        ("OVERDOSE ALS", "EMS", "E-911", "substance", "overdose"),
        ("DIP - DRUNK/INTOX PERSON", "POLICE", "Phone", "substance", "intoxicated"),
        ("CHEST PAIN", "EMS", "E-911", "ems_other", ""),
        ("ALARM", "FIRE", "Phone", "fire", ""),
        ("ALARM", "POLICE", "Phone", "police_external_other", ""),
        ("ALARM", "POLICE", "OFFICER", "police_own", ""),
        ("TRAFFIC STOP", "POLICE", "Phone", "police_own", ""),
    ],
)
def test_the_profile_says_what_a_problem_is(
    problem: str, agency: str, reception: str, group: str, class_code: str
) -> None:
    found = rules.classify(
        profiles.read(PROFILE).rules, problem=problem, agency=agency, reception=reception
    )

    assert found is not None
    assert (found.group, found.class_code) == (group, class_code)


def test_what_no_line_of_the_profile_fits_has_no_class() -> None:
    assert (
        rules.classify([ClassRule("x", agency="FIRE")], problem="", agency="MARINE", reception="")
        is None
    )


def instants(text: str) -> tuple[datetime, ...]:
    at = rules.told(text)
    return () if at is None else rules.instants(at, EAST)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("2025-09-01 10:00:00.000", 1),
        ("2025-11-02 01:30:00.000", 2),  # clocks go back: twice
        ("2025-09-01", 0),  # a date is not a time, however it is spelled
        ("20250901", 0),
        ("2025-W36-1", 0),
        ("2025-09-01T10:00:00+00:00", 1),
    ],
)
def test_what_a_local_time_can_mean(text: str, count: int) -> None:
    assert len(instants(text)) == count


@pytest.mark.parametrize(
    "text", ["2026-03-08 02:30:00.000", "soon", "2025-13-01 00:00:00", "10:00"]
)
def test_what_is_no_time_is_said(text: str) -> None:
    with pytest.raises(rules.Unreadable):
        instants(text)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_every_instant_is_among_those_its_local_time_can_mean(at: datetime) -> None:
    at = at.replace(microsecond=0)
    local = at.astimezone(EAST).replace(tzinfo=None).isoformat(sep=" ")

    found = instants(local if len(local) > 10 else local + " 00:00:00")

    assert at in found
    assert all(
        each.astimezone(EAST).replace(tzinfo=None) == at.astimezone(EAST).replace(tzinfo=None)
        for each in found
    )


def test_a_repeated_hour_is_told_by_order_or_not_at_all() -> None:
    first, second = both = instants("2025-11-02 01:30:00.000")
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    after = {"then": ("begun",)}

    def ways(begun: tuple[datetime, ...], then: tuple[datetime, ...]) -> list[datetime]:
        found, _wrong = rules.orders({"begun": begun, "then": then}, after)
        return [way["then"] for way in found]

    assert ways((first - hour,), both) == [first, second]
    assert ways((first + minute,), both) == [second]
    assert ways((second + minute,), both) == []
    assert rules.orders({"begun": (second + minute,), "then": both}, after)[1] == "then"
    # a later time tells of an earlier one
    assert rules.orders({"begun": both, "then": (first + minute,)}, after)[0] == (
        {"begun": first, "then": first + minute},
    )


def test_a_gap_is_dropped_when_it_runs_backwards_or_too_long() -> None:
    at = datetime(2025, 9, 1)

    assert rules.gap_s(at, at + timedelta(seconds=9)) == 9
    assert rules.gap_s(at, at - timedelta(seconds=1)) is None
    assert rules.gap_s(at, at + timedelta(hours=6)) == 21600
    assert rules.gap_s(at, at + timedelta(hours=6, seconds=1)) is None
    assert rules.gap_s(None, at) is None


@pytest.mark.parametrize(
    ("over", "column"),
    [
        ({"Incident_Start_Time": ""}, "Incident_Start_Time"),
        ({"Incident_Start_Time": "2025-09-01"}, "Incident_Start_Time"),
        ({"Incident_Queue_Time": "later"}, "Incident_Queue_Time"),
        ({"Incident_Dispatch_Time": "2025-09-01 10:00:30.000"}, "Incident_Dispatch_Time"),
        ({"Incident_Arrival_Time": "2025-09-01 10:02:00.000"}, "Incident_Arrival_Time"),
        ({"Final_Closed_Time": "2025-09-01 09:00:00.000"}, "Final_Closed_Time"),
        ({"Incident_Start_Time": "2125-09-01 10:00:00.000", "Incident_Queue_Time": "", "Incident_Dispatch_Time": "", "Final_Closed_Time": ""}, "Incident_Start_Time"),
        ({"Agency": "MARINE", "Problem": "BOAT"}, "Agency"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_rejected_by_its_column(
    tmp_path: Path, over: dict[str, str], column: str
) -> None:
    [line] = read(tmp_path, a_row(**over))

    assert line.contact is None
    assert line.reject is not None
    assert line.reject.column == column
    assert not any(value and value in line.reject.because for value in over.values())


def test_a_first_unit_may_clear_before_another_arrives(tmp_path: Path) -> None:
    [line] = read(
        tmp_path,
        a_row(
            TimeFirstCallCleared="2025-09-01 10:04:00.000",
            Incident_Arrival_Time="2025-09-01 10:09:00.000",
        ),
    )

    assert line.contact is not None


def test_a_number_that_comes_twice_is_entered_once(tmp_path: Path) -> None:
    first, second = read(tmp_path, a_row(), a_row(Problem="ALARM"))

    assert first.contact is not None
    assert (second.contact, second.same) == (None, 2)


def test_lines_without_a_number_are_told_apart_by_what_they_say(tmp_path: Path) -> None:
    nameless = {"Master_Incident_Number": ""}
    one, two, three = read(
        tmp_path, a_row(**nameless), a_row(**nameless, Disposition="X"), a_row(**nameless)
    )

    assert one.contact is not None
    assert two.contact is not None
    assert one.contact.external_ref != two.contact.external_ref
    assert three.same == one.number  # the very same line again


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"a,b\n1,2\n", "file.columns"), (b"\xff\xfe\x00", "file.encoding"), (b"", "file.columns")],
)
def test_a_file_of_another_kind_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, rule: str
) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)

    with pytest.raises(BadInput) as refusal:
        list(reading.lines(file, profiles.read(PROFILE), at=now()))

    assert refusal.value.verdict.rule == rule


def test_a_profile_names_file_line_and_key_of_what_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        PROFILE.read_text()
        .replace("America/New_York", "Mars/Olympus")
        .replace("group: fire,", "grupo: fire,")
    )

    with pytest.raises(BadCommunity) as problems:
        profiles.read(bad)

    told = [str(problem) for problem in problems.value.problems]
    assert any(each.startswith("bad.yaml, line 6, time_zone") for each in told), told
    assert any("grupo" in each for each in told)


@pytest.mark.usefixtures("db")
def test_behavioral_calls_are_held_and_the_rest_counted(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        a_row(),
        a_row(Master_Incident_Number="INC2", Problem="SUICIDE DELAY", Final_Closed_Time=""),
        a_row(Master_Incident_Number="INC3", Problem="ALARM"),
        a_row(Master_Incident_Number="INC4", Incident_Start_Time="?"),
    )

    report = import_(file)

    by = cad.importer(None, at=now())
    with act_as(by):
        closed, still_open = Episode.objects.order_by("opened_at", "number")
        assert Contact.objects.count() == 3
    assert (report.entered.total(), report.rejected.total(), report.episodes) == (3, 1, 2)
    assert closed.opened_at == datetime(
        2025, 9, 1, 14, tzinfo=UTC
    )  # ten in the morning, their time
    assert closed.closed_at == datetime(2025, 9, 1, 15, tzinfo=UTC)
    assert (still_open.holder_program_id, still_open.closed_at) == (by.program_id, None)
    assert file.with_suffix(".rejects").read_text().splitlines()[1:] == [
        "5,Incident_Start_Time,this is not a time"
    ]


@pytest.mark.usefixtures("db")
def test_twice_changes_nothing(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        *(
            a_row(Master_Incident_Number=f"INC{n}", Problem=("ALARM", "SUICIDE DELAY")[n % 2])
            for n in range(20)
        ),
    )
    first, second = import_(file), import_(file)

    with act_as(cad.importer(None, at=now())):
        assert (Contact.objects.count(), Episode.objects.count()) == (20, 10)
    assert (first.entered.total(), second.entered.total(), second.known.total()) == (20, 0, 20)
    assert first.in_file == second.in_file


@pytest.mark.usefixtures("db")
def test_an_unknown_program_is_said(tmp_path: Path) -> None:
    assert (
        cad.importer("sheriff911/floor", at=now()).program_id
        != cad.importer(None, at=now()).program_id
    )
    with pytest.raises(BadInput):
        cad.importer("nobody/here", at=now())


@pytest.mark.usefixtures("db")
@pytest.mark.faults
@pytest.mark.long
def test_a_killed_import_resumes(tmp_path: Path) -> None:
    """Killed three times at moments that chance picks, then run to its end: nothing twice, nothing lost."""
    chance = random.Random(7)
    rows = [
        a_row(Master_Incident_Number=f"INC{n}", Problem=("ALARM", "SUICIDE DELAY")[n % 2])
        for n in range(1200)
    ]
    file = a_file(tmp_path, *rows)
    command = [
        str(ROOT / ".venv/bin/nowrongdoor"),
        "import",
        "cad",
        str(file),
        "--profile",
        str(PROFILE),
        "--rejects",
        str(tmp_path / "r"),
    ]
    killed = 0
    for _ in range(3):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        before = entered()
        while entered() == before and running.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.4)
        running.send_signal(signal.SIGKILL)
        killed += running.wait() == -signal.SIGKILL
    part = entered()
    subprocess.run(command, check=True, capture_output=True)

    with act_as(cad.importer(None, at=now())):
        assert (Contact.objects.count(), Episode.objects.count()) == (1200, 600)
        assert Contact.objects.filter(episode__isnull=False).count() == 600
    assert killed >= 1
    assert 0 < part <= 1200


def entered() -> int:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        [count] = owner.execute("SELECT count(*) FROM calls_contact").fetchone() or (0,)
    return int(str(count))
