"""Who finds a guest link: its sender's program, and whoever has what opens it. Nobody else."""

from dataclasses import replace

import psycopg
import pytest
from django.db import connection

from nowrongdoor.agencies.acting import acting, acting_as_nobody
from nowrongdoor.guests import commands, queries
from nowrongdoor.guests.models import Link
from nowrongdoor.kernel.verdict import NotFound
from tests.guests.links import a_link, guest_of
from tests.makers import an_actor, later

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]


@pytest.mark.parametrize(
    "who",
    ["judith.park", "maria.lopez", "victor.reed"],  # a center, the line, 911's own administration
)
def test_another_program_sees_no_link(who: str) -> None:
    made = a_link()

    with acting(an_actor(who)):
        assert not Link.objects.exists()
    with pytest.raises(NotFound):
        commands.end_link(by=an_actor(who), at=later(1), link_id=made.link_id)
    with acting(an_actor()):
        assert Link.objects.count() == 1


def test_nobody_lists_links_and_finds_one_only_by_what_opens_it() -> None:
    made = a_link()

    with acting_as_nobody():
        assert not Link.objects.exists()
    found = queries.by_token(made.token)
    assert found is not None
    assert queries.by_code(made.code) == replace(found, expires_at=made.code_expires_at)
    assert queries.by_id(made.link_id) == found
    assert queries.by_token("x" * 43) is None
    assert queries.by_token("") is None
    assert queries.by_code("") is None


def test_a_guest_makes_no_link_and_sees_no_other_programs() -> None:
    made = a_link()
    karen = an_actor("maria.lopez")
    guest = guest_of(made)

    assert (guest.member_id, guest.program_id) == (None, an_actor().program_id)
    with acting(guest):
        assert Link.objects.count() == 1
    with acting(karen):
        assert not Link.objects.exists()


def test_the_functions_tell_where_a_link_belongs_and_no_more(admin: Admin) -> None:
    rows = admin.execute(
        "SELECT proname, proargnames[pronargs + 1:]::text, prosecdef, array_to_string(proconfig, ',') "
        "FROM pg_proc WHERE proname LIKE 'guests_by_%' ORDER BY proname"
    ).fetchall()

    assert [name for name, *_ in rows] == ["guests_by_code", "guests_by_id", "guests_by_token"]
    for _name, told, definer, path in rows:
        assert told == "{id,agency_id,program_id,handoff_id,expires_at,ended_at,answered_at}"
        assert definer
        assert path == "search_path=pg_catalog, public"


def test_without_its_wall_the_table_leaks(admin: Admin) -> None:
    """Negative control: the same question of a table whose wall was taken down, then put back."""
    a_link()
    with admin.transaction(force_rollback=True):
        admin.execute("SET LOCAL ROLE nwd_app")
        assert admin.execute("SELECT count(*) FROM guests_link").fetchone() == (0,)
    with admin.transaction(force_rollback=True):
        admin.execute("ALTER TABLE guests_link DISABLE ROW LEVEL SECURITY")
        admin.execute("SET LOCAL ROLE nwd_app")
        assert admin.execute("SELECT count(*) FROM guests_link").fetchone() == (1,)


def test_everybody_else_may_not_even_ask_the_functions(admin: Admin) -> None:
    may = admin.execute(
        "SELECT has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc WHERE proname LIKE 'guests_by_%'"
    ).fetchall()

    assert may == [(False,)] * 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("nwd_app",)
