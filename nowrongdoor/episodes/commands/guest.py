"""Answers by a receiver without an account, who opened a guest link to one offer.

They act within the sender's wall; that the link is theirs and valid is asked by the module above.
"""

from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.episodes import kinds, rules
from nowrongdoor.episodes.commands.handoffs import after_acceptance, require_code, write_signature
from nowrongdoor.episodes.commands.sharing import (
    answered_at,
    end_membership,
    lock_offer_and_episode,
)
from nowrongdoor.episodes.facts import Attested
from nowrongdoor.episodes.models import Handoff
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require


@command(needs=Action.OFFER)
def hold_for_guest(*, by: Actor, at: datetime, handoff_id: UUID) -> Handoff:  # noqa: ARG001 - every command's
    """Lock an offer that a guest is about to be invited to answer. Changes nothing itself.

    Refused: as `episodes.rules.may_invite` says.
    Journal: nothing; the link that is then made has the line.
    """
    episode, handoff = lock_offer_and_episode(handoff_id)

    require(rules.may_invite(by, handoff.facts(), episode.facts()))
    return handoff


@command
def accept_as_guest(*, by: Actor, at: datetime, handoff_id: UUID, receiver: Attested) -> Handoff:
    """Accept by name, without an account. The holder moves as by an attested acceptance.

    Refused: as `episodes.rules.may_accept_as_guest` says.
    Journal: episodes.guest_accepted.
    """
    episode, handoff = lock_offer_and_episode(handoff_id)

    require(rules.may_accept_as_guest(by, handoff.facts(), receiver))

    handoff.accepted_at, handoff.guest = answered_at(handoff, at), True
    write_signature(handoff, receiver)
    handoff.save()
    after_acceptance(episode, handoff, by=by, at=handoff.accepted_at)

    record(kinds.GUEST_ACCEPTED, handoff, by=by, at=handoff.accepted_at)
    return handoff


@command
def decline_as_guest(
    *, by: Actor, at: datetime, handoff_id: UUID, receiver: Attested, reason: str
) -> Handoff:
    """Say no by name and with a reason, without an account. The sender still holds, and follows it.

    Refused: as `episodes.rules.may_decline_as_guest` says; BadInput for an unknown reason.
    Journal: episodes.declined.
    """
    _, handoff = lock_offer_and_episode(handoff_id)

    require(rules.may_decline_as_guest(by, handoff.facts(), receiver, reason=reason))
    require_code("decline_reasons", reason, field="reason")

    at = answered_at(handoff, at)
    handoff.declined_at, handoff.guest, handoff.reason = at, True, reason
    write_signature(handoff, receiver)
    handoff.save()
    clocks.cancel_deadline(handoff.pk, at=at)
    end_membership(handoff, at=at)

    record(kinds.DECLINED, handoff, by=by, at=at)
    return handoff
