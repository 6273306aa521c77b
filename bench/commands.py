"""Commands a second, through HTTP, rules, ORM, row-level security, idempotency and journal.

Eight clients in a closed loop against `serve --workers 2`, with the worker sealing beside it. First
they enter calls, by a machine's key; then they hand on what they entered: an offer to the crisis line and
its acceptance there, each a command of its own, on pages by people at their desks.

The floor commits as many INSERTs and UPDATEs a transaction as the database itself counted for a
command during the warm-up (the sequencer's seals left out), by as many connections.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

from bench.boards import sign_in
from bench.figures import Figure, quantile, repeated, say
from bench.house import House, house
from bench.processes import ask

CLIENTS = 8
SECONDS = 8.0
FLOOR_SECONDS = 4.0
WARM_S = 3.0
PROFILED = 300
AIM_RATE = 250
AIM_P99_MS = 100
NOTHING_TO_HAND_ON: list[list[str]] = [[]] * CLIENTS

CALL_TAKERS = ("anna.miller", "luis.ortega", "karen.hughes")
COUNSELORS = ("maria.lopez", "thomas.baker", "rosa.figueroa")
WRITTEN = """
SELECT sum(n_tup_ins)::bigint, sum(n_tup_upd)::bigint
FROM pg_stat_user_tables WHERE relname <> 'journal_seal'
"""
COUNTERS_LAG_S = 11.0  # an idle connection's share is counted within ten seconds


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one kind of command went in one repeat."""

    rate: float
    p50_ms: float
    p99_ms: float
    n: int


@dataclass(frozen=True, slots=True)
class Writes:
    """The INSERTs and UPDATEs that so many commands do together."""

    inserts: int
    updates: int
    commands: int

    def commits(self) -> list[tuple[int, int]]:
        """The same, as one transaction for each command."""
        parts = self.commands
        return [((self.inserts + n) // parts, (self.updates + n) // parts) for n in range(parts)]

    def text(self) -> str:
        whole = "a command" if self.commands == 1 else f"{self.commands} commands"
        return f"{self.inserts} INSERTs, {self.updates} UPDATEs in {whole}"


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of command beside its floor."""

    ours: Speed
    floor: Speed


@dataclass(frozen=True, slots=True)
class Turn:
    """One repeat."""

    calls: Work
    handoffs: Work


@dataclass(frozen=True, slots=True)
class Desks:
    """What the clients need: a key, a cookie at each end for each client, and where to hand on to."""

    enters: Sequence[str]
    offers: Sequence[str]
    accepts: Sequence[str]
    line: str


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where the program could not be started."""
    with house() as running:
        desks = seated(running)
        call, handoff = warm_up(running, desks)
        turns = repeated("commands", repeats, partial(_turn, running, desks, call, handoff))
        if _missed(turns):
            say("commands: the aim was missed; looking where the time goes")
            job = {"token": desks.enters[0], "commands": PROFILED}
            print(ask("profiled", job, most_s=300, environment=running.environment))
    return [
        *_figures("entering a call", [turn.calls for turn in turns], call),
        *_figures("offer, acceptance", [turn.handoffs for turn in turns], handoff),
    ]


def seated(house: House) -> Desks:
    takers = [CALL_TAKERS[n % len(CALL_TAKERS)] for n in range(CLIENTS)]
    counselors = [COUNSELORS[n % len(COUNSELORS)] for n in range(CLIENTS)]
    job = {
        "tokens": [(taker, "911/floor") for taker in takers],
        "positions": takers + counselors,
        "programs": ["line/counselors"],
    }
    given = ask("tokens", job, most_s=60, environment=house.environment)
    cookies = [sign_in(house.port, position) for position in given["positions"]]
    return Desks(given["tokens"], cookies[:CLIENTS], cookies[CLIENTS:], given["programs"][0])


def warm_up(house: House, desks: Desks) -> tuple[Writes, Writes]:
    """Let both servers have seen everything once, and count what a call and a handoff write."""
    say("commands: warming up, and counting what a command writes")
    call, entered = counted(house, desks, NOTHING_TO_HAND_ON, commands=1)
    handoff, _done = counted(house, desks, entered["episodes"], commands=2)
    return call, handoff


def counted(
    house: House, desks: Desks, episodes: list[list[str]], *, commands: int
) -> tuple[Writes, dict[str, Any]]:
    """What so many commands write, by the database's own count, and what was sent for it."""
    before = written(house)
    sent = send(house, desks, episodes, WARM_S)
    return each(before, written(house), len(sent["ms"]) / commands, commands=commands), sent


def written(house: House) -> tuple[int, int]:
    """How many rows the database has inserted and updated so far."""
    time.sleep(COUNTERS_LAG_S)
    [(inserted, updated)] = house.rows(WRITTEN)
    return inserted, updated


def each(before: tuple[int, int], after: tuple[int, int], times: float, *, commands: int) -> Writes:
    """What one of so many times wrote, each of so many commands."""
    inserts, updates = (
        round((now - then) / times) for then, now in zip(before, after, strict=True)
    )
    return Writes(inserts, updates, commands)


def _turn(house: House, desks: Desks, call: Writes, handoff: Writes, _number: int) -> Turn:
    calls = send(house, desks, NOTHING_TO_HAND_ON, SECONDS)
    call_floor = floor_of(house, call)
    handoffs = send(house, desks, calls["episodes"], SECONDS)
    handoff_floor = floor_of(house, handoff)
    return Turn(
        calls=Work(speed_of(calls), speed_of(call_floor)),
        handoffs=Work(speed_of(handoffs), speed_of(handoff_floor)),
    )


def floor_of(house: House, writes: Writes) -> dict[str, Any]:
    job = {
        "url": house.plain_url,
        "connections": CLIENTS,
        "seconds": FLOOR_SECONDS,
        "commits": writes.commits(),
    }
    answer: dict[str, Any] = ask("floor_commands", job, most_s=FLOOR_SECONDS + 60)
    return answer


def send(house: House, desks: Desks, episodes: list[list[str]], seconds: float) -> dict[str, Any]:
    clients = [
        {"enters": enters, "offers": offers, "accepts": accepts, "episodes": mine}
        for enters, offers, accepts, mine in zip(
            desks.enters, desks.offers, desks.accepts, episodes, strict=True
        )
    ]
    job = {"port": house.port, "seconds": seconds, "to_program": desks.line, "clients": clients}
    answer: dict[str, Any] = ask("clients", job, most_s=seconds + 60)
    if answer["refused"]:
        print(f"commands: {answer['refused']} were not done; the first: {answer['said']}")
    return answer


def speed_of(answer: dict[str, Any]) -> Speed:
    ms = answer["ms"]
    return Speed(len(ms) / answer["seconds"], quantile(ms, 0.5), quantile(ms, 0.99), len(ms))


def _missed(turns: Sequence[Turn]) -> bool:
    rate = median(turn.calls.ours.rate for turn in turns)
    p99_ms = median(turn.calls.ours.p99_ms for turn in turns)
    return rate < AIM_RATE or p99_ms >= AIM_P99_MS


def _figures(what: str, work: Sequence[Work], writes: Writes) -> list[Figure]:
    n = f"{median(each.ours.n for each in work):,.0f} commands, {CLIENTS} clients"
    columns = (
        ("commands a second", "/s", "rate", n, f"≥ {AIM_RATE}/s"),
        ("p50", "ms", "p50_ms", writes.text(), ""),
        ("p99", "ms", "p99_ms", writes.text(), f"< {AIM_P99_MS} ms"),
    )
    return [
        Figure(
            bench="commands",
            what=f"{what}: {name}",
            unit=unit,
            ours=[getattr(each.ours, key) for each in work],
            floor=[getattr(each.floor, key) for each in work],
            n=rests_on,
            aim=aim,
        )
        for name, unit, key, rests_on, aim in columns
    ]
