"""Rows in every table of `dispatch` that is of a person: a team at a scene, and requests that ended."""

from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Choose, Stage
from nowrongdoor.dispatch.models import Assignment
from tests.dispatch.floor import (
    ANA,
    CARL,
    MARIA,
    SAMUEL,
    a_crew,
    a_request,
    an_assignment,
    cleared,
    promised,
)
from tests.dispatch.test_cautions import warn
from tests.makers import NOON, an_actor, an_episode, later, member_id

REFUSED = {
    "dispatch_request_end_stands": "UPDATE dispatch_request SET reason = 'x' WHERE declined_at IS NOT NULL",
}
"""What each table that is never rewritten refuses, where no column's own value would show it."""


def a_team_at_the_scene() -> Assignment:
    """One row at least in every table of dispatch that is of a person; the team is at the scene."""
    maria, carl = an_actor(MARIA), an_actor(CARL)
    episode = an_episode(maria, place="12 Quiet Street")
    warn(episode)
    request = a_request(episode)
    said = {"request_id": request.pk}
    commands.queue_request(by=carl, at=NOON, answer=promised(45), **said)
    commands.choose(by=carl, at=NOON, choose=Choose.OTHER_UNIT, **said)
    a_crew(ANA, SAMUEL, own_car=SAMUEL)
    row = an_assignment(request, reached=Stage.ON_SCENE)
    of = {"assignment_id": row.pk, "at": NOON}
    commands.step_member(by=an_actor(ANA), member_id=member_id(SAMUEL), to=Stage.ON_SCENE, **of)
    commands.check_in(by=an_actor(ANA), **of)
    commands.ring_duress(by=an_actor(ANA), **of)
    commands.tell_coming(by=maria, whom="caller", **of)
    return row


def full() -> None:
    crew_id = cleared(an_assignment(), "not_found", next_try_at=later(3600)).crew_id
    assert crew_id is not None
    commands.sign_off(by=an_actor(CARL), at=NOON, crew_id=crew_id)
    a_request()
    no = {"reason": "no_unit", "request_id": a_request().pk}
    commands.decline_request(by=an_actor(CARL), at=NOON, **no)
    a_team_at_the_scene()
