"""Rows in every table of `episodes`: somebody handed on, somebody offered, somebody's call that is over."""

from nowrongdoor.episodes import commands
from nowrongdoor.episodes.facts import Closing
from tests.makers import NOON, accepted, an_actor, an_episode, an_offer


def full() -> None:
    anna = an_actor()
    accepted(an_episode(anna, place="12 Quiet Street"))
    an_offer(an_episode(anna))
    over = Closing("information", declined_by_person=True)
    commands.close_episode(by=anna, at=NOON, episode_id=an_episode(anna).pk, closing=over)
