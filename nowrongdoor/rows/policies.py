"""Row-level security, for migrations.

Every table that holds anything of a person's is ENABLEd and FORCEd, granted to
the app role verb by verb, and has one policy for each verb it grants. What is
not granted is refused by PostgreSQL itself: a table whose rows are never
deleted has no DELETE grant. Tables outside (sign-in, sessions, reference data)
are listed with their reason in `site/tables.py`; a test finds any other.
"""

from collections.abc import Mapping

from django.conf import settings
from django.db import connections, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Evaluated once per statement (an InitPlan), so an index still serves.
AGENCY = "(SELECT nullif(current_setting('nwd.agency', true), '')::uuid)"
PROGRAM = "(SELECT nullif(current_setting('nwd.program', true), '')::uuid)"
MEMBER = "(SELECT nullif(current_setting('nwd.member', true), '')::uuid)"
TASK = "(SELECT nullif(current_setting('nwd.task', true), ''))"

_CLAUSES = {
    "SELECT": "USING ({rule})",
    "INSERT": "WITH CHECK ({rule})",
    "UPDATE": "USING ({rule}) WITH CHECK ({check})",
    "DELETE": "USING ({rule})",
}


def app_role() -> str:
    return connections["default"].ops.quote_name(str(settings.DATABASES["default"]["USER"]))


def owner_role() -> str:
    return connections["default"].ops.quote_name(str(settings.DATABASES["owner"]["USER"]))


def protect(table: str, rules: Mapping[str, str], *, check: str = "") -> migrations.RunPython:
    """Shut a table to everybody, then open it verb by verb.

    `rules`: for each of SELECT, INSERT, UPDATE, DELETE that the app role may
    use, the SQL condition of the rows it may use it on. `check`: what an updated row must satisfy,
    where that is more than for the row that is locked for it.
    """

    def shut(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        for verb, rule in rules.items():
            editor.execute(f"GRANT {verb} ON {table} TO {app_role()}")
            clause = _CLAUSES[verb].format(rule=rule, check=check or rule)
            name = f"{table}_{verb.lower()}"
            editor.execute(f"CREATE POLICY {name} ON {table} FOR {verb} TO {app_role()} {clause}")

    def open_again(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for verb in rules:
            editor.execute(f"DROP POLICY {table}_{verb.lower()} ON {table}")
            editor.execute(f"REVOKE {verb} ON {table} FROM {app_role()}")
        editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    return migrations.RunPython(shut, open_again)


def owner_may(table: str, verb: str, why: str) -> migrations.RunPython:
    """Let the owner role use one verb on all rows, for the reason given.

    FORCE binds the owner too; a sweep that runs as the owner needs this.
    """
    name = f"{table}_owner_{verb.lower()}"

    def grant(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        clause = _CLAUSES[verb].format(rule="true", check="true")
        editor.execute(f"CREATE POLICY {name} ON {table} FOR {verb} TO {owner_role()} {clause}")
        editor.execute(f"COMMENT ON POLICY {name} ON {table} IS %s", [why])

    def revoke(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        editor.execute(f"DROP POLICY {name} ON {table}")

    return migrations.RunPython(grant, revoke)
