"""A deadline is seen by the program that must act and by the other side of the offer.

The sweep asks a narrow function, as the owner, which deadlines are due in which
program; nothing else of them crosses a wall.

Lock: new table, nothing waits.
Reverse: drops the policies and the function.
"""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nowrongdoor.rows import policies

OURS = f"{policies.PROGRAM} = program_id OR {policies.PROGRAM} = other_program_id"

SWEEP = """
CREATE FUNCTION clocks_due(up_to timestamptz, most integer)
RETURNS TABLE (id uuid, agency_id uuid, program_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT d.id, d.agency_id, d.program_id FROM clocks_deadline d
    WHERE d.fired_at IS NULL AND d.cancelled_at IS NULL AND d.due_at <= up_to
    ORDER BY d.due_at, d.id LIMIT most
$$;
REVOKE ALL ON FUNCTION clocks_due FROM PUBLIC;
"""


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(f"GRANT EXECUTE ON FUNCTION clocks_due TO {policies.app_role()}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("clocks", "0001_tables")]
    operations: ClassVar = [
        policies.protect(
            "clocks_deadline",
            {"SELECT": OURS, "INSERT": OURS, "UPDATE": OURS},
        ),
        policies.owner_may("clocks_deadline", "SELECT", "clocks_due: which program has what due"),
        migrations.RunSQL(SWEEP, "DROP FUNCTION clocks_due"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
