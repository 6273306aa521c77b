"""Callers' lines, kept by the database: who sees them, and that a caller alone is said to be.

Lock: new tables, nothing waits.
Reverse: drops the triggers, the function and the policies.
"""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nowrongdoor.rows import policies

# An open line either has somebody of ours on it, or says since when it has not; and saying so has
# set a clock that goes on ringing. Looked at when the transaction ends.
ALONE = """
CREATE FUNCTION calls_alone_is_said() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line calls_leg%ROWTYPE;
BEGIN
    IF TG_TABLE_NAME = 'calls_leg' THEN
        SELECT * INTO line FROM calls_leg WHERE id = NEW.id;
    ELSE
        SELECT * INTO line FROM calls_leg WHERE id = NEW.leg_id;
    END IF;
    IF line.ended_at IS NULL AND (line.alone_since IS NULL) <> EXISTS (
        SELECT FROM calls_on_line o WHERE o.leg_id = line.id AND o.until_at IS NULL
    ) THEN
        RAISE EXCEPTION 'leg_alone_is_said' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF line.alone_since IS NOT NULL AND NOT EXISTS (
        SELECT FROM clocks_deadline d WHERE d.subject_id = line.id AND d.kind = 'calls.alone'
          AND d.fired_at IS NULL AND d.cancelled_at IS NULL
    ) THEN
        RAISE EXCEPTION 'leg_alone_rings' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF line.ended_at IS NOT NULL AND EXISTS (
        SELECT FROM calls_on_line o WHERE o.leg_id = line.id AND o.until_at IS NULL
    ) THEN
        RAISE EXCEPTION 'leg_ended_is_left' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER calls_alone_is_said AFTER INSERT OR UPDATE ON calls_leg
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION calls_alone_is_said();
CREATE CONSTRAINT TRIGGER calls_alone_is_said AFTER INSERT OR UPDATE ON calls_on_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION calls_alone_is_said();
CREATE FUNCTION calls_end_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'line_end_stands' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER calls_leg_end_stands BEFORE UPDATE ON calls_leg
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION calls_end_stands();
CREATE TRIGGER calls_on_line_end_stands BEFORE UPDATE OF until_at, ended_as, mode, since_at
    ON calls_on_line FOR EACH ROW WHEN (OLD.until_at IS NOT NULL)
    EXECUTE FUNCTION calls_end_stands();
"""
DROP = """
DROP TRIGGER calls_alone_is_said ON calls_leg;
DROP TRIGGER calls_alone_is_said ON calls_on_line;
DROP TRIGGER calls_leg_end_stands ON calls_leg;
DROP TRIGGER calls_on_line_end_stands ON calls_on_line;
DROP FUNCTION calls_alone_is_said(), calls_end_stands();
"""

# How many lines somebody listens to, in whatever program: asked at sign-out and idle lock.
LISTENS = """
CREATE FUNCTION calls_on_line_by(member uuid) RETURNS TABLE (id uuid, program_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT o.id, o.program_id FROM calls_on_line o WHERE o.member_id = member AND o.until_at IS NULL
$$;
REVOKE ALL ON FUNCTION calls_on_line_by FROM PUBLIC;
"""

# Whose ears an episode's tones are for: whoever is on its lines, and whoever holds it (a program's
# queue: nobody by name). Of those joined to it too, which are one person's.
EARS = """
CREATE FUNCTION calls_ears(of_episode uuid) RETURNS TABLE (member_id uuid, program_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH whole AS (
        SELECT e.id, e.holder_member_id, e.holder_program_id FROM episodes_episode e
        WHERE e.id = of_episode OR e.joined_into_id = of_episode
           OR e.id = (SELECT joined_into_id FROM episodes_episode WHERE id = of_episode)
    )
    SELECT o.member_id, o.program_id FROM calls_on_line o JOIN whole ON whole.id = o.episode_id
    WHERE o.until_at IS NULL
    UNION SELECT holder_member_id, holder_program_id FROM whole
$$;
REVOKE ALL ON FUNCTION calls_ears FROM PUBLIC;
"""

WORKED = (
    "EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id "
    f"AND {policies.PROGRAM} = ANY (e.worked_by))"
)
SEEN = (
    "EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id "
    f"AND {policies.PROGRAM} = ANY (e.seen_by))"
)
OWN = f"program_id = {policies.PROGRAM}"


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    app = policies.app_role()
    editor.execute(f"GRANT EXECUTE ON FUNCTION calls_on_line_by, calls_ears TO {app}")
    editor.execute(f"GRANT SELECT ON calls_psap TO {app}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("calls", "0004_line_constraints"),
        ("clocks", "0002_own_deadlines"),
        ("episodes", "0003_take_back"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(ALONE, DROP),
        migrations.RunSQL(LISTENS, "DROP FUNCTION calls_on_line_by"),
        migrations.RunSQL(EARS, "DROP FUNCTION calls_ears"),
        policies.protect("calls_leg", {"SELECT": WORKED, "INSERT": WORKED, "UPDATE": WORKED}),
        policies.protect("calls_on_line", {"SELECT": WORKED, "INSERT": WORKED, "UPDATE": WORKED}),
        policies.protect("calls_search", {"SELECT": WORKED, "INSERT": WORKED, "UPDATE": WORKED}),
        policies.protect("calls_try", {"SELECT": WORKED, "INSERT": WORKED}),
        policies.protect(
            "calls_sent", {"SELECT": WORKED, "INSERT": f"{OWN} AND {WORKED}", "UPDATE": WORKED}
        ),
        policies.protect(
            "calls_pull",
            {
                "SELECT": f"{OWN} OR holder_program_id = {policies.PROGRAM}",
                "INSERT": f"{OWN} AND {SEEN}",
                "UPDATE": f"{OWN} OR holder_program_id = {policies.PROGRAM}",
            },
        ),
        # health content: its author's program alone, whoever works on the episode
        policies.protect("calls_plan_note", {"SELECT": OWN, "INSERT": f"{OWN} AND {WORKED}"}),
        # which lines are down is no secret to those who depend on them
        policies.protect(
            "calls_line_status",
            {
                "SELECT": "true",
                "INSERT": f"said_by_program_id = {policies.PROGRAM}",
                "UPDATE": "true",
            },
        ),
        *(
            policies.owner_may(table, "SELECT", "verify counts rows against constraints")
            for table in (
                "calls_leg",
                "calls_on_line",
                "calls_search",
                "calls_try",
                "calls_sent",
                "calls_pull",
                "calls_plan_note",
                "calls_line_status",
            )
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
