"""What keeps callers' lines true, where no constraint can say it: triggers and functions of `calls`."""

from nowrongdoor.rows.functions import SqlFunction, Trigger

# An open line either has somebody of ours on it, or says since when it has not.
LEG = (
    Trigger(
        name="calls_alone_is_said",
        fires="AFTER INSERT OR UPDATE",
        deferred=True,
        body="""
DECLARE
    line calls_leg%ROWTYPE;
BEGIN
    IF TG_TABLE_NAME = 'calls_leg' THEN
        SELECT * INTO line FROM calls_leg WHERE id = NEW.id;
    ELSE
        SELECT * INTO line FROM calls_leg WHERE id = NEW.leg_id;
    END IF;
    IF line.ended_at IS NULL AND (line.alone_since IS NULL) <> EXISTS (
        SELECT FROM calls_participant o WHERE o.leg_id = line.id AND o.until_at IS NULL
    ) THEN
        RAISE EXCEPTION 'leg_alone_is_said' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF line.ended_at IS NOT NULL AND EXISTS (
        SELECT FROM calls_participant o WHERE o.leg_id = line.id AND o.until_at IS NULL
    ) THEN
        RAISE EXCEPTION 'leg_ended_is_left' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END """,
    ),
    # A clock that has fired goes on while somebody still waits. Where its reaction does nothing (its
    # program no longer sees for whom it fires), the firing is undone and said in the log, again and
    # again, and the clock counts as overdue: it is never lost in silence.
    SqlFunction(
        name="calls_clock_goes_on",
        returns="trigger",
        body="""
BEGIN
    IF (CASE NEW.kind
        WHEN 'calls.search' THEN
            EXISTS (SELECT FROM calls_search s WHERE s.id = NEW.subject_id AND s.found_at IS NULL)
        WHEN 'calls.rescue' THEN
            EXISTS (SELECT FROM calls_external_responder s WHERE s.id = NEW.subject_id AND s.met_at IS NULL)
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
END """,
    ),
    Trigger(
        name="calls_clock_goes_on_when_fired",
        table="clocks_deadline",
        fires="AFTER UPDATE OF fired_at",
        when="""NEW.fired_at IS NOT NULL
        AND NEW.kind IN ('calls.search', 'calls.rescue', 'calls.alone', 'calls.call_back')""",
        deferred=True,
        function="calls_clock_goes_on",
    ),
)

ON_LINE = (
    Trigger(
        name="calls_participant_alone_is_said",
        fires="AFTER INSERT OR UPDATE",
        deferred=True,
        function="calls_alone_is_said",
    ),
    # How many lines somebody listens to, in whatever program: asked at sign-out and idle lock.
    SqlFunction(
        name="calls_participant_by",
        arguments="member uuid",
        returns="TABLE (id uuid, program_id uuid)",
        body="""
    SELECT o.id, o.program_id FROM calls_participant o WHERE o.member_id = member AND o.until_at IS NULL
""",
    ),
    # Whose ears an episode's tones are for: whoever is on its lines, and whoever holds it (a program's
    # queue: nobody by name). Of those joined to it too, which are one person's.
    SqlFunction(
        name="calls_ears",
        arguments="of_episode uuid",
        returns="TABLE (member_id uuid, program_id uuid)",
        body="""
    WITH whole AS (
        SELECT e.id, e.holder_member_id, e.holder_program_id FROM episodes_episode e
        WHERE e.id = of_episode OR e.joined_into_id = of_episode
           OR e.id = (SELECT joined_into_id FROM episodes_episode WHERE id = of_episode)
    )
    SELECT o.member_id, o.program_id FROM calls_participant o JOIN whole ON whole.id = o.episode_id
    WHERE o.until_at IS NULL
    UNION SELECT holder_member_id, holder_program_id FROM whole
""",
    ),
)
