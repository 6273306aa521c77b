"""A call and its row on 200 live streams, by us and by a peer's library, one after the other in one run.

The peer is django-eventstream under daphne, as its own page says: one process, with events in its memory. It is
installed into a folder of its own. It writes one row, sends the same bytes to all, and a stream that was cut has
lost what came meanwhile; we also ask who may see what, seal, draw a row for each role, and go on where a stream
was cut. What either loses is counted.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import boards
from bench.figures import Figure, repeated
from bench.house import House, house
from bench.processes import ROOT, Failed, clean, finish, free_port, started

PEER = ("django-eventstream==5.3.4", "daphne==4.2.3", "psycopg[binary]==3.3.9")
STREAMS = 200


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where the peer cannot be installed, or a row of ours was lost."""
    with tempfile.TemporaryDirectory(prefix="nwd-bench-") as folder, house() as running:
        python = _installed(Path(folder))
        job = boards.planned(running)
        boards.watched(running, job | {"seconds": boards.WARM_S})
        turns = repeated("peer", repeats, lambda _number: _turn(running, python, job))
    lost = sum(theirs["gaps"] for _, theirs in turns)
    n = f"{STREAMS} streams, {boards.RATE} calls a second; rows lost: ours 0, the peer's {lost}"
    return [
        Figure(
            "peer",
            f"call to row: {name}, beside django-eventstream as the floor",
            "ms",
            [ours[key] for ours, _ in turns],
            [theirs[key] for _, theirs in turns],
            n,
        )
        for name, key in (("p50", "p50_ms"), ("p99", "p99_ms"))
    ]


def _installed(folder: Path) -> Path:
    """The interpreter of an environment that has the peer."""
    finish([sys.executable, "-m", "venv", folder / "venv"], most_s=120, environment=clean())
    python = folder / "venv/bin/python"
    words = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PEER]
    finish(words, most_s=600, environment=clean())
    return python


def _turn(house: House, python: Path, job: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    ours = boards.watched(house, job)
    with _peer(house, python, ours["frame_bytes"]) as port:
        asked = job | {"port": port, "path": "/live", "strangers": []}
        theirs = boards.seen_by(asked)
    if ours["gaps"] or ours["refused"] or theirs["refused"]:
        raise Failed(
            f"ours: {ours['gaps']} rows missing; refused: {ours['refused']}, {theirs['refused']}"
        )
    return ours, theirs


@contextmanager
def _peer(house: House, python: Path, frame_bytes: int) -> Iterator[int]:
    port = free_port()
    environment = clean() | {
        "PEER_DATABASE": house.plain_url,
        "PEER_FRAME_BYTES": str(frame_bytes),
        "PYTHONPATH": str(ROOT / "bench"),
    }
    words = [python, ROOT / "bench/peer_eventstream.py", str(port)]
    with started(words, environment=environment):
        boards.listening(port)
        yield port
