"""Reference rows kept in memory: read once for a version, and never told once they have changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nowrongdoor.agencies import routes
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community import queries as community
from tests.makers import NOON, an_actor, later

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]

WATCHED = {
    "agencies_agency",
    "agencies_program",
    "agencies_route",
    "community_code",
    "community_community",
    "community_setting",
    "community_streets",
    "community_zone",
    "sharing_ruleset",
}


@contextmanager
def asking() -> Iterator[CaptureQueriesContext]:
    """The statements of one transaction, without the one that opens it."""
    with act_as(an_actor()), CaptureQueriesContext(connection) as asked:
        yield asked


def set_stale(admin: Admin, value: str) -> None:
    admin.execute("UPDATE community_setting SET value = %s WHERE key = 'stale_s'", [value])


@pytest.fixture
def stale(admin: Admin) -> Iterator[Admin]:
    [[before]] = admin.execute("SELECT value::text FROM community_setting WHERE key = 'stale_s'")
    yield admin
    set_stale(admin, str(before))


def test_every_reference_table_that_is_kept_has_its_trigger(admin: Admin) -> None:
    rows = admin.execute(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'reference_changed' "
        "AND tgenabled = 'O'"
    )
    assert {table for [table] in rows} == WATCHED


@pytest.mark.parametrize("table", sorted(WATCHED))
def test_any_change_is_a_new_version(admin: Admin, table: str) -> None:
    [[before]] = admin.execute("SELECT value FROM community_version")
    admin.execute(f"DELETE FROM {table} WHERE false")
    [[after]] = admin.execute("SELECT value FROM community_version")

    assert before != after


def test_the_second_transaction_asks_for_nothing() -> None:
    by = an_actor()
    for _ in range(2):
        with asking() as asked:
            community.community()
            assert community.known_code("incident_classes", "psych_distress")
            assert not community.known_code("incident_classes", "ghost")
            community.code_names("incident_classes", "es")
            community.setting("stale_s", NOON)
            community.zones("en")
            routes.routes_into(by.program_id, at=NOON)
            routes.routes_from(by, at=NOON)

    assert len(asked) == 0


def test_a_change_is_seen_by_the_next_transaction(stale: Admin) -> None:
    for value in ("91", "92"):
        with asking():
            community.setting("stale_s", NOON)
        set_stale(stale, value)
        with asking():
            assert community.setting("stale_s", NOON) == int(value)


def test_without_the_trigger_a_change_is_not_seen(stale: Admin) -> None:
    with asking():
        before = community.setting("stale_s", NOON)
    stale.execute("ALTER TABLE community_setting DISABLE TRIGGER reference_changed")
    set_stale(stale, str(before + 1))
    with asking():
        assert community.setting("stale_s", NOON) == before
    stale.execute("ALTER TABLE community_setting ENABLE TRIGGER reference_changed")


def test_what_is_not_committed_is_nobodys(stale: Admin) -> None:
    with asking():
        before = community.setting("stale_s", NOON)
    with stale.transaction():
        set_stale(stale, str(before + 1))
        with asking():  # it does not wait either
            assert community.setting("stale_s", NOON) == before
    with asking():
        assert community.setting("stale_s", NOON) == before + 1


def test_outside_a_transaction_nothing_is_kept(stale: Admin) -> None:
    for value in (93, 94):
        set_stale(stale, str(value))
        assert community.setting("stale_s", NOON) == value


def test_what_began_and_ended_is_asked_of_the_same_memory(admin: Admin) -> None:
    by, ends = an_actor(), later(3_600)
    with act_as(by):
        [first, *_] = routes.routes_from(by, at=NOON)
    admin.execute(
        "UPDATE agencies_route SET until_at = %s WHERE kind = %s AND to_program_id = %s",
        [ends, first.kind, first.to_program_id],
    )
    with act_as(by):
        assert first in routes.routes_from(by, at=ends - timedelta(microseconds=1))
        assert first not in routes.routes_from(by, at=ends)
        route = routes.route_for(
            first.kind, from_id=by.program_id, to_id=first.to_program_id, at=ends
        )
        assert route is None
        assert first.to_program_id not in routes.receivers(
            first.kind, from_id=by.program_id, at=ends
        )
    admin.execute(
        "UPDATE agencies_route SET until_at = NULL WHERE kind = %s AND to_program_id = %s",
        [first.kind, first.to_program_id],
    )
