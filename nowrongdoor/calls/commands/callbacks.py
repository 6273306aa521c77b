"""A counselor's call back that was promised to a caller whose line nobody answered: a clock until it is made."""

from datetime import datetime, timedelta
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import kinds, rules
from nowrongdoor.calls.commands.lines import owner_of, set_deadline
from nowrongdoor.calls.facts import CALL_BACK
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks import queries as waits
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require


@command(needs=Action.ACCEPT)
def promise_call_back(*, by: Actor, at: datetime, episode_id: UUID) -> UUID:
    """Promise the caller that a counselor calls back soon. 911 goes on holding.

    Refused: as `calls.rules.may_promise_back` says.
    Journal: calls.call_back_promised.
    """
    episode = episodes.lock_episode(episode_id)

    works = lookup.works_on(by, episode_id)
    promised = waits.due_of(episode_id, CALL_BACK) is not None
    require(rules.may_promise_back(open=episode.open, works=works, promised=promised))

    _set_deadline(episode_id, by=by, at=at)
    record(kinds.CALL_BACK_PROMISED, by=by, at=at, episode_id=episode_id)
    return episode_id


@command(needs=Action.ACCEPT)
def record_call_back(*, by: Actor, at: datetime, episode_id: UUID) -> UUID:
    """Write down that the counselor has called back: the clock stops.

    Refused: as `calls.rules.may_call_back` says.
    Journal: calls.called_back.
    """
    episodes.lock_episode(episode_id)

    works = lookup.works_on(by, episode_id)
    promised = waits.due_of(episode_id, CALL_BACK) is not None
    require(rules.may_call_back(works=works, promised=promised))

    clocks.cancel_deadline(episode_id, at=at)
    record(kinds.CALLED_BACK, by=by, at=at, episode_id=episode_id)
    return episode_id


@command
def alert_call_back(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """Nobody has called back yet: say so to whoever holds and their supervisors, and again. Ends nothing.

    Journal: calls.call_back_due.
    """
    if not owner_of(subject_id).open:
        return

    _set_deadline(subject_id, by=by, at=at)
    record(kinds.CALL_BACK_DUE, by=by, at=at, episode_id=subject_id)


def _set_deadline(episode_id: UUID, *, by: Actor, at: datetime) -> None:
    due = at + timedelta(minutes=int(community.setting("counselor_call_back_min", at)))
    set_deadline(CALL_BACK, episode_id, due, episode_id, by=by, at=at)
