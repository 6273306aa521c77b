"""`nowrongdoor clocks` as an operator runs it: no database, no settings."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from nowrongdoor.clocks.counting.commandline import clocks
from tests.clocks.books import TEXT, TUCSON
from tests.clocks.test_vectors import ROWS
from tests.conftest import ROOT

COMMAND = str(ROOT / ".venv/bin/nowrongdoor")
BARE = {"PATH": "/usr/bin:/bin"}  # no database, no secret


def run(*words: object, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    said = [COMMAND, "clocks", *map(str, words)]
    return subprocess.run(said, input=given, capture_output=True, cwd=ROOT, env=BARE)


def asked(**said: object) -> bytes:
    return json.dumps(said).encode()


def answered(*lines: bytes) -> tuple[int, list[dict[str, Any]]]:
    told: list[str] = []
    code = clocks(TUCSON, lines, told.append)
    return code, [json.loads(each) for each in told]


GOOD = asked(
    clock="emergency_detention", start="2026-01-09 16:10", zone="America/Phoenix", facts={}
)


def test_each_line_is_answered_and_what_cannot_be_is_said_so() -> None:
    bad = asked(clock="egg_timer", start="2026-01-09 16:10")

    done = run("--community", "tucson", given=b"\n".join([GOOD, b"", bad, b"  \t", GOOD]))

    assert (done.returncode, done.stderr) == (1, b"")
    first, error, last = map(json.loads, done.stdout.splitlines())
    words = "taken Fri 4:10 pm; Sat, Sun left out; ends Mon 4:10 pm. ARS 36-527(A) (text read)"
    assert first == last == {"due": "2026-01-12 16:10 -07:00", "words": words}
    assert error == {"error": {"rule": "clock.unknown", "because": "There is no clock egg_timer here.", "field": "clock"}}  # fmt: skip


def test_all_vectors_go_in_one_a_line_and_come_out_in_their_order(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    lines = [row | {"facts": json.loads(row["facts"] or "{}")} for row in ROWS]
    keys = ("clock", "start", "zone", "facts")
    file.write_text("".join(json.dumps({key: line[key] for key in keys}) + "\n" for line in lines))

    done = run(file)

    assert done.returncode == 0
    told = [json.loads(each) for each in done.stdout.splitlines()]
    assert [each["due"] for each in told] == [row["due"] for row in ROWS]
    assert all(set(each) == {"due", "words"} and each["words"] for each in told)


@pytest.mark.parametrize(
    ("line", "rule", "field"),
    [
        (b"[]", "clock.shape", "line"),
        (b"{}", "clock.missing", "clock"),
        (b"not a line", "line.unreadable", "line"),
        (b'{"clock": "\xff"}', "line.unreadable", "line"),
        (b"[" * 100_000, "line.unreadable", "line"),
        (b'{"clock": "rounding", "clock": "rounding", "start": "2026-01-09 16:10"}', "answer.twice", "clock"),
        (asked(clock="rounding"), "clock.missing", "start"),
        (asked(clock=["rounding"], start="2026-01-09 16:10"), "clock.unknown", "clock"),
        (asked(clock="rounding", start="2026-01-09 16:10", due="now"), "clock.key", "due"),
        (asked(clock="rounding", start="2026-01-09"), "clock.time", "start"),
        (asked(clock="rounding", start="2026-02-30 10:00"), "clock.time", "start"),
        (asked(clock="rounding", start="2026-01-09 24:10"), "clock.time", "start"),
        (asked(clock="rounding", start=20260109), "clock.time", "start"),
        (asked(clock="rounding", start="0001-01-01 00:00"), "clock.year", "start"),
        (asked(clock="rounding", start="9999-12-31 23:59"), "clock.year", "start"),
        (asked(clock="rounding", start="2026-01-09 16:10", zone="Mars/Olympus"), "clock.zone", "zone"),
        (asked(clock="rounding", start="2026-01-09 16:10", zone="../../etc/passwd"), "clock.zone", "zone"),
        (asked(clock="rounding", start="2026-01-09 16:10", zone=7), "clock.zone", "zone"),
        (asked(clock="rounding", start="2026-03-08 02:30", zone="America/Denver"), "clock.skipped", "start"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts=[1]), "clock.shape", "facts"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"moon": "full"}), "clock.fact", "moon"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"fold": True}), "clock.fold", "fold"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"fold": 2}), "clock.fold", "fold"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"reading": "bold"}), "clock.reading", "reading"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"calendar": "lunar"}), "clock.calendar", "calendar"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"amount": 0}), "clock.amount", "amount"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"amount": 10**9}), "clock.amount", "amount"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"amount": True}), "clock.amount", "amount"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"closures": "2026-01-12"}), "clock.list", "closures"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"closures": ["12 January"]}), "clock.date", "closures"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"closures": ["2026-01-12"] * 3000}), "clock.list", "closures"),
        (asked(clock="rounding", start="2026-01-09 16:10", facts={"adopted": [1]}), "clock.name", "adopted"),
        (asked(clock="emergency_detention", start="2026-01-09 16:10", facts={"amount": 48}), "clock.fact", "amount"),
        (asked(clock="emergency_detention", start="2026-01-09 16:10", facts={"paused": []}), "clock.fact", "paused"),
        (asked(clock="emergency_detention", start="2026-01-09 16:10", facts={"face_expiry": "2026-01-10"}), "clock.fact", "face_expiry"),
        (asked(clock="order_lapse", start="2026-01-09 16:10", facts={"face_expiry": "soon"}), "clock.time", "face_expiry"),
        (asked(clock="clinic_followup_limit", start="2026-01-09 16:10", facts={"paused": [["2026-01-10 08:00"]]}), "clock.pair", "paused"),
        (asked(clock="clinic_followup_limit", start="2026-01-09 16:10", facts={"paused": [["2026-01-11 08:00", "2026-01-10 08:00"]]}), "clock.order", "paused"),
        (asked(clock="treatment_order_term", start="2026-01-09 16:10", facts={"absences": [["2026-01-11", "2026-01-10"]]}), "clock.order", "absences"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(line: bytes, rule: str, field: str) -> None:
    code, [told] = answered(line)

    assert code == 1
    assert (told["error"]["rule"], told["error"]["field"]) == (rule, field)
    assert told["error"]["because"]


def test_facts_may_come_as_a_table_of_cases_holds_them() -> None:
    cautious = asked(clock="emergency_detention", start="2026-10-09 15:00", facts='{"reading": "cautious"}')  # fmt: skip
    unreadable = asked(clock="emergency_detention", start="2026-10-09 15:00", facts="{reading}")
    twice = asked(clock="rounding", start="2026-10-09 15:00", facts='{"amount": 5, "amount": 9}')

    code, [read, refused, again] = answered(cautious, unreadable, twice)

    assert (code, read["due"]) == (1, "2026-10-12 15:00 -07:00")
    assert refused["error"]["rule"] == again["error"]["rule"] == "clock.shape"


def test_what_is_left_out_of_a_line_is_the_community_s() -> None:
    """Its zone, no facts; and seconds are dropped, never rounded."""
    code, [told] = answered(asked(clock="rounding", start="2026-01-09T16:10:59", facts=None))

    assert (code, told["due"]) == (0, "2026-01-09 16:25 -07:00")


def test_a_file_that_cannot_be_read_is_named_by_line(tmp_path: Path) -> None:
    old = "zone: America/Phoenix"
    (tmp_path / "clocks.yaml").write_text(TEXT.replace(old, "zone: America/Atlantis", 1))

    done = run("--community", tmp_path)

    line = TEXT[: TEXT.index(old)].count("\n") + 1
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == f"clocks.yaml, line {line}, zone: no such time zone\n"


def test_the_words_come_in_spanish_too() -> None:
    done = run("--language", "es", given=GOOD)

    said = json.loads(done.stdout)
    assert said["due"] == "2026-01-12 16:10 -07:00"
    assert said["words"].startswith(
        "bajo custodia vie 16:10; no cuentan sáb, dom; termina lun 16:10."
    )
