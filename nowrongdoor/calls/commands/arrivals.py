"""A person who was brought is received by name at the door, with the line the team is on."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls.commands.transfers import hand_lines, listen_on
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Attested, HandoffFacts
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.web.inputs import Group


@command(needs=Action.ACCEPT)
def receive_person(*, by: Actor, at: datetime, handoff_id: UUID) -> HandoffFacts:
    """Record that the person is here and that you receive them: you own the call from now on.

    Refused: as `episodes.commands.receive_arrival` does.
    Journal: episodes.arrived, then the lines as of `accept_transfer`.
    """
    handoff = episodes.receive_arrival(by=by, at=at, handoff_id=handoff_id).facts()
    clocks.cancel_deadline(handoff.episode_id, at=at)
    hand_lines(handoff, by=by, at=at)
    return handoff


@command(needs=Action.OFFER)
def attest_arrival(
    *, by: Actor, at: datetime, handoff_id: UUID, receiver: Annotated[Attested, Group()]
) -> HandoffFacts:
    """Write down who received the person at the door: the crew's word, or the owner's for them.

    Refused: as `episodes.commands.attest_arrival` does.
    Journal: episodes.arrived, then calls.listening for each line.
    """
    row = episodes.attest_arrival(by=by, at=at, handoff_id=handoff_id, receiver=receiver)
    handoff = row.facts()
    clocks.cancel_deadline(handoff.episode_id, at=at)
    listen_on(handoff, by=by, at=at)
    return handoff
