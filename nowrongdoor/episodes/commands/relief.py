"""Shift relief, taking from the queue, and assuming from a holder who cannot be reached."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import kinds, rules
from nowrongdoor.episodes.commands.handoffs import accept_now, require_code, set_next_deadline
from nowrongdoor.episodes.commands.sharing import (
    add_party,
    joined_group,
    lock_episodes,
    move_holder,
    new_handoff,
    withdraw,
)
from nowrongdoor.episodes.facts import PartyRole, Purpose
from nowrongdoor.episodes.models import OPEN, Episode, Handoff
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotPermitted, Refused, no, require
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked_all, missing


@command(needs=Action.RELIEVE)
def relieve(*, by: Actor, at: datetime, to_member_id: UUID) -> UUID:
    """Offer everything `by` holds to one colleague, as one batch. Answers the batch's id.

    Refused: as `episodes.rules.may_relieve` says.
    Journal: episodes.offered, one for each episode.
    """
    mine = _held_by(by)

    colleague = agencies.position_in(to_member_id, by.program_id, at=at)
    to_self = to_member_id == by.member_id
    require(rules.may_relieve(to_in_program=colleague, to_self=to_self, holding=len(mine)))

    batch_id = new_id(at)
    for episode in mine:
        for earlier in Handoff.objects.filter(OPEN, episode=episode, purpose=Purpose.RELIEF.value):
            withdraw(earlier, by=by, at=at)
        handoff = new_handoff(
            episode,
            purpose=Purpose.RELIEF,
            by=by,
            at=at,
            batch_id=batch_id,
            to_member_id=to_member_id,
        )
        handoff.save()
        set_next_deadline(handoff, by=by, at=at)
        record(kinds.OFFERED, handoff, by=by, at=at, into_id=handoff.into_episode_id)
    return batch_id


@command(needs=Action.ACCEPT)
def accept_relief(*, by: Actor, at: datetime, batch_id: UUID) -> int:
    """Accept, by name, every episode of a relief that is still offered. Answers how many.

    Refused: as `episodes.rules.may_answer` says of any of them; then
        none is accepted.
    Journal: episodes.accepted, one for each episode.
    """
    batch = Handoff.objects.filter(OPEN, batch_id=batch_id)
    held = lock_episodes(*batch.values_list("episode_id", flat=True))
    pairs = [(held[one.episode_id], one) for one in locked_all(batch)]
    if not pairs:
        raise missing()

    supervises = agencies.may_supervise(by)
    for _, handoff in pairs:
        require(rules.may_answer(by, handoff.facts(), supervises=supervises))

    for episode, handoff in pairs:
        accept_now(episode, handoff, by=by, at=at)
    return len(pairs)


def batch_episodes(batch_id: UUID) -> list[tuple[UUID, UUID | None]]:
    """The episodes of a relief that is still offered, each with who offers it."""
    batch = Handoff.objects.filter(OPEN, batch_id=batch_id).order_by("episode_id")
    return list(batch.values_list("episode_id", "from_member_id"))


@command(needs=Action.ACCEPT)
def take_episode(*, by: Actor, at: datetime, episode_id: UUID) -> Handoff:
    """Take an episode from the own program's queue, by name.

    Refused: as `episodes.rules.may_take` says.
    Journal: episodes.taken.
    """
    episode = lock_episodes(episode_id)[episode_id]

    require(rules.may_take(by, episode.facts()))

    handoff = _accepted_at_once(episode, Purpose.TAKE, by=by, at=at)
    move_holder(episode, handoff, by=by, at=at)
    record(kinds.TAKEN, handoff, by=by, at=at)
    return handoff


@command
def assume_episode(
    *, by: Actor, at: datetime, episode_id: UUID, reason: str, said_down: bool = False
) -> Handoff:
    """Take over from a holder, as a supervisor, with a reason.

    `said_down`: somebody at a desk has said that the holder's lines do not answer.
    Refused: as `episodes.rules.may_assume` says, and to anybody who does not supervise.
    Journal: episodes.assumed.
    """
    episode = lock_episodes(episode_id)[episode_id]

    if not agencies.may_supervise(by):
        raise NotPermitted(no("assume.supervisor", "Only a supervisor can take over."))
    require(
        rules.may_assume(
            by,
            episode.facts(),
            reason=reason,
            reachable=not said_down and holder_reachable(episode, at=at),
            held_before=_held_before(by, episode),
        )
    )
    require_code("assume_reasons", reason, field="reason")

    for each in joined_group(episode.pk):
        add_party(each, by.program_id, by=by, at=at, role=PartyRole.WORKING, basis="N")
    handoff = _accepted_at_once(episode, Purpose.ASSUME, by=by, at=at, reason=reason)
    move_holder(episode, handoff, by=by, at=at)
    record(kinds.ASSUMED, handoff, by=by, at=at)
    return handoff


@command(needs=Action.ACCEPT)
def take_back_episode(*, by: Actor, at: datetime, episode_id: UUID, listening: bool) -> Handoff:
    """Take a person back whom one has just handed on, while one is still on the line with them.

    Refused: as `episodes.rules.may_take_back` says.
    Journal: episodes.taken_back.
    """
    episode = lock_episodes(episode_id)[episode_id]
    via = episode.holder_via
    handed_on = None if via is None else via.facts()

    require(rules.may_take_back(by, episode.facts(), handed_on, listening=listening))

    handoff = _accepted_at_once(episode, Purpose.TAKE_BACK, by=by, at=at)
    move_holder(episode, handoff, by=by, at=at)
    record(kinds.TAKEN_BACK, handoff, by=by, at=at)
    return handoff


def holder_reachable(episode: Episode, *, at: datetime) -> bool:
    """Whether the holder's desk, or for a queue any desk of the program, was heard lately."""
    lost_after_s = int(community.setting("presence_lost_s", at))
    member_id = episode.holder_member_id
    if member_id is None:
        return agencies.anybody_present(episode.holder_program_id, lost_after_s, at=at)
    return agencies.member_reachable(member_id, lost_after_s, at=at)


def _held_by(by: Actor) -> list[Episode]:
    """What `by` holds, locked; what was given to them while this waited is not in it, nor what went."""
    mine = Episode.objects.filter(
        holder_member_id=by.member_id,
        holder_program_id=by.program_id,
        closed_at=None,
        joined_into=None,
    )
    if by.member_id is None:
        return []
    found = lock_episodes(*mine.values_list("pk", flat=True))
    still = [row for row in found.values() if row.holder_member_id == by.member_id]
    return [row for row in still if rules.holds(by, row.facts()).allowed]


def _held_before(by: Actor, episode: Episode) -> bool:
    ours = Q(from_program_id=by.program_id) | Q(
        to_program_id=by.program_id, accepted_at__isnull=False
    )
    return Handoff.objects.filter(ours, episode=episode).exists()


def _accepted_at_once(
    episode: Episode, purpose: Purpose, *, by: Actor, at: datetime, reason: str = ""
) -> Handoff:
    """A handoff that is offered and accepted in one act, by whoever takes."""
    if by.member_id is None:
        raise Refused(no("offer.no_name", "Only a named person can accept or decline."))
    handoff = new_handoff(
        episode,
        purpose=purpose,
        by=by,
        at=at,
        to_member_id=by.member_id,
        accepted_at=max(at, episode.held_since),
        accepted_by_id=by.member_id,
        reason=reason,
    )
    handoff.save(force_insert=True)
    return handoff
