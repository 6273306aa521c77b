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


def age_ms() -> int | None:
    """How long ago the sequencer last looked for something to seal; None where there is none.

    Units: whole milliseconds, by the database's clock at both ends. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AGE, [LOCK])
        [age] = cursor.fetchone()
    return None if age is None else max(int(age), 0)
