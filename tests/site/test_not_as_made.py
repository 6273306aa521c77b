"""A database that does not keep what this version relies on is not served, whatever its migrations are called."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from nowrongdoor.site import health, safety
from tests.commandline import nowrongdoor
from tests.site.test_watching import HERE, Admin, ready, sealing

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def asked_anew() -> Iterator[None]:
    """The safeguards are looked at now, and again by whoever comes next."""
    health.SAFEGUARDS.looked_at = None
    yield
    health.SAFEGUARDS.looked_at = None


WEAKER = "ALTER TABLE journal_entry ENABLE REPLICA TRIGGER journal_entry_append_only"
AS_IT_WAS = "ALTER TABLE journal_entry ENABLE TRIGGER journal_entry_append_only"


@pytest.mark.usefixtures("asked_anew")
def test_not_ready_where_a_safeguard_is_not_as_it_was_made(admin: Admin) -> None:
    """Whatever the names of the applied migrations say."""
    admin.execute(WEAKER)
    try:
        with sealing():
            assert ready() == (
                503,
                "1 safeguards are not as this version makes them: run `nowrongdoor verify`",
            )
    finally:
        admin.execute(AS_IT_WAS)


@pytest.mark.usefixtures("asked_anew")
def test_a_newer_database_keeps_other_things_and_old_servers_go_on(admin: Admin) -> None:
    newer = (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('clocks', '9999_newer', now())"
    )
    admin.execute(newer)
    admin.execute(WEAKER)
    try:
        with sealing():
            assert ready()[0] == 200
        safety.refuse_unsafe()
    finally:
        admin.execute(AS_IT_WAS)
        admin.execute("DELETE FROM django_migrations WHERE name = '9999_newer'")


def test_a_database_that_does_not_keep_the_rules_is_not_served(admin: Admin) -> None:
    admin.execute(WEAKER)
    try:
        with pytest.raises(SystemExit, match="journal_entry_append_only on journal_entry"):
            safety.refuse_unsafe()
        migrated = nowrongdoor(HERE, "migrate")
    finally:
        admin.execute(AS_IT_WAS)
    safety.refuse_unsafe()

    assert migrated.returncode == 1
    assert "Every migration is applied, and 1 things are not as they make them" in migrated.stderr


def test_servers_and_workers_need_no_address_of_the_owner(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not given it (docs/howto/production.md). Who owns the database owns what is in it."""
    owner, app = (settings.DATABASES[each]["USER"] for each in ("owner", "default"))
    monkeypatch.setitem(settings.DATABASES["owner"], "USER", app)  # as where it is left out
    safety.refuse_unsafe()

    admin.execute(f"ALTER FUNCTION calls_alone_is_said() OWNER TO {app}")
    try:
        with pytest.raises(SystemExit, match="function changed: calls_alone_is_said"):
            safety.refuse_unsafe()
    finally:
        admin.execute(f"ALTER FUNCTION calls_alone_is_said() OWNER TO {owner}")
    safety.refuse_unsafe()


def test_a_copy_of_a_database_is_not_served_before_it_is_migrated(admin: Admin) -> None:
    admin.execute(f"GRANT TEMPORARY ON DATABASE {HERE} TO PUBLIC")
    try:
        with pytest.raises(SystemExit, match="may make temporary tables"):
            safety.refuse_unsafe()
        assert nowrongdoor(HERE, "migrate").returncode == 0
        safety.refuse_unsafe()
    finally:
        admin.execute(f"REVOKE TEMPORARY ON DATABASE {HERE} FROM PUBLIC")
