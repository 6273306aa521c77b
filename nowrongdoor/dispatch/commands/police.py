"""Police who stand by: the team keeps them, or lets them go. Their own desk moves them."""

from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.dispatch import kinds
from nowrongdoor.dispatch.commands.shared import lock_request
from nowrongdoor.dispatch.facts import Axis
from nowrongdoor.dispatch.models import Assignment, CrewMember, Request
from nowrongdoor.dispatch.rules import asking
from nowrongdoor.episodes import lookup
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require


@command(needs=Action.REQUEST)
def keep_police(*, by: Actor, at: datetime, request_id: UUID) -> Request:
    """The team keeps police where they are, or asks them to stay.

    Refused: as `dispatch.rules.asking.may_keep_or_release` says.
    Journal: dispatch.police_kept.
    """
    row = _police(request_id, by=by)
    row.kept_at, row.released_at, row.version = at, None, row.version + 1
    row.save()
    record(kinds.POLICE_KEPT, row, by=by, at=at)
    return row


@command(needs=Action.REQUEST)
def release_police(*, by: Actor, at: datetime, request_id: UUID) -> Request:
    """The team needs police no longer. Their desk clears them.

    Refused: as `dispatch.rules.asking.may_keep_or_release` says.
    Journal: dispatch.police_released.
    """
    row = _police(request_id, by=by)
    row.released_at, row.version = at, row.version + 1
    row.save()
    record(kinds.POLICE_RELEASED, row, by=by, at=at)
    return row


def _police(request_id: UUID, *, by: Actor) -> Request:
    row = lock_request(request_id)
    mine = CrewMember.objects.filter(member_id=named(by), until_at=None).values("crew_id")
    team = Assignment.objects.filter(
        episode_id=row.episode_id, crew_id__in=mine, cleared_at=None
    ).exclude(request_id=row.pk)
    holder = lookup.facts(row.episode_id)
    require(
        asking.may_keep_or_release(
            row.facts(),
            police=row.kind.axis == Axis.POLICE,
            on_scene_team=team.exists(),
            holds=holder.holder_program_id == by.program_id,
        )
    )
    return row
