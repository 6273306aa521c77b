"""Joins, reliefs and transfers of the same few episodes by many at once, for as long as `NWD_CONTENTION_S` says.

Heavy: `make faults` runs it for ten minutes. `NWD_SEED` makes everybody try the same things again; who comes
first is left to chance.
"""

import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from nowrongdoor.calls import commands as calls
from nowrongdoor.episodes import commands
from nowrongdoor.episodes.facts import Proposal
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.site import safeguards
from tests.conftest import database_url
from tests.makers import an_actor, an_episode, later, member_id, program_id

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.long]
FLOOR = ("anna.miller", "luis.ortega", "david.chavez", "ruth.palmer")
LINE = ("maria.lopez", "rosa.figueroa", "denise.wright")
HOT = 5
THREADS = 8
SECONDS = float(os.environ.get("NWD_CONTENTION_S", "600"))
OPEN = "accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL"


class Desk:
    """One desk's tries: each picks its rows from what there is, so that most meet another's."""

    def __init__(self, random: Random, episodes: list[UUID]) -> None:
        self.random, self.episodes = random, episodes
        self.who = {name: an_actor(name) for name in (*FLOOR, *LINE)}
        self.told: Counter[str] = Counter()

    def any_offer(self, purpose: str) -> UUID | None:
        query = f"SELECT id, batch_id FROM episodes_handoff WHERE purpose = %s AND {OPEN}"
        rows = self.looking.execute(query, [purpose]).fetchall()
        return self.random.choice(rows)[1 if purpose == "relief" else 0] if rows else None

    def anybody(self) -> tuple[str, Actor]:
        return self.random.choice(list(self.who.items()))

    def holder(self, episode_id: UUID) -> Actor:
        """Mostly who holds it, since others are refused before they lock much."""
        query = "SELECT m.username FROM episodes_episode e JOIN agencies_member m ON m.id = e.holder_member_id WHERE e.id = %s"
        row = self.looking.execute(query, [episode_id]).fetchone()
        return (
            self.who.get(str(row[0])) if row and self.random.random() < 0.8 else self.anybody()[1]
        )  # type: ignore[return-value]

    def act(self, tick: int) -> Callable[[], object] | None:
        kind = self.random.choice(
            ["join", "separate", "relieve", "offer", "joined", "relief", "accept"]
        )
        if kind in ("join", "separate", "relieve", "offer"):
            return self.ask(kind, tick)
        found = self.any_offer({"joined": "join", "relief": "relief", "accept": "transfer"}[kind])
        if found is None:
            return None
        by, at = self.anybody()[1], later(tick)
        if kind == "relief":
            return lambda: calls.accept_relief(by=by, at=at, batch_id=found)
        return lambda: calls.accept_transfer(by=by, at=at, handoff_id=found)

    def ask(self, kind: str, tick: int) -> Callable[[], object]:
        at = later(tick)
        one, other = self.random.sample(self.episodes, 2)
        by = self.holder(one) or self.anybody()[1]
        on_floor = by.program_id == program_id("911/floor")
        to = member_id(self.random.choice(FLOOR if on_floor else LINE))
        if kind == "join":
            return lambda: commands.join_episode(by=by, at=at, episode_id=one, into_id=other)
        if kind == "separate":
            return lambda: commands.separate_episode(by=by, at=at, episode_id=one, to_member_id=to)
        if kind == "relieve":
            return lambda: calls.relieve_all(by=by, at=at, to_member_id=to)
        way = "warm_transfer" if on_floor else "return_to_911"
        proposal = Proposal(one, way, program_id("line/counselors" if on_floor else "911/floor"))
        return lambda: calls.offer_transfer(by=by, at=at, proposal=proposal)

    def work(self, until: float, dbname: str) -> None:
        with psycopg.connect(database_url("admin", dbname), autocommit=True) as self.looking:
            tick = 10
            try:
                while time.monotonic() < until:
                    tick += 1
                    act = self.act(tick)
                    if act is None:
                        continue
                    try:
                        act()
                        self.told["done"] += 1
                    except Refused as refusal:
                        self.told[refusal.verdict.rule] += 1
                    except Exception as trouble:  # noqa: BLE001 - counted, and the test fails by it
                        self.told[f"TROUBLE {type(trouble).__name__}: {trouble}"[:200]] += 1
            finally:
                connection.close()


def test_nobody_is_lost_and_nothing_is_left_unanswered(
    admin: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    seed = int(os.environ.get("NWD_SEED", secrets.randbelow(2**31)))
    episodes = [an_episode(an_actor(FLOOR[n % len(FLOOR)]), at=later(n)).pk for n in range(HOT)]
    desks = [Desk(Random(seed + n), episodes) for n in range(THREADS)]
    before = deadlocks(admin)
    until = time.monotonic() + SECONDS
    threads = [
        threading.Thread(target=desk.work, args=(until, admin.info.dbname)) for desk in desks
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(SECONDS + 60)

    told: Counter[str] = sum((desk.told for desk in desks), Counter())
    print(f"NWD_SEED={seed}: {SECONDS:.0f} s, {told.total()} acts, {dict(told.most_common())}")
    print(f"deadlocks in the database: {deadlocks(admin) - before}")
    assert told["done"] > 0
    assert not [each for each in told if each.startswith("TROUBLE")]
    assert told["row.contended"] == 0
    assert one_holder_each(admin, episodes)
    with psycopg.connect(database_url("owner", admin.info.dbname), autocommit=True) as owner:
        assert list(safeguards.broken(owner)) == []


def deadlocks(admin: "psycopg.Connection[tuple[object, ...]]") -> int:
    time.sleep(1.5)  # a backend says its counts once a second
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    row = admin.execute(query).fetchone()
    return int(str(row[0])) if row else 0


def one_holder_each(admin: "psycopg.Connection[tuple[object, ...]]", ids: list[UUID]) -> bool:
    """Each has a holder, whom its latest acceptance named; joined ones lead to one that is open."""
    query = """
        SELECT count(*) FROM episodes_episode e
        LEFT JOIN episodes_handoff h ON h.id = e.holder_via_id
        LEFT JOIN episodes_episode root ON root.id = e.joined_into_id
        WHERE e.id = ANY(%s) AND e.holder_member_id IS NOT NULL
          AND (h.id IS NULL OR h.accepted_by_id = e.holder_member_id)
          AND (root.id IS NULL OR root.closed_at IS NULL AND root.joined_into_id IS NULL)
    """
    row = admin.execute(query, [ids]).fetchone()
    return row is not None and row[0] == len(ids)
