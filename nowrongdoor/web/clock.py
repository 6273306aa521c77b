"""The only reader of the clock. Views, the command line and the worker ask here.

A synthetic city may run faster than we do: one file says since when, from what time on, and how
many times as fast. Nobody else reads it; anywhere but in a synthetic city it is not looked at.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from django.conf import settings

from nowrongdoor.web import files

FASTEST = 60


@dataclass(frozen=True, slots=True)
class Running:
    """The city's time was `at` when it was `set_at` here; since then it runs `pace` times as fast."""

    at: datetime
    set_at: datetime
    pace: int

    def then(self, real_at: datetime) -> datetime:
        return self.at + (real_at - self.set_at) * self.pace


class _Seen:
    """The file as this process read it last: which one it was, and what it said."""

    last: tuple[tuple[int, int], Running] | None = None


def now() -> datetime:
    """The time at which what is asked now happens."""
    running = _running()
    return real() if running is None else running.then(real())


def real() -> datetime:
    """The machine's own time: for how long something took, whatever time it is in the city."""
    return datetime.now(UTC)


def running_s() -> float:
    """Seconds on a clock that only runs forward: for how long something took, never for when."""
    return monotonic()


def pace() -> int:
    """How many times as fast the city's clock runs; 1 outside a synthetic city."""
    running = _running()
    return 1 if running is None else running.pace


def run_at(times: int) -> None:
    """Let the city's clock go on from now, that many times as fast. Only in a synthetic city.

    Errors: ValueError outside 1 to `FASTEST`, and where people are real.
    """
    if not settings.SYNTHETIC or not 1 <= times <= FASTEST:
        raise ValueError("only a synthetic city's clock is set, from 1 to 60 times as fast")
    said = {"at": now().isoformat(), "set_at": real().isoformat(), "pace": times}
    files.put(path(), said)


def path() -> Path:
    return Path(settings.VAR) / "clock.json"


def _running() -> Running | None:
    if not settings.SYNTHETIC:
        return None
    try:
        stat = path().stat()
    except FileNotFoundError:
        return None
    which, last = (stat.st_ino, stat.st_mtime_ns), _Seen.last
    if last is not None and last[0] == which:
        return last[1]
    said = json.loads(path().read_text())
    at, set_at = (datetime.fromisoformat(said[key]) for key in ("at", "set_at"))
    running = Running(at, set_at, int(said["pace"]))
    _Seen.last = (which, running)
    return running
