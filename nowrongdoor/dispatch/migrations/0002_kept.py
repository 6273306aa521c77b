"""Who sees requests and assignments, what is never rewritten, and which units are busy.

Whoever works on an episode sees what was asked for it and who comes. That a unit is busy is known to
every desk that may send it; where and for whom is not. A caution of a place is read by whoever works
on an episode at that place, and by its author's program.

Lock: new tables, nothing waits; changing a policy takes ACCESS EXCLUSIVE on clocks_deadline for an instant.
Reverse: drops the triggers, functions and policies.
"""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nowrongdoor.rows import policies

WORKED = (
    "EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id "
    f"AND {policies.PROGRAM} = ANY (e.worked_by))"
)
OWN = f"program_id = {policies.PROGRAM}"

# Which units are on their way, and since when; of the work they do, nothing else crosses a wall.
# What was entered afterwards is over, also where nobody knows when the unit left.
STAGES = """
CREATE FUNCTION dispatch_stages() RETURNS TABLE (unit_id uuid, stage text, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT a.unit_id, s.stage, s.since FROM dispatch_assignment a CROSS JOIN LATERAL (
        SELECT v.stage, v.since FROM (VALUES
            (1, 'assigned', a.assigned_at), (2, 'en_route', a.en_route_at), (3, 'staged', a.staged_at),
            (4, 'on_scene', a.on_scene_at), (5, 'engaged', a.engaged_at),
            (6, 'transporting', a.transporting_at)
        ) AS v (place, stage, since) WHERE v.since IS NOT NULL ORDER BY v.place DESC LIMIT 1
    ) s WHERE a.cleared_at IS NULL AND a.source = 'live'
$$;
REVOKE ALL ON FUNCTION dispatch_stages FROM PUBLIC;
CREATE FUNCTION dispatch_done(since timestamptz) RETURNS TABLE (unit_id uuid, done bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT a.unit_id, count(*) FROM dispatch_assignment a
    WHERE a.cleared_at >= since AND a.source = 'live' GROUP BY a.unit_id
$$;
REVOKE ALL ON FUNCTION dispatch_done FROM PUBLIC;
"""

# How many people of ours are at a scene whom this member answers for with their own sign of life.
ON_CLOCK = """
CREATE FUNCTION dispatch_on_clock(member uuid) RETURNS TABLE (id uuid, program_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT a.id, a.program_id FROM dispatch_assignment a
    JOIN dispatch_crew_member m ON m.crew_id = a.crew_id AND m.until_at IS NULL
    WHERE m.member_id = member AND a.cleared_at IS NULL
$$;
REVOKE ALL ON FUNCTION dispatch_on_clock FROM PUBLIC;
"""

# A caution of the place where an episode is, whoever wrote it; and those of its own person.
CAUTIONS = f"""
CREATE FUNCTION dispatch_cautions(of_episode uuid) RETURNS SETOF dispatch_caution
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT c.* FROM dispatch_caution c, episodes_episode e
    WHERE e.id = of_episode AND {policies.PROGRAM} = ANY (e.worked_by) AND c.ended_at IS NULL
      AND (c.episode_id = of_episode OR (c.place <> '' AND c.place = (
          SELECT regexp_replace(lower(btrim(d.place)), '\\s+', ' ', 'g') FROM episodes_card d
          WHERE d.episode_id = of_episode ORDER BY d.made_at DESC, d.id DESC LIMIT 1)))
$$;
REVOKE ALL ON FUNCTION dispatch_cautions FROM PUBLIC;
"""

# The two that run at the end of the transaction run as the owner: a desk that declined sees its request no
# longer by then. A request waits while nobody has answered it, and while it was accepted and nobody is sent
# (to be *aware* is to send nobody).
KEPT = """
CREATE FUNCTION dispatch_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%_end_stands', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION dispatch_request_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.declined_at, NEW.withdrawn_at, NEW.ended_at, NEW.accepted_at, NEW.queued_at, NEW.outcome,
        NEW.reason, NEW.returned) IS DISTINCT FROM (OLD.declined_at, OLD.withdrawn_at, OLD.ended_at,
        OLD.accepted_at, OLD.queued_at, OLD.outcome, OLD.reason, OLD.returned) THEN
        RAISE EXCEPTION 'dispatch_request_end_stands' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_request_end_stands BEFORE UPDATE ON dispatch_request FOR EACH ROW
    WHEN (OLD.declined_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL OR OLD.ended_at IS NOT NULL)
    EXECUTE FUNCTION dispatch_request_stands();
CREATE TRIGGER dispatch_assignment_end_stands BEFORE UPDATE ON dispatch_assignment FOR EACH ROW
    WHEN (OLD.cleared_at IS NOT NULL OR OLD.source <> 'live') EXECUTE FUNCTION dispatch_stands();
CREATE FUNCTION dispatch_request_is_looked_after() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    r dispatch_request%ROWTYPE;
BEGIN
    SELECT * INTO r FROM dispatch_request WHERE id = NEW.id;
    IF r.declined_at IS NULL AND r.withdrawn_at IS NULL AND r.ended_at IS NULL
       AND (r.accepted_at IS NULL OR (
            NOT EXISTS (SELECT FROM dispatch_assignment a WHERE a.request_id = r.id AND a.cleared_at IS NULL)
            AND NOT EXISTS (SELECT FROM dispatch_kind k WHERE k.code = r.kind_id AND k.mode = 'aware')
       )) AND NOT EXISTS (
        SELECT FROM clocks_deadline d WHERE d.subject_id = r.id
          AND d.fired_at IS NULL AND d.cancelled_at IS NULL
    ) THEN
        RAISE EXCEPTION 'request_waits_with_clock' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF r.source = 'live' AND (r.declined_at IS NOT NULL OR r.returned) AND r.without = '' AND NOT EXISTS (
        SELECT FROM dispatch_request n WHERE n.follows_id = r.id
    ) AND NOT EXISTS (
        SELECT FROM clocks_deadline d WHERE d.subject_id = r.id AND d.kind = 'dispatch.follow'
          AND d.cancelled_at IS NULL
    ) THEN
        RAISE EXCEPTION 'request_no_is_followed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dispatch_request_is_looked_after AFTER INSERT OR UPDATE ON dispatch_request
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dispatch_request_is_looked_after();
CREATE FUNCTION dispatch_team_is_watched() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    a dispatch_assignment%ROWTYPE;
BEGIN
    SELECT * INTO a FROM dispatch_assignment WHERE id = NEW.id;
    IF a.cleared_at IS NULL AND a.crew_id IS NOT NULL
       AND coalesce(a.on_scene_at, a.engaged_at, a.transporting_at) IS NOT NULL AND NOT EXISTS (
        SELECT FROM clocks_deadline d WHERE d.subject_id = a.id AND d.kind = 'dispatch.check_in'
          AND d.fired_at IS NULL AND d.cancelled_at IS NULL
    ) THEN
        RAISE EXCEPTION 'assignment_at_scene_is_watched'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dispatch_team_is_watched AFTER INSERT OR UPDATE ON dispatch_assignment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dispatch_team_is_watched();
"""
DROP = """
DROP TRIGGER dispatch_request_end_stands ON dispatch_request;
DROP TRIGGER dispatch_assignment_end_stands ON dispatch_assignment;
DROP TRIGGER dispatch_request_is_looked_after ON dispatch_request;
DROP TRIGGER dispatch_team_is_watched ON dispatch_assignment;
DROP FUNCTION dispatch_stands(), dispatch_request_stands(), dispatch_request_is_looked_after(), dispatch_team_is_watched();
"""

OURS = f"{policies.PROGRAM} = program_id OR {policies.PROGRAM} = other_program_id"
CLOCKS = "(kind LIKE 'calls.%%' OR kind LIKE 'dispatch.%%') AND " + WORKED
LINES = "kind LIKE 'calls.%%' AND " + WORKED


def _clocks(rule: str) -> str:
    wider = f"{OURS} OR ({rule})".replace("%%", "%")
    return (
        f"ALTER POLICY clocks_deadline_select ON clocks_deadline USING ({wider});"
        f"ALTER POLICY clocks_deadline_update ON clocks_deadline USING ({wider}) WITH CHECK ({wider});"
    )


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    app = policies.app_role()
    editor.execute(
        "GRANT EXECUTE ON FUNCTION dispatch_stages, dispatch_done, dispatch_on_clock, "
        f"dispatch_cautions TO {app}"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("dispatch", "0001_tables"),
        ("calls", "0006_clocks_of_lines"),
        ("episodes", "0004_guest_answers"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(
            STAGES,
            "DROP FUNCTION dispatch_stages; DROP FUNCTION dispatch_done",
        ),
        migrations.RunSQL(ON_CLOCK, "DROP FUNCTION dispatch_on_clock"),
        migrations.RunSQL(CAUTIONS, "DROP FUNCTION dispatch_cautions"),
        migrations.RunSQL(KEPT, DROP),
        policies.protect(
            "dispatch_request", {"SELECT": WORKED, "INSERT": WORKED, "UPDATE": WORKED}
        ),
        policies.protect("dispatch_choice", {"SELECT": WORKED, "INSERT": WORKED}),
        policies.protect(
            "dispatch_assignment", {"SELECT": WORKED, "INSERT": WORKED, "UPDATE": WORKED}
        ),
        policies.protect(
            "dispatch_member_time", {"SELECT": WORKED, "INSERT": WORKED, "UPDATE": WORKED}
        ),
        policies.protect("dispatch_check_in", {"SELECT": WORKED, "INSERT": WORKED}),
        policies.protect("dispatch_duress", {"SELECT": WORKED, "INSERT": WORKED, "UPDATE": WORKED}),
        policies.protect("dispatch_told", {"SELECT": WORKED, "INSERT": WORKED}),
        policies.protect(
            "dispatch_caution",
            {
                "SELECT": f"{OWN} OR {WORKED}",
                "INSERT": f"{OWN} AND {WORKED}",
                "UPDATE": f"{OWN} OR {WORKED}",
            },
        ),
        *(
            policies.owner_may(
                table, "SELECT", "verify counts rows; dispatch_stages, dispatch_cautions"
            )
            for table in (
                "dispatch_request",
                "dispatch_choice",
                "dispatch_assignment",
                "dispatch_member_time",
                "dispatch_check_in",
                "dispatch_duress",
                "dispatch_told",
                "dispatch_caution",
            )
        ),
        migrations.RunSQL(_clocks(CLOCKS), _clocks(LINES)),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
