"""How long a journal entry waits for its seal while an import runs, and how fast the import is.

`nowrongdoor import cad` enters a synthetic file of one 911 centre, one line in ten behavioral, with
the columns of `profiles/alexandria-va.yaml`; the worker seals beside it. The lag of an entry runs
from its `recorded_at` (the clock at its insert) to its seal's `sealed_at` (the start of the sealing
transaction), so the rest of the import's transaction is in it and the sealing itself is not.

The floor commits plain rows in the same transactions, and a second connection looks for them every
15 ms: at the import's own pace (a quarter of the file) for the lags, and as fast as it can for the
lines a second.
"""

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench.figures import Figure, quantile, repeated
from bench.house import NOWRONGDOOR, House, house
from bench.processes import ROOT, Failed, ask, finish
from nowrongdoor.community.yaml_files import YamlDocument

PROFILE = ROOT / "profiles/alexandria-va.yaml"
LINES = 10_000
EVERY = 10  # one line in so many is behavioral
BATCH = 450  # the counted lines of an import's batch of 500
FIRST_CALL = datetime(2025, 6, 1, tzinfo=UTC)  # printed without a zone: the file's own clock
SEAL_WAIT_S = 30

LAGS = """
SELECT percentile_cont(ARRAY[0.5, 0.99, 1])
    WITHIN GROUP (ORDER BY extract(epoch FROM s.sealed_at - e.recorded_at) * 1000), count(*)
FROM journal_seal s JOIN journal_entry e ON e.id = s.entry_id WHERE s.seq > %s
"""
UNSEALED = """
SELECT count(*) FROM journal_entry e
WHERE NOT EXISTS (SELECT FROM journal_seal s WHERE s.entry_id = e.id)
"""
EPISODES = "SELECT count(*) FROM episodes_episode"


@dataclass(frozen=True, slots=True)
class Turn:
    """One import and its floors: seconds, then lags in milliseconds (p50, p99, most)."""

    seconds: float
    lags: Sequence[float]
    entries: int
    floor_seconds: float
    floor_lags: Sequence[float]


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where the import fails, enters too little, or is not sealed in the end."""
    with house(serves=False) as running:
        turns = repeated("sequencer", repeats, partial(_turn, running))
    return _figures(turns)


def a_file(folder: Path, turn: int) -> Path:
    """A CAD file whose lines no earlier repeat has entered. Nothing in it is left to chance."""
    columns = YamlDocument(PROFILE.read_bytes()).value["columns"]
    head = [name for names in columns.values() for name in names]
    file = folder / f"cad-{turn}.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, head, restval="")
        writer.writeheader()
        for line in range(LINES):
            row = _line(turn, line)
            writer.writerow({columns[fact][0]: value for fact, value in row.items()})
    return file


def _line(turn: int, line: int) -> dict[str, str]:
    received = FIRST_CALL + timedelta(minutes=line)
    after_s = {"received_at": 0, "queued_at": 40, "dispatched_at": 160, "enroute_at": 200,
               "arrived_at": 700, "cleared_at": 2400, "closed_at": 2500}  # fmt: skip
    times = {
        name: f"{received + timedelta(seconds=s):%Y-%m-%d %H:%M:%S}" for name, s in after_s.items()
    }
    behavioral = line % EVERY == 0
    return times | {
        "number": f"BENCH{turn}-{line}",
        "problem": "MENTAL HEALTH CASE" if behavioral else "LARCENY",
        "agency": "POLICE",
        "reception": "E-911",
    }


def _turn(house: House, turn: int) -> Turn:
    file = a_file(house.folder, turn)
    [(head,)] = house.rows("SELECT coalesce(max(seq), 0) FROM journal_seal")
    [(episodes,)] = house.rows(EPISODES)
    rejects = file.with_suffix(".rejects")
    words = (*NOWRONGDOOR, "import", "cad", file, "--profile", PROFILE, "--rejects", rejects)
    begun = time.monotonic()
    finish(words, most_s=600, environment=house.environment)
    seconds = time.monotonic() - begun
    [(after,)] = house.rows(EPISODES)
    if after - episodes != LINES // EVERY:
        raise Failed(f"The import opened {after - episodes} episodes, not {LINES // EVERY}.")
    _sealed(house)
    [(lags, entries)] = house.rows(LAGS, head)
    floor_seconds, floor_lags = _floor(house, seconds, entries)
    return Turn(seconds, [float(lag) for lag in lags], entries, floor_seconds, floor_lags)


def _sealed(house: House) -> None:
    """Wait for the last seal."""
    until = time.monotonic() + SEAL_WAIT_S
    while house.rows(UNSEALED) != [(0,)]:
        if time.monotonic() > until:
            raise Failed(f"Entries were still unsealed after {SEAL_WAIT_S} s.")
        time.sleep(0.1)


def _floor(house: House, seconds: float, entries: int) -> tuple[float, tuple[float, ...]]:
    """As fast as it can, for the seconds; then at the import's own pace, for the lags."""
    behavioral = LINES // EVERY
    batches = -(-(LINES - behavioral) // BATCH)
    job = {
        "url": house.plain_url,
        "lines": LINES,
        "every": EVERY,
        "batch": BATCH,
        "entries": round((entries - batches) / behavioral),
    }
    fastest: dict[str, Any] = ask("floor_sequencer", job | {"rate": 0}, most_s=300)
    pace = {"lines": LINES // 4, "rate": (behavioral + batches) / seconds}
    paced: dict[str, Any] = ask("floor_sequencer", job | pace, most_s=seconds + 300)
    ms = paced["ms"]
    return fastest["seconds"], (quantile(ms, 0.5), quantile(ms, 0.99), max(ms))


def _figures(turns: Sequence[Turn]) -> list[Figure]:
    n = f"{turns[0].entries:,} entries of {LINES:,} lines"
    lags = [
        Figure(
            bench="sequencer",
            what=f"entry to seal: {name}",
            unit="ms",
            ours=[turn.lags[which] for turn in turns],
            floor=[turn.floor_lags[which] for turn in turns],
            n=n,
        )
        for which, name in enumerate(("p50", "p99", "most"))
    ]
    rate = Figure(
        bench="sequencer",
        what="import: lines a second",
        unit="/s",
        ours=[LINES / turn.seconds for turn in turns],
        floor=[LINES / turn.floor_seconds for turn in turns],
        n=f"{LINES:,} lines, one in {EVERY} behavioral",
    )
    return [*lags, rate]
