"""Who reads which answer, what is never rewritten, and what a protocol needs to be in force.

An answer is read by the program that asked; by the others that work on the episode only where it
travels (hard stops, and what 911 was told; a counselor's, once they hand the person back).
The level, its reason and its duties are read by all who work on the episode.

Lock: new tables, nothing waits.
Reverse: drops the triggers, functions and policies.
"""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nowrongdoor.rows import policies

KEPT = """
CREATE FUNCTION triage_protocol_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.code, NEW.version, NEW.text, NEW.digest, NEW.drafted_at)
       IS DISTINCT FROM (OLD.code, OLD.version, OLD.text, OLD.digest, OLD.drafted_at) THEN
        RAISE EXCEPTION 'protocol_is_never_rewritten'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.retired_at IS NOT NULL OR (OLD.active_from IS NOT NULL
       AND NEW.active_from IS DISTINCT FROM OLD.active_from) THEN
        RAISE EXCEPTION 'protocol_decision_stands'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER triage_protocol_stands BEFORE UPDATE ON triage_protocol
    FOR EACH ROW EXECUTE FUNCTION triage_protocol_stands();
CREATE FUNCTION triage_protocol_needs_approvers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM triage_approval a WHERE a.protocol_id = NEW.id) < 4 THEN
        RAISE EXCEPTION 'protocol_active_needs_four_approvers'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER triage_protocol_needs_approvers
    AFTER INSERT OR UPDATE OF active_from ON triage_protocol DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.active_from IS NOT NULL)
    EXECUTE FUNCTION triage_protocol_needs_approvers();
CREATE FUNCTION triage_answer_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.screening_id, NEW.episode_id, NEW.step, NEW.question, NEW.value, NEW.at,
        NEW.by_program_id) IS DISTINCT FROM (OLD.id, OLD.screening_id, OLD.episode_id, OLD.step,
        OLD.question, OLD.value, OLD.at, OLD.by_program_id) OR (OLD.travels AND NOT NEW.travels)
    THEN
        RAISE EXCEPTION 'answer_is_never_rewritten'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER triage_answer_stands BEFORE UPDATE ON triage_answer
    FOR EACH ROW EXECUTE FUNCTION triage_answer_stands();
"""
DROP = """
DROP TRIGGER triage_protocol_stands ON triage_protocol;
DROP TRIGGER triage_protocol_needs_approvers ON triage_protocol;
DROP TRIGGER triage_answer_stands ON triage_answer;
DROP FUNCTION triage_protocol_stands(), triage_protocol_needs_approvers(), triage_answer_stands();
"""

# What the rules weigh: every answer, also one that the program asking may not read. Only the
# level that follows is shown to it. Whoever does not work on the episode gets nothing.
KNOWN = f"""
CREATE FUNCTION triage_known(of_episode uuid) RETURNS TABLE (question text, value text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT ON (a.question) a.question, a.value
    FROM triage_answer a JOIN episodes_episode e ON e.id = a.episode_id
    WHERE a.episode_id = of_episode AND {policies.PROGRAM} = ANY (e.worked_by)
    ORDER BY a.question, a.step DESC
$$;
REVOKE ALL ON FUNCTION triage_known FROM PUBLIC;
"""
WORKED = (
    "EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id "
    f"AND {policies.PROGRAM} = ANY (e.worked_by))"
)
OWN = f"by_program_id = {policies.PROGRAM}"


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    app = policies.app_role()
    editor.execute(f"GRANT EXECUTE ON FUNCTION triage_known TO {app}")
    editor.execute(f"REVOKE UPDATE ON triage_answer FROM {app}")
    editor.execute(f"GRANT UPDATE (travels) ON triage_answer TO {app}")
    editor.execute(f"REVOKE UPDATE ON triage_protocol FROM {app}")
    editor.execute(f"GRANT UPDATE (proved_at, active_from, retired_at) ON triage_protocol TO {app}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("triage", "0001_tables"),
        ("episodes", "0002_holding_kept"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(KEPT, DROP),
        migrations.RunSQL(KNOWN, "DROP FUNCTION triage_known"),
        # a protocol describes nobody: everybody who acts may read it
        policies.protect("triage_protocol", {"SELECT": "true", "INSERT": "true", "UPDATE": "true"}),
        policies.protect("triage_approval", {"SELECT": "true", "INSERT": "true"}),
        policies.protect("triage_screening", {"SELECT": WORKED, "INSERT": f"{OWN} AND {WORKED}"}),
        policies.protect(
            "triage_answer",
            {
                "SELECT": f"{OWN} OR (travels AND {WORKED})",
                "INSERT": f"{OWN} AND {WORKED}",
                "UPDATE": OWN,
            },
        ),
        policies.protect("triage_duty_done", {"SELECT": WORKED, "INSERT": f"{OWN} AND {WORKED}"}),
        *(
            policies.owner_may(table, verb, "loaded with the community's files")
            for table in ("triage_protocol", "triage_approval")
            for verb in ("SELECT", "INSERT", "UPDATE")
        ),
        policies.owner_may("triage_answer", "SELECT", "triage_known: what the rules weigh"),
        policies.owner_may("triage_screening", "SELECT", "verify counts rows against constraints"),
        policies.owner_may("triage_duty_done", "SELECT", "verify counts rows against constraints"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
