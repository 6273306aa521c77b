"""From a team's tap to its row on 200 live boards; and the desk's page with a bad night on it.

Taps: as `boards.py`, with the floor of `boards.py`; what is sent is a step of a unit that somebody is
waiting for, each of another episode. The page: 500 open episodes, a request for each of 300 units, all on
their way; what it costs to draw it, and to draw one changed row of the holding board. Its floor is the
shortest page of the same server.
"""

import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from bench.boards import LOOKING, STRANGER, listening, seen_by, sign_in
from bench.figures import Figure, repeated
from bench.house import House, house
from bench.processes import Failed, ask, finish, free_port, started

RATE = 2
"""Taps a second: by our estimate four times a large city's busy hour."""
TAPS = 60
EPISODES, UNITS = 500, 300
DRAWN = 20
SENDING = ("david.chavez", "911/floor")
FILL = (sys.executable, "-m", "bench.many_units")


@dataclass(frozen=True, slots=True)
class Turn:
    taps: dict[str, Any]
    floor: dict[str, Any]
    pages: dict[str, list[float]]


def run(repeats: int) -> list[Figure]:
    """Each repeat in a city of its own: a unit's way has only so many steps."""
    return _figures(repeated("taps", repeats, _turn))


def _turn(_number: int) -> Turn:
    taps, frame_bytes, job = _tapped()
    port = free_port()
    words = [sys.executable, "-m", "bench.floor_boards", str(port), str(frame_bytes)]
    with started(words):
        listening(port)
        floor = dict(job, strangers=[], port=port, path="/")
        floor.pop("posts")
        below = seen_by(floor)
    return Turn(taps, below, _bad_night())


def _tapped() -> tuple[dict[str, Any], int, dict[str, Any]]:
    """Taps of as many teams as are sent. Answers what was seen, the size of a row, and the job."""
    with house() as running:
        given, cookies, stranger = _desks(running, TAPS, TAPS)
        posts = _posts(running)
        [(head,)] = running.rows("SELECT max(seq) FROM journal_seal")
        job: dict[str, Any] = {
            "token": given["tokens"][0],
            "cookies": cookies * 20,
            "strangers": [stranger] * 5,
            "rate": RATE,
            "seconds": len(posts) / RATE,
            "posts": posts,
        }
        seen = seen_by(job | {"port": running.port, "path": f"/live?board=holding&after={head}"})
        return seen, int(seen["frame_bytes"]), job


def _bad_night() -> dict[str, list[float]]:
    """Pages with everybody open and everything on its way, and every clock of theirs that rings."""
    with house() as running:
        _given, cookies, _stranger = _desks(running, EPISODES, UNITS)
        return _pages(running, cookies[2])


def _desks(running: House, episodes: int, units: int) -> tuple[dict[str, Any], list[str], str]:
    asked = {"tokens": [SENDING], "positions": [*LOOKING, STRANGER]}
    given = ask("tokens", asked, most_s=60, environment=running.environment)
    finish([*FILL, str(episodes), str(units)], most_s=600, environment=running.environment)
    *cookies, stranger = [sign_in(running.port, position) for position in given["positions"]]
    return given, cookies, stranger


def _posts(house: House) -> list[dict[str, Any]]:
    """One step for each unit that was sent; each changes another episode's row."""
    rows = house.rows("SELECT id, episode_id FROM dispatch_assignment WHERE cleared_at IS NULL")
    if not rows:
        raise Failed("no unit was sent")
    body = {"stage": "en_route", "way": "radio"}
    return [
        {"path": f"/assignments/{id}/step", "body": body, "key": str(episode_id)}
        for id, episode_id in rows[:TAPS]
    ]


def _pages(house: House, cookie: str) -> dict[str, list[float]]:
    """Milliseconds of drawing, each asked for one after the other on one connection."""
    connection = HTTPConnection("localhost", house.port, timeout=60)
    paths = {"who comes": "/teams/", "holding": "/board/", "floor": "/health"}
    found: dict[str, list[float]] = {}
    for name, path in paths.items():
        for _ in range(DRAWN):
            began = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                raise Failed(f"{path} answered {answer.status}")
            found.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        if name == "who comes" and len(re.findall(rb"<tr id=\"request-", text)) < UNITS:
            raise Failed("the page lacks requests")
    connection.close()
    return found


def _figures(turns: Sequence[Turn]) -> list[Figure]:
    first = turns[0].taps
    gaps = sum(turn.taps["gaps"] for turn in turns)
    lost = f"{first['sent']} taps, {first['boards']} boards; gaps {gaps}"
    figures = [
        Figure(
            "taps",
            f"tap to row: {what}",
            "ms",
            [turn.taps[key] for turn in turns],
            [turn.floor[key] for turn in turns],
            lost,
        )
        for what, key in (("p50", "p50_ms"), ("p99", "p99_ms"), ("most", "most_ms"))
    ]
    size = f"{EPISODES} episodes, {UNITS} units"
    for name in ("who comes", "holding"):
        ours = [sorted(turn.pages[name])[DRAWN // 2] for turn in turns]
        floor = [sorted(turn.pages["floor"])[DRAWN // 2] for turn in turns]
        figures.append(Figure("taps", f"page {name}: drawn, p50", "ms", ours, floor, size))
    return figures
