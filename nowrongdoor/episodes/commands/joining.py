"""Joining two episodes of one person, and separating them again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.episodes import kinds, queries, rules
from nowrongdoor.episodes.commands.handoffs import accept_now, set_next_deadline
from nowrongdoor.episodes.commands.sharing import (
    add_party,
    lock_episodes,
    new_handoff,
    require_nothing_offered,
)
from nowrongdoor.episodes.facts import PartyRole, Purpose
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.locks import missing
from nowrongdoor.web.fields import Pick, Text


@command(needs=Action.OFFER)
def join_episode(*, by: Actor, at: datetime, episode_id: UUID, into_id: UUID) -> Handoff:
    """Ask the holder of one episode to take another of the same person into it.

    Where `by` holds both, it is done at once; else the other holder accepts.
    Refused: as `episodes.rules.may_join` says.
    Journal: episodes.offered, then episodes.joined on acceptance.
    """
    held = lock_episodes(episode_id, into_id)
    episode, into = held[episode_id], held[into_id]

    carries = Episode.objects.filter(joined_into=episode).exists()
    require(rules.may_join(by, episode.facts(), into.facts(), carries=carries))
    require_nothing_offered(episode, Purpose.JOIN)

    add_party(episode.pk, into.holder_program_id, by=by, at=at, role=PartyRole.WORKING, basis="N")
    handoff = new_handoff(
        episode,
        purpose=Purpose.JOIN,
        by=by,
        at=at,
        into_episode=into,
        to_program_id=into.holder_program_id,
        to_member_id=into.holder_member_id,
    )
    handoff.save()
    mine = rules.holds(by, into.facts())
    if mine.allowed and by.member_id is not None:
        accept_now(episode, handoff, by=by, at=at)
    else:
        set_next_deadline(handoff, by=by, at=at)
        record(kinds.OFFERED, handoff, by=by, at=at, into_id=handoff.into_episode_id)
    return handoff


@command(needs=Action.OFFER)
def join_by_number(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    number: Annotated[str, Text(label=_("Number of the other call"), most=20)],
) -> Handoff:
    """The same into an episode whose number was read over a radio.

    Refused: as `join_episode` is; BadInput where there is none that `by` may see.
    Journal: as of `join_episode`.
    """
    into_id = queries.by_number(by, number)
    return join_episode(by=by, at=at, episode_id=episode_id, into_id=into_id)


@command(needs=Action.OFFER)
def separate_episode(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    to_member_id: Annotated[UUID, Pick(label=_("New owner"), options=agencies.to_put_on_duty)],
) -> Handoff:
    """Give a joined episode its own holder again, who accepts by name.

    Where the new holder is `by`, it is done at once.
    Refused: as `episodes.rules.may_separate` says; BadInput for a stranger to the program.
    Journal: episodes.offered, then episodes.separated on acceptance.
    """
    root_id = Episode.objects.filter(pk=episode_id).values_list("joined_into_id", flat=True).first()
    if root_id is None:
        raise missing()
    held = lock_episodes(episode_id, root_id)
    episode, root = held[episode_id], held[root_id]

    require(rules.may_separate(by, episode.facts(), root.facts()))
    require_nothing_offered(episode, Purpose.SEPARATE)
    if not agencies.position_in(to_member_id, by.program_id, at=at):
        raise BadInput(
            "to_member_id", "member.elsewhere", "That person does not work in that program."
        )

    add_party(episode.pk, by.program_id, by=by, at=at, role=PartyRole.WORKING, basis="N")
    handoff = new_handoff(
        episode, purpose=Purpose.SEPARATE, by=by, at=at, to_member_id=to_member_id
    )
    handoff.from_program_id, handoff.from_member_id = root.holder_program_id, root.holder_member_id
    handoff.save()
    if to_member_id == by.member_id:
        accept_now(episode, handoff, by=by, at=at)
    else:
        set_next_deadline(handoff, by=by, at=at)
        record(kinds.OFFERED, handoff, by=by, at=at, into_id=handoff.into_episode_id)
    return handoff
