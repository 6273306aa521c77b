"""A live row is read once for a program's roles in one language, and drawn for each role."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nowrongdoor.calls import board
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.site.audiences import BOARDS, Audience, draw
from nowrongdoor.web.clock import now
from tests.makers import an_actor, an_episode

pytestmark = pytest.mark.usefixtures("db")


def audience(by: Actor) -> Audience:
    return Audience(by.agency_id, by.program_id, by.role, by.language)


def test_roles_of_one_program_share_what_is_read_and_not_what_may_be_done() -> None:
    anna, ruth = audience(an_actor()), audience(an_actor("ruth.palmer"))
    id = an_episode(an_actor(), at=now()).pk
    draw([anna], BOARDS["holding"], frozenset({id}))  # the time zone is read once in a process
    with CaptureQueriesContext(connection) as for_one:
        draw([anna], BOARDS["holding"], frozenset({id}))
    with CaptureQueriesContext(connection) as for_both:
        drawn = draw([anna, ruth], BOARDS["holding"], frozenset({id}))
    assert len(for_both) == len(for_one)
    assert "Take over" not in str(drawn[anna, id]["html"])
    assert "Take over" in str(drawn[ruth, id]["html"])


@pytest.mark.parametrize(
    "other",
    [an_actor("maria.lopez"), replace(an_actor(), language="es")],
    ids=["program", "language"],
)
def test_what_differs_in_more_than_the_role_is_not_read_together(other: Actor) -> None:
    with pytest.raises(ValueError, match="one program"):
        board.rows_for([an_actor(), other], at=now())
