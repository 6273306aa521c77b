"""`nowrongdoor gate` as an operator runs it: no database, no settings."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.sharing.tables import FILE, TEXT

COMMAND = str(ROOT / ".venv/bin/nowrongdoor")
BARE = {"PATH": "/usr/bin:/bin"}  # no database, no secret


def run(*words: object, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    said = [COMMAND, "gate", *map(str, words)]
    return subprocess.run(said, input=given, capture_output=True, cwd=ROOT, env=BARE)


GOOD = '{"data": "clinical", "from": "crc", "to": "le_mhst", "purpose": "close_loop", "agreement": true}'
BAD = [
    b'{"data": "blood", "from": "crc", "to": "le_mhst", "purpose": "close_loop"}',
    b'{"data": "clinical", "from": "clergy", "to": "le_mhst", "purpose": "close_loop"}',
    b'{"data": "clinical", "from": "crc", "to": "le_mhst", "purpose": "gossip"}',
    b'{"data": "clinical", "from": "crc", "to": "le_mhst", "purpose": "close_loop", "treaty": true}',
    b'{"data": "clinical", "from": "crc", "to": "le_mhst", "purpose": "close_loop", "agreement": 1}',
    b'{"data": "clinical", "data": "incident", "from": "crc", "to": "le_mhst", "purpose": "close_loop"}',
    b"[]",
    b"{}",
    b"not a disclosure",
    b'{"data": "\xff"}',
    b"[" * 100_000,
    b'{"data": ' + b"9" * 5_000 + b"}",
]


def test_each_line_is_answered_and_what_cannot_be_is_said_so() -> None:
    given = b"\n".join([GOOD.encode(), b"", *BAD, b"  \t", GOOD.encode()])

    done = run("--community", "tucson", given=given)

    assert (done.returncode, done.stderr) == (1, b"")
    first, *errors, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert first == last == {
        "allowed": True, "row": "A09", "fields": ["status"], "duties": ["account", "minimum"],
    }  # fmt: skip
    assert [(each["error"]["rule"], each["error"]["field"]) for each in errors] == [
        ("disclosure.unknown", "data"),
        ("disclosure.unknown", "from"),
        ("disclosure.unknown", "purpose"),
        ("disclosure.fact", "treaty"),
        ("disclosure.boolean", "agreement"),
        ("answer.twice", "data"),
        ("disclosure.shape", "line"),
        ("disclosure.missing", "data"),
        *[("line.unreadable", "line")] * 4,
    ]
    assert all(each["error"]["because"] for each in errors)


def test_where_every_line_is_answered_the_exit_code_is_0() -> None:
    denied = b'{"data": "cji", "from": "le_patrol", "to": "crc", "purpose": "handover"}'
    nothing = b'{"data": "clinical", "from": "crc", "to": "le_patrol", "purpose": "coordinate"}'

    done = run(given=b"\n".join([GOOD.encode(), denied, nothing]))

    assert done.returncode == 0
    assert [json.loads(line)["row"] for line in done.stdout.splitlines()] == ["A09", "X01", "none"]
    assert run(given=b"").stdout == b""


@pytest.mark.parametrize("words", [(), ("--community", "tucson"), ("--community", FILE), (FILE,)])
def test_the_community_s_table_is_proved(words: tuple[object, ...]) -> None:
    done = run("check", *words)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.endswith(b"Proved for every possible disclosure.\n")


def test_a_broken_table_is_refused_with_a_disclosure_in_words(tmp_path: Path) -> None:
    broken = tmp_path / "disclosure.yaml"
    old = 'purpose: [engagement, coordinate], needs: "named"'
    assert old in TEXT
    broken.write_text(TEXT.replace(old, old.replace("named", "agreement")))

    done = run("check", broken)

    assert done.returncode == 1
    assert b"fails: invariant I3 (Part 2 records reach justice only by consent" in done.stdout
    assert b"le_outreach sud for " in done.stdout or b"le_deflection sud for " in done.stdout
    assert b"with agreement: A28 allows it" in done.stdout
    assert b"Proved" not in done.stdout


@pytest.mark.parametrize("command", [(), ("check",)])
def test_a_file_that_cannot_be_read_is_named_by_line(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "disclosure.yaml").write_text(TEXT.replace("purpose: [research]", "purpose: [x]"))

    done = run(*command, "--community", tmp_path)

    assert (done.returncode, done.stdout) == (1, b"")
    line = TEXT[: TEXT.index("purpose: [research]")].count("\n") + 1
    told = f"disclosure.yaml, line {line}, allow.51.purpose: there is no purpose x here\n"
    assert done.stderr.decode() == told
