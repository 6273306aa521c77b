"""Who finds a guest link: its sender's program, and whoever has what opens it. Nobody else."""

from dataclasses import replace

import psycopg
import pytest

from nowrongdoor.agencies.acting import act_as, act_as_anonymous
from nowrongdoor.guests import commands, queries
from nowrongdoor.guests.models import Link
from nowrongdoor.kernel.verdict import NotFound
from tests.guests.links import a_link, guest_of
from tests.makers import an_actor, later

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]


def test_another_program_ends_no_link() -> None:
    made = a_link()

    with pytest.raises(NotFound):
        commands.end_link(by=an_actor("maria.lopez"), at=later(1), link_id=made.link_id)
    with act_as(an_actor()):
        assert Link.objects.count() == 1


def test_nobody_lists_links_and_finds_one_only_by_what_opens_it() -> None:
    made = a_link()

    with act_as_anonymous():
        assert not Link.objects.exists()
    found = queries.by_token(made.token)
    assert found is not None
    assert queries.by_code(made.place, made.code) == replace(found, expires_at=made.code_expires_at)
    assert queries.by_id(made.link_id) == found
    assert queries.by_token("x" * 43) is None
    assert queries.by_token("") is None
    assert queries.by_code(made.place, "") is None
    assert queries.by_code("", made.code) is None


def test_a_guest_makes_no_link_and_sees_no_other_programs() -> None:
    made = a_link()
    karen = an_actor("maria.lopez")
    guest = guest_of(made)

    assert (guest.member_id, guest.program_id) == (None, an_actor().program_id)
    with act_as(guest):
        assert Link.objects.count() == 1
    with act_as(karen):
        assert not Link.objects.exists()


def test_the_functions_tell_where_a_link_belongs_and_no_more(admin: Admin) -> None:
    rows = admin.execute(
        "SELECT proname, proargnames[pronargs + 1:]::text FROM pg_proc "
        "WHERE proname LIKE 'guests_by_%' ORDER BY proname"
    ).fetchall()

    told = "{id,agency_id,program_id,handoff_id,expires_at,ended_at,answered_at}"
    assert rows == [(f"guests_by_{each}", told) for each in ("code", "id", "token")]
