"""Known holes of the libraries in `requirements/`: `make audit`. By pip-audit, which asks a public service.

Exit code 0: every library was asked about and none has a known hole. 1: some have, named with the version
that mends it. 2: not run, or not for all; never to be taken for a pass. What comes inside a wheel
(PostgreSQL of the demo, libraries in C) is not known to that service.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from tests.conftest import ROOT

FILES = ("run", "dev", "patroni")
AUDIT = (
    "pip-audit",
    "--disable-pip",
    "--require-hashes",
    "--format",
    "json",
    "--progress-spinner",
    "off",
)
MOST_S = 300
HELD, FOUND, NOT_RUN = range(3)
Ask = Callable[[str], str]


def asked(file: str) -> str:
    """What pip-audit says of one file; '' where it could not be had or could not ask."""
    command = [str(ROOT / ".venv/bin/uvx"), *AUDIT, "-r", str(ROOT / f"requirements/{file}.txt")]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def told(file: str, output: str) -> Iterator[tuple[int, str]]:
    """A code and a line for each thing there is to say of a file."""
    try:
        rows: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        yield NOT_RUN, f"not run: {file}.txt; no network, or nobody there answered"
        return
    for row in rows:
        if "skip_reason" in row or "vulns" not in row:
            yield NOT_RUN, f"not run: {file}.txt, {row['name']}: {row.get('skip_reason', '')}"
        for hole in row.get("vulns", ()):
            mended = ", ".join(hole["fix_versions"]) or "no version yet"
            yield (
                FOUND,
                f"{file}.txt: {row['name']} {row['version']}: {hole['id']}, mended by {mended}",
            )
    if not rows:
        yield NOT_RUN, f"not run: {file}.txt; nothing was looked at"
    yield HELD, f"{file}.txt: {len(rows)} libraries were asked about"


def audit(ask: Ask = asked, write: Callable[[str], object] = print) -> int:
    """The exit code; a hole that was found counts before what was not looked at."""
    codes = set()
    for file in FILES:
        for code, line in told(file, ask(file)):
            codes.add(code)
            write(line)
    return next(code for code in (FOUND, NOT_RUN, HELD) if code in codes)


if __name__ == "__main__":
    sys.exit(audit())
