"""A busy hour drawn both ways: by one statement for whoever follows live, and module by module for the page."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import Mode
from nowrongdoor.calls.models import Leg
from nowrongdoor.desks import board, board_rows
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.web.clock import now
from tests.browser import busy_hour
from tests.makers import an_actor, an_episode

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
LOOKING = (
    "anna.miller", "ruth.palmer", "maria.lopez", "carl.jensen", "david.chavez", "oscar.nunez",
    "judith.park", "victor.reed", "ana.ruiz",
)  # fmt: skip


def every_id(admin: Admin) -> list[UUID]:
    return [UUID(str(id)) for [id] in admin.execute("SELECT id FROM episodes_episode ORDER BY id")]


def roles(name: str) -> list[Actor]:
    one = an_actor(name)
    return [
        one,
        *(replace(one, role=role) for role in ("supervisor", "administrator") if role != one.role),
    ]


def both_ways(by: list[Actor], ids: frozenset[UUID] | None) -> tuple[object, object]:
    at = now()
    return board_rows.rows_for(by, at=at, ids=ids), board.rows_for(by, at=at, ids=ids)


HAVE = ("offer", "level", "coming", "due_at", "zone", "place", "unreachable", "attested_name")
"""What only few rows have. It has to be among them, or nothing is proved of it."""


def test_a_busy_hour_is_read_the_same_both_ways(admin: Admin) -> None:
    """Each row alone and all together; in Spanish, of which the sets know nothing, all together."""
    busy_hour.main()
    anna = an_actor()
    an_episode(system(program_id=anna.program_id, agency_id=anna.agency_id, code="telephone"))
    ids, seen, queues, have = every_id(admin), 0, 0, set()
    alone, together = [frozenset({id}) for id in ids], frozenset(ids)
    whole: list[frozenset[UUID] | None] = [together, None]  # and all that are open: the page
    for name in LOOKING:
        for language, sets in (("en", [*alone, *whole]), ("es", whole)):
            by = [replace(each, language=language) for each in roles(name)]
            with translation.override(language):
                for some in sets:
                    ours, theirs = both_ways(by, some)
                    assert ours == theirs, (name, language)
        [first, *_] = ours  # type: ignore[misc]
        seen += len(first)
        queues += sum(row.in_queue for row in first)
        have |= {each for each in HAVE for row in first if getattr(row, each)}
    assert queues  # asked of their modules, among the others
    assert seen > 20  # programs that see nothing prove nothing
    assert have == set(HAVE)


def test_lines_with_several_on_them_and_silent_desks_are_the_same(admin: Admin) -> None:
    by, ruth = an_actor(), an_actor("ruth.palmer")
    ids = [an_episode(by, at=now()).pk for _ in range(3)]
    agencies.occupy_desk(by=by, at=now())
    with act_as(by):
        leg = Leg.objects.get(episode_id=ids[0])
    calls.join_line(by=ruth, at=now(), leg_id=leg.pk, mode=Mode.JOINED)
    calls.lose_line(by=by, at=now(), leg_id=leg.pk)

    for at in (now(), now() + timedelta(hours=1)):  # heard lately, and silent
        ours = board_rows.rows_for([by], at=at, ids=frozenset(ids))
        assert ours == board.rows_for([by], at=at, ids=frozenset(ids))
    assert ours[0][0].unreachable


def test_a_group_is_one_statement_where_nothing_more_is_there() -> None:
    by = an_actor()
    ids = frozenset(an_episode(by, at=now()).pk for _ in range(4))
    board_rows.rows_for([by], at=now(), ids=ids)
    with CaptureQueriesContext(connection) as asked:
        [rows] = board_rows.rows_for([by], at=now(), ids=ids)

    assert len(rows) == 4
    assert (
        len([one for one in asked if one["sql"] not in ("BEGIN", "COMMIT")]) == 2
    )  # and set_config


def test_whoever_may_not_see_it_reads_nothing() -> None:
    id = an_episode(an_actor(), at=now()).pk
    assert board_rows.rows_for([an_actor("judith.park")], at=now(), ids=frozenset({id})) == [()]


def test_roles_of_two_programs_are_not_read_together() -> None:
    with pytest.raises(ValueError, match="one program"):
        board_rows.rows_for([an_actor(), an_actor("maria.lopez")], at=now(), ids=frozenset())
