"""Answering while somebody listens, and saying that one has seen what the need is now."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import kinds, rules
from nowrongdoor.calls.commands.legs import facts_of, lock_leg, own_place
from nowrongdoor.calls.current_level import current_level
from nowrongdoor.calls.models import Participant
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require
from nowrongdoor.triage import commands as triage
from nowrongdoor.triage import queries as triage_queries


@command
def answer(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    given: Mapping[str, str],
    asked_together: bool = False,
) -> int:
    """Write answers down, as `triage.commands.screen` does. Answers the step.

    Who gives the answer that raises the need has seen it, where they had seen all before it.
    Refused: as `triage.commands.screen` does.
    Journal: triage.screened, and triage.rose where the need rose.
    """
    row = triage.screen(
        by=by, at=at, episode_id=episode_id, given=given, asked_together=asked_together
    )
    before = triage_queries.rose_before(episode_id, row.step)
    mine = Participant.objects.filter(episode_id=episode_id, until_at=None, member_id=named(by))
    mine.filter(seen_step__gte=before).update(seen_step=row.step)
    return row.step


@command(needs=Action.ACCEPT)
def acknowledge_level(*, by: Actor, at: datetime, leg_id: UUID) -> Participant:
    """Say that one has seen what the need is now.

    Refused: to roles that accept nobody, and to whoever is not on the line.
    Journal: calls.level_seen.
    """
    leg = lock_leg(leg_id)

    require(rules.may_see(facts_of(leg).of(by.member_id)))

    row = own_place(leg, by)
    row.seen_step = max(row.seen_step, current_level(by, leg.episode_id).step)
    row.save(update_fields=["seen_step"])
    record(kinds.LEVEL_ACKNOWLEDGED, row, by=by, at=at, step=row.seen_step)
    return row
