"""Whether every covered row is what the journal, or the baseline, says of it. As the owner, with the key.

Reads each covered table once, in constant memory. A row is compared with the newest entry that vouches for
it; with the baseline where no entry does since.
"""

import json
from collections.abc import Iterator, Sequence

from django.db.models import JSONField, Model
from psycopg import Connection, sql

from nowrongdoor.journal import baseline
from nowrongdoor.journal import vouching as facts

Owner = Connection[tuple[object, ...]]
BATCH = 2_000
SHOWN = 3
"""Of each kind of finding in a table, as many rows are named; the rest are counted."""

_SAID = sql.SQL("""
WITH said AS (
    SELECT DISTINCT ON (f.key) f.key AS name, f.value AS mac, e.id AS entry_id, s.seq
    FROM journal_entry e LEFT JOIN journal_seal s ON s.entry_id = e.id
    CROSS JOIN LATERAL jsonb_each_text(e.facts::jsonb) f
    WHERE e.facts LIKE {within} AND starts_with(f.key, {prefix})
    ORDER BY f.key, s.seq DESC NULLS FIRST, e.recorded_at DESC, e.id DESC
), base AS (
    SELECT name, seq, mac FROM journal_baseline WHERE starts_with(name, {prefix})
), known AS (
    SELECT coalesce(said.name, base.name) AS name, said.mac, said.entry_id, said.seq, base.seq AS base_seq, base.mac AS base_mac
    FROM said FULL JOIN base ON base.name = said.name
)
SELECT known.mac, entry_id, known.seq, base_seq, base_mac, known.name, {prefix} || r.id, {columns}
FROM known FULL JOIN {table} r ON {prefix} || r.id = known.name
""")
_BASELINE = (
    "SELECT name, seq, mac FROM journal_baseline WHERE name <> '' ORDER BY name COLLATE \"C\""
)


def fact_findings(owner: Owner, models: Sequence[type[Model]]) -> Iterator[str]:
    """What covered rows no longer say, said once, or say and nobody vouches for. Needs the key."""
    yield from _baseline_findings(owner)
    for model in models:
        found: dict[str, list[str]] = {}
        for what, name in _of_table(owner, model):
            found.setdefault(what, []).append(name)
        for what, names in found.items():
            rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            yield f"fact {what}: {', '.join(names[:SHOWN])}{rest}"


def _baseline_findings(owner: Owner) -> Iterator[str]:
    row = owner.execute("SELECT mac FROM journal_baseline WHERE name = ''").fetchone()
    if row is None:
        yield "facts: there is no baseline; `nowrongdoor cover` makes one, once everything is as it should be"
        return
    with owner.cursor(name="baseline") as cursor:
        cursor.execute(_BASELINE)
        over = baseline.whole(facts.key(), cursor)  # type: ignore[arg-type]  # the query's columns
    if row[0] != over:
        yield "facts: the baseline was changed, or NWD_FACTS_KEY is another key"


def _of_table(owner: Owner, model: type[Model]) -> Iterator[tuple[str, str]]:
    table = model._meta.db_table
    query = _SAID.format(
        within=sql.Literal(f'%"{table}:%'),
        prefix=sql.Literal(f"{table}:"),
        columns=_asked(model),
        table=sql.Identifier(table),
    )
    with owner.cursor(name="facts") as cursor:
        cursor.itersize = BATCH
        cursor.execute(query)
        for row in cursor:
            mac, entry_id, seq, base_seq, base_mac, known, name, *values = row
            if known is None:
                yield "added, which nobody vouches for", str(name)
            elif name is None:
                yield "gone", str(known)
            else:
                from_base = base_mac is not None and (mac is None or _older(seq, base_seq))
                place = baseline.where(int(str(base_seq))) if from_base else str(entry_id)
                body = facts.row_text(model, str(name), _read(model, values))
                if facts.of_row(facts.key(), place, body) != (base_mac if from_base else mac):
                    yield "changed", str(name)


def _older(seq: object, base_seq: object) -> bool:
    """Whether the entry stood before the baseline was written. Without a seal yet, it is newer."""
    return seq is not None and int(str(seq)) <= int(str(base_seq))


def _read(model: type[Model], values: Sequence[object]) -> list[object]:
    """As Django gives them: what is JSON comes as text."""
    kinds = [_is_json(model, each) for each in facts.columns(model)]
    return [
        json.loads(str(value)) if is_json and value is not None else value
        for is_json, value in zip(kinds, values, strict=True)
    ]


def _asked(model: type[Model]) -> sql.Composed:
    columns = [
        sql.SQL("r.{}::text" if _is_json(model, each) else "r.{}").format(sql.Identifier(each))
        for each in facts.columns(model)
    ]
    return sql.SQL(", ").join(columns)


def _is_json(model: type[Model], column: str) -> bool:
    return isinstance(model._meta.get_field(column), JSONField)
