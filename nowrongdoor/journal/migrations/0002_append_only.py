"""The journal is append-only, and only the machinery reads it whole.

Lock: new tables, nothing waits.
Reverse: drops the triggers and policies.
"""

from typing import ClassVar

from django.db import migrations

from nowrongdoor.rows import policies

REFUSE = """
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'journal_is_append_only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION journal_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xid := pg_current_xact_id();
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_seal_append_only BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_entry_no_truncate BEFORE TRUNCATE ON journal_entry
    EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_seal_no_truncate BEFORE TRUNCATE ON journal_seal
    EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER journal_entry_stamp BEFORE INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_stamp();
"""

ALLOW = """
DROP TRIGGER journal_entry_append_only ON journal_entry;
DROP TRIGGER journal_seal_append_only ON journal_seal;
DROP TRIGGER journal_entry_no_truncate ON journal_entry;
DROP TRIGGER journal_seal_no_truncate ON journal_seal;
DROP TRIGGER journal_entry_stamp ON journal_entry;
DROP FUNCTION journal_refuse_change();
DROP FUNCTION journal_stamp();
"""

MACHINERY = f"{policies.TASK} IN ('sequencer', 'feed')"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journal", "0001_tables")]
    operations: ClassVar = [
        migrations.RunSQL(REFUSE, ALLOW),
        policies.protect(
            "journal_entry",
            {
                "SELECT": f"program_id = {policies.PROGRAM} OR {MACHINERY}",
                # who writes, writes as themselves; before sign-in there is no program
                "INSERT": f"program_id IS NOT DISTINCT FROM {policies.PROGRAM}",
            },
        ),
        policies.protect(
            "journal_seal",
            {"SELECT": "true", "INSERT": f"{policies.TASK} = 'sequencer'"},
        ),
        policies.owner_may("journal_entry", "SELECT", "verify reads every entry"),
        policies.owner_may("journal_seal", "SELECT", "verify reads every seal"),
    ]
