"""How many people wait for a supervisor, in one statement: the frame of each of their pages says it.

The page itself asks each module who they are (`desks.supervisor`); a test holds that both count the
same. Row-level security decides in every part of the statement what is seen.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community import queries as community
from nowrongdoor.kernel.actor import Actor

DAY = timedelta(hours=24)
WAITS = """
WITH alone_sought_or_rescued AS (
  SELECT episode_id FROM calls_leg WHERE alone_since IS NOT NULL AND ended_at IS NULL
  UNION SELECT episode_id FROM calls_search WHERE found_at IS NULL
  UNION SELECT episode_id FROM calls_external_responder WHERE met_at IS NULL AND rescue <> '')
SELECT count(*) FROM (
  SELECT coalesce(e.joined_into_id, e.id) FROM episodes_episode e
  WHERE e.closed_at IS NULL AND e.id IN (SELECT episode_id FROM alone_sought_or_rescued)
UNION
  SELECT e.id FROM episodes_episode e LEFT JOIN episodes_handoff via ON via.id = e.holder_via_id
  WHERE e.closed_at IS NULL AND e.joined_into_id IS NULL AND e.worked_by @> ARRAY[%(program)s]::uuid[] AND (
    EXISTS (SELECT FROM clocks_deadline d WHERE d.episode_id = e.id
            AND d.fired_at IS NULL AND d.cancelled_at IS NULL AND d.due_at < %(at)s)
    OR e.holder_member_id IS NOT NULL AND NOT EXISTS (SELECT FROM agencies_presence r
         WHERE r.member_id = e.holder_member_id AND r.ended_at IS NULL AND r.heard_at >= %(heard_since)s)
    OR e.holder_member_id IS NULL AND (e.holder_via_id IS NULL OR via.attested_name = '')
       AND NOT EXISTS (SELECT FROM agencies_presence r
         WHERE r.program_id = e.holder_program_id AND r.ended_at IS NULL AND r.heard_at >= %(heard_since)s))
UNION
  SELECT e.id FROM episodes_handoff h JOIN episodes_episode e ON e.id = h.episode_id
  WHERE %(program)s IN (h.from_program_id, h.to_program_id)
    AND e.closed_at IS NULL AND e.joined_into_id IS NULL AND (
      h.accepted_at IS NULL AND h.declined_at IS NULL AND h.withdrawn_at IS NULL
        AND (h.alerts > 0 OR h.purpose = 'relief')
      OR h.purpose = 'relief' AND h.declined_at >= %(since)s AND e.holder_member_id = h.from_member_id)
UNION
  SELECT q.episode_id FROM dispatch_request q JOIN episodes_episode e ON e.id = q.episode_id
  LEFT JOIN dispatch_request n ON n.follows_id = q.id
  WHERE e.closed_at IS NULL
    AND (q.declined_at IS NULL AND q.withdrawn_at IS NULL AND q.ended_at IS NULL
      OR (q.declined_at IS NOT NULL OR q.returned) AND q.without = '' AND n.id IS NULL)
    AND (q.choose_step > 0
      OR EXISTS (SELECT FROM dispatch_assignment t WHERE t.request_id = q.id AND t.cleared_at IS NULL
        AND (t.missed > 0 OR EXISTS (SELECT FROM dispatch_duress u
          WHERE u.assignment_id = t.id AND u.ended_at IS NULL)))
      OR q.alerts > 0 AND q.accepted_at IS NULL AND q.queued_at IS NULL
        AND q.declined_at IS NULL AND q.withdrawn_at IS NULL AND q.ended_at IS NULL
      OR q.from_program_id = %(program)s AND q.without = '' AND n.id IS NULL
        AND (q.declined_at IS NOT NULL OR q.returned AND q.ended_at IS NOT NULL))
UNION
  SELECT n.episode_id FROM triage_clinical_need n JOIN episodes_episode e ON e.id = n.episode_id
  LEFT JOIN dispatch_request q ON q.id = n.request_id
  WHERE n.ended_at IS NULL AND q.accepted_at IS NULL
    AND e.joined_into_id IS NULL AND e.worked_by @> ARRAY[%(program)s]::uuid[]
) AS waits
"""


def count(by: Actor, *, at: datetime) -> int:
    """How many people wait for a supervisor of `by`'s program. One statement."""
    with act_as(by), connection.cursor() as cursor:
        lost_after = timedelta(seconds=int(community.setting("presence_lost_s", at)))
        asked: dict[str, Any] = {
            "program": by.program_id,
            "at": at,
            "since": at - DAY,
            "heard_since": at - lost_after,
        }
        cursor.execute(WAITS, asked)
        [waits] = cursor.fetchone()
    return int(waits)
