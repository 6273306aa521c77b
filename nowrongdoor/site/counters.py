"""Whether a counter comes near its end: `verify` says so long before anything stops.

A counter that nobody watched once stopped the 911 calls of seven states for six hours.
"""

from collections.abc import Iterator

import psycopg

Owner = psycopg.Connection[tuple[object, ...]]

# What each kind of column can count to. Past 2^53 a browser no longer tells two numbers apart.
MOST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**53 - 1}

DRAWN = {"identity_key.key": "a hash of how a name sounds: large from the first row on"}
"""Whole numbers that count nothing, each with what it is."""

_SEQUENCES = """
SELECT sequencename, data_type::text, last_value FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY 1
"""
_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
  AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) ORDER BY 1, 2
"""


def near_their_end(owner: Owner) -> Iterator[str]:
    """Each sequence and whole-number column that is past half of what it can count to.

    Reads each table that has such columns once.
    """
    for name, kind, value in owner.execute(_SEQUENCES).fetchall():
        yield from _near(str(name), str(kind), value)
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in owner.execute(_COLUMNS).fetchall():
        tables.setdefault(str(table), {})[str(column)] = str(kind)
    for table, columns in tables.items():
        greatest = ", ".join(f"max({column})" for column in columns)
        row = owner.execute(f"SELECT {greatest} FROM {table}").fetchone() or ()
        for (column, kind), value in zip(columns.items(), row, strict=True):
            if f"{table}.{column}" not in DRAWN:
                yield from _near(f"{table}.{column}", kind, value)


def _near(name: str, kind: str, value: object) -> Iterator[str]:
    most = MOST[kind]
    if isinstance(value, int) and value > most // 2:
        yield f"counter {name} is at {value} of {most}: it needs a wider column before its end"
