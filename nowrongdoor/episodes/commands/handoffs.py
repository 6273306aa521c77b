"""Offering an episode to another program, and its answers."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies import routes
from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks.facts import DeadlineFacts
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import arriving, kinds, lookup, rules
from nowrongdoor.episodes.commands.sharing import (
    add_party,
    answered_at,
    end_membership,
    joined_group,
    lock_episodes,
    lock_offer,
    lock_offer_and_episode,
    move_holder,
    new_handoff,
    require_nothing_offered,
    withdraw,
)
from nowrongdoor.episodes.facts import Attested, Moves, PartyRole, Proposal, Purpose, Step
from nowrongdoor.episodes.models import Episode, Handoff, Kind, Party
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.locks import require_version
from nowrongdoor.web.fields import Code

_SAY_WHY = _("Enter why you decline. The sender acts on it.")
UNANSWERED = "episodes.unanswered"
"""The deadline of an offer's next step of waiting."""
NOT_MET = "episodes.not_met"
"""The deadline of the contact that an acceptance promised."""


@command(needs=Action.OFFER)
def offer_episode(
    *, by: Actor, at: datetime, proposal: Proposal, seen_version: int | None = None
) -> Handoff:
    """Offer an episode along a route. Its holder does not change until somebody accepts.

    The receiver becomes a working party on the route's basis, so that they can see what they
    are asked to take; what was joined to the episode goes with it.
    Refused: as `episodes.rules.may_offer` says; where one is offered already; on an old version.
    Journal: episodes.offered.
    """
    episode = lock_episodes(proposal.episode_id)[proposal.episode_id]
    kind = Kind.objects.filter(pk=proposal.kind).first()
    if kind is None:
        raise BadInput("kind", "kind.unknown", "Unknown kind of transfer.")

    require_version(episode.version, seen_version)
    route = routes.route_for(kind.code, from_id=by.program_id, to_id=proposal.to_program_id, at=at)
    with_person = kind.by_team and by.program_id in episode.worked_by
    require(rules.may_offer(by, episode.facts(), route=route, with_person=with_person))
    _require_reachable_name(proposal, at=at)
    require_nothing_offered(episode, Purpose.TRANSFER)

    basis = route.basis if route is not None else ""
    to_id = proposal.to_program_id
    for each in joined_group(episode.pk):
        add_party(each, to_id, by=by, at=at, role=PartyRole.WORKING, basis=basis)
    handoff = new_handoff(
        episode,
        purpose=Purpose.TRANSFER,
        by=by,
        at=at,
        kind=kind,
        moves=kind.moves,
        from_program_id=by.program_id,
        from_member_id=by.member_id,
        to_program_id=to_id,
        to_member_id=proposal.to_member_id,
    )
    handoff.save()
    set_next_deadline(handoff, by=by, at=at)

    record(kinds.OFFERED, handoff, by=by, at=at, into_id=handoff.into_episode_id)
    return handoff


@command(needs=Action.ACCEPT)
def accept_offer(
    *, by: Actor, at: datetime, handoff_id: UUID, seen_version: int | None = None
) -> Handoff:
    """Accept by name: from now on `by` holds the person (or, for some kinds, once they have met).

    Refused: as `episodes.rules.may_answer` says; on an old version.
    Journal: episodes.accepted (joined, separated for those two purposes).
    """
    held, handoff = lock_offer(handoff_id)
    episode = held[handoff.episode_id]

    require_version(episode.version, seen_version)
    require(rules.may_answer(by, handoff.facts(), supervises=agencies.may_supervise(by)))
    if handoff.into_episode_id is not None:
        require(rules.holds(by, held[handoff.into_episode_id].facts()))

    accept_now(episode, handoff, by=by, at=at)
    return handoff


def accept_now(episode: Episode, handoff: Handoff, *, by: Actor, at: datetime) -> None:
    """The change and the journal line of an acceptance; both rows are locked, the rule was asked."""
    at = answered_at(handoff, at)
    handoff.accepted_at, handoff.accepted_by_id = at, by.member_id
    handoff.save()
    separated_from = episode.joined_into_id
    if handoff.purpose == Purpose.SEPARATE:
        episode.joined_into = None
    after_acceptance(episode, handoff, by=by, at=at)
    if handoff.purpose == Purpose.JOIN:
        _share_the_whole(episode, handoff, by=by, at=at)
        episode.joined_into_id = handoff.into_episode_id
        episode.save(update_fields=["joined_into"])
        record(kinds.JOINED, handoff, by=by, at=at, into_id=handoff.into_episode_id)
    elif handoff.purpose == Purpose.SEPARATE:
        record(kinds.SEPARATED, handoff, by=by, at=at, from_id=separated_from)
    else:
        record(kinds.ACCEPTED, handoff, by=by, at=at)


def _share_the_whole(episode: Episode, handoff: Handoff, *, by: Actor, at: datetime) -> None:
    """Whoever works on what it is joined to, works on it too from now on."""
    working = Party.objects.filter(
        episode=handoff.into_episode, role=PartyRole.WORKING.value, until_at=None
    )
    for party in working:
        add_party(
            episode.pk, party.program_id, by=by, at=at, role=PartyRole.WORKING, basis=party.basis
        )


def after_acceptance(episode: Episode, handoff: Handoff, *, by: Actor, at: datetime) -> None:
    """Move the holder, or wait for the contact that will."""
    clocks.cancel_deadline(handoff.pk, at=at)
    facts = handoff.facts()
    if rules.moves_now(facts.moves):
        move_holder(episode, handoff, by=by, at=at)
    elif facts.moves is Moves.ON_CONTACT:
        _set_contact_deadline(handoff, by=by, at=at)


@command(needs=Action.ACCEPT)
def confirm_contact(*, by: Actor, at: datetime, handoff_id: UUID) -> Handoff:
    """Write down that the receiver has met the person: from now on whoever accepted holds them.

    Refused: as `episodes.rules.may_confirm_contact` says.
    Journal: episodes.contacted.
    """
    episode, handoff = lock_offer_and_episode(handoff_id)

    require(rules.may_confirm_contact(by, handoff.facts(), episode.facts()))

    at = max(at, handoff.accepted_at or at)
    clocks.cancel_deadline(handoff.pk, at=at)
    move_holder(episode, handoff, by=by, at=at)

    record(kinds.CONTACTED, handoff, by=by, at=at)
    return handoff


@command(needs=Action.ACCEPT)
def decline_offer(
    *,
    by: Actor,
    at: datetime,
    handoff_id: UUID,
    reason: Annotated[
        str, Code(label=_("Reason"), list="decline_reasons", wrong=_SAY_WHY, example="capacity")
    ],
) -> Handoff:
    """Say no, with a reason. The sender still holds, and follows it.

    Refused: as `episodes.rules.may_decline` says.
    Journal: episodes.declined.
    """
    _, handoff = lock_offer_and_episode(handoff_id)

    supervises = agencies.may_supervise(by)
    require(rules.may_decline(by, handoff.facts(), reason=reason, supervises=supervises))

    at = answered_at(handoff, at)
    handoff.declined_at, handoff.declined_by_id, handoff.reason = at, by.member_id, reason
    handoff.save()
    clocks.cancel_deadline(handoff.pk, at=at)
    end_membership(handoff, at=at)

    record(kinds.DECLINED, handoff, by=by, at=at)
    return handoff


@command(needs=Action.OFFER)
def withdraw_offer(*, by: Actor, at: datetime, handoff_id: UUID) -> Handoff:
    """Take an offer back before anybody accepted it.

    Refused: as `episodes.rules.may_withdraw` says.
    Journal: episodes.withdrawn.
    """
    episode, handoff = lock_offer_and_episode(handoff_id)

    require(rules.may_withdraw(by, handoff.facts(), episode.facts()))

    withdraw(handoff, by=by, at=at)
    return handoff


@command(needs=Action.OFFER)
def attest_offer(*, by: Actor, at: datetime, handoff_id: UUID, receiver: Attested) -> Handoff:
    """Write down that a receiver who is no user has accepted, by their name and number.

    Refused: as `episodes.rules.may_attest` says.
    Journal: episodes.attested.
    """
    episode, handoff = lock_offer_and_episode(handoff_id)

    require(rules.may_attest(by, handoff.facts(), episode.facts(), receiver))

    at = answered_at(handoff, at)
    handoff.accepted_at = at
    write_signature(handoff, receiver)
    handoff.save()
    after_acceptance(episode, handoff, by=by, at=at)

    record(kinds.ATTESTED, handoff, by=by, at=at)
    return handoff


@command
def alert_unanswered(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """A step of waiting passed without an answer: say so, and set the next step.

    Ends nothing. Called by the deadline that fired; an offer answered meanwhile is left alone.
    Journal: episodes.unanswered.
    """
    _, handoff = lock_offer_and_episode(subject_id)
    if handoff.ended:
        return

    handoff.alerts += 1
    handoff.save(update_fields=["alerts"])
    set_next_deadline(handoff, by=by, at=at)

    record(kinds.UNANSWERED, handoff, by=by, at=at)


@command
def alert_not_met(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """Who accepted has not met the person in time: say so, and ask again after as long.

    Ends nothing; where contact was made or the episode went another way, nothing is left to say.
    Journal: episodes.contact_overdue.
    """
    episode, handoff = lock_offer_and_episode(subject_id)
    if arriving.by_arrival(handoff.facts()):
        overtaken = not lookup.promise_stands(handoff.facts())
    else:
        overtaken = handoff.accepted_at is None or episode.held_since > handoff.accepted_at
    if overtaken or not episode.facts().open:
        return

    _set_contact_deadline(handoff, by=by, at=at)

    record(kinds.CONTACT_OVERDUE, handoff, by=by, at=at)


def write_signature(handoff: Handoff, receiver: Attested) -> None:
    """Put the name of somebody who is no user under their answer. Not saved."""
    handoff.attested_name = receiver.name.strip()
    handoff.attested_operator = receiver.operator.strip()
    handoff.attested_incident = receiver.incident.strip()


def require_code(list_code: str, code: str, *, field: str) -> None:
    if not community.known_code(list_code, code):
        raise BadInput(field, "code.unknown", "Choose one of the listed reasons.")


def set_next_deadline(handoff: Handoff, *, by: Actor, at: datetime) -> None:
    """Set the next alert of an offer that nobody has answered yet."""
    steps = _steps(handoff, at)
    wait_s = rules.next_wait_s(steps, alerts=handoff.alerts)
    if wait_s is None:
        return
    due_at = handoff.offered_at + timedelta(seconds=wait_s)
    if due_at <= at:  # nobody was there to tell: no flood afterwards
        due_at = at + timedelta(seconds=max(step.after_s for step in steps))
    _set_deadline(UNANSWERED, handoff, due_at, by=by, at=at)


def _set_contact_deadline(handoff: Handoff, *, by: Actor, at: datetime) -> None:
    """An arrival is waited for as long as a drive takes; a referral as long as its kind says."""
    if arriving.by_arrival(handoff.facts()):
        wait_s: int | None = int(community.setting("arrival_overdue_s", at))
    else:
        wait_s = max((step.after_s for step in _steps(handoff, at)), default=None)
    if wait_s is not None:
        _set_deadline(NOT_MET, handoff, at + timedelta(seconds=wait_s), by=by, at=at)


def _set_deadline(
    kind: str, handoff: Handoff, due_at: datetime, *, by: Actor, at: datetime
) -> None:
    ours, theirs = handoff.from_program_id, handoff.to_program_id
    other = theirs if by.program_id == ours else ours
    promised = DeadlineFacts(kind, handoff.pk, due_at, handoff.episode_id, other)
    clocks.set_deadline(promised, by=by, at=at)


def _steps(handoff: Handoff, at: datetime) -> tuple[Step, ...]:
    """When an offer alerts: as its kind says; a mechanism, as relief does."""
    if handoff.kind is not None:
        return handoff.kind.waits()
    return (Step(int(community.setting("relief_unanswered_s", at)), "receiver"),)


def _require_reachable_name(proposal: Proposal, *, at: datetime) -> None:
    named = proposal.to_member_id
    if named is not None and not agencies.position_in(named, proposal.to_program_id, at=at):
        raise BadInput(
            "to_member_id", "member.elsewhere", "That person does not work in that program."
        )
