"""Whoever works on an episode may stop the clocks of its lines and searches, and start them again.

A deadline is seen by the program that set it and by the other side of an offer. A third program that
comes onto the line (a clinician on the floor) could not cancel what rings for it.

Lock: changing a policy takes ACCESS EXCLUSIVE on clocks_deadline for an instant.
Reverse: the narrower policies.
"""

from typing import ClassVar

from django.db import migrations

from nowrongdoor.rows import policies

OURS = f"{policies.PROGRAM} = program_id OR {policies.PROGRAM} = other_program_id"
LINES = (
    "kind LIKE 'calls.%' AND EXISTS (SELECT FROM episodes_episode e WHERE e.id = episode_id "
    f"AND {policies.PROGRAM} = ANY (e.worked_by))"
)
WIDER = f"{OURS} OR ({LINES})"


def _policies(rule: str) -> str:
    return (
        f"ALTER POLICY clocks_deadline_select ON clocks_deadline USING ({rule});"
        f"ALTER POLICY clocks_deadline_update ON clocks_deadline USING ({rule}) WITH CHECK ({rule});"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("calls", "0005_lines_kept")]
    operations: ClassVar = [migrations.RunSQL(_policies(WIDER), _policies(OURS))]
