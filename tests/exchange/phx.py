"""A made-up CAD: its profile, and files of it."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from nowrongdoor.exchange import cad, profiles, reading
from nowrongdoor.exchange.facts import Line
from nowrongdoor.exchange.report import Report

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
"""When every such file is read: no test depends on the clock."""

HEAD = "No,Type,Agency,How,Dispo,Received,Queued,Dispatched,Enroute,Arrived,Cleared,Closed"
PROFILE = """
code: phx
name: "Made-up CAD"
time_zone: America/Phoenix
columns: {number: [No], problem: [Type], agency: [Agency], reception: [How], disposition: [Dispo], received_at: [Received],
  queued_at: [Queued], dispatched_at: [Dispatched], enroute_at: [Enroute], arrived_at: [Arrived], cleared_at: [Cleared], closed_at: [Closed]}
classes:
  - {group: behavioral, problem: ".*SUICID.*", class: suicide_threat}
  - {group: behavioral, problem: ".*MENTAL.*", class: psych_distress}
  - {group: other}
channels: {E911: "911"}
outcomes: {DUP: duplicate}
"""


def a_profile(folder: Path, *changes: tuple[str, str]) -> Path:
    """The profile, with one text put in the place of another; '' adds at its end."""
    text = PROFILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new) if old else f"{text}{new}\n"
    file = folder / "phx.yaml"
    file.write_text(text)
    return file


def a_line(number: str, **over: str) -> dict[str, str]:
    row = dict.fromkeys(HEAD.split(","), "") | {
        "No": number, "Type": "MENTAL SUBJECT", "Agency": "POLICE", "How": "E911", "Dispo": "NR",
        "Received": "2026-11-20 10:00:00",
    }  # fmt: skip
    return row | over


def a_file(folder: Path, *rows: Mapping[str, str] | str | bytes) -> Path:
    """A file of rows, each written as CSV is; a row of text or bytes stands as it is. The first is the head,
    where it is bytes."""
    file = folder / "cad.csv"
    with file.open("w", newline="", encoding="utf-8", errors="surrogateescape") as out:
        writer = csv.writer(out)
        out.write(f"{HEAD}\r\n")
        for row in rows:
            if isinstance(row, bytes):
                out.write(row.decode("utf-8", "surrogateescape") + "\r\n")
            elif isinstance(row, str):
                out.write(f"{row}\r\n")
            else:
                writer.writerow(row.values())
    return file


def read(
    folder: Path, *rows: Mapping[str, str] | str | bytes, profile: Path | None = None
) -> list[Line]:
    return list(
        reading.lines(a_file(folder, *rows), profiles.read(profile or a_profile(folder)), at=AT)
    )


def import_(
    folder: Path, *rows: Mapping[str, str] | str | bytes, profile: Path | None = None
) -> Report:
    return import_file(a_file(folder, *rows), profile or a_profile(folder))


def import_file(file: Path, profile: Path) -> Report:
    at = AT
    return cad.import_file(
        file,
        profile,
        by=cad.importer(None, at=at),
        at=at,
        rejects=file.with_suffix(".rejects"),
        progress=lambda _n: None,
    )
