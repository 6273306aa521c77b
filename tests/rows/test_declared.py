"""What models declare of row access, immutability and deadlines holds, and does not once it is dropped.

Every declaration is found by itself (`Meta.constraints` of every model). The rows come from `full()` in
`tests/<module>/full.py`, which leaves one at least in every table with row access. A module that adds a
table adds a row there, and nothing here.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import psycopg
import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.models import Model

from nowrongdoor.rows.constraints import (
    Immutable,
    MustHaveDeadline,
    ReadableBy,
    RowAccess,
    Safeguard,
)
from nowrongdoor.rows.functions import SqlFunction, Trigger
from nowrongdoor.rows.policies import PROGRAM
from nowrongdoor.site import safeguards
from tests.conftest import clear, copy_database, database_url
from tests.rows.readers import EVERYBODYS
from tests.sharing.full import NAMES

pytestmark = pytest.mark.xdist_group("declared")
Admin = psycopg.Connection[tuple[object, ...]]
K = TypeVar("K", bound=Safeguard)
MODULES = sorted(file.parent.name for file in Path(__file__).parent.parent.glob("*/full.py"))


def declared(kind: type[K]) -> dict[str, tuple[type[Model], K]]:
    """Every declaration of a kind, by its name, with its model."""
    return {
        each.name: (model, each)
        for model in apps.get_models()
        for each in model._meta.constraints
        if isinstance(each, kind)
    }


ACCESS, NEVER, WAITS = declared(RowAccess), declared(Immutable), declared(MustHaveDeadline)
PRIVATE = sorted(
    name for name, (model, _) in ACCESS.items() if model._meta.db_table not in EVERYBODYS
)


def table_of(name: str) -> str:
    return {**ACCESS, **NEVER, **WAITS}[name][0]._meta.db_table


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A database of its own, with one row at least in every table that has row access."""
    for module in MODULES:
        written = import_module(f"tests.{module}.full")
        if hasattr(written, "full"):  # not of `agencies`; a table without a row fails below
            written.full()
    name = connection.settings_dict["NAME"]
    connections.close_all()
    connection.close_pool()
    copy_database(f"{name}_full", template=name)
    clear()
    yield f"{name}_full"
    with psycopg.connect(database_url("admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name}_full WITH (FORCE)")


@pytest.fixture
def full(database: str) -> Iterator[Admin]:
    """A superuser there, in a transaction that is undone."""
    with psycopg.connect(database_url("admin", database)) as admin:
        yield admin
        admin.rollback()


def run(admin: Admin, *statements: str) -> int:
    """Run them, constraints that wait for the commit included; how many rows the last one changed."""
    count = 0
    for statement in statements:
        count = admin.execute(statement).rowcount
    admin.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return count


def one(admin: Admin, query: str, *values: object) -> object:
    [found] = admin.execute(query, values).fetchone() or (None,)
    return found


# row access -------------------------------------------------------------------------------------


def columns(admin: Admin, table: str) -> set[str]:
    query = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
    return {str(name) for [name] in admin.execute(query, [table])}


def nothing_to_do_with(admin: Admin, table: str, program: UUID) -> tuple[str, list[object]]:
    """Of which rows a program has no part, by who takes part in the episode and whom the row names."""
    here, parts, values = columns(admin, table), ["true"], []
    episode = "id" if table == "episodes_episode" else "episode_id"
    if episode in here:
        parts.append(
            f"({episode} IS NULL OR {episode} NOT IN "
            "(SELECT p.episode_id FROM episodes_party p WHERE p.program_id = %s))"
        )
        values.append(program)
    for column in sorted(each for each in here if each.endswith("program_id")):
        parts.append(f"{column} IS DISTINCT FROM %s")
        values.append(program)
    parts.append(f"NOT COALESCE({NAMES.get(table, 'false')}, false)")
    values += [program] * NAMES.get(table, "").count("%s")
    return " AND ".join(parts), values


def others_rows(admin: Admin, table: str, program: UUID) -> list[str]:
    """The rows of a table with which a program has nothing to do, as a superuser finds them."""
    where, values = nothing_to_do_with(admin, table, program)
    key = "seq" if "seq" in columns(admin, table) else "id"
    rows = admin.execute(f"SELECT {key}::text FROM {table} WHERE {where}", values)
    return [str(id) for [id] in rows]


def seen(admin: Admin, table: str, program: UUID, ids: list[str]) -> int:
    """How many of these the app sees when it acts for a program."""
    with admin.transaction(force_rollback=True):
        admin.execute("SELECT set_config('nwd.program', %s, true)", [str(program)])
        admin.execute("SET LOCAL ROLE nwd_app")
        key = "seq" if table == "journal_seal" else "id"
        count = one(admin, f"SELECT count(*) FROM {table} WHERE {key}::text = ANY (%s)", ids)
    assert isinstance(count, int)
    return count


def programs(admin: Admin) -> list[UUID]:
    return [UUID(str(id)) for [id] in admin.execute("SELECT id FROM agencies_program")]


def test_every_table_with_row_access_has_a_row(full: Admin) -> None:
    tables = [model._meta.db_table for model, _ in ACCESS.values()]

    assert len(tables) > 30
    assert [each for each in tables if not one(full, f"SELECT count(*) FROM {each}")] == []


def test_what_every_program_reads_is_listed_and_nothing_else() -> None:
    whole = {
        model._meta.db_table
        for model, access in ACCESS.values()
        if access.rules["SELECT"] in {"true", f"{PROGRAM} IS NOT NULL"}
    }

    assert whole == set(EVERYBODYS)


@pytest.mark.parametrize("name", PRIVATE)
def test_a_program_sees_no_row_with_which_it_has_nothing_to_do(full: Admin, name: str) -> None:
    """And does where row-level security is off: the same question shows that it can fail."""
    table = table_of(name)
    theirs = {program: others_rows(full, table, program) for program in programs(full)}
    leaks = {each: seen(full, table, each, ids) for each, ids in theirs.items()}

    full.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    without = {each: seen(full, table, each, ids) for each, ids in theirs.items()}

    assert set(leaks.values()) == {0}, leaks
    assert without == {each: len(ids) for each, ids in theirs.items()}
    assert max(without.values()) > 0, "no program is a stranger to any row: it proves nothing"


@pytest.mark.parametrize("name", PRIVATE)
def test_a_careless_policy_leaks(full: Admin, name: str) -> None:
    table = table_of(name)
    full.execute(f"CREATE POLICY careless ON {table} FOR SELECT TO nwd_app USING (true)")

    assert (
        max(seen(full, table, each, others_rows(full, table, each)) for each in programs(full)) > 0
    )


@pytest.mark.parametrize("name", sorted(ACCESS))
def test_whoever_acts_for_nobody_sees_no_row(full: Admin, name: str) -> None:
    table = table_of(name)
    with full.transaction(force_rollback=True):
        full.execute("SET LOCAL ROLE nwd_app")
        count = one(full, f"SELECT count(*) FROM {table}")

    assert count == 0 or ACCESS[name][1].rules["SELECT"] == "true"


@pytest.mark.parametrize("name", sorted(ACCESS))
def test_the_app_may_do_what_is_declared_and_nothing_else(full: Admin, name: str) -> None:
    model, access = ACCESS[name]
    table = model._meta.db_table
    may = {
        verb
        for verb in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
        if one(full, "SELECT has_table_privilege('nwd_app', %s, %s)", table, verb)
    }
    columns_may = {
        each
        for each in columns(full, table)
        if not each.startswith("....")  # dropped
        and one(full, "SELECT has_column_privilege('nwd_app', %s, %s, 'UPDATE')", table, each)
    }

    assert may == set(access.rules) - ({"UPDATE"} if access.columns else set())
    if access.columns:
        assert columns_may == set(access.columns)


@pytest.mark.parametrize("name", sorted(ACCESS))
def test_row_access_taken_away_leaves_the_table_shut(full: Admin, name: str) -> None:
    table = table_of(name)
    for statement in ACCESS[name][1].removed(table):
        full.execute(statement)

    for role, refused in (("nwd_app", True), ("nwd_owner", False)):
        with full.transaction(force_rollback=True):
            full.execute(f"SET LOCAL ROLE {role}")
            if refused:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    full.execute(f"SELECT count(*) FROM {table}")
            else:
                assert one(full, f"SELECT count(*) FROM {table}") == 0  # FORCE stayed


def test_the_owner_is_bound_too_where_it_is_forced(full: Admin) -> None:
    for name in ACCESS:
        table = table_of(name)
        with full.transaction(force_rollback=True):
            full.execute(f"DROP POLICY {table}_owner_select ON {table}")
            full.execute("SET LOCAL ROLE nwd_owner")
            assert one(full, f"SELECT count(*) FROM {table}") == 0, table
            full.execute("RESET ROLE")
            full.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            full.execute("SET LOCAL ROLE nwd_owner")
            assert one(full, f"SELECT count(*) FROM {table}"), table


# immutable --------------------------------------------------------------------------------------


def broken_by(name: str) -> list[str]:
    """Statements that a constraint refuses: a row's own value again, or what the module's tests name."""
    model, never = NEVER[name]
    table = model._meta.db_table
    if "NEW." in never.once:
        return [import_module(f"tests.{model._meta.app_label}.full").REFUSED[name]]
    column = never.columns[0] if never.columns else model._meta.pk.column
    protected = never.once.replace("OLD.", "") or "true"
    statement = f"UPDATE {table} SET {column} = {column} WHERE {protected}"
    if not never.append_only:
        return [statement]
    return [statement, f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"]


def append_only() -> set[str]:
    return {table_of(name) for name, (_, never) in NEVER.items() if never.append_only}


@pytest.mark.parametrize("name", sorted(NEVER))
def test_what_is_immutable_is_refused_and_is_not_once_it_is_dropped(full: Admin, name: str) -> None:
    for statement in broken_by(name):
        with (
            pytest.raises(psycopg.errors.IntegrityError, match=f"{name}|_no_truncate"),
            full.transaction(),
        ):
            full.execute(statement)
        with full.transaction(force_rollback=True):
            for drop in NEVER[name][1].removed(table_of(name)):
                full.execute(drop)
            if statement.startswith("TRUNCATE"):  # it takes what refers to the table with it
                for other in append_only() - {table_of(name)}:
                    full.execute(f"ALTER TABLE {other} DISABLE TRIGGER USER")
            changed = full.execute(statement).rowcount
            assert changed != 0, "it changed no row: it proves nothing"


# deadlines --------------------------------------------------------------------------------------


def ended(name: str) -> str:
    """End the clock of every row that must have one."""
    model, waits = WAITS[name]
    kinds = ", ".join(f"'{kind}'" for kind in waits.kinds)
    still = "" if waits.fired_counts else "fired_at IS NULL AND "
    return (
        f"UPDATE clocks_deadline SET cancelled_at = set_at WHERE {still}cancelled_at IS NULL "
        f"AND kind IN ({kinds}) AND subject_id IN "
        f"(SELECT r.id FROM {model._meta.db_table} r WHERE {waits.while_})"
    )


def touched(name: str) -> str:
    model, waits = WAITS[name]
    table = model._meta.db_table
    return (
        f"UPDATE {table} SET id = id WHERE id IN (SELECT r.id FROM {table} r WHERE {waits.while_})"
    )


@pytest.mark.parametrize("name", sorted(WAITS))
def test_no_deadline_ends_while_something_waits(full: Admin, name: str) -> None:
    with pytest.raises(psycopg.errors.IntegrityError, match=name), full.transaction():
        run(full, ended(name))


@pytest.mark.parametrize("name", sorted(WAITS))
def test_nothing_that_waits_is_written_without_a_deadline(full: Admin, name: str) -> None:
    full.execute(f"ALTER TABLE clocks_deadline DISABLE TRIGGER {name}")

    assert run(full, ended(name)) > 0, "nothing waits: it proves nothing"
    with pytest.raises(psycopg.errors.IntegrityError, match=name):
        run(full, touched(name))


@pytest.mark.parametrize("name", sorted(WAITS))
def test_without_the_constraint_something_waits_in_silence(full: Admin, name: str) -> None:
    for statement in WAITS[name][1].removed(table_of(name)):
        full.execute(statement)

    assert run(full, ended(name)) > 0
    assert run(full, touched(name)) > 0


# functions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(declared(ReadableBy)))
def test_a_program_that_has_no_part_in_a_row_is_not_told_of_it(full: Admin, name: str) -> None:
    table = declared(ReadableBy)[name][0]._meta.db_table
    ids = [id for [id] in full.execute(f"SELECT id FROM {table}")]
    found = full.execute(f"SELECT id, programs, ever FROM {name}(%s)", [ids]).fetchall()
    told = {str(id): (set(now), set(ever)) for id, now, ever in found}  # type: ignore[call-overload]
    theirs = {program: others_rows(full, table, program) for program in programs(full)}

    assert set(told) == {str(id) for id in ids}
    assert all(now <= ever for now, ever in told.values())
    assert any(ever for _, ever in told.values())
    assert [(each, id) for each, rows in theirs.items() for id in rows if each in told[id][1]] == []
    assert any(theirs.values()), "no program is a stranger to any row: it proves nothing"


def test_nobody_but_the_app_calls_a_function_that_crosses_row_access(full: Admin) -> None:
    names = [
        *(name for name, (_, each) in declared(SqlFunction).items() if each.returns != "trigger"),
        *declared(ReadableBy),
    ]
    rows = full.execute(
        "SELECT proname, has_function_privilege('public', oid, 'EXECUTE'), "
        "has_function_privilege('nwd_app', oid, 'EXECUTE'), prosecdef, array_to_string(proconfig, ',') "
        "FROM pg_proc WHERE proname = ANY (%s)",
        [names],
    ).fetchall()

    assert len(rows) == len(names) > 10
    for name, everybody, app, definer, path in rows:
        assert (everybody, app, definer) == (False, True, True), name
        assert path == "search_path=pg_catalog, public, pg_temp", name


def before_what_it_uses(declaration: tuple[type[Model], Safeguard]) -> int:
    """Where it stands when all are taken away: what shares a function, what has its own, functions."""
    safeguard = declaration[1]
    if isinstance(safeguard, Trigger) and not safeguard.body:
        return 0
    return 2 if isinstance(safeguard, SqlFunction) else 1


def test_each_safeguard_is_taken_away_and_made_again(full: Admin) -> None:
    """As a migration that changes one does: away at once, made anew, and the same as before."""
    before = safeguards.now(full)
    every = sorted(declared(Safeguard).values(), key=before_what_it_uses)

    full.execute("SET LOCAL ROLE nwd_owner")  # as whom migrations run: what it makes is its own
    for model, safeguard in every:
        for statement in safeguard.removed(model._meta.db_table):
            full.execute(statement)
    bare = safeguards.now(full)
    for model, safeguard in reversed(every):
        for statement in safeguard.created(model._meta.db_table):
            full.execute(statement)

    assert not {"policy", "trigger"} & {each.kind for each in bare}
    shared = {"rows_immutable()", "reference_changed()"}  # several use them: they stay
    assert {each.name for each in bare if each.kind == "function"} == shared
    assert safeguards.now(full) == before
