"""What is requested and recorded covers a need, or does not."""

from uuid import UUID

import pytest

from nowrongdoor.agencies import routes
from nowrongdoor.calls.response import ResponseLine, covered, response_lines
from nowrongdoor.dispatch import board, commands
from nowrongdoor.dispatch.facts import Ask
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage.facts import Axes, Clinical, Ems, Police
from nowrongdoor.web.clock import now
from tests.makers import an_actor, an_episode


@pytest.mark.parametrize(
    ("axis", "value", "reached", "is_so"),
    [
        ("police", Police.NOW, ["now"], True),
        ("police", Police.NOW, ["aware", "staged"], False),
        ("police", Police.STAGED, ["now"], True),
        ("ems", Ems.NOW, [], False),
        ("clinical", Clinical.PAIR, ["team"], False),
        ("clinical", Clinical.TEAM, ["pair"], True),
        ("clinical", Clinical.TEAM, [""], False),
    ],
)
def test_at_least_what_is_needed_covers_it(
    axis: str, value: Police | Ems | Clinical, reached: list[str], is_so: bool
) -> None:
    assert covered(axis, value, reached) is is_so


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("kind", "is_so"), [("mobile_team", True), ("outreach", False)])
def test_outreach_is_no_crisis_team(kind: str, is_so: bool) -> None:
    """A page that takes any request for the one that the level needs moves on, and no team comes."""
    by = an_actor("maria.lopez")
    episode = an_episode(by, at=now())
    to_id = next(way.to_program_id for way in routes.asks_from(by, at=now()) if way.kind == kind)

    commands.ask(by=by, at=now(), asked=Ask(episode_id=episode.pk, kind=kind, to_program_id=to_id))

    assert clinical(by, episode.pk).covered is is_so


def clinical(by: Actor, episode_id: UUID) -> ResponseLine:
    asked = board.requests(by, episode_ids=[episode_id])
    axes = Axes(clinical=Clinical.TEAM)
    lines = response_lines(by, episode_id, axes, asked=asked, recorded=(), at=now())
    return next(each for each in lines if each.axis == "clinical")
