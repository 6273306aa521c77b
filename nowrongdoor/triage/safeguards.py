"""What a protocol needs to be in force, and what the rules may weigh that nobody may read."""

from nowrongdoor.rows.functions import SqlFunction, Trigger
from nowrongdoor.rows.policies import PROGRAM

PROTOCOL = (
    Trigger(
        name="triage_protocol_needs_approvers",
        fires="AFTER INSERT OR UPDATE OF active_from",
        when="NEW.active_from IS NOT NULL",
        deferred=True,
        body="""
BEGIN
    IF (SELECT count(*) FROM triage_approval a WHERE a.protocol_id = NEW.id) < 4 THEN
        RAISE EXCEPTION 'protocol_active_needs_four_approvers'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END """,
    ),
)

ANSWER = (
    # What the rules weigh: every answer, also one that the program asking may not read. Only the level
    # that follows is shown to it. Whoever does not work on the episode gets nothing.
    SqlFunction(
        name="triage_known",
        arguments="of_episode uuid",
        returns="TABLE (question text, value text)",
        body=f"""
    SELECT DISTINCT ON (a.question) a.question, a.value
    FROM triage_answer a JOIN episodes_episode e ON e.id = a.episode_id
    WHERE a.episode_id = of_episode AND {PROGRAM} = ANY (e.worked_by)
    ORDER BY a.question, a.step DESC
""",
    ),
)
