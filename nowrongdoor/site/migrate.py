"""Bringing the database to this version. Runs as the owner; safe to run again."""

import sys
from functools import cache

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from nowrongdoor.rows import migrating, policies
from nowrongdoor.site import safeguards, tables


def migrate() -> None:
    """Create or change tables, then give the app its verbs.

    Errors: SystemExit where owner and app are one role; whatever PostgreSQL says otherwise. Each
        migration is one transaction.
    """
    owner, app = (settings.DATABASES[name]["USER"] for name in ("owner", "default"))
    if owner == app:
        sys.exit(
            "DATABASE_OWNER_URL and DATABASE_URL name one role. The tables belong to the first, and "
            "row-level security binds the second: see docs/howto/production.md."
        )
    with migrating.in_place():
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    call_command("createcachetable", "web_cache", database="owner", verbosity=0)
    tables.grant(policies.app_role())


def behind() -> int:
    """How many of this version's migrations the app's database does not have."""
    return len(_ours() - MigrationRecorder(connection).applied_migrations().keys())


def differences() -> tuple[str, ...]:
    """What is not as this version's migrations make it, whatever their names say. As the app.

    Shape: empty for a newer database, which has further migrations: it keeps other things, and old
        servers go on beside new ones.
    """
    if not MigrationRecorder(connection).applied_migrations().keys() <= _ours():
        return ()
    connection.ensure_connection()
    return safeguards.weakened(connection.connection)


@cache
def _ours() -> frozenset[tuple[str, str]]:
    """Every migration of this version."""
    return frozenset(MigrationLoader(None).disk_migrations)
