"""From a team's tap to its row on 200 live boards; and the desk's page with a bad night on it.

Taps: as `boards.py`, with the floor of `boards.py`; what is sent is a step of a unit that somebody is
waiting for, each of another episode; once with nothing else open, once in a bad night: 500 open episodes,
a request for each of 300 units, all on their way. And what the pages of that night cost; their floor is the
shortest page of the same server.
"""

import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from bench.boards import LOOKING, STRANGER, listening, seen_by, sign_in, watched
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
    night: dict[str, Any]
    floor: dict[str, Any]
    pages: dict[str, list[float]]


def run(repeats: int) -> list[Figure]:
    """Each repeat in a city of its own: a unit's way has only so many steps."""
    return _figures(repeated("taps", repeats, _turn))


def _turn(_number: int) -> Turn:
    with house() as running:
        job, _cookies = _job(running, TAPS, TAPS)
        taps = watched(running, job)
    with house() as running:
        job, cookies = _job(running, EPISODES, UNITS)
        night = watched(running, job)
        pages = _pages(running, cookies[2])
    port = free_port()
    words = [sys.executable, "-m", "bench.floor_boards", str(port), str(taps["frame_bytes"])]
    with started(words):
        listening(port)
        floor = dict(job, strangers=[], port=port, path="/")
        floor.pop("posts")
        below = seen_by(floor)
    return Turn(taps, night, below, pages)


def _job(running: House, episodes: int, units: int) -> tuple[dict[str, Any], list[str]]:
    """As many episodes, as many units sent; the taps that are to come, and the cookies of who looks."""
    given, cookies, stranger = _desks(running, episodes, units)
    posts = _posts(running)
    job: dict[str, Any] = {
        "token": given["tokens"][0],
        "cookies": cookies * 20,
        "strangers": [stranger] * 5,
        "rate": RATE,
        "seconds": len(posts) / RATE,
        "posts": posts,
    }
    return job, cookies


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
    floors = [turn.floor for turn in turns]
    size = f"{EPISODES} episodes, {UNITS} units"
    figures = [
        *_tapped("tap to row", [turn.taps for turn in turns], floors),
        *_tapped(f"tap to row, {size}", [turn.night for turn in turns], floors),
    ]
    for name in ("who comes", "holding"):
        ours = [sorted(turn.pages[name])[DRAWN // 2] for turn in turns]
        floor = [sorted(turn.pages["floor"])[DRAWN // 2] for turn in turns]
        figures.append(Figure("taps", f"page {name}: drawn, p50", "ms", ours, floor, size))
    return figures


def _tapped(
    name: str, seen: Sequence[dict[str, Any]], floors: Sequence[dict[str, Any]]
) -> list[Figure]:
    gaps = sum(each["gaps"] for each in seen)
    lost = f"{seen[0]['sent']} taps, {seen[0]['boards']} boards; gaps {gaps}"
    return [
        Figure(
            "taps",
            f"{name}: {what}",
            "ms",
            [each[key] for each in seen],
            [each[key] for each in floors],
            lost,
        )
        for what, key in (("p50", "p50_ms"), ("p99", "p99_ms"), ("most", "most_ms"))
    ]
