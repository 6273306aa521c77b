"""Arbitrary evenings, and after every step nothing that must never be so.

`NWD_STEPS=1000000 pytest tests/loop` explores more; the number explored is printed. A failing evening is
printed as the shortest trace that still fails; `NWD_SEED` plays it again.
"""

import os
import secrets
from collections import Counter
from collections.abc import Callable
from random import Random

import psycopg
import pytest

from nowrongdoor.site import safeguards
from tests.conftest import clear
from tests.loop import tries
from tests.loop.tries import NAMES_OF_TRIES, TRIES
from tests.loop.world import Broken, Step, World, trace

EVENING = 250
USUAL_SEED = 11
STEPS = int(os.environ.get("NWD_STEPS", "250"))
SAID_EVERY = 40  # evenings
SHRINKS = 60
"""Runs that are spent on making a failing trace shorter."""

pytestmark = pytest.mark.usefixtures("db")


def play(steps: list[Step], ran: "Counter[str] | None" = None) -> str:
    """One evening from an empty database. Answers what was broken, '' for nothing."""
    clear()
    world = World.new()
    try:
        for number, step in enumerate(steps):
            try:
                world.run(step, TRIES)
            except Broken as broken:
                return f"step {number}: {broken}"
        left = list(safeguards.broken(world.owner))
        return "" if not left else f"verify: {left}"
    finally:
        if ran is not None:
            ran.update(world.ran)
            ran["steps"] += len(steps)
        world.close()


def shortest(steps: list[Step]) -> list[Step]:
    """The same failure with as few steps as a fair try finds: halves, quarters, … left out in turn."""
    size, runs = len(steps) // 2, 0
    while size and runs < SHRINKS:
        start = 0
        while start < len(steps) and runs < SHRINKS:
            fewer = steps[:start] + steps[start + size :]
            runs += 1
            if play(fewer):
                steps = fewer
            else:
                start += size
        size //= 2
    return steps


def explore(
    seed: int, count: int, say: Callable[[str], object] = lambda _text: None
) -> "tuple[Counter[str], str]":
    """Evenings until so many steps are done. Answers what ran, and how the first bad one went."""
    ran: Counter[str] = Counter()
    while ran["steps"] < count:
        number = seed + ran["evenings"]
        ran["evenings"] += 1
        if ran["evenings"] % SAID_EVERY == 0:
            say(f"{ran['steps']} of {count} steps, all clean, from NWD_SEED={seed}")
        steps = trace(Random(number), min(EVENING, count), NAMES_OF_TRIES)
        broken = play(steps, ran)
        if broken:
            few = shortest(steps)
            lines = "\n".join(f"  {step}" for step in few)
            return ran, f"NWD_SEED={number}: {broken}\n{len(few)} steps: {play(few)}\n{lines}"
    return ran, ""


def test_no_interleaving_breaks_what_must_hold(capsys: pytest.CaptureFixture[str]) -> None:
    # the same evening on every run; `make faults` looks for others
    usual = secrets.randbelow(2**32) if os.environ.get("NWD_CHANCE") == "1" else USUAL_SEED
    seed = int(os.environ.get("NWD_SEED") or usual)

    def say(text: str) -> None:
        with capsys.disabled():
            print(text, flush=True)

    ran, broken = explore(seed, STEPS, say)
    said = f"{ran['steps']} steps explored in {ran['evenings']} evenings, NWD_SEED={seed}"
    say(f"\n{said}; {ran['done']} done, {ran['refused']} refused")
    assert not broken, broken
    done = {name for name in TRIES if ran[f"done: {name}"]}
    assert {"call", "offer", "screen", "ask"} <= done, sorted(TRIES.keys() - done)


@pytest.mark.long
def test_what_is_broken_is_found_and_made_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a try that reaches past the commands is seen, and little else stays in the trace."""

    def forgets(world: World, step: Step) -> "tries.Tried | None":
        id = world.pick("episode", step.row)
        if id is None:
            return None
        return lambda: _as_admin(
            "UPDATE clocks_deadline SET cancelled_at = now() WHERE fired_at IS NULL AND episode_id = %s",
            id,
        )

    monkeypatch.setitem(TRIES, "duty", forgets)
    _ran, broken = explore(7, 4 * EVENING)
    assert "no clock" in broken or "nothing rings" in broken
    assert int(broken.split("\n")[1].split(" ")[0]) < 40


def _as_admin(query: str, *args: object) -> None:
    name = f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    from tests.conftest import database_url

    with psycopg.connect(database_url("admin", name), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(query, args)  # type: ignore[arg-type]
