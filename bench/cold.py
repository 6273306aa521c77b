"""From `git clone` to the first answer: what somebody waits for who has never had the program.

Clones the commit that is checked out, runs `./setup.sh` and `nowrongdoor run`, with empty caches,
and waits until it answers. Once only: it fetches everything each time. The floor is what any Python
program costs first: a virtual environment and the locked installer in it, as `setup.sh` does both.
"""

import os
import re
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.figures import Figure, say
from bench.house import answers
from bench.processes import ROOT, Failed, clean, finish, free_port, started

MOST_S = 900
AIM_S = 120


def run(_repeats: int) -> list[Figure]:
    """Errors: Failed where a step fails or takes a quarter of an hour."""
    with tempfile.TemporaryDirectory(prefix="nwd-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the database may run as another user, who has to walk in
        steps = _steps(folder)
        say("cold: the floor")
        floor = _floor(folder)
    whole = Figure(
        bench="cold",
        what="clone to first answer",
        unit="s",
        ours=[sum(steps.values())],
        floor=[floor],
        n="once, empty caches",
        aim=f"≤ {AIM_S} s",
    )
    return [
        *(Figure("cold", name, "s", [seconds], n="once") for name, seconds in steps.items()),
        whole,
    ]


def _steps(folder: Path) -> dict[str, float]:
    """Each step of the two commands in the README, in seconds."""
    there = folder / "checkout"
    environment = _fresh(folder / "caches")
    clone: list[str | Path] = ["git", "clone", "-q", "--no-local", ROOT, there]
    return {
        "git clone": _took("git clone", clone, folder, environment),
        "./setup.sh": _took("./setup.sh", ["./setup.sh"], there, environment),
        "nowrongdoor run": _first_answer(there, environment),
    }


def _floor(folder: Path) -> float:
    """A virtual environment with the locked installer, and nothing else."""
    environment = _fresh(folder / "floor-caches")
    venv, lock = folder / "floor", folder / "uv.txt"
    lock.write_text(_locked("uv"))
    install = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
    return _took("venv", ["python3", "-m", "venv", venv], folder, environment) + _took(
        "pip install", [venv / "bin/python", *install, "-r", lock], folder, environment
    )


def _locked(name: str) -> str:
    """One package's block of the lock, with its hashes."""
    lock = (ROOT / "requirements/dev.txt").read_text()
    found = re.search(rf"^{name}==.*\n(?:[ #].*\n)*", lock, re.MULTILINE)
    if found is None:
        raise Failed(f"requirements/dev.txt does not name {name}.")
    return found[0]


def _took(what: str, words: list[str | Path], folder: Path, environment: dict[str, str]) -> float:
    say(f"cold: {what}")
    begun = time.monotonic()
    finish(words, most_s=MOST_S, environment=environment, cwd=folder)
    return time.monotonic() - begun


def _first_answer(there: Path, environment: dict[str, str]) -> float:
    say("cold: nowrongdoor run")
    port = free_port()
    words: list[str | Path] = [there / ".venv/bin/nowrongdoor", "run", "--port", str(port)]
    begun = time.monotonic()
    with (there / "run.log").open("wb") as log:
        pipes: dict[str, Any] = {"stdout": log, "stderr": log}
        with started(
            words, environment=environment, cwd=there, stop=signal.SIGINT, **pipes
        ) as child:
            while child.poll() is None and time.monotonic() - begun < MOST_S:
                if answers(port):
                    return time.monotonic() - begun
                time.sleep(0.1)
    said = (there / "run.log").read_text(errors="replace")[-2000:]
    raise Failed(f"`nowrongdoor run` did not answer:\n{said}")


def _fresh(caches: Path) -> dict[str, str]:
    """An environment in which nothing was ever fetched, and no virtual environment is active."""
    ours = str(ROOT / ".venv")
    path = [each for each in os.environ.get("PATH", "").split(":") if not each.startswith(ours)]
    return clean() | {
        "PATH": ":".join(path),
        "PIP_CACHE_DIR": str(caches / "pip"),
        "UV_CACHE_DIR": str(caches / "uv"),
    }
