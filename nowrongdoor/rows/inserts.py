"""Writing rows by an INSERT whose text is put together once for a model.

The ORM puts the same text together again for every row, which takes several times as long as to
write it. For commands that every call runs; elsewhere `objects.create` reads better.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

M = TypeVar("M", bound=models.Model)

_AS_THEY_ARE = (
    models.ForeignKey,
    models.TextField,
    models.UUIDField,
    models.DateTimeField,
    models.BooleanField,
    models.IntegerField,
    ArrayField,
)
"""Fields whose values psycopg takes as they are; any other is asked for what it writes."""


@dataclass(frozen=True, slots=True)
class Made:
    """Columns that the statement makes: (field, SQL). `%s` is what the row was given for the field.

    `source` is what that SQL reads FROM.
    """

    columns: tuple[tuple[str, str], ...] = ()
    source: str = ""


NOTHING = Made()


@dataclass(frozen=True, slots=True)
class _Insert:
    """The text up to its values, those of one row, and how to read them from a row."""

    head: str
    values: str
    tail: str
    reads: tuple[Callable[[dict[str, Any]], Any], ...]


def insert(model: type[M], *, made: Made = NOTHING, **values: object) -> M:
    """Write one row. What the statement or a default makes is read when somebody asks for it."""
    row = model(**values)
    left = _left(row)
    _write(_text(model, left, made), [row])
    for name in {*left, *(name for name, _sql in made.columns)}:
        del row.__dict__[name]  # deferred, in Django's word
    return row


def insert_if_new(row: models.Model) -> bool:
    """Write one row where no other is the same by a unique constraint. Whether it was written: the answer is waited for."""
    left = _left(row)
    text = _text(type(row), left, NOTHING)
    values = [read(row.__dict__) for read in text.reads]
    with connection.cursor() as cursor:
        cursor.execute(f"{text.head}{text.values}{text.tail} ON CONFLICT DO NOTHING", values)
        written: bool = cursor.rowcount == 1
    row._state.adding, row._state.db = False, connection.alias
    return written


def insert_all(rows: Sequence[models.Model]) -> None:
    """Write rows of one model by one statement; all leave the same fields to the database."""
    if not rows:
        return
    left = _left(rows[0])
    if any(_left(row) != left or type(row) is not type(rows[0]) for row in rows):
        raise ValueError("one statement writes rows of one model, with the same fields")
    _write(_text(type(rows[0]), left, NOTHING), rows)
    for row in rows:
        for name in left:
            del row.__dict__[name]


def _write(insert: _Insert, rows: Sequence[models.Model]) -> None:
    text = f"{insert.head}{', '.join([insert.values] * len(rows))}{insert.tail}"
    values = [read(row.__dict__) for row in rows for read in insert.reads]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _left(row: models.Model) -> tuple[str, ...]:
    """The fields that this row leaves to the database."""
    mine = row.__dict__
    return tuple(
        name for name in _with_default(type(row)) if isinstance(mine[name], DatabaseDefault)
    )


@cache
def _with_default(model: type[models.Model]) -> tuple[str, ...]:
    fields = model._meta.concrete_fields
    return tuple(field.attname for field in fields if field.has_db_default())


@cache
def _text(model: type[models.Model], left: tuple[str, ...], made: Made) -> _Insert:
    """Kept for ever: a model has few ways to leave fields out."""
    sql = dict(made.columns)
    fields = [
        each
        for each in model._meta.concrete_fields
        if each.attname not in left or each.attname in sql
    ]
    quoted = ", ".join(f'"{each.column}"' for each in fields)
    values = ", ".join(sql.get(each.attname, "%s") for each in fields)
    head = f'INSERT INTO "{model._meta.db_table}" ({quoted}) '
    reads = tuple(_read(each) for each in fields if "%s" in sql.get(each.attname, "%s"))
    if made.source:
        return _Insert(f"{head}SELECT ", values, f" FROM {made.source}", reads)
    return _Insert(f"{head}VALUES ", f"({values})", "", reads)


def _read(field: "models.Field[Any, Any]") -> Callable[[dict[str, Any]], Any]:
    name = field.attname
    if isinstance(field, _AS_THEY_ARE):
        return lambda row: row[name]
    prepare = partial(field.get_db_prep_save, connection=connection)
    return lambda row: prepare(row[name])
