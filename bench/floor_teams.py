"""Floor of `teams`, resumed: read the same file and find that every line is there. Run as a process.

Plain CSV, five times a line as the standard library reads them, and one question for each batch of 500.
In: {"url", "file"}. Out: {"seconds", "known"}.
"""

import csv
import json
import sys
import time
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

BATCH = 500
TABLES = """
DROP TABLE IF EXISTS plain_ref;
CREATE TABLE plain_ref (ref text PRIMARY KEY);
"""
KNOWN = "SELECT ref FROM plain_ref WHERE ref = ANY (%s)"


def look(connection: "psycopg.Connection[tuple[Any, ...]]", file: Path) -> int:
    """How many of the file's lines are known."""
    known = 0
    with file.open(newline="") as text:
        reader = csv.DictReader(text)
        while batch := list(islice(reader, BATCH)):
            for row in batch:
                for name, value in row.items():
                    if value and name.endswith("Time"):
                        datetime.fromisoformat(value)
            known += len(connection.execute(KNOWN, [[row["ID"] for row in batch]]).fetchall())
    return known


def main() -> None:
    job = json.load(sys.stdin)
    file = Path(job["file"])
    with psycopg.connect(job["url"], autocommit=True) as connection:
        connection.execute(TABLES)
        with file.open(newline="") as text, connection.cursor() as cursor:
            refs = [(row["ID"],) for row in csv.DictReader(text)]
            cursor.executemany("INSERT INTO plain_ref VALUES (%s)", refs)
        begun = time.perf_counter()
        known = look(connection, file)
    print(json.dumps({"seconds": time.perf_counter() - begun, "known": known}))


if __name__ == "__main__":
    main()
