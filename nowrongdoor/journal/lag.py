"""Whether the journal is being sealed, as any process can see it.

A sequencer that is dead, frozen or waiting for its database tells nobody. So nobody asks it: its
session says when it last did anything, and a screen that hears too old an answer says STALE.
"""

from django.db import connection

from nowrongdoor.journal.sequencer import LOCK

_AGE = """
SELECT extract(epoch FROM clock_timestamp() - max(a.state_change)) * 1000
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (l.classid::bigint << 32) + l.objid::bigint = %s
"""
# An entry still unsealed that began this many transactions before the newest seal's: not a lag, but
# something for `verify`. The bound is what lets the index on xid serve.
_SPAN = 100_000
_UNSEALED = f"""
SELECT extract(epoch FROM clock_timestamp() - min(e.recorded_at)) FROM journal_entry e
WHERE NOT EXISTS (SELECT FROM journal_seal s WHERE s.entry_id = e.id) AND e.xid >= coalesce((
    SELECT greatest(l.xid::text::numeric - {_SPAN}, 0)::text::xid8
    FROM journal_seal s JOIN journal_entry l ON l.id = s.entry_id ORDER BY s.seq DESC LIMIT 1
), '0')
"""


def unsealed_s() -> float:
    """How long ago the oldest entry that has no seal yet was recorded; 0 where all are sealed.

    Units: seconds, by the database's clock. One query, in a task that reads the whole journal.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED)
        [age] = cursor.fetchone()
    return 0.0 if age is None else max(float(age), 0.0)


def age_ms() -> int | None:
    """How long ago the sequencer last looked for something to seal; None where there is none.

    Units: whole milliseconds, by the database's clock at both ends. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AGE, [LOCK])
        [age] = cursor.fetchone()
    return None if age is None else max(int(age), 0)
