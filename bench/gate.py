"""One decision of the gate, at the community's 64 rows and at 5,000; beside two engines with equal policies.

Pure: no database. The floor is one look into a table by the same four names, in the same process right after.
cedarpy and pycasbin decide the same disclosures by the same rows in their own languages, each in a process of its
own; they say yes or no, we also which row, fields, duties and why. Answers that differ are counted.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from bench.figures import Figure, quantile, repeated, say
from bench.gate_policies import casbin, cedar, line
from bench.processes import ROOT, Failed, asked_of, clean, finish
from nowrongdoor.sharing.facts import Allow, Asked, Scope, Table
from nowrongdoor.sharing.reading import table_of
from nowrongdoor.sharing.rules import compiled

PEERS = ("cedarpy==4.12.2", "pycasbin==2.8.0")
SIZES = {64: {"ours": 20_000, "cedarpy": 2_000, "pycasbin": 40}, 5_000: {"ours": 20_000, "cedarpy": 200, "pycasbin": 3}}  # fmt: skip
"""Rows of the table, and how many disclosures each decides in a repeat."""
Decided = tuple[list[float], list[bool]]


def run(repeats: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="nwd-bench-") as folder:
        python = _installed(Path(folder))
        turns = repeated("gate", repeats, lambda number: _turn(number, python))
    return [figure for size in SIZES for figure in _figures(size, [turn[size] for turn in turns])]


def _figures(size: int, turns: Sequence[dict[str, Any]]) -> list[Figure]:
    ours = [
        Figure(
            "gate",
            f"one decision, {size:,} rows, {name}",
            "µs",
            [quantile(turn["ours"][0], part) for turn in turns],
            [quantile(turn["floor"][0], part) for turn in turns],
            f"{SIZES[size]['ours']:,} disclosures; floor: one look-up",
            "<= 10 µs" if name == "p50" else "",
        )
        for name, part in (("p50", 0.5), ("p99", 0.99))
    ]
    peers = [
        Figure(
            "gate",
            f"{size:,} rows, p50, beside {peer} as the floor",
            "µs",
            [quantile(turn["ours"][0], 0.5) for turn in turns],
            [quantile(turn[peer][0], 0.5) for turn in turns],
            f"answers alike: {sum(turn[peer][2] for turn in turns)} of {len(turns) * SIZES[size][peer]}",
        )
        for peer in ("cedarpy", "pycasbin")
        if peer in turns[0]
    ]
    return [*ours, *peers]


def _installed(folder: Path) -> Path | None:
    """The interpreter of an environment that has both engines; None where they cannot be had."""
    python = folder / "venv/bin/python"
    try:
        finish([sys.executable, "-m", "venv", folder / "venv"], most_s=120, environment=clean())
        words = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PEERS]
        finish(words, most_s=600, environment=clean())
    except Failed as reason:
        say(f"gate: cedarpy and pycasbin: not run. {reason}")
        return None
    return python


def _turn(number: int, python: Path | None) -> dict[int, dict[str, Any]]:
    chance = Random(number)
    tucson = table_of("tucson")
    return {size: _measured(grown(tucson, size, chance), chance, python) for size in SIZES}


def _measured(table: Table, chance: Random, python: Path | None) -> dict[str, Any]:
    asked = disclosures(table, SIZES[len(table.rows)]["ours"], chance)
    decide = compiled(table)
    ours = _timed(lambda one: decide(one).allowed, asked)
    known = {(one.data, one.sender, one.recipient, one.purpose): True for one in asked}
    floor = _timed(lambda one: known[one.data, one.sender, one.recipient, one.purpose], asked)
    found: dict[str, Any] = {"ours": ours, "floor": floor}
    for peer, policies in (("cedarpy", cedar), ("pycasbin", casbin)):
        if python is not None:
            some = asked[: SIZES[len(table.rows)][peer]]
            job = {"engine": peer, "policies": policies(table), "asked": [line(one, table) for one in some]}  # fmt: skip
            us, allowed = asked_of([python, ROOT / "bench/peer_gate.py"], job, most_s=600)
            alike = sum(a == b for a, b in zip(allowed, ours[1], strict=False))
            found[peer] = (us, allowed, alike)
    return found


def _timed(decide: Callable[[Asked], bool], asked: Sequence[Asked]) -> Decided:
    us, allowed = [], []
    for one in asked:
        began = time.perf_counter_ns()
        answer = decide(one)
        us.append((time.perf_counter_ns() - began) / 1000)
        allowed.append(answer)
    return us, allowed


def grown(table: Table, size: int, chance: Random) -> Table:
    """The table with so many rows: more that allow, of narrow scope, with the needs of those there are."""
    more = tuple(_row(number, table, chance) for number in range(size - len(table.rows)))
    return replace(table, allow=table.allow + more)


def _row(number: int, table: Table, chance: Random) -> Allow:
    scope = Scope(
        data=frozenset(chance.sample(tuple(table.data), 2)),
        senders=frozenset(chance.sample(table.kinds, 3)),
        recipients=frozenset(chance.sample(table.recipients, 3)),
        purposes=frozenset(chance.sample(table.purposes, 2)),
    )
    return replace(chance.choice(table.allow), id=f"R{number}", scope=scope, settled=True)


def disclosures(table: Table, many: int, chance: Random) -> list[Asked]:
    """Each in the scope of a row, with one fact in ten true."""
    return [_disclosure(chance.choice(table.allow).scope, table, chance) for _ in range(many)]


def _disclosure(scope: Scope, table: Table, chance: Random) -> Asked:
    data, sender, recipient, purpose = (
        chance.choice(sorted(names))
        for names in (scope.data, scope.senders, scope.recipients, scope.purposes)
    )
    facts = frozenset(fact for fact in table.facts if chance.random() < 0.1)
    return Asked(data, sender, sender if scope.same else recipient, purpose, facts)
