"""Where a run's time went, by folder, beside what each folder may take.

Seconds of test workers (set-up, test and clearing up), on two quiet cores. A folder past its budget is
named and nothing fails: a busy machine is no fault. `NWD_SLOWEST=20` names that many tests as well.
"""

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

import pytest

WORKER_SECONDS = {
    "agencies": 35,
    "browser": 200,
    "calls": 30,
    "community": 10,
    "desks": 50,
    "directory": 10,
    "dispatch": 25,
    "doors": 30,
    "episodes": 8,
    "exchange": 5,
    "faults": 35,
    "guests": 10,
    "kit": 25,
    "loop": 5,
    "rows": 10,
    "sandbox": 30,
    "sharing": 20,
    "site": 55,
    "style": 8,
    "triage": 35,
    "web": 10,
}
"""A folder without a number of its own may take what `OTHERS` says. With the checks, 600 CPU seconds in all."""
OTHERS = 3
DOORS = {"test_doors.py", "test_looking.py", "test_strangers.py"}


def folder_of(nodeid: str) -> str:
    parts = PurePath(nodeid.split("::", maxsplit=1)[0]).parts[1:]
    return "doors" if parts[-1] in DOORS else parts[0]


def lines(reports: Iterable[pytest.TestReport]) -> list[str]:
    """One line a folder, the most expensive first."""
    seconds: Counter[str] = Counter()
    slow: Counter[str] = Counter()
    for each in reports:
        seconds[folder_of(each.nodeid)] += each.duration  # type: ignore[assignment]
        slow[each.nodeid] += each.duration  # type: ignore[assignment]
    told = [
        f"{spent:7.1f} s of {may:3d}  {folder}{'  PAST ITS BUDGET' if spent > may else ''}"
        for folder, spent in seconds.most_common()
        for may in [WORKER_SECONDS.get(folder, OTHERS)]
    ]
    told.append(f"{seconds.total():7.1f} s of {sum(WORKER_SECONDS.values()):3d}  all folders")
    most = int(os.environ.get("NWD_SLOWEST", "0"))
    return told + [f"{spent:7.1f} s  {name}" for name, spent in slow.most_common(most)]
