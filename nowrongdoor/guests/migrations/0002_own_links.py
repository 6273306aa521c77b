"""A link is seen by the program that made it. A stranger finds one only by what opens it.

The three functions run as the owner and answer where a link belongs and whether it still opens,
nothing else: not whose offer it is, not the digests.

Lock: new table, nothing waits.
Reverse: drops the functions, the trigger and the policies.
"""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nowrongdoor.rows import policies

OURS = f"program_id = {policies.PROGRAM}"
CHANGED = "opened_at, answered_at, answered_how, ended_at"

FIND = """
CREATE FUNCTION guests_{name}({key} {type}) RETURNS TABLE (
    id uuid, agency_id uuid, program_id uuid, handoff_id uuid,
    expires_at timestamptz, ended_at timestamptz, answered_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT l.id, l.agency_id, l.program_id, l.handoff_id, l.expires_at, l.ended_at, l.answered_at
    FROM guests_link l WHERE {condition}
$$;
REVOKE ALL ON FUNCTION guests_{name} FROM PUBLIC;
"""
BY_TOKEN = FIND.format(
    name="by_token", key="digest", type="text", condition="l.token_digest = digest"
)
BY_CODE = FIND.format(
    name="by_code",
    key="digest",
    type="text",
    condition="l.code_digest = digest AND l.answered_at IS NULL AND l.ended_at IS NULL",
)
BY_ID = FIND.format(name="by_id", key="link", type="uuid", condition="l.id = link")

# What was answered or ended stays so, and nobody opens it again.
STANDS = """
CREATE FUNCTION guests_answer_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'link_answer_stands' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER guests_answer_stands BEFORE UPDATE ON guests_link
    FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL OR OLD.ended_at IS NOT NULL)
    EXECUTE FUNCTION guests_answer_stands();
"""
FALLS = """
DROP TRIGGER guests_answer_stands ON guests_link;
DROP FUNCTION guests_answer_stands();
"""


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    app = policies.app_role()
    editor.execute(
        f"GRANT EXECUTE ON FUNCTION guests_by_token, guests_by_code, guests_by_id TO {app}"
    )
    # what it opens, for whom and until when is never changed
    editor.execute(f"REVOKE UPDATE ON guests_link FROM {app}")
    editor.execute(f"GRANT UPDATE ({CHANGED}) ON guests_link TO {app}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("guests", "0001_tables")]
    operations: ClassVar = [
        migrations.RunSQL(STANDS, FALLS),
        migrations.RunSQL(BY_TOKEN, "DROP FUNCTION guests_by_token"),
        migrations.RunSQL(BY_CODE, "DROP FUNCTION guests_by_code"),
        migrations.RunSQL(BY_ID, "DROP FUNCTION guests_by_id"),
        policies.protect("guests_link", {"SELECT": OURS, "INSERT": OURS, "UPDATE": OURS}),
        policies.owner_may(
            "guests_link", "SELECT", "guests_by_token, guests_by_code, guests_by_id; verify"
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
