"""What keeps the invariants, and whether it is all still there and still true.

`keepers.txt` lists every constraint, unique index, trigger, policy and forced table as a fresh
database has them (`python -m nowrongdoor.site.keepers` writes it; a test holds it against a fresh
database). `missing` names what is gone or was changed since; `broken` names rows that no longer
satisfy them, whether or not the constraint still stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

Owner = psycopg.Connection[tuple[object, ...]]
FILE = Path(__file__).with_name("keepers.txt")
_NOT_OURS = frozenset({"django_migrations", "web_cache"})
_NOW = """
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u')
UNION ALL
SELECT 'unique', i.indrelid::regclass::text, c.relname, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname, md5(pg_get_triggerdef(t.oid) || p.prosrc)
FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal AND tgenabled <> 'D'
UNION ALL
SELECT 'policy', tablename, policyname,
       cmd || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, '')
FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT 'forced', oid::regclass::text, 'row level security', ''
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND relforcerowsecurity
"""
# What no constraint can say: an episode's holder is who accepted last, and sees it.
_HOLDING = {
    "the holder is not who accepted": """
SELECT count(*) FROM episodes_episode e LEFT JOIN episodes_handoff h ON h.id = e.holder_via_id
WHERE e.holder_via_id IS NOT NULL AND (h.id IS NULL OR h.episode_id <> e.id OR h.accepted_at IS NULL
   OR h.to_program_id <> e.holder_program_id
   OR h.accepted_by_id IS DISTINCT FROM e.holder_member_id)""",
    "what was accepted did not move the holder": """
SELECT count(*) FROM episodes_handoff h JOIN episodes_episode e ON e.id = h.episode_id
WHERE h.accepted_at IS NOT NULL AND h.moves = 'on_accept'
  AND e.holder_via_id IS DISTINCT FROM h.id AND e.held_since < h.accepted_at""",
    "seen_by is not what the parties say": """
SELECT count(*) FROM episodes_episode e WHERE (SELECT array_agg(x ORDER BY x) FROM unnest(e.seen_by) x)
  IS DISTINCT FROM (SELECT array_agg(DISTINCT p.program_id ORDER BY p.program_id)
                    FROM episodes_party p WHERE p.episode_id = e.id AND p.until_at IS NULL)""",
    "joined to an episode that is closed or joined itself": """
SELECT count(*) FROM episodes_episode e JOIN episodes_episode r ON r.id = e.joined_into_id
WHERE r.joined_into_id IS NOT NULL OR (r.closed_at IS NOT NULL AND e.closed_at IS NULL)""",
    "an offer is open on an episode that is closed": """
SELECT count(*) FROM episodes_handoff h JOIN episodes_episode e ON e.id = h.episode_id
WHERE e.closed_at IS NOT NULL AND h.accepted_at IS NULL AND h.declined_at IS NULL
  AND h.withdrawn_at IS NULL""",
}


@dataclass(frozen=True, slots=True, order=True)
class Keeper:
    kind: str
    table: str
    name: str
    definition: str

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.kind, self.table, self.name)


def now(owner: Owner) -> tuple[Keeper, ...]:
    """What keeps the invariants in this database. Names that PostgreSQL made up itself are kept."""
    return tuple(
        sorted(
            Keeper(str(kind), str(table), str(name), _plain(str(definition)))
            for kind, table, name, definition in owner.execute(_NOW)
            if str(table) not in _NOT_OURS
        )
    )


def expected() -> tuple[Keeper, ...]:
    rows = (line.split("\t") for line in FILE.read_text().splitlines() if line)
    return tuple(Keeper(*row) for row in rows)


def missing(owner: Owner) -> Iterator[str]:
    """What is gone, and what is there under its name but says something else."""
    here = {keeper.key: keeper for keeper in now(owner)}
    for keeper in expected():
        found = here.get(keeper.key)
        if found is None:
            yield f"{keeper.kind} gone: {keeper.name} on {keeper.table}"
        elif found.definition != keeper.definition:
            yield f"{keeper.kind} changed: {keeper.name} on {keeper.table}"


def broken(owner: Owner) -> Iterator[str]:
    """Rows that a constraint, or what the triggers keep, would not let in."""
    for keeper in expected():
        query = _violations(keeper)
        if query is not None and (count := _count(owner, query)):
            yield f"{count} rows against {keeper.name} on {keeper.table}"
    for words, text in _HOLDING.items():
        if count := _count(owner, text):
            yield f"{count} rows: {words}"


def _violations(keeper: Keeper) -> str | None:
    """The query that counts rows against a constraint. None where it is no constraint on rows."""
    table, text = keeper.table, keeper.definition
    if keeper.kind == "constraint" and text.startswith("CHECK "):
        return f"SELECT count(*) FROM {table} WHERE NOT {text.removeprefix('CHECK ')}"
    if match := re.match(r"FOREIGN KEY \((\w+)\) REFERENCES (\w+)\((\w+)\)", text):
        column, other, key = match.groups()
        return (
            f"SELECT count(*) FROM {table} t WHERE t.{column} IS NOT NULL "
            f"AND NOT EXISTS (SELECT FROM {other} o WHERE o.{key} = t.{column})"
        )
    if match := re.match(
        r"(?:PRIMARY KEY|UNIQUE|CREATE UNIQUE INDEX.*?USING btree) \((.*?)\)(?: WHERE (.*))?$", text
    ):
        columns, condition = match.groups()
        given = " AND ".join(f"{name} IS NOT NULL" for name in columns.split(", "))
        return (
            f"SELECT count(*) FROM (SELECT FROM {table} WHERE {given} AND {condition or 'true'} "
            f"GROUP BY {columns} HAVING count(*) > 1) twice"
        )
    return None


def _count(owner: Owner, query: str) -> int:
    [count] = owner.execute(sql.SQL(query)).fetchone() or (0,)
    return int(str(count))


def _plain(definition: str) -> str:
    return " ".join(definition.split())


def write() -> None:
    """Write the list from the database at DATABASE_OWNER_URL: after a migration, reviewed as a diff."""
    from django.db import connections

    connection = connections["owner"]
    connection.ensure_connection()
    lines = ("\t".join((*keeper.key, keeper.definition)) for keeper in now(connection.connection))
    FILE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    import django

    django.setup()
    write()
