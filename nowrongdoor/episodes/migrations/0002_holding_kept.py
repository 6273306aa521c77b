"""Holding, kept by the database: who sees an episode, and how its holder may change.

Lock: new tables, nothing waits.
Reverse: drops the triggers, functions and policies.
"""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nowrongdoor.rows import policies

# 1. seen_by and worked_by are what the parties say. Runs as the owner, because a party that
#    declines leaves, and could not write the row that it then no longer sees.
SEEN_BY = """
CREATE FUNCTION episodes_keep_seen_by() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE episodes_episode e SET seen_by = said.seen, worked_by = said.worked
    FROM (
        SELECT p.episode_id AS id, array_agg(DISTINCT p.program_id) AS seen,
               coalesce(array_agg(DISTINCT p.program_id) FILTER (WHERE p.role = 'working'), '{}') AS worked
        FROM episodes_party p
        WHERE p.until_at IS NULL AND p.episode_id IN (SELECT episode_id FROM changed)
        GROUP BY p.episode_id
    ) said
    WHERE e.id = said.id AND (e.seen_by <> said.seen OR e.worked_by <> said.worked);
    RETURN NULL;
END $$;
CREATE TRIGGER episodes_new_party_keeps_seen_by AFTER INSERT ON episodes_party
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION episodes_keep_seen_by();
CREATE TRIGGER episodes_party_keeps_seen_by AFTER UPDATE ON episodes_party
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION episodes_keep_seen_by();
"""

# 2. A holder changes only together with a handoff that a named person accepted
#    (or attested) to that holder, each acceptance once.
HOLDER = """
CREATE FUNCTION episodes_holder_needs_acceptance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.holder_via_id IS NOT DISTINCT FROM OLD.holder_via_id OR NOT EXISTS (
        SELECT FROM episodes_handoff h
        WHERE h.id = NEW.holder_via_id AND h.episode_id = NEW.id
          AND h.accepted_at IS NOT NULL AND h.moves <> 'never'
          AND h.to_program_id = NEW.holder_program_id
          AND h.accepted_by_id IS NOT DISTINCT FROM NEW.holder_member_id
    ) THEN
        RAISE EXCEPTION 'episode_holder_moves_only_by_acceptance'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER episodes_holder_moves_only_by_acceptance
    BEFORE UPDATE OF holder_program_id, holder_member_id, holder_via_id ON episodes_episode
    FOR EACH ROW WHEN (
        OLD.holder_program_id <> NEW.holder_program_id
        OR OLD.holder_member_id IS DISTINCT FROM NEW.holder_member_id
        OR OLD.holder_via_id IS DISTINCT FROM NEW.holder_via_id
    ) EXECUTE FUNCTION episodes_holder_needs_acceptance();
"""

# 3. And the other way round: what was accepted has moved the holder by the commit.
ACCEPTED = """
CREATE FUNCTION episodes_acceptance_moves_holder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM episodes_episode e WHERE e.id = NEW.episode_id
          AND (e.holder_via_id = NEW.id OR e.held_since > NEW.accepted_at)
    ) THEN
        RAISE EXCEPTION 'handoff_acceptance_moves_holder'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER episodes_acceptance_moves_holder
    AFTER INSERT OR UPDATE OF accepted_at ON episodes_handoff
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.accepted_at IS NOT NULL AND NEW.moves = 'on_accept')
    EXECUTE FUNCTION episodes_acceptance_moves_holder();
"""

# 4. What is closed stays closed, and an answer once given stays given.
ENDED = """
CREATE FUNCTION episodes_closed_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'episode_closed_stays_closed'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER episodes_closed_stays_closed
    BEFORE UPDATE OF closed_at, outcome, holder_program_id, holder_member_id, joined_into_id
    ON episodes_episode
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL)
    EXECUTE FUNCTION episodes_closed_stays_closed();
CREATE FUNCTION episodes_answer_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'handoff_answer_stands' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER episodes_answer_stands BEFORE UPDATE ON episodes_handoff
    FOR EACH ROW WHEN (
        OLD.accepted_at IS NOT NULL OR OLD.declined_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
    ) EXECUTE FUNCTION episodes_answer_stands();
"""

# 5. Nobody offers what is closed or joined (a joined one may be separated again),
#    and nothing is joined to what is not open.
NOT_OPEN = """
CREATE FUNCTION episodes_offer_needs_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM episodes_episode e WHERE e.id = NEW.episode_id AND (
            e.closed_at IS NOT NULL
            OR (e.joined_into_id IS NOT NULL) <> (NEW.purpose = 'separate')
        )
    ) THEN
        RAISE EXCEPTION 'handoff_needs_open_episode'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER episodes_offer_needs_open BEFORE INSERT ON episodes_handoff
    FOR EACH ROW EXECUTE FUNCTION episodes_offer_needs_open();
CREATE FUNCTION episodes_join_needs_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM episodes_episode e WHERE e.id = NEW.joined_into_id
          AND (e.closed_at IS NOT NULL OR e.joined_into_id IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'episode_joins_open_episode'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER episodes_join_needs_open BEFORE INSERT OR UPDATE OF joined_into_id ON episodes_episode
    FOR EACH ROW WHEN (NEW.joined_into_id IS NOT NULL)
    EXECUTE FUNCTION episodes_join_needs_open();
"""

DROP = """
DROP TRIGGER episodes_new_party_keeps_seen_by ON episodes_party;
DROP TRIGGER episodes_party_keeps_seen_by ON episodes_party;
DROP TRIGGER episodes_holder_moves_only_by_acceptance ON episodes_episode;
DROP TRIGGER episodes_acceptance_moves_holder ON episodes_handoff;
DROP TRIGGER episodes_closed_stays_closed ON episodes_episode;
DROP TRIGGER episodes_answer_stands ON episodes_handoff;
DROP TRIGGER episodes_offer_needs_open ON episodes_handoff;
DROP TRIGGER episodes_join_needs_open ON episodes_episode;
DROP FUNCTION episodes_keep_seen_by(), episodes_holder_needs_acceptance(),
    episodes_acceptance_moves_holder(), episodes_closed_stays_closed(), episodes_answer_stands(),
    episodes_offer_needs_open(), episodes_join_needs_open();
"""

# Which programs may see these episodes, and which once could: the live boards ask before they draw
# a row or say that one left. Whoever never saw it is not told even that.
AUDIENCE = """
CREATE FUNCTION episodes_audience(ids uuid[]) RETURNS TABLE (id uuid, seen_by uuid[], ever uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT e.id, e.seen_by, ARRAY(
        SELECT DISTINCT p.program_id FROM episodes_party p WHERE p.episode_id = e.id
    ) FROM episodes_episode e WHERE e.id = ANY (ids)
$$;
REVOKE ALL ON FUNCTION episodes_audience FROM PUBLIC;
"""

# What somebody holds in whatever program: asked at sign-out, and when their desk falls silent.
HELD_BY = """
CREATE FUNCTION episodes_held_by(member uuid) RETURNS TABLE (id uuid, program_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT e.id, e.holder_program_id FROM episodes_episode e
    WHERE e.holder_member_id = member AND e.closed_at IS NULL AND e.joined_into_id IS NULL
$$;
REVOKE ALL ON FUNCTION episodes_held_by FROM PUBLIC;
"""

SEEN = f"{policies.PROGRAM} = ANY (seen_by)"
# An informed party knows that somebody is there and who holds them. The card, the offers and the
# other parties stay shut, and it cannot make itself a working one.
WORKED = (
    "EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id "
    f"AND {policies.PROGRAM} = ANY (e.worked_by))"
)
SIDE = f"{policies.PROGRAM} = from_program_id OR {policies.PROGRAM} = to_program_id"


# What a command may change. The two lists are the trigger's alone: a row that was read before
# somebody left must not let them in again when it is written.
CHANGED = (
    "holder_program_id, holder_member_id, held_since, holder_via_id, joined_into_id, closed_at, "
    "outcome, accountable_member_id, declined_by_person, version"
)


def grant(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    app = policies.app_role()
    editor.execute(f"GRANT USAGE ON SEQUENCE episodes_number TO {app}")
    editor.execute(f"GRANT EXECUTE ON FUNCTION episodes_audience, episodes_held_by TO {app}")
    editor.execute(f"GRANT SELECT ON episodes_kind TO {app}")
    editor.execute(f"REVOKE UPDATE ON episodes_episode FROM {app}")
    editor.execute(f"GRANT UPDATE ({CHANGED}) ON episodes_episode TO {app}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("episodes", "0001_tables")]
    operations: ClassVar = [
        migrations.RunSQL(SEEN_BY + HOLDER + ACCEPTED + ENDED + NOT_OPEN, DROP),
        migrations.RunSQL(AUDIENCE, "DROP FUNCTION episodes_audience"),
        migrations.RunSQL(HELD_BY, "DROP FUNCTION episodes_held_by"),
        policies.protect(
            "episodes_episode",
            {
                # an informed program knows that somebody is there, not what became of them
                "SELECT": f"{SEEN} AND (closed_at IS NULL OR {policies.PROGRAM} = ANY (worked_by))",
                "INSERT": f"{SEEN} AND holder_program_id = {policies.PROGRAM}",
                "UPDATE": SEEN,  # an informed program may lock it, to ask that another is joined to it
            },
            check=f"{policies.PROGRAM} = ANY (worked_by)",
        ),
        policies.protect(
            "episodes_party",
            {
                "SELECT": f"program_id = {policies.PROGRAM} OR {WORKED}",
                "INSERT": WORKED,
                "UPDATE": WORKED,
            },
        ),
        policies.protect(
            "episodes_card",
            {"SELECT": WORKED, "INSERT": f"made_by_program_id = {policies.PROGRAM} AND {WORKED}"},
        ),
        policies.protect(
            "episodes_handoff",
            {
                "SELECT": f"{SIDE} OR {WORKED}",
                "INSERT": f"({SIDE}) AND {WORKED}",
                # whoever accepts overtakes the other open offers of the episode
                "UPDATE": f"{SIDE} OR {WORKED}",
            },
        ),
        policies.owner_may(
            "episodes_episode", "SELECT", "episodes_audience, episodes_held_by, seen_by"
        ),
        policies.owner_may("episodes_episode", "UPDATE", "seen_by is kept by a trigger"),
        policies.owner_may("episodes_party", "SELECT", "seen_by is kept by a trigger"),
        policies.owner_may("episodes_handoff", "SELECT", "verify counts rows against constraints"),
        policies.owner_may("episodes_card", "SELECT", "verify counts rows against constraints"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
