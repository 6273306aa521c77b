"""The person a team brought is received by name: only then the owner changes (docs/adr/0031).

Accepting from afar was a promise. The arrival is a handoff of its own, offered and accepted in one act,
because who receives at the door need not be who had said yes.
"""

from datetime import datetime, timedelta
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.episodes import arriving, kinds, lookup
from nowrongdoor.episodes.commands.handoffs import write_signature
from nowrongdoor.episodes.commands.sharing import (
    lock_offer_and_episode,
    move_holder,
    new_handoff,
)
from nowrongdoor.episodes.facts import Attested, Purpose
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require

A_MOMENT = timedelta(microseconds=1)
"""An arrival comes after the promise, even where clocks disagree."""


@command(needs=Action.ACCEPT)
def receive_arrival(*, by: Actor, at: datetime, handoff_id: UUID) -> Handoff:
    """Record that the person is here: `by` receives them, and owns the call from now on.

    Refused: as `episodes.arriving.may_receive` says.
    Journal: episodes.arrived.
    """
    episode, promise = lock_offer_and_episode(handoff_id)

    stands = lookup.promise_stands(promise.facts())
    require(arriving.may_receive(by, promise.facts(), episode.facts(), stands=stands))

    row = _arrival(episode, promise, by=by, at=at)
    row.accepted_by_id = by.member_id
    return _arrived(episode, promise, row, by=by)


@command(needs=Action.OFFER)
def attest_arrival(*, by: Actor, at: datetime, handoff_id: UUID, receiver: Attested) -> Handoff:
    """Write down who received the person at the door, by name and number.

    Refused: as `episodes.arriving.may_attest_arrival` says.
    Journal: episodes.arrived.
    """
    episode, promise = lock_offer_and_episode(handoff_id)

    facts, stands = promise.facts(), lookup.promise_stands(promise.facts())
    require(arriving.may_attest_arrival(by, facts, episode.facts(), receiver, stands=stands))

    row = _arrival(episode, promise, by=by, at=at)
    if by.program_id != promise.from_program_id:  # the owner says it for the crew
        row.from_program_id, row.from_member_id = by.program_id, by.member_id
    write_signature(row, receiver)
    return _arrived(episode, promise, row, by=by)


@command
def receive_as_guest(*, by: Actor, at: datetime, handoff_id: UUID, receiver: Attested) -> Handoff:
    """Record that the person is here, by name, without an account.

    Refused: as `episodes.arriving.may_receive_as_guest` says.
    Journal: episodes.arrived.
    """
    episode, promise = lock_offer_and_episode(handoff_id)

    facts, stands = promise.facts(), lookup.promise_stands(promise.facts())
    require(arriving.may_receive_as_guest(by, facts, episode.facts(), receiver, stands=stands))

    row = _arrival(episode, promise, by=by, at=at)
    row.guest = True
    write_signature(row, receiver)
    return _arrived(episode, promise, row, by=by)


def _arrival(episode: Episode, promise: Handoff, *, by: Actor, at: datetime) -> Handoff:
    """The handoff that a promise comes true by: offered and accepted at once. Not saved."""
    at = max(at, (promise.accepted_at or at) + A_MOMENT, episode.held_since)
    return new_handoff(
        episode,
        purpose=Purpose.TRANSFER,
        by=by,
        at=at,
        kind=promise.kind,
        from_program_id=promise.from_program_id,
        from_member_id=promise.from_member_id,
        to_program_id=promise.to_program_id,
        offered_at=at,
        accepted_at=at,
    )


def _arrived(episode: Episode, promise: Handoff, row: Handoff, *, by: Actor) -> Handoff:
    at = row.offered_at
    row.save(force_insert=True)
    clocks.cancel_deadline(promise.pk, at=at)
    move_holder(episode, row, by=by, at=at)
    record(kinds.ARRIVED, row, by=by, at=at)
    return row
