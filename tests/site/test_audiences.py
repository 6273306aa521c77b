"""A live row is read once for a program's roles in one language, and drawn for each role."""

from dataclasses import replace

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import ContactFacts
from nowrongdoor.community.models import Zone
from nowrongdoor.desks import board
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.site.audiences import BOARDS, Audience, draw
from nowrongdoor.triage import commands as triage
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


def test_a_row_is_read_without_the_long_texts_that_it_does_not_show() -> None:
    """A protocol has 40 kB, an outline some kB more: for every row of every board, on a bad night."""
    by, at = an_actor(), now()
    zone_id = Zone.objects.values_list("pk", flat=True)[0]
    contact = ContactFacts(at=at, class_code="psych_distress", behavioral=True, zone_id=zone_id)
    id = calls.take_contact(by=by, at=at, contact=contact).episode_id
    assert id is not None
    triage.screen(by=by, at=at, episode_id=id, given={"WPN": "in_hand"})
    [first] = board.rows(by, at=at, ids=frozenset({id}))
    with CaptureQueriesContext(connection) as captured:
        [again] = board.rows(by, at=at, ids=frozenset({id}))
    asked = " ".join(query["sql"] for query in captured)
    assert again == first
    assert again.level_why
    assert again.zone
    assert '"triage_protocol"."digest"' in asked
    assert '"triage_protocol"."text"' not in asked
    assert '"community_zone"."names"' in asked
    assert '"community_zone"."shape"' not in asked


def test_what_a_form_chooses_from_is_read_again_only_when_it_changed(
    admin: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    anna = audience(an_actor())
    id = an_episode(an_actor(), at=now()).pk

    def asked() -> str:
        with CaptureQueriesContext(connection) as captured:
            draw([anna], BOARDS["holding"], frozenset({id}))
        return " ".join(query["sql"] for query in captured)

    asked()
    assert "agencies_route" not in asked()
    admin.execute("UPDATE agencies_route SET source = source WHERE false")  # a statement is enough
    assert "agencies_route" in asked()
    assert "agencies_route" not in asked()
