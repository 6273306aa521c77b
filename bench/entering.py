"""Imports a file of teams' visits twice, and says how long each run took. Run as a process: it is Django's.

The start of the process is not in the seconds.
In: {"file", "profile"}. Out: {"first", "again": seconds, "entered", "known": lines}.
"""

import json
import sys
import time
from pathlib import Path

import django

django.setup()

from nowrongdoor.exchange import teams  # noqa: E402 - Django is set up first
from nowrongdoor.exchange.report import Report  # noqa: E402 - as above
from nowrongdoor.web.clock import now  # noqa: E402 - as above


def run(file: Path, profile: Path) -> tuple[float, Report]:
    at = now()
    desk = teams.desk(None, None, at=at)
    rejects = file.with_suffix(".rejects")
    begun = time.perf_counter()
    report = teams.import_file(
        file, profile, desk=desk, at=at, rejects=rejects, progress=lambda _lines: None
    )
    return time.perf_counter() - begun, report


def main() -> None:
    job = json.load(sys.stdin)
    first, entered = run(Path(job["file"]), Path(job["profile"]))
    again, known = run(Path(job["file"]), Path(job["profile"]))
    answer = {
        "first": first,
        "again": again,
        "entered": entered.entered.total(),
        "known": known.known.total(),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
