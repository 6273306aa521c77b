"""Closing an episode. Only a person does, and never while an offer is open."""

from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.episodes import kinds, rules
from nowrongdoor.episodes.commands.handoffs import require_code
from nowrongdoor.episodes.commands.sharing import lock_episodes
from nowrongdoor.episodes.facts import Closing, Source
from nowrongdoor.episodes.models import OPEN, Episode, Handoff
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, require
from nowrongdoor.rows.locks import require_version


@command(needs=Action.CLOSE)
def close_episode(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    closing: Closing,
    seen_version: int | None = None,
) -> Episode:
    """Close, with an outcome and somebody accountable or the person's own decline.

    An imported episode that its own system closed has neither in the file; its source says so.
    What was joined to it is over with it.
    Refused: as `episodes.rules.may_close` says; on an old version.
    Journal: episodes.closed.
    """
    episode = lock_episodes(episode_id)[episode_id]
    offers = Handoff.objects.filter(OPEN, episode=episode).count()

    require_version(episode.version, seen_version)
    historical = episode.source == Source.IMPORT and by.member_id is None
    require(rules.may_close(by, episode.facts(), closing, offers=offers, historical=historical))
    require_code("outcomes", closing.outcome, field="outcome")
    named = closing.accountable_member_id
    if named is not None and not agencies.position_in(named, by.program_id, at=at):
        raise BadInput(
            "accountable_member_id",
            "member.elsewhere",
            "That person does not work in that program.",
        )

    at = max(at, episode.held_since)  # a clock that stepped back must not keep it open
    episode.closed_at = at
    episode.outcome = closing.outcome
    episode.accountable_member_id = named
    episode.declined_by_person = closing.declined_by_person
    episode.version += 1
    episode.save(
        update_fields=[
            "closed_at",
            "outcome",
            "accountable_member",
            "declined_by_person",
            "version",
        ]
    )

    record(kinds.CLOSED, episode, by=by, at=at)
    return episode
