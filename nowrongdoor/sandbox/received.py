"""What follows once somebody is received at the center: their lines, and the end of its part."""

from random import Random
from uuid import UUID

from nowrongdoor.calls import commands as calls
from nowrongdoor.calls import queries as lines
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sandbox import known
from nowrongdoor.sandbox.state import Story, Town


def comes_on(town: Town, episode_id: UUID, by: Actor) -> None:
    """Onto the lines of somebody whom one holds now, so that whoever is still there can let go."""
    for leg in lines.legs(by, [episode_id]).get(episode_id, ()):
        if all(each.member_id != by.member_id for each in leg.on):
            calls.join_line(by=by, at=town.at, leg_id=leg.id)


def discharged(town: Town, episode_id: UUID, nurse: Actor, random: Random) -> Story:
    """The center's part in this episode ends once its own record of the stay has begun."""
    known.remember(town, episode_id, nurse)
    known.lets_be_told(town, episode_id, nurse)
    yield random.uniform(3600, 4 * 3600)
    closing = Closing("referral", accountable_member_id=nurse.member_id)
    calls.close_call(by=nurse, at=town.at, episode_id=episode_id, closing=closing)
