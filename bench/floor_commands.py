"""Floor of `commands`: the same durable work with nothing around it. Run as a process.

Each of the connections commits, in turn, transactions of so many INSERTs and UPDATEs into a plain
table of the same server, one statement a round trip, as the ORM sends them.
In: {"url", "connections", "seconds", "commits": [[inserts, updates], …]}. Out: {"seconds", "ms"}.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any
from uuid import uuid4

import psycopg

WORDS = "x" * 150  # about what a row of ours holds
TABLE = "CREATE TABLE IF NOT EXISTS plain (id uuid PRIMARY KEY, words text, changed int DEFAULT 0)"
INSERT = "INSERT INTO plain (id, words) VALUES (%s, %s)"
UPDATE = "UPDATE plain SET changed = changed + 1 WHERE id = %s"


def commit(connection: "psycopg.Connection[tuple[Any, ...]]", inserts: int, updates: int) -> None:
    """One command's writes. Its own rows are updated, in turn."""
    with connection.transaction():
        ids = [uuid4() for _ in range(inserts)]
        for id in ids:
            connection.execute(INSERT, [id, WORDS])
        for turn in range(updates):
            connection.execute(UPDATE, [ids[turn % len(ids)]])


def work(job: dict[str, Any]) -> list[float]:
    """What each transaction of one connection took, in milliseconds."""
    ms = []
    with psycopg.connect(job["url"], autocommit=True, prepare_threshold=3) as connection:
        until = time.perf_counter() + job["seconds"]
        kinds = cycle(job["commits"])
        while (begun := time.perf_counter()) < until:
            commit(connection, *next(kinds))
            ms.append((time.perf_counter() - begun) * 1000)
    return ms


def main() -> None:
    job = json.load(sys.stdin)
    with psycopg.connect(job["url"], autocommit=True) as connection:
        connection.execute(TABLE)
    begun = time.perf_counter()
    with ThreadPoolExecutor(job["connections"]) as pool:
        ms = [one for each in pool.map(work, [job] * job["connections"]) for one in each]
    print(json.dumps({"seconds": time.perf_counter() - begun, "ms": ms}))


if __name__ == "__main__":
    main()
