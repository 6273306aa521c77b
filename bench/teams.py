"""How fast a file of teams' visits comes in, and how fast a second run finds that it is in.

`nowrongdoor import teams`, from within its process: a synthetic file with the columns of
`profiles/lane-county-or.yaml`, every visit whole; then the same file again, which is what a run does
with the lines that an earlier one entered. The worker seals beside it.

Floors: one connection that commits, for each visit, as many INSERTs and UPDATEs as the database
counted for one; and a bare program that reads the same file and asks for the same numbers.
"""

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bench.commands import WRITTEN
from bench.figures import Figure, repeated
from bench.house import House, house
from bench.processes import ROOT, Failed, ask

PROFILE = ROOT / "profiles/lane-county-or.yaml"
LINES = 1000
FIRST = datetime(2025, 6, 1, 8)  # noqa: DTZ001 - the file's own clock
FLOOR_SECONDS = 4.0
TIMES = (
    "Dispatch Request Date & Time",
    "Dispatch Date & Time",
    "Arrival on Scene Date & Time",
    "Engagement with Client Date & Time",
    "MCIT Departure Date & Time",
)
WORDS = ("ID", "End Point of Dispatch", "Reason for Dispatch #1", "Disposition")


@dataclass(frozen=True, slots=True)
class Turn:
    """Visits a second: entered, and known already; each with its floor. `writes` of one visit."""

    entered: float
    entered_floor: float
    again: float
    again_floor: float
    writes: tuple[int, int]


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where a visit was not entered, or not known again."""
    with house(serves=False) as running:
        turns = repeated("teams", repeats, partial(_turn, running))
    return _figures(turns)


def a_file(folder: Path, turn: int) -> Path:
    """Visits that no earlier repeat has entered. Nothing in it is left to chance."""
    file = folder / f"teams-{turn}.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*WORDS, *TIMES])
        for line in range(LINES):
            asked = FIRST + timedelta(minutes=13 * line)
            # one that would be at midnight, a date to this profile, is a second later
            times = [asked + timedelta(seconds=1, minutes=after) for after in (0, 12, 26, 27, 48)]
            words = (f"{turn}-{line}", "Engaged Client", "Paranoia", "Remained in community")
            writer.writerow([*words, *(time.isoformat() for time in times)])
    return file


def _turn(house: House, turn: int) -> Turn:
    file = a_file(house.folder, turn)
    before = _written(house)
    job = {"file": str(file), "profile": str(PROFILE)}
    done = ask("entering", job, most_s=600, environment=house.environment)
    if (done["entered"], done["known"]) != (LINES, LINES):
        raise Failed(f"Of {LINES} visits {done['entered']} were entered, {done['known']} known.")
    inserts, updates = (
        round((now - then) / LINES) for now, then in zip(_written(house), before, strict=True)
    )
    commits = {"url": house.plain_url, "connections": 1, "seconds": FLOOR_SECONDS, "commits": [[inserts, updates]]}  # fmt: skip
    floor = ask("floor_commands", commits, most_s=FLOOR_SECONDS + 60)
    looked = ask("floor_teams", {"url": house.plain_url, "file": str(file)}, most_s=60)
    return Turn(
        entered=LINES / done["first"],
        entered_floor=len(floor["ms"]) / floor["seconds"],
        again=LINES / done["again"],
        again_floor=looked["known"] / looked["seconds"],
        writes=(inserts, updates),
    )


def _written(house: House) -> tuple[int, int]:
    """Rows inserted and updated so far; a process that has ended has told all of its own."""
    time.sleep(1)
    [(inserted, updated)] = house.rows(WRITTEN)
    return inserted, updated


def _figures(turns: Sequence[Turn]) -> list[Figure]:
    inserts, updates = turns[0].writes
    return [
        Figure(
            bench="teams",
            what="import teams: visits entered a second",
            unit="/s",
            ours=[turn.entered for turn in turns],
            floor=[turn.entered_floor for turn in turns],
            n=f"{LINES:,} visits, {inserts} INSERTs, {updates} UPDATEs each",
        ),
        Figure(
            bench="teams",
            what="import teams, resumed: known visits a second",
            unit="/s",
            ours=[turn.again for turn in turns],
            floor=[turn.again_floor for turn in turns],
            n=f"{LINES:,} visits",
        ),
    ]
