"""History out of some days: the rows of what is over, once more and each time earlier, by COPY.

Every id that was born with them is another one in each copy, everywhere it is named, also in the
journal's `ids`; what was there before them (people, programs, units, crews still out) stays the
same. Times are earlier by whole days, numbers go on counting. Written past the triggers, as only
the database's admin can; constraints and unique indexes still hold. The journal's copies have no
seal: whoever seals, seals them.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from psycopg import Connection, sql

from nowrongdoor.episodes.rules import label

OVER = "SELECT id FROM episodes_episode WHERE closed_at IS NOT NULL"
ALSO = {
    "episodes_episode": f"id IN ({OVER})",
    "guests_link": f"handoff_id IN (SELECT id FROM episodes_handoff WHERE episode_id IN ({OVER}))",
    "dispatch_crew": "until_at IS NOT NULL",
    "dispatch_crew_member": "crew_id IN (SELECT id FROM dispatch_crew WHERE until_at IS NOT NULL)",
    "journal_entry": f"episode_id IN ({OVER}) OR episode_id IS NULL",
}
BY_THE_DATABASE = frozenset({"xid", "recorded_at"})
"""Of an entry: the copy's own transaction, so that the sequencer sees it, and that it is written down now."""
NAMING = "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'episode_id'"
COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"
MOVED = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\d(?=[ T]\d\d:)"
)

Admin = Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in the text that COPY speaks, one a line."""

    name: str
    columns: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class History:
    """What can be copied. `born`: the ids of its rows; `prefix`: of the numbers people read."""

    tables: tuple[Table, ...]
    born: frozenset[str]
    entries: int
    prefix: str


def of(admin: Admin) -> History:
    """All that is over in this database. One read of each table, into memory."""
    admin.execute("SET TIME ZONE 'UTC'")
    named = {str(name): f"episode_id IN ({OVER})" for [name] in admin.execute(NAMING)} | ALSO
    tables = tuple(_table(admin, name, which) for name, which in sorted(named.items()))
    born = frozenset(line.partition("\t")[0] for each in tables for line in each.text.splitlines())
    entries = next(each.text.count("\n") for each in tables if each.name == "journal_entry")
    [(prefix,)] = admin.execute("SELECT number_prefix FROM community_community").fetchall()
    return History(tables, born, entries, str(prefix))


def copy(admin: Admin, history: History, *, turn: int, days: int) -> None:
    """Once more, `days` earlier, in one transaction. `turn` tells the copies of a history apart."""
    moves = _Moves(history.born, turn, days)
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        [(number,)] = admin.execute("SELECT max(number) FROM episodes_episode").fetchall()
        for table in history.tables:
            text = MOVED.sub(moves.of, table.text)
            lines = _alone(table, text, turn, int(str(number)), history.prefix)
            with admin.cursor().copy(_into(table)) as into:
                into.write("".join(lines))
        admin.execute("SELECT setval('episodes_number', max(number)) FROM episodes_episode")


def _table(admin: Admin, name: str, which: str) -> Table:
    columns = tuple(
        str(column)
        for [column] in admin.execute(COLUMNS, [name])
        if column not in BY_THE_DATABASE or name != "journal_entry"
    )
    if columns[0] != "id":
        raise ValueError(f"{name} does not begin with its id")
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT").format(
        listed, sql.Identifier(name), sql.SQL(which)
    )
    with admin.cursor().copy(query) as out:
        return Table(name, columns, b"".join(bytes(part) for part in out).decode())


def _into(table: Table) -> sql.Composed:
    listed = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), listed)


class _Moves:
    """Which id and which day each becomes in one copy. An id of chance and time keeps its shape."""

    def __init__(self, born: frozenset[str], turn: int, days: int) -> None:
        self._chance = int.from_bytes(hashlib.sha256(str(turn).encode()).digest()[:7])
        self._born, self._days = born, timedelta(days=days)
        self._ms = days * 86_400_000
        self._days_seen: dict[str, str] = {}

    def of(self, found: re.Match[str]) -> str:
        text = found[0]
        if len(text) == len("2026-01-01"):
            if text not in self._days_seen:
                self._days_seen[text] = (date.fromisoformat(text) - self._days).isoformat()
            return self._days_seen[text]
        return self._id(text) if text in self._born else text

    def _id(self, text: str) -> str:
        whole = int(text.replace("-", ""), 16)
        digits = f"{(whole - (self._ms << 80)) ^ self._chance:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _alone(table: Table, text: str, turn: int, number: int, prefix: str) -> Iterator[str]:
    """The lines, with what has to be another in each: an episode's number, a guest link's secret."""
    lines = text.splitlines(keepends=True)
    if table.name == "episodes_episode":
        at = {name: table.columns.index(name) for name in ("number", "label", "opened_at")}
        for line in lines:
            number += 1
            cells = line.split("\t")
            cells[at["number"]] = str(number)
            cells[at["label"]] = label(prefix, int(cells[at["opened_at"]][:4]), number)
            yield "\t".join(cells)
    elif table.name == "guests_link":
        secret = table.columns.index("token_digest")
        for line in lines:
            cells = line.split("\t")
            cells[secret] = hashlib.sha256(f"{turn}{cells[secret]}".encode()).hexdigest()
            yield "\t".join(cells)
    else:
        yield from lines
