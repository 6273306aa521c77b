"""Who is this? Candidates out of a million records while somebody talks, and whether the right one is among five.

Each question is a person of the database as somebody else hears and writes them (`bench.people`), with 0, 20, 40 and
60 % of what is said left out. The floor is the look-up of the same keys by the bare driver, past row-level security and
without comparing anything. `NWD_PEOPLE` says how many records; NWD_PEOPLE=20000 is done in a minute.

Beside it Splink's own batch answer to the same questions, with the same weights, where the extra `linkage` is.
"""

import os
from importlib.util import find_spec
from typing import Any

from bench.figures import Figure, repeated
from bench.house import House, house
from bench.processes import ask

PEOPLE = 1_000_000
QUESTIONS = 300
BLANK = (0, 20, 40, 60)
MOST_S = 3600


def run(repeats: int) -> list[Figure]:
    people = int(os.environ.get("NWD_PEOPLE", PEOPLE))
    splink = all(find_spec(each) for each in ("splink", "numpy"))
    if not splink:
        print("not run: Splink's batch answer (the extra `linkage` is not installed)")
    with house(serves=False) as running:
        _ask(running, {"load": people})
        turns = repeated(
            "match",
            repeats,
            lambda turn: _ask(
                running, {"people": people, "seed": turn, "splink": splink and turn == 0}
            ),
        )
    return [figure for blank in BLANK for figure in _figures(turns, str(blank), people)]


def _ask(running: House, job: dict[str, Any]) -> dict[str, Any]:
    said = {"questions": QUESTIONS, "blank": BLANK, "admin": running.admin_url} | job
    found: dict[str, Any] = ask("matched", said, most_s=MOST_S, environment=running.environment)
    return found


def _figures(turns: list[dict[str, Any]], blank: str, people: int) -> list[Figure]:
    said = [turn[blank] for turn in turns]
    what = f"of {people:,}, {blank} % blank"
    n = f"{QUESTIONS} questions"
    batch = [each["splink"] for each in said if each["splink"] is not None]
    return [
        Figure(
            "match", f"p50, {what}", "ms", [each["p50"] for each in said],
            [each["floor_p50"] for each in said], n,
        ),
        Figure(
            "match", f"p99, {what}", "ms", [each["p99"] for each in said],
            [each["floor_p99"] for each in said], n, "<= 100 ms" if people >= PEOPLE else "",
        ),
        Figure(
            "match", f"recall@5, {what}", "%", [each["recall"] for each in said], batch,
            "beside Splink's batch" if batch else "Splink: not run",
        ),
    ]  # fmt: skip
