"""From the sending of a command to its row on each of 200 live boards.

Ten members of two agencies, in four roles, look at twenty boards each; twenty calls a second are
entered for twenty seconds, at planned times. Some boards belong to a program that may not see any
of it: they are the control, and what they overhear is counted.

The floor is a bare fan-out server that writes a frame of the same size to as many streams, with the
same boards and the same sender.
"""

import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from bench.figures import Figure, repeated
from bench.house import House, house
from bench.processes import Failed, ask, free_port, started

RATE = 20
SECONDS = 20.0
WARM_S = 3.0
BOARDS_EACH = 20
STRANGERS_BOARDS = 5
TYPICAL_FRAME = 2000  # only for the warm-up of the floor

# Who looks. The call-taker whose token enters the calls has no board, so that closing the boards
# between two repeats does not make a desk fall silent that holds hundreds of people.
LOOKING = (
    "anna.miller", "luis.ortega", "david.chavez", "ruth.palmer", "gloria.mendez",
    "maria.lopez", "thomas.baker", "rosa.figueroa", "denise.wright", "peter.lang",
)  # fmt: skip
STRANGER = "judith.park"
ENTERING = ("karen.hughes", "911/floor")


@dataclass(frozen=True, slots=True)
class Turn:
    """One repeat: what our boards saw, and what the floor's did."""

    ours: dict[str, Any]
    floor: dict[str, Any]


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where the program could not be started, or nobody could sign in."""
    with house() as running:
        job = planned(running)
        watched(running, job | {"seconds": WARM_S})
        turns = repeated("boards", repeats, partial(_turn, running, job))
    for name, seen in (
        ("boards", [turn.ours for turn in turns]),
        ("floor", [turn.floor for turn in turns]),
    ):
        print(_counts(name, seen))
    return _figures(turns)


def planned(house: House) -> dict[str, Any]:
    asked = {"tokens": [ENTERING], "positions": [*LOOKING, STRANGER]}
    given = ask("tokens", asked, most_s=60, environment=house.environment)
    *cookies, stranger = [sign_in(house.port, position) for position in given["positions"]]
    return {
        "token": given["tokens"][0],
        "cookies": cookies * BOARDS_EACH,
        "strangers": [stranger] * STRANGERS_BOARDS,
        "rate": RATE,
        "seconds": SECONDS,
    }


def sign_in(port: int, position: str) -> str:
    """The cookie of a synthetic member who was chosen in the demo's picker."""
    connection = HTTPConnection("localhost", port, timeout=30)
    connection.request("GET", "/demo/")
    page = connection.getresponse()
    page.read()
    csrf = _cookie(page.headers.get_all("Set-Cookie", []), "csrf")
    form = urlencode({"position": position, "csrfmiddlewaretoken": csrf})
    headers = {"Cookie": f"csrf={csrf}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/demo/", form, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 302:
        raise Failed(f"Nobody could sign in: the picker answered {answer.status}.")
    return f"session={_cookie(answer.headers.get_all('Set-Cookie', []), 'session')}"


def _cookie(headers: Sequence[str], name: str) -> str:
    found = [match for each in headers if (match := re.match(rf"{name}=([^;]+)", each))]
    if not found:
        raise Failed(f"The picker set no cookie named {name}.")
    return found[0][1]


def _turn(house: House, job: dict[str, Any], _number: int) -> Turn:
    ours = watched(house, job)
    port = free_port()
    words = [sys.executable, "-m", "bench.floor_boards", str(port), str(ours["frame_bytes"])]
    with started(words):
        listening(port)
        floor = seen_by(job | {"port": port, "path": "/", "strangers": []})
    return Turn(ours, floor)


def watched(house: House, job: dict[str, Any]) -> dict[str, Any]:
    [(head,)] = house.rows("SELECT max(seq) FROM journal_seal")
    return seen_by(job | {"port": house.port, "path": f"/live?board=holding&after={head}"})


def seen_by(job: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = ask("watchers", job, most_s=job["seconds"] + 120)
    return answer


def listening(port: int) -> None:
    """Wait until somebody takes connections there."""
    for _ in range(600):
        connection = HTTPConnection("localhost", port, timeout=1)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.05)
        else:
            connection.close()
            return
    raise Failed("The server beside ours did not start.")


def _counts(name: str, seen: Sequence[dict[str, Any]]) -> str:
    """What would make the figures worthless, all repeats together."""
    total = {
        key: sum(each[key] for each in seen)
        for key in ("sent", "arrived", "gaps", "overheard", "refused", "closed")
    }
    late_ms = max(each["late_ms"] for each in seen)
    return (
        f"{name}: {total['sent']} commands sent, {total['arrived']} rows arrived, "
        f"gaps {total['gaps']}, overheard by strangers {total['overheard']}, "
        f"refused {total['refused']}, streams that ended {total['closed']}; "
        f"the sender itself was at most {late_ms:.1f} ms late (p99)"
    )


def _figures(turns: Sequence[Turn]) -> list[Figure]:
    first = turns[0].ours
    n = f"{first['sent']} commands, {first['boards']} boards, {first['frame_bytes']} B a row"
    gaps = f"{n}; gaps {sum(turn.ours['gaps'] for turn in turns)}"
    columns = (
        ("POST to row: p50", "p50_ms", gaps),
        ("POST to row: p99", "p99_ms", gaps),
        ("POST to row: most", "most_ms", gaps),
        ("POST to answer: p99", "answer_ms", f"{first['sent']} commands, {RATE}/s"),
    )
    return [
        Figure(
            bench="boards",
            what=what,
            unit="ms",
            ours=[turn.ours[key] for turn in turns],
            floor=[turn.floor[key] for turn in turns],
            n=rests_on,
        )
        for what, key, rests_on in columns
    ]
