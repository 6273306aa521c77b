"""Whoever watches the system asks since when a deadline waits to be fired, and nothing else of it.

Lock: none; a new function.
Reverse: drops it.
"""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nowrongdoor.rows import policies

OVERDUE = """
CREATE FUNCTION clocks_overdue_since(up_to timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT min(d.due_at) FROM clocks_deadline d
    WHERE d.fired_at IS NULL AND d.cancelled_at IS NULL AND d.due_at <= up_to
$$;
REVOKE ALL ON FUNCTION clocks_overdue_since FROM PUBLIC;
"""


def grant(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(f"GRANT EXECUTE ON FUNCTION clocks_overdue_since TO {policies.app_role()}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("clocks", "0002_own_deadlines")]
    operations: ClassVar = [
        migrations.RunSQL(OVERDUE, "DROP FUNCTION clocks_overdue_since"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
