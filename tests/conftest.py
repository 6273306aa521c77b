"""One PostgreSQL for the whole run, started by our own runner; one database for each worker.

The template database is migrated as the owner and holds the Tucson community; `migrated` is the same
without a community. Tests act as the
app role: `tests/rows/test_walls.py` asserts it.
"""

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as properties

from tests import budget

ROOT = Path(__file__).resolve().parent.parent
# What is compiled here is kept, whatever the image we run in says: else each process compiles everything anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
_stack = ExitStack()
_not_run: list[str] = []

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nowrongdoor.site.settings")
os.environ.setdefault("NWD_SECRET_KEY", "only for tests")
os.environ.setdefault("NWD_FACTS_KEY", "only for tests of facts")
os.environ.setdefault("NWD_SYNTHETIC", "1")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop in our thread

# The same examples on every run, however busy the machine is; `make faults` looks for others.
properties.register_profile(
    "steady",
    deadline=None,
    derandomize=os.environ.get("NWD_CHANCE") != "1",
    suppress_health_check=[HealthCheck.too_slow],
)
properties.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and "NWD_TEST_ADMIN" not in os.environ:
        _start_server()  # a run that a test starts has its server
    _use_database(os.environ.get("PYTEST_XDIST_WORKER", "main"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: looking through it for garbage again and again is for nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def pytest_unconfigure(config: pytest.Config) -> None:
    stop_following()
    for each in _cleaner:
        each.connection.close()
    if not hasattr(config, "workerinput"):
        _stack.close()


def stop_following() -> None:
    """The live boards and the pool of this process stop before the database does."""
    from django.db import connections

    if (live := sys.modules.get("nowrongdoor.site.live")) is not None:
        live.HUB.stopped.set()
        if live.HUB.thread is not None:
            live.HUB.thread.join(60)  # it may wait for a connection; left alive, it would go on
        live.HUB.thread = None  # the next screen starts it again
        live.HUB.stopped.clear()
    connections["default"].close_pool()  # type: ignore[attr-defined]  # PostgreSQL's backend has it


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _not_run:
        terminalreporter.write_line(f"not run: {line}", yellow=True)
    reports = [
        each
        for sort in ("passed", "failed", "error", "skipped", "")
        for each in terminalreporter.stats.get(sort, ())
        if isinstance(each, pytest.TestReport)
    ]
    if len({budget.folder_of(each.nodeid) for each in reports}) > 1:
        terminalreporter.section("worker-seconds by folder")
        for line in budget.lines(reports):
            terminalreporter.write_line(line)


def not_run(what: str) -> None:
    """Say in the summary what this machine could not do. Never counted as passed."""
    _not_run.append(what)
    pytest.skip(what)


def _start_server() -> None:
    from nowrongdoor.site.postgres import running

    folder = Path(_stack.enter_context(tempfile.TemporaryDirectory(prefix="nwd-")))
    folder.chmod(0o711)
    os.environ["NWD_VAR"] = str(folder / "var")
    server, _ = _stack.enter_context(running(folder / "pg", database="template"))
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        # rows keep the order in which they came, whatever was deleted before; large tables are truncated
        admin.execute("ALTER SYSTEM SET autovacuum = off")
        # nobody ends this server by force: what is killed in `tests/faults` is a server of its own
        admin.execute("ALTER SYSTEM SET synchronous_commit = off")
        admin.execute("ALTER SYSTEM SET full_page_writes = off")
        admin.execute("SELECT pg_reload_conf()")
    os.environ["NWD_TEST_ADMIN"] = server.admin_url
    os.environ["NWD_TEST_OWNER"] = server.owner_url
    os.environ["NWD_TEST_APP"] = server.app_url
    os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = server.app_url, server.owner_url
    import subprocess

    words = [sys.executable, "-m", "tests.template"]
    made = subprocess.run(words, check=False, cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr


def database_url(kind: str, name: str) -> str:
    """The address of a database on the test server, as `admin`, `owner` or `app`."""
    url = os.environ[f"NWD_TEST_{kind.upper()}"]
    head, _slash, tail = url.rpartition("/")
    return f"{head}/{name}?{tail.partition('?')[2]}"


def _use_database(worker: str) -> None:
    name = f"nwd_{worker}"
    copy_database(name)
    os.environ["DATABASE_URL"] = database_url("app", name)
    os.environ["DATABASE_OWNER_URL"] = database_url("owner", name)
    import django
    from django.conf import settings

    django.setup()
    settings.PASSWORD_HASHERS = ["tests.hashing.QuickArgon2"]


def copy_database(name: str, template: str = "template") -> None:
    """A fresh database with everything the template has."""
    if template != "template":
        stop_following()  # or it would hold on to what is copied
    with psycopg.connect(database_url("admin", "postgres"), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(1)")  # one copies at a time
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(
            f"ALTER DATABASE {template} ALLOW_CONNECTIONS false"
        )  # pools come back at once
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [template],
        )
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER nwd_owner")
        admin.execute(f"ALTER DATABASE {template} ALLOW_CONNECTIONS true")
    with psycopg.connect(database_url("admin", name), autocommit=True) as admin:
        admin.execute("ALTER SCHEMA public OWNER TO nwd_owner")
        # a copy does not have what its template says of itself as a database: `migrate` says it again
        admin.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")


CLEARED = (
    "journal_seal, journal_entry, web_answer, clocks_deadline, episodes_card, episodes_party, "
    "episodes_handoff, episodes_episode, calls_contact, calls_leg, calls_participant, calls_search, "
    "calls_search_attempt, calls_external_responder, calls_call_request, calls_plan_note, calls_line_status, triage_screening, "
    "triage_answer, triage_duty_done, directory_capacity, dispatch_request, dispatch_choice, dispatch_assignment, "
    "dispatch_member_time, dispatch_check_in, dispatch_duress, dispatch_notification, dispatch_caution, "
    "dispatch_crew, dispatch_crew_member, dispatch_position, dispatch_cadstatus, dispatch_unavailable, "
    "agencies_shift, agencies_presence, identity_person, "
    "sharing_release, sharing_ground, sharing_disclosure, sharing_look, sharing_review, sharing_ask, sharing_suspension, "
    "agencies_token, django_session, web_cache, mfa_authenticator, socialaccount_socialaccount"
)

CLEARING = """
CREATE FUNCTION pg_temp.clear_tables(tables regclass[], truncated_from bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    each regclass;
    size bigint;
BEGIN
    FOREACH each IN ARRAY tables LOOP
        size := pg_relation_size(each);
        IF size >= truncated_from THEN
            EXECUTE format('TRUNCATE %s CASCADE', each);
        ELSIF size > 0 THEN
            EXECUTE format('DELETE FROM %s', each);
        END IF;
    END LOOP;
    PERFORM setval('episodes_number', 1, false);
    UPDATE agencies_member SET access_ended_at = NULL, password = '!', replaced_at = NULL, replaced_by_id = NULL,
        confirmed_at = NULL, confirmed_by_id = NULL
        WHERE access_ended_at IS NOT NULL OR password <> '!' OR replaced_at IS NOT NULL;
    UPDATE agencies_position SET until_at = NULL WHERE until_at IS NOT NULL;
    DELETE FROM triage_approval WHERE protocol_id IN (SELECT id FROM triage_protocol WHERE drafted_by_id IS NOT NULL);
    DELETE FROM triage_protocol WHERE drafted_by_id IS NOT NULL;
    UPDATE triage_protocol SET retired_at = NULL WHERE retired_at IS NOT NULL;
    -- triggers rest here, so whoever keeps these in memory is told by hand
    IF EXISTS (SELECT FROM sharing_signoff) OR EXISTS (SELECT FROM sharing_paper) OR EXISTS (
        SELECT FROM sharing_agreement WHERE made_at > '2025-01-01' OR ended_at IS NOT NULL
    ) OR EXISTS (SELECT FROM sharing_agreed WHERE at > '2025-01-01') THEN
        DELETE FROM sharing_signoff;
        DELETE FROM sharing_agreed WHERE at > '2025-01-01';
        DELETE FROM sharing_agreement WHERE made_at > '2025-01-01';
        DELETE FROM sharing_paper;
        UPDATE sharing_agreement SET ended_at = NULL, ended_by_id = NULL WHERE ended_at IS NOT NULL;
        UPDATE community_version SET value = gen_random_uuid();
    END IF;
END $$
"""
"""A table that nothing was written to since it was last truncated is left alone."""
TRUNCATED_FROM = 1 << 18
"""Bytes. To truncate makes new files for a table and its indexes: for a few rows it takes as long as a test."""
REFERRING = """
WITH RECURSIVE cleared (id) AS (
    SELECT name::regclass::oid FROM unnest(%s::text[]) name
    UNION SELECT k.conrelid FROM pg_constraint k JOIN cleared ON k.confrelid = cleared.id
)
SELECT array_agg(id::regclass::text) FROM cleared
"""
"""The tables to clear, and those that refer to them."""


@pytest.fixture
def db() -> Iterator[None]:
    """A database with the community and nothing that happened yet. Commits are real."""
    from nowrongdoor.web.rates import BUCKETS

    yield
    clear()
    BUCKETS.left.clear()


class _Cleaner:
    """A superuser's connection that is kept for the whole run: the app could not forget."""

    def __init__(self) -> None:
        name = f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        self.connection = psycopg.connect(database_url("admin", name), autocommit=True)
        self.connection.execute(
            "SET session_replication_role = replica"
        )  # append-only triggers rest
        self.connection.execute(CLEARING)
        row = self.connection.execute(REFERRING, [CLEARED.split(", ")]).fetchone()
        assert row is not None
        self.tables = row[0]

    def clear(self) -> None:
        words = "SELECT pg_temp.clear_tables(%s::text[]::regclass[], %s)"
        self.connection.execute(words, [self.tables, TRUNCATED_FROM])


_cleaner: list[_Cleaner] = []


def clear() -> None:
    """Forget everything that happened. The app's connection stays, unless a test left something open."""
    from django.db import connections
    from psycopg.pq import TransactionStatus

    for each in connections.all(initialized_only=True):
        ours = each.connection
        if ours is not None and ours.info.transaction_status != TransactionStatus.IDLE:
            each.close()
    if not _cleaner:
        _cleaner.append(_Cleaner())
    try:
        _cleaner[0].clear()
    except psycopg.OperationalError:  # a test cut every connection; not open is another's mistake
        assert _cleaner[0].connection.closed
        _cleaner[0] = _Cleaner()
        _cleaner[0].clear()


@pytest.fixture
def admin(db: None) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A superuser's connection to the test's database: for what the app may not do."""
    name = f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(database_url("admin", name), autocommit=True) as connection:
        yield connection


@pytest.fixture
def real_hashing() -> Iterator[None]:
    """Passwords are hashed as in production: a tenth of a second each."""
    from django.test import override_settings

    from nowrongdoor.site.settings import PASSWORD_HASHERS

    with override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS):
        yield


@pytest.fixture
def settings() -> Iterator[object]:
    """Django's settings, put back afterwards."""
    from django.test import override_settings

    with override_settings():
        from django.conf import settings as ours

        yield ours
