"""A clock that has rung goes on while somebody still waits: kept by the database.

Where the reaction of a clock does nothing (its program no longer sees for whom it rings), the ring is
undone and said in the log, again and again, and the clock counts as overdue: it is never lost in silence.

Lock: ACCESS EXCLUSIVE on clocks_deadline while the open clocks of such people are moved: a few rows.
Reverse: drops the trigger and its function; what was moved stays.
"""

from typing import ClassVar

from django.db import migrations

GOES_ON = """
CREATE FUNCTION calls_clock_goes_on() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF (CASE NEW.kind
        WHEN 'calls.search' THEN
            EXISTS (SELECT FROM calls_search s WHERE s.id = NEW.subject_id AND s.found_at IS NULL)
        WHEN 'calls.rescue' THEN
            EXISTS (SELECT FROM calls_sent s WHERE s.id = NEW.subject_id AND s.met_at IS NULL)
        WHEN 'calls.alone' THEN
            EXISTS (SELECT FROM calls_leg l WHERE l.id = NEW.subject_id AND l.ended_at IS NULL
                AND l.alone_since IS NOT NULL)
        ELSE true
    END) AND EXISTS (
        SELECT FROM episodes_episode e LEFT JOIN episodes_episode root ON root.id = e.joined_into_id
        WHERE e.id = NEW.episode_id AND e.closed_at IS NULL AND root.closed_at IS NULL
    ) AND NOT EXISTS (
        SELECT FROM clocks_deadline d WHERE d.subject_id = NEW.subject_id AND d.kind = NEW.kind
          AND d.fired_at IS NULL AND d.cancelled_at IS NULL
    ) THEN
        RAISE EXCEPTION 'clock_goes_on' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER calls_clock_goes_on AFTER UPDATE OF fired_at ON clocks_deadline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.fired_at IS NOT NULL
        AND NEW.kind IN ('calls.search', 'calls.rescue', 'calls.alone', 'calls.call_back'))
    EXECUTE FUNCTION calls_clock_goes_on();
"""
# Clocks of before, in a program that no longer works on the person: they ring where the person is held.
MOVED = """
ALTER TABLE clocks_deadline NO FORCE ROW LEVEL SECURITY;
UPDATE clocks_deadline d SET program_id = p.id, agency_id = p.agency_id
FROM episodes_episode e JOIN agencies_program p ON p.id = e.holder_program_id
WHERE e.id = d.episode_id AND e.closed_at IS NULL AND NOT d.program_id = ANY (e.worked_by)
  AND d.fired_at IS NULL AND d.cancelled_at IS NULL
  AND d.kind IN ('calls.search', 'calls.rescue', 'calls.alone', 'calls.call_back');
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE clocks_deadline FORCE ROW LEVEL SECURITY;
"""
DROP = """
DROP TRIGGER calls_clock_goes_on ON clocks_deadline;
DROP FUNCTION calls_clock_goes_on();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("calls", "0006_clocks_of_lines"),
        ("clocks", "0003_overdue"),
        ("episodes", "0006_closed"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(MOVED, migrations.RunSQL.noop),
        migrations.RunSQL(GOES_ON, DROP),
    ]
