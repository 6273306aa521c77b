"""Who may record that a person arrived where somebody said they would be received. Pure.

Source of every rule here: sources, "When the owner changes": a drop-off and an emergency department
transfer move the owner when the person is received by name at the door; accepting from afar is a
promise (docs/adr/0031).
"""

from nowrongdoor.episodes.facts import GUEST, Attested, EpisodeFacts, HandoffFacts, Moves
from nowrongdoor.episodes.rules import holds
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes


def by_arrival(handoff: HandoffFacts) -> bool:
    """Whether this is a promise of a place to which a team brings somebody."""
    return handoff.by_team and handoff.moves is Moves.ON_CONTACT


def may_receive(
    by: Actor, handoff: HandoffFacts, episode: EpisodeFacts, *, stands: bool
) -> Verdict:
    """Say whether `by` may record that the person is here and that `by` receives them.

    Units: `stands` is whether this promise is the last that was given for the person.
    """
    waits = _awaited(handoff, episode, stands=stands)
    if not waits.allowed:
        return waits
    if by.program_id != handoff.to_program_id or by.member_id is None:
        return no("arrival.not_yours", "The program that accepted records who received the person.")
    return yes("arrival.received")


def may_attest_arrival(
    by: Actor,
    handoff: HandoffFacts,
    episode: EpisodeFacts,
    receiver: Attested,
    *,
    stands: bool,
) -> Verdict:
    """Say whether the crew that brings them, or the owner, may record who received the person."""
    waits = _awaited(handoff, episode, stands=stands)
    if not waits.allowed:
        return waits
    if by.program_id != handoff.from_program_id and not holds(by, episode).allowed:
        return no("arrival.not_with_them", "The crew or the owner records who received the person.")
    return _named(receiver)


def may_receive_as_guest(
    by: Actor,
    handoff: HandoffFacts,
    episode: EpisodeFacts,
    receiver: Attested,
    *,
    stands: bool,
) -> Verdict:
    """Say whether a receiver without an account may record that the person is here."""
    if not by.code.startswith(GUEST):
        return no("guest.only", "Only a guest who opened the link can answer this way.")
    if handoff.from_program_id != by.program_id or not handoff.attestable:
        return no("guest.not_asked", "This transfer was not made to a guest.")
    waits = _awaited(handoff, episode, stands=stands)
    return _named(receiver) if waits.allowed else waits


def _named(receiver: Attested) -> Verdict:
    if not receiver.name.strip() or not receiver.operator.strip():
        return no("arrival.nameless", "Enter the receiver's name and operator/badge ID.")
    return yes("arrival.attested")


def _awaited(handoff: HandoffFacts, episode: EpisodeFacts, *, stands: bool) -> Verdict:
    if handoff.ended != "accepted":
        return no("arrival.not_accepted", "No one has accepted this transfer.")
    if not by_arrival(handoff):
        return no("arrival.no_promise", "This transfer does not wait for an arrival.")
    if not episode.open:
        return no("episode.not_open", "This call is not open.")
    if not stands:
        return no("arrival.over", "The arrival is recorded, or another place accepted since.")
    return yes("arrival.awaited")
