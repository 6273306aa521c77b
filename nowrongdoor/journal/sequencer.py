"""The one process that seals. It follows commits, not numbers.

Entries become visible in the order in which their transactions commit, which is not the order of
their ids or xids. So each look takes a snapshot, and what it sees that the last snapshot did not
see is new: nothing is lost however long a writer takes, and no open transaction anywhere stops it.

Nothing is remembered between lives. Whoever takes the lock first seals every entry that has no
seal yet, then follows snapshots. So a crash, a takeover and a restore into a younger cluster
(whose xids begin again) are one and the same case. See docs/adr/0002.
"""

import logging
import threading
from datetime import datetime, timedelta

from django.db import connections
from psycopg import Connection, Error, connect
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from nowrongdoor.journal.chain import START, Link, seal

log = logging.getLogger(__name__)

LOCK = 7_308_325_604  # advisory lock number: "the journal's sequencer", one for each database
TICK_S = 0.015
RETRY_S = 1.0
MOST = 20_000

_LOOK = "SELECT pg_current_snapshot()::text"
_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ"
_TASK = "SELECT set_config('nwd.task', 'sequencer', true), pg_current_snapshot()::text, now()"
_COLUMNS = "e.id, e.kind, e.at, e.recorded_at, e.by, e.agency_id, e.program_id, e.episode_id, e.ids, e.facts"
_UNSEALED = f"""
SELECT {_COLUMNS} FROM journal_entry e LEFT JOIN journal_seal s ON s.entry_id = e.id
WHERE s.seq IS NULL ORDER BY e.recorded_at, e.id LIMIT {MOST}
"""
# The bounds are parameters, so that the index on xid serves. Rows restored from an older cluster
# carry xids of a future that has not come here: the upper bound leaves them out, and the last line
# does when the counter passes them by.
_NEW = f"""
SELECT {_COLUMNS} FROM journal_entry e
WHERE e.xid >= pg_snapshot_xmin(%(prev)s::pg_snapshot)
  AND e.xid < pg_snapshot_xmax(%(now)s::pg_snapshot)
  AND NOT pg_visible_in_snapshot(e.xid, %(prev)s::pg_snapshot)
  AND NOT EXISTS (SELECT FROM journal_seal s WHERE s.entry_id = e.id)
ORDER BY e.recorded_at, e.id
"""
_LAST = "SELECT seq, hash FROM journal_seal ORDER BY seq DESC LIMIT 1"
_SEAL = (
    "INSERT INTO journal_seal (seq, entry_id, hash, prev, sealed_at) VALUES (%s, %s, %s, %s, %s)"
)


class Sequencer:
    """Seals while it holds the lock; waits for the lock otherwise."""

    def __init__(self, conninfo: str | None = None) -> None:
        self._conninfo = conninfo if conninfo is not None else _app_conninfo()
        self._prev = ""
        self.lag = timedelta()
        """Of the last entries sealed: from the oldest one's record to its seal."""

    def run(self, stop: threading.Event) -> None:
        """Seal until told to stop. A lost connection means: reconnect, wait for the lock, go on."""
        while not stop.is_set():
            try:
                with connect(self._conninfo, autocommit=True) as connection:
                    if self.take_over(connection):
                        self._follow(connection, stop)
            except Error:
                log.exception("the sequencer lost its database; trying again")
            stop.wait(RETRY_S)

    def take_over(self, connection: Connection[tuple[object, ...]]) -> bool:
        """Take the lock if nobody has it, and seal whatever was left unsealed."""
        [taken] = connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() or [
            False
        ]
        if not taken:
            return False
        while self._step(connection, _UNSEALED) == MOST:
            pass
        return True

    def step(self, connection: Connection[tuple[object, ...]]) -> int:
        """One look: seal what committed since the last one. Answers how many."""
        return self._step(connection, _NEW)

    def _follow(self, connection: Connection[tuple[object, ...]], stop: threading.Event) -> None:
        while not stop.wait(TICK_S):
            [snapshot] = connection.execute(_LOOK).fetchone() or [""]
            if (
                snapshot != self._prev
            ):  # else nothing has ended since the last look, and so nothing is new
                self.step(connection)

    def _step(self, connection: Connection[tuple[object, ...]], query: str) -> int:
        connection.execute(_BEGIN)
        try:
            [_, snapshot, sealed_at] = connection.execute(_TASK).fetchone() or ["", "", None]
            rows = connection.execute(query, {"prev": self._prev, "now": snapshot}).fetchall()
            if rows:
                self._seal(connection, rows, sealed_at)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        if query is _NEW or len(rows) < MOST:
            self._prev = str(snapshot)
        return len(rows)

    def _seal(
        self,
        connection: Connection[tuple[object, ...]],
        rows: list[tuple[object, ...]],
        sealed_at: object,
    ) -> None:
        last = connection.execute(_LAST).fetchone()
        seq, prev = (int(str(last[0])), str(last[1])) if last else (0, START)
        seals = []
        for row in rows:
            seq += 1
            link = Link(seq, *row, sealed_at)  # type: ignore[arg-type, call-arg]  # the columns' order is _COLUMNS
            hash = seal(prev, link)
            seals.append((seq, link.id, hash, prev, sealed_at))
            prev = hash
        with connection.cursor() as cursor:
            cursor.executemany(_SEAL, seals)
        oldest = min(row[3] for row in rows if isinstance(row[3], datetime))
        [now] = connection.execute("SELECT clock_timestamp()").fetchone() or [oldest]
        self.lag = now - oldest if isinstance(now, datetime) else timedelta()


def _app_conninfo() -> str:
    """The app's own connection parameters: the sequencer is bound by row-level security too."""
    params = connections["default"].get_connection_params()
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    return make_conninfo(**{key: value for key, value in params.items() if key in known and value})
