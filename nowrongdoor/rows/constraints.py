"""What the database itself keeps of a table, declared in the model's `Meta.constraints`.

A policy, a grant and a trigger are declared like any constraint: `makemigrations` writes their
migration, `verify` finds them in the catalog, and tests walk them (`tests/rows`). Conditions are
SQL on the row, because what PostgreSQL evaluates is what should stand in the model.

- `RowAccess`: who may select, insert, update and delete which rows.
- `Immutable`: what is never changed, or never changed again.
- `MustHaveDeadline`: while something waits, a clock runs for it.
- `ReadableBy`: which programs may see a row, for the live boards.
- `ended_by_name`: what has ended has a time and a name.
- `SqlFunction`, `Trigger`, `Sequence` (`functions.py`): whatever is none of these.
"""

from collections.abc import Mapping
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint, CheckConstraint, Model, Q

from nowrongdoor.rows.policies import app_role, owner_role

_CLAUSES = {
    "SELECT": "USING ({rule})",
    "INSERT": "WITH CHECK ({rule})",
    "UPDATE": "USING ({rule}) WITH CHECK ({check})",
    "DELETE": "USING ({rule})",
}
DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
"""A function that runs as the owner. The path is fixed, or a caller could put tables before ours.

Temporary ones stand first unless the path names them last. The app may make none besides (`site.tables`).
"""
VIOLATION = "USING ERRCODE = 'integrity_constraint_violation'"


class Safeguard(BaseConstraint):
    """Declared and migrated like a constraint, though PostgreSQL has other words for it.

    What it makes is made at the end of its migration, when every table stands that it may name. It
    is taken away at once.
    """

    def __init__(self, *, name: str, **given: object) -> None:
        super().__init__(name=name)
        self.given = {key: value for key, value in given.items() if value}

    def created(self, table: str) -> list[str]:
        """The statements that make it."""
        raise NotImplementedError

    def removed(self, table: str) -> list[str]:
        """The statements that take it away. They let nobody do more than before."""
        raise NotImplementedError

    def deconstruct(self) -> tuple[str, tuple[object, ...], dict[str, Any]]:
        kind = type(self)
        return f"{kind.__module__}.{kind.__qualname__}", (), {"name": self.name, **self.given}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Safeguard):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))

    def constraint_sql(self, model: type[Model], editor: BaseDatabaseSchemaEditor) -> None:  # type: ignore[override]
        """Nothing inside CREATE TABLE."""
        editor.deferred_sql.extend(self.created(model._meta.db_table))

    def create_sql(self, model: type[Model], editor: BaseDatabaseSchemaEditor) -> str:  # type: ignore[override]
        editor.deferred_sql.extend(self.created(model._meta.db_table))
        return (
            ""  # Django defers what this returns, or runs it at once: an empty statement either way
        )

    def remove_sql(self, model: type[Model], _editor: BaseDatabaseSchemaEditor) -> str:  # type: ignore[override]
        return ";\n".join(self.removed(model._meta.db_table))

    def validate(self, *_args: object, **_more: object) -> None:
        """Only the database can say."""


class RowAccess(Safeguard):
    """Who may do what with which rows. What is not said is not granted.

    `select`, `insert`, `update`, `delete`: the SQL condition of the rows on which the app role may
    use the verb. `check`: what an updated row must satisfy, where that is more than for the row
    that is locked for it. `columns`: the only ones that may be updated; empty is all. `owner`: the
    verbs that the owner role uses on all rows, each with its reason; FORCE binds it too, and `verify`
    has to count rows.

    Taken away, the table is shut to everybody but a superuser: FORCE stays.
    """

    def __init__(  # noqa: PLR0913 - one argument a verb
        self,
        *,
        name: str,
        select: str = "",
        insert: str = "",
        update: str = "",
        delete: str = "",
        check: str = "",
        columns: tuple[str, ...] = (),
        owner: Mapping[str, str] | None = None,
    ) -> None:
        rules = {"select": select, "insert": insert, "update": update, "delete": delete}
        super().__init__(name=name, check=check, columns=columns, owner=owner, **rules)
        self.rules = {verb.upper(): rule for verb, rule in rules.items() if rule}
        self.updated = check or update  # what a row must satisfy afterwards
        self.columns = columns
        self.owner = {"SELECT": "verify counts rows against constraints", **(owner or {})}

    def created(self, table: str) -> list[str]:
        return [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            *(part for verb in self.rules for part in self._opened(table, verb)),
            *(part for verb in self.owner for part in self._opened_to_owner(table, verb)),
        ]

    def removed(self, table: str) -> list[str]:
        return [
            f"REVOKE ALL ON {table} FROM {app_role()}",
            *(f"DROP POLICY {table}_{verb.lower()} ON {table}" for verb in self.rules),
            *(f"DROP POLICY {table}_owner_{verb.lower()} ON {table}" for verb in self.owner),
        ]

    def _opened(self, table: str, verb: str) -> tuple[str, str]:
        clause = _CLAUSES[verb].format(rule=self.rules[verb], check=self.updated)
        only = f" ({', '.join(self.columns)})" if self.columns and verb == "UPDATE" else ""
        policy = f"CREATE POLICY {table}_{verb.lower()} ON {table} FOR {verb} TO {app_role()}"
        return f"GRANT {verb}{only} ON {table} TO {app_role()}", f"{policy} {clause}"

    def _opened_to_owner(self, table: str, verb: str) -> tuple[str, str]:
        name = f"{table}_owner_{verb.lower()} ON {table}"
        why = self.owner[verb].replace("'", "''")
        clause = _CLAUSES[verb].format(rule="true", check="true")
        policy = f"CREATE POLICY {name} FOR {verb} TO {owner_role()} {clause}"
        return policy, f"COMMENT ON POLICY {name} IS '{why}'"


_REFUSES = f"""CREATE OR REPLACE FUNCTION rows_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_NAME {VIOLATION};
END $$"""


class Immutable(Safeguard):
    """What is never changed. The error names the constraint.

    `once`: SQL on OLD and NEW; where it holds, an update is refused (`changed(...)` says that columns
    get another value). `columns`: only an update that names one of these is. Without either, rows
    are only ever added: updates, deletions and truncation are refused.
    """

    def __init__(self, *, name: str, once: str = "", columns: tuple[str, ...] = ()) -> None:
        super().__init__(name=name, once=once, columns=columns)
        self.once = once
        self.columns = columns

    @property
    def append_only(self) -> bool:
        return not (self.once or self.columns)

    def created(self, table: str) -> list[str]:
        of = f" OF {', '.join(self.columns)}" if self.columns else ""
        when = f" WHEN ({self.once})" if self.once else ""
        verbs = "UPDATE OR DELETE" if self.append_only else f"UPDATE{of}"
        refuse = "EXECUTE FUNCTION rows_immutable()"
        found = [
            _REFUSES,
            f"CREATE TRIGGER {self.name} BEFORE {verbs} ON {table} FOR EACH ROW{when} {refuse}",
        ]
        if self.append_only:
            found.append(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} {refuse}")
        return found

    def removed(self, table: str) -> list[str]:
        names = [self.name, f"{table}_no_truncate"] if self.append_only else [self.name]
        return [f"DROP TRIGGER {name} ON {table}" for name in names]


def changed(*columns: str) -> str:
    """SQL for `Immutable.once`: an update gives one of these columns another value."""
    # one by one: PostgreSQL writes a comparison of rows down otherwise once it was dumped and restored
    return f"({' OR '.join(f'NEW.{each} IS DISTINCT FROM OLD.{each}' for each in columns)})"


def in_another_name(when: str, by: str) -> str:
    """SQL for `Immutable.once`: an update says when something ended, and that another member than the acting one did it."""
    acting = "nullif(current_setting('nwd.member', true), '')::uuid"  # WHEN of a trigger takes no subquery
    return f"NEW.{when} IS DISTINCT FROM OLD.{when} AND NEW.{by} IS DISTINCT FROM {acting}"


class MustHaveDeadline(Safeguard):
    """While `while_` holds of a row, a deadline of one of these kinds is open on it: nobody is forgotten.

    Looked at when the transaction ends in which the row was written, or its deadline ended. `while_`
    is SQL on the row, named `r`. `fired_counts`: a deadline that has fired is enough, where one
    alert was all that was asked for. Runs as the owner: whoever declined no longer sees the row.
    """

    def __init__(
        self, *, name: str, kinds: tuple[str, ...], while_: str, fired_counts: bool = False
    ) -> None:
        super().__init__(name=name, kinds=kinds, while_=while_, fired_counts=fired_counts)
        self.kinds = kinds
        self.while_ = while_
        self.fired_counts = fired_counts

    def created(self, table: str) -> list[str]:
        kinds = ", ".join(f"'{kind}'" for kind in self.kinds)
        still = "" if self.fired_counts else "d.fired_at IS NULL AND "
        ends = "cancelled_at" if self.fired_counts else "fired_at, cancelled_at"
        trigger = f"CREATE CONSTRAINT TRIGGER {self.name} AFTER"
        later = "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        when = f"WHEN (NEW.kind IN ({kinds}))"
        runs = f"EXECUTE FUNCTION {self.name}()"
        return [
            f"""CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
    subject uuid;
BEGIN
    IF TG_TABLE_NAME = 'clocks_deadline' THEN subject := NEW.subject_id; ELSE subject := NEW.id; END IF;
    IF EXISTS (SELECT FROM {table} r WHERE r.id = subject AND ({self.while_})) AND NOT EXISTS (
        SELECT FROM clocks_deadline d WHERE d.subject_id = subject AND d.kind IN ({kinds})
          AND {still}d.cancelled_at IS NULL
    ) THEN
        RAISE EXCEPTION '{self.name}' {VIOLATION};
    END IF;
    RETURN NULL;
END $$""",
            f"{trigger} INSERT OR UPDATE ON {table} {later} {runs}",
            f"{trigger} UPDATE OF {ends} ON clocks_deadline {later} {when} {runs}",
        ]

    def removed(self, table: str) -> list[str]:
        return [
            f"DROP TRIGGER {self.name} ON {table}",
            f"DROP TRIGGER {self.name} ON clocks_deadline",
            f"DROP FUNCTION {self.name}()",
        ]


class ReadableBy(Safeguard):
    """Which programs may see a row, and which once could: a narrow function, and nothing else of the row.

    The live boards ask it before they draw a row or say that one has left. `programs` and `ever` are
    SQL on the row, named `r`, and give arrays of ids; `ever` empty is the same as `programs`.
    """

    def __init__(self, *, name: str, programs: str, ever: str = "") -> None:
        super().__init__(name=name, programs=programs, ever=ever)
        self.programs = programs
        self.ever = ever or programs

    def created(self, table: str) -> list[str]:
        return [
            f"""CREATE OR REPLACE FUNCTION {self.name}(ids uuid[])
RETURNS TABLE (id uuid, programs uuid[], ever uuid[]) LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT r.id, {self.programs}, {self.ever} FROM {table} r WHERE r.id = ANY (ids)
$$""",
            *only_for_the_app(self.name),
        ]

    def removed(self, _table: str) -> list[str]:
        return [f"DROP FUNCTION {self.name}"]


def only_for_the_app(function: str) -> tuple[str, str]:
    """The grants of a function that runs as the owner."""
    return (
        f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {function} TO {app_role()}",
    )


def ended_by_name(at: str, by: str, *, name: str) -> CheckConstraint:
    """What has ended has a time (`at`) and a name (`by`); what has not has neither."""
    ended = Q(**{f"{at}__isnull": False, f"{by}__isnull": False})
    return CheckConstraint(condition=Q(**{at: None, by: None}) | ended, name=name)
