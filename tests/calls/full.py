"""Rows in every table of `calls`: lines that go on, wait alone and are over, and what is known of them."""

from nowrongdoor.calls import commands
from nowrongdoor.calls.facts import Seeking
from nowrongdoor.episodes.models import Episode
from tests.calls.lines import GLORIA, MARIA, leaving
from tests.makers import NOON, accepted, an_actor, an_episode, later


def a_full_line() -> Episode:
    """An episode with a line, a search, a try, a sending, a question and a plan."""
    anna, gloria = an_actor(), an_actor(GLORIA)
    episode = an_episode(anna)
    accepted(episode, to=gloria)
    search = commands.seek(by=anna, at=NOON, episode_id=episode.pk, seeking=Seeking.CALLER)
    commands.try_to_find(by=anna, at=later(1), search_id=search.pk, how="call")
    commands.say_sent(by=anna, at=NOON, episode_id=episode.pk, axis="police", value="aware")
    commands.write_plan(
        by=gloria, at=NOON, episode_id=episode.pk, text="Called.", wishes_follow_up=None
    )
    return episode


def full() -> None:
    maria = an_actor(MARIA)
    commands.ask_for(by=maria, at=NOON, episode_id=a_full_line().pk)
    commands.say_line_down(by=an_actor("ruth.palmer"), at=NOON, program_id=maria.program_id)
    commands.lose_line(**leaving(an_episode()))
    commands.lose_caller(**leaving(an_episode()))
