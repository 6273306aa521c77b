"""Floor of `sequencer`: one connection commits rows, another looks every 15 ms. Run as a process.

The rows come as an import's do: a transaction for each behavioral line, one for each batch of
others. `rate` is how many transactions a second are begun; 0 is as many as it can.
In: {"url", "lines", "every", "batch", "entries", "rate"}.
Out: {"seconds", "ms"}: how long the writing took, and from each entry's insert to the look that saw it.
"""

import json
import sys
import threading
import time
from datetime import datetime
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

LOOK_S = 0.015
WORDS = "x" * 150  # about what a row of ours holds
TABLES = """
DROP TABLE IF EXISTS plain_line, plain_entry;
CREATE TABLE plain_line (line int PRIMARY KEY, words text);
CREATE TABLE plain_entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words text,
    recorded_at timestamptz DEFAULT clock_timestamp());
"""
LINE = "INSERT INTO plain_line VALUES (%s, %s)"
ENTRY = "INSERT INTO plain_entry (words) VALUES (%s)"
LOOK = "SELECT id, recorded_at, now() FROM plain_entry WHERE id > %s ORDER BY id"
"""One writer only, so ids come in the order of commits. now() is when the look's transaction began."""


def write(connection: Connection, job: dict[str, Any]) -> None:
    """All lines, at the rate asked for."""
    behavioral = range(0, job["lines"], job["every"])
    others = [line for line in range(job["lines"]) if line % job["every"]]
    batches = [others[at : at + job["batch"]] for at in range(0, len(others), job["batch"])]
    work = [([line], job["entries"]) for line in behavioral] + [(batch, 1) for batch in batches]
    begun = time.monotonic()
    for number, (lines, entries) in enumerate(work):
        if job["rate"]:
            time.sleep(max(0.0, begun + number / job["rate"] - time.monotonic()))
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(LINE, [(line, WORDS) for line in lines])
            for _ in range(entries):
                cursor.execute(ENTRY, [WORDS])


def look(connection: Connection, stop: threading.Event, ms: list[float]) -> None:
    """Look again and again, and once more after the last commit."""
    last, ended = 0, False
    while not ended:
        ended = stop.wait(LOOK_S)
        rows: list[tuple[int, datetime, datetime]] = []
        with connection.transaction():
            rows = connection.execute(LOOK, [last]).fetchall()
        for id, recorded_at, seen_at in rows:
            last = id
            ms.append((seen_at - recorded_at).total_seconds() * 1000)


def main() -> None:
    job = json.load(sys.stdin)
    stop, ms = threading.Event(), list[float]()
    with (
        psycopg.connect(job["url"], autocommit=True) as writing,
        psycopg.connect(job["url"], autocommit=True) as looking,
    ):
        writing.execute(TABLES)
        looker = threading.Thread(target=look, args=(looking, stop, ms))
        looker.start()
        begun = time.monotonic()
        try:
            write(writing, job)
        finally:
            seconds = time.monotonic() - begun
            stop.set()
            looker.join()
    print(json.dumps({"seconds": seconds, "ms": ms}))


if __name__ == "__main__":
    main()
