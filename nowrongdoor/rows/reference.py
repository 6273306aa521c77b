"""Tables that only the owner changes, whose rows servers keep in memory. For migrations.

Each such table has a trigger that gives `community_version` another value in the transaction that
changes it; `community.remembered` keeps rows no longer than that value stands.
"""

from django.db import migrations

FUNCTION = "reference_changed"


def watched(*tables: str) -> migrations.RunSQL:
    """Let any change of these tables be a new version of the reference rows."""
    return migrations.RunSQL(
        [
            f"CREATE TRIGGER {FUNCTION} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
            for table in tables
        ],
        [f"DROP TRIGGER {FUNCTION} ON {table}" for table in tables],
    )
