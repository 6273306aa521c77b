"""A connection that the database closed never costs anybody an error, and a living one no question."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper as Django
from django.urls import reverse
from psycopg_pool import ConnectionPool, PoolTimeout

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.rows.postgresql import base
from tests.clients import Desk
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
DESKS = 6


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Each connection that was asked over the wire whether it lives."""
    found: list[object] = []
    ask = ConnectionPool.check_connection

    def noting(each: psycopg.Connection[Any]) -> None:
        found.append(each)
        ask(each)

    monkeypatch.setattr(ConnectionPool, "check_connection", staticmethod(noting))
    yield found
    connection.close()


@pytest.fixture
def desks() -> list[Desk]:
    found = [Desk("anna.miller") for _ in range(DESKS)]
    connection.close()  # back into the pool, where the others are
    told_at_once(found)
    return found


def end_all(admin: Admin, *, and_see: int = 0) -> None:
    """The server ends every connection of ours, as a restart does; and one of them is seen to be over."""
    ours = "FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user"
    admin.execute(f"SELECT pg_terminate_backend(pid) {ours}")
    until = monotonic() + 10
    while admin.execute(f"SELECT {ours} AND pid = %s", [and_see]).fetchall():
        assert monotonic() < until
        sleep(0.01)


def told_at_once(desks: list[Desk]) -> Counter[int]:
    """What all desks are answered at the same time, each by a thread with a connection of its own."""
    told: Counter[int] = Counter()
    ready = threading.Barrier(len(desks))

    def look(desk: Desk) -> None:
        desk.raise_request_exception = False
        ready.wait()
        told[desk.get(reverse("calls:new_call")).status_code] += 1
        connection.close()

    threads = [threading.Thread(target=look, args=(desk,)) for desk in desks]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return told


def test_a_connection_that_the_database_ended_costs_nobody_an_error(
    admin: Admin, desks: list[Desk]
) -> None:
    for _ in range(5):
        end_all(admin)
        assert told_at_once(desks) == {200: DESKS}


def test_nor_does_a_pool_full_of_them_to_somebody_who_comes_alone(
    admin: Admin, desks: list[Desk], asked: list[object]
) -> None:
    asked.clear()

    end_all(admin)

    assert told_at_once(desks[:1]) == {200: 1}
    assert len(asked) >= 2  # those that were dead, and the new one


def test_without_looking_it_costs_an_error(
    admin: Admin, desks: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: what was asked within the last second is taken at its word."""
    with monkeypatch.context() as careless:
        careless.setattr(base, "lives", lambda _connection: True)
        careless.setattr(base, "ENDED", ())
        careless.setattr(base.DatabaseWrapper, "get_new_connection", Django.get_new_connection)
        end_all(admin)
        told = told_at_once(desks)

    assert told[503] > 0


@pytest.mark.parametrize("inside", [False, True])
def test_the_first_statement_is_made_again_where_the_connection_ends_just_then(
    admin: Admin, *, inside: bool
) -> None:
    """In a transaction too: what began with it is gone, and nothing was before it."""
    connection.close()
    with transaction.atomic() if inside else nullcontext(), connection.cursor() as cursor:
        end_all(
            admin, and_see=connection.connection.info.backend_pid
        )  # it was looked at, and handed out
        cursor.execute("SELECT current_setting('is_superuser')")
        found = cursor.fetchone()

    assert found == ("off",)
    assert connection.get_autocommit()


def test_and_again_where_the_other_one_ends_just_then_as_well(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while a server ends one connection after the other."""
    handed_out, give = [], base.Pool.getconn

    def gives(pool: base.Pool, timeout: float | None = None) -> psycopg.Connection[Any]:
        found = give(pool, timeout)
        handed_out.append(found)
        if len(handed_out) < 3:
            end_all(admin, and_see=found.info.backend_pid)
        return found

    by = an_actor()
    connection.close()
    monkeypatch.setattr(base.Pool, "getconn", gives)

    with act_as(by), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('nwd.program')")
        found = cursor.fetchone()

    assert found == (str(by.program_id),)
    assert len(handed_out) == 3


@pytest.mark.parametrize("inside", [False, True])
def test_where_no_other_comes_the_database_is_away_and_nothing_is_broken_for_whoever_comes_next(
    admin: Admin, monkeypatch: pytest.MonkeyPatch, *, inside: bool
) -> None:
    """Every connection ends and none can be made: as while a server starts again."""

    def none_comes(_pool: object, _timeout: object = None) -> None:
        raise PoolTimeout("none")

    connection.close()
    connection.ensure_connection()
    lost, given_back = connection.connection, Counter[int]()
    give_back = base.Pool.putconn

    def counting(pool: base.Pool, each: psycopg.Connection[Any]) -> None:
        given_back[id(each)] += 1
        give_back(pool, each)

    end_all(admin, and_see=lost.info.backend_pid)
    with monkeypatch.context() as away:
        away.setattr(base.Pool, "putconn", counting)
        away.setattr(base.Pool, "getconn", none_comes)
        with (
            pytest.raises(OperationalError, match="none"),  # Django's, which is answered with 503
            transaction.atomic() if inside else nullcontext(),
            transaction.atomic() if inside else nullcontext(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1")
        connection.close()

    assert given_back[id(lost)] == 1
    with act_as(an_actor()), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert not connection.get_autocommit()
    assert connection.get_autocommit()


@pytest.mark.parametrize(
    ("first", "lost"),
    [("SELECT 1", "SELECT 2"), (None, "INSERT INTO django_session VALUES ('k', '', now())")],
)
def test_what_may_have_been_done_is_never_made_again(
    admin: Admin, first: str | None, lost: str
) -> None:
    """A second statement; and a first one that commits by itself."""
    connection.close()
    with connection.cursor() as cursor:
        if first:
            cursor.execute(first)
        end_all(admin, and_see=connection.connection.info.backend_pid)
        with pytest.raises(OperationalError):
            cursor.execute(lost)
    connection.close()


def test_one_that_was_just_used_is_not_asked(
    desks: list[Desk], asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "ASKED_AGAIN_S", 60)  # however slow this machine is

    for _ in range(20):
        desks[0].get(reverse("calls:new_call"))
        connection.close()

    assert len(set(asked)) == len(asked) < 20  # each once, when it was new


def test_one_that_lay_idle_is_asked(
    desks: list[Desk], asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that vanished without a word has closed nothing."""
    monkeypatch.setattr(base, "ASKED_AGAIN_S", 0)

    desks[0].get(reverse("calls:new_call"))

    assert len(asked) == 1
