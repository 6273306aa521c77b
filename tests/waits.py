"""Races without luck: wait until a connection stands still at a named statement."""

import time

import psycopg


def waiting_at(
    admin: "psycopg.Connection[tuple[object, ...]]", pid: int, statement: str, *, most_s: float = 10
) -> None:
    """Return once the backend `pid` waits for a lock in a statement that begins so.

    Errors: AssertionError after `most_s`, with what it was seen doing instead.
    """
    seen: object = None
    for _ in range(int(most_s / 0.02)):
        admin.execute(
            "SELECT pg_stat_clear_snapshot()"
        )  # inside a transaction it would stand still
        row = admin.execute(
            "SELECT wait_event_type, query FROM pg_stat_activity WHERE pid = %s", [pid]
        ).fetchone()
        seen = row
        if row is not None and row[0] == "Lock" and str(row[1]).lstrip().startswith(statement):
            return
        time.sleep(0.02)
    raise AssertionError(f"never waited at {statement}: {seen}")
