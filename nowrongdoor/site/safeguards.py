"""What keeps the invariants, and whether it is all still there and still true.

`safeguards.txt` is all that a fresh database's catalogue says of itself (`catalogue`; `python -m
nowrongdoor.site.safeguards` writes it, and a test holds it against a fresh database). `missing` names what
is gone, was changed or was added since; `broken` names rows that no longer satisfy a constraint, or what
only triggers keep, whether or not that still stands.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

from nowrongdoor.site import catalogue

Owner = psycopg.Connection[tuple[object, ...]]
FILE = Path(__file__).with_name("safeguards.txt")
# How PostgreSQL writes a definition down differs before and after a dump and restore.
_CAST = re.compile(r"::(?:text|character varying|uuid)(?:\[\])?")
_ANYBODY = "EXISTS (SELECT FROM calls_participant o WHERE o.leg_id = l.id AND o.until_at IS NULL)"
# What no constraint can say: an episode's holder is who accepted last, and sees it; a caller alone
# on a line is said to be.
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
    "seen_by or worked_by is not what the parties say": """
SELECT count(*) FROM episodes_episode e CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT p.program_id) AS seen,
           coalesce(array_agg(DISTINCT p.program_id) FILTER (WHERE p.role = 'working'), '{}') AS worked
    FROM episodes_party p WHERE p.episode_id = e.id AND p.until_at IS NULL
) said WHERE NOT (e.seen_by @> said.seen AND said.seen @> e.seen_by
              AND e.worked_by @> said.worked AND said.worked @> e.worked_by)""",
    "joined to an episode that is joined itself": """
SELECT count(*) FROM episodes_episode e JOIN episodes_episode r ON r.id = e.joined_into_id
WHERE r.joined_into_id IS NOT NULL""",
    "an offer is open on an episode that is closed": """
SELECT count(*) FROM episodes_handoff h JOIN episodes_episode e ON e.id = h.episode_id
WHERE e.closed_at IS NOT NULL AND h.accepted_at IS NULL AND h.declined_at IS NULL
  AND h.withdrawn_at IS NULL""",
    "an open line has nobody on it and does not say since when": f"""
SELECT count(*) FROM calls_leg l
WHERE l.ended_at IS NULL AND l.alone_since IS NULL AND NOT {_ANYBODY}""",
    "a line says that its caller is alone, and somebody is on it": f"""
SELECT count(*) FROM calls_leg l WHERE l.alone_since IS NOT NULL AND {_ANYBODY}""",
    "a caller is alone and no clock rings": """
SELECT count(*) FROM calls_leg l WHERE l.alone_since IS NOT NULL AND NOT EXISTS (
    SELECT FROM clocks_deadline d WHERE d.subject_id = l.id AND d.kind = 'calls.alone'
      AND d.fired_at IS NULL AND d.cancelled_at IS NULL)""",
    "a clock runs for an offer that was answered": """
SELECT count(*) FROM clocks_deadline d JOIN episodes_handoff h ON h.id = d.subject_id
WHERE d.kind = 'episodes.unanswered' AND d.fired_at IS NULL AND d.cancelled_at IS NULL
  AND num_nonnulls(h.accepted_at, h.declined_at, h.withdrawn_at) > 0""",
    "a clock runs for a request that is over": """
SELECT count(*) FROM clocks_deadline d JOIN dispatch_request r ON r.id = d.subject_id
WHERE d.kind = 'dispatch.unanswered' AND d.fired_at IS NULL AND d.cancelled_at IS NULL
  AND num_nonnulls(r.declined_at, r.withdrawn_at, r.ended_at) > 0""",
    "a clock rings for a caller who is not alone": """
SELECT count(*) FROM clocks_deadline d JOIN calls_leg l ON l.id = d.subject_id
WHERE d.kind = 'calls.alone' AND d.fired_at IS NULL AND d.cancelled_at IS NULL
  AND (l.alone_since IS NULL OR l.ended_at IS NOT NULL)""",
    "an episode has a number that is yet to be given": """
SELECT count(*) FROM episodes_episode e, episodes_number n WHERE e.number > n.last_value""",
    "somebody is on a line that ended": f"""
SELECT count(*) FROM calls_leg l WHERE l.ended_at IS NOT NULL AND {_ANYBODY}""",
}


@dataclass(frozen=True, slots=True, order=True)
class Safeguard:
    kind: str
    table: str
    name: str
    definition: str

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.kind, self.table, self.name)


def now(owner: Owner) -> tuple[Safeguard, ...]:
    """What the catalogue of this database says."""
    app, named = (settings.DATABASES[each]["USER"] for each in ("default", "owner"))
    roles = {"app": app, "owner": named if named != app else _owner_of(owner)}
    # names are written in full then, whatever path the role was given
    owner.execute("SELECT set_config('search_path', 'pg_catalog', true)")
    found = [row for query in catalogue.queries() for row in owner.execute(query, roles)]
    owner.execute("SELECT set_config('search_path', 'public', true)")
    return tuple(sorted(Safeguard(*map(_plain, row)) for row in found))


def _owner_of(database: Owner) -> str:
    """Who owns this database: servers and workers are not told the owner's address."""
    [name] = database.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    ).fetchone() or ("",)
    return str(name)


def expected() -> tuple[Safeguard, ...]:
    rows = (line.split("\t") for line in FILE.read_text().splitlines() if line)
    return tuple(Safeguard(*row) for row in rows)


def missing(owner: Owner) -> Iterator[str]:
    """What is gone, what says something else under its name, and what nobody here made."""
    here, listed = _by_key(now(owner)), _by_key(expected())
    for key in listed | here:
        if here.get(key) != listed.get(key):
            how = "gone" if key not in here else "changed" if key in listed else "added"
            kind, table, name = key
            yield f"{kind} {how}: {name} on {table}"


def weakened(database: Owner) -> tuple[str, ...]:
    """What of `missing` is a reason not to serve: all but indexes, which make something slow or quick.

    Any role may ask: PostgreSQL's catalogue is no secret.
    """
    return tuple(each for each in missing(database) if not each.startswith("index "))


def _by_key(keepers: Iterable[Safeguard]) -> dict[tuple[str, str, str], list[str]]:
    """What is said under each name. Two may have one: a role's setting, and the same for this database alone."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for keeper in keepers:
        found.setdefault(keeper.key, []).append(_meaning(keeper))
    return {key: sorted(meanings) for key, meanings in found.items()}


def _meaning(keeper: Safeguard) -> str:
    text = _CAST.sub("", keeper.definition)
    return re.sub(r"[()]", "", text) if keeper.kind in ("unique", "index") else flat(text)


def flat(condition: str) -> str:
    """One text for `(a OR b) OR c` and `a OR b OR c`: before a dump PostgreSQL writes the first, after it the second."""
    while (nested := next(_nested(condition), None)) is not None:
        start, end = nested
        condition = condition[:start] + condition[start + 1 : end] + condition[end + 1 :]
    return condition


def _nested(condition: str) -> Iterator[tuple[int, int]]:
    """Where a group joined by OR stands in another one."""
    opened: list[tuple[int, bool]] = []
    quoted = False
    for at, character in enumerate(condition):
        quoted ^= character == "'"
        if quoted:
            continue
        if character == "(":
            opened.append((at, False))
        elif character == ")":
            start, joined = opened.pop()
            before, after = condition[:start], condition[at + 1 :]
            if joined and before.endswith((" OR ", "(")) and after.startswith((" OR ", ")")):
                yield start, at
        elif opened and condition.startswith(" OR ", at):
            opened[-1] = (opened[-1][0], True)


def broken(owner: Owner) -> Iterator[str]:
    """Rows that a constraint, or what the triggers keep, would not let in."""
    for keeper in expected():
        query = _violations(keeper)
        if query is not None and (count := _count(owner, query)):
            yield f"{count} rows against {keeper.name} on {keeper.table}"
    for table, columns in _never_empty().items():
        # `num_nulls`, not IS NULL: the planner takes a column's word for it that there are none
        if count := _count(owner, f"SELECT count(*) FROM {table} WHERE num_nulls({columns}) > 0"):
            yield f"{count} rows against not null on {table}"
    for words, text in _HOLDING.items():
        if count := _count(owner, text):
            yield f"{count} rows: {words}"


def _never_empty() -> dict[str, str]:
    """The columns of each table that hold something in every row."""
    found: dict[str, str] = {}
    for each in expected():
        if each.kind == "column" and " not null" in each.definition:
            before = f"{found[each.table]}, " if each.table in found else ""
            found[each.table] = f'{before}"{each.name}"'
    return found


def _violations(keeper: Safeguard) -> str | None:
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
        r"(?:PRIMARY KEY|UNIQUE|CREATE UNIQUE INDEX.*?USING btree)( NULLS NOT DISTINCT)? \((.*?)\)"
        r"( NULLS NOT DISTINCT)?(?: WHERE (.*))?$",
        text,
    ):
        one, columns, other, condition = match.groups()
        filled = " AND ".join(f"{name} IS NOT NULL" for name in columns.split(", "))
        given = "true" if one or other else filled
        return (
            f"SELECT count(*) FROM (SELECT FROM {table} WHERE {given} AND {condition or 'true'} "
            f"GROUP BY {columns} HAVING count(*) > 1) twice"
        )
    return None


def _count(owner: Owner, query: str) -> int:
    [count] = owner.execute(sql.SQL(query)).fetchone() or (0,)
    return int(str(count))


def _plain(value: object) -> str:
    return " ".join(str(value or "").replace("public.", "").split())


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
