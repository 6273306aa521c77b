"""Who sees requests and assignments, what is never rewritten, and which units are busy.

Whoever works on an episode sees what was asked for it and who comes. A caution of a place is read by
whoever works on an episode at that place, and by its author's program.
"""

from nowrongdoor.dispatch.facts import Stage
from nowrongdoor.rows.constraints import Immutable, MustHaveDeadline, RowAccess, changed
from nowrongdoor.rows.functions import SqlFunction
from nowrongdoor.rows.policies import OWN, PROGRAM, WORKED

OWNER = {"SELECT": "verify counts rows; dispatch_stages, dispatch_cautions"}
ANSWER = ("declined_at", "withdrawn_at", "ended_at", "accepted_at", "queued_at", "reason")
# A file may say later what it did not know: a stage that is missing, an outcome that is unknown.
UNKNOWN = "(OLD.source = 'import' AND OLD.outcome = 'unknown')"
SAID_LATER = tuple(f"{stage.value}_at" for stage in Stage)
NEVER_LATER = (
    "request_id", "episode_id", "unit_id", "crew_id", "program_id", "authority_id", "by_member_id", "source",
    "took_somebody", "left_behind", "facility_code",
)  # fmt: skip
_SAID_ONCE = " OR ".join(f"(OLD.{each} IS NOT NULL AND {changed(each)})" for each in SAID_LATER)

REQUEST = (
    RowAccess(
        name="dispatch_request_access", select=WORKED, insert=WORKED, update=WORKED, owner=OWNER
    ),
    Immutable(
        name="dispatch_request_end_stands",
        once=(
            "(OLD.declined_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL OR OLD.ended_at IS NOT NULL)"
            f" AND ({changed(*ANSWER)} OR ({changed('outcome', 'returned')} AND NOT {UNKNOWN}))"
        ),
    ),
    # It waits while nobody has answered it, and while it was accepted and nobody is sent (to be *aware*
    # is to send nobody).
    MustHaveDeadline(
        name="request_waits_with_clock",
        kinds=("dispatch.unanswered", "dispatch.choice", "dispatch.follow"),
        while_="""r.declined_at IS NULL AND r.withdrawn_at IS NULL AND r.ended_at IS NULL
       AND (r.accepted_at IS NULL OR (
            NOT EXISTS (SELECT FROM dispatch_assignment a WHERE a.request_id = r.id AND a.cleared_at IS NULL)
            AND NOT EXISTS (SELECT FROM dispatch_kind k WHERE k.code = r.kind_id AND k.mode = 'aware')
       ))""",
    ),
    # A no, or nobody met, is followed by another request, or by a reason why not; else somebody is told.
    MustHaveDeadline(
        name="request_no_is_followed",
        kinds=("dispatch.follow",),
        fired_counts=True,
        while_="""r.source = 'live' AND (r.declined_at IS NOT NULL OR r.returned) AND r.without = ''
       AND NOT EXISTS (SELECT FROM dispatch_request n WHERE n.follows_id = r.id)""",
    ),
)

ASSIGNMENT = (
    RowAccess(
        name="dispatch_assignment_access", select=WORKED, insert=WORKED, update=WORKED, owner=OWNER
    ),
    Immutable(
        name="dispatch_assignment_end_stands",
        once=(
            "CASE OLD.source WHEN 'live' THEN OLD.cleared_at IS NOT NULL"
            f" WHEN 'import' THEN {_SAID_ONCE} OR {changed(*NEVER_LATER)}"
            f" OR ({changed('outcome')} AND NOT {UNKNOWN}) ELSE true END"
        ),
    ),
    # a team of ours at a scene gives signs of life
    MustHaveDeadline(
        name="assignment_at_scene_is_watched",
        kinds=("dispatch.check_in",),
        while_="""r.cleared_at IS NULL AND r.crew_id IS NOT NULL
       AND coalesce(r.on_scene_at, r.engaged_at, r.transporting_at) IS NOT NULL""",
    ),
    # Which units are on their way, and since when: known to every desk that may send them; where and
    # for whom is not. What was entered afterwards is over, also where nobody knows when the unit left.
    SqlFunction(
        name="dispatch_stages",
        returns="TABLE (unit_id uuid, stage text, since timestamptz)",
        body="""
    SELECT a.unit_id, s.stage, s.since FROM dispatch_assignment a CROSS JOIN LATERAL (
        SELECT v.stage, v.since FROM (VALUES
            (1, 'assigned', a.assigned_at), (2, 'en_route', a.en_route_at), (3, 'staged', a.staged_at),
            (4, 'on_scene', a.on_scene_at), (5, 'engaged', a.engaged_at),
            (6, 'transporting', a.transporting_at)
        ) AS v (place, stage, since) WHERE v.since IS NOT NULL ORDER BY v.place DESC LIMIT 1
    ) s WHERE a.cleared_at IS NULL AND a.source = 'live'
""",
    ),
    SqlFunction(
        name="dispatch_done",
        arguments="since timestamptz",
        returns="TABLE (unit_id uuid, done bigint)",
        body="""
    SELECT a.unit_id, count(*) FROM dispatch_assignment a
    WHERE a.cleared_at >= since AND a.source = 'live' GROUP BY a.unit_id
""",
    ),
    # How many people of ours are at a scene whom this member answers for with their own sign of life.
    SqlFunction(
        name="dispatch_on_clock",
        arguments="member uuid",
        returns="TABLE (id uuid, program_id uuid)",
        body="""
    SELECT a.id, a.program_id FROM dispatch_assignment a
    JOIN dispatch_crew_member m ON m.crew_id = a.crew_id AND m.until_at IS NULL
    WHERE m.member_id = member AND a.cleared_at IS NULL
""",
    ),
)

CAUTION = (
    RowAccess(
        name="dispatch_caution_access",
        select=f"{OWN} OR {WORKED}",
        insert=f"{OWN} AND {WORKED}",
        update=f"{OWN} OR {WORKED}",
        owner=OWNER,
    ),
    # A caution of the place where an episode is, whoever wrote it; and those of its own person.
    SqlFunction(
        name="dispatch_cautions",
        arguments="of_episode uuid",
        returns="SETOF dispatch_caution",
        body=f"""
    SELECT c.* FROM dispatch_caution c, episodes_episode e
    WHERE e.id = of_episode AND {PROGRAM} = ANY (e.worked_by) AND c.ended_at IS NULL
      AND (c.episode_id = of_episode OR (c.place <> '' AND c.place = (
          SELECT regexp_replace(lower(btrim(d.place)), '\\s+', ' ', 'g') FROM episodes_card d
          WHERE d.episode_id = of_episode ORDER BY d.made_at DESC, d.id DESC LIMIT 1)))
""",
    ),
)
