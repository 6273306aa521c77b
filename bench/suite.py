"""How long `make test` takes: every check and every test. Once, and only when named.

Its last line says the CPU seconds of everything that it started, which are judged (at most 600); the time
on the wall is told.

The floor is finding the same tests and running none: it starts the same database for them.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from bench.figures import Figure, say
from bench.processes import Failed, clean, started

MOST_S = 1800
AIM_S = 300


def run(_repeats: int) -> list[Figure]:
    """A failing test does not hide its time; the exit code is printed."""
    seconds, code = _took(["make", "test"])
    floor, _ = _took([sys.executable, "-m", "pytest", "-n", "2", "-qq", "--collect-only"])
    print(f"suite: `make test` ended with code {code}")
    figure = Figure(
        bench="suite",
        what="make test",
        unit="s",
        ours=[seconds],
        floor=[floor],
        n="once",
        aim=f"≤ {AIM_S} s",
    )
    return [figure]


def _took(words: Sequence[str]) -> tuple[float, int]:
    """Seconds and exit code. Stopped like at a keyboard, so that the tests stop their database."""
    say(f"suite: {' '.join(words)}")
    begun = time.monotonic()
    pipes: dict[str, Any] = {"stdout": sys.stderr, "stderr": subprocess.STDOUT}
    with started(words, environment=clean(), stop=signal.SIGINT, **pipes) as child:
        try:
            code = child.wait(MOST_S)
        except subprocess.TimeoutExpired:
            raise Failed(f"`{' '.join(words)}` did not end within {MOST_S} s.") from None
        return time.monotonic() - begun, code
