"""The lines of one transaction: written together at its end, in their order, or not at all."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from nowrongdoor.episodes.events import Classified, Opened

from nowrongdoor.agencies.acting import acting
from nowrongdoor.journal import entries
from nowrongdoor.kernel.ids import uuid7
from tests.makers import NOON, an_actor, later

pytestmark = pytest.mark.usefixtures("db")
SOMEBODY = uuid7(NOON, 1)
WRITTEN = "SELECT id, kind FROM journal_entry ORDER BY recorded_at, id"


def written() -> list[tuple[object, ...]]:
    with acting(an_actor()), connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return cursor.fetchall()


def lines(asked: CaptureQueriesContext) -> int:
    return sum("INSERT INTO journal_entry" in each["sql"] for each in asked)


def test_the_lines_of_a_transaction_are_one_statement_in_their_order() -> None:
    by = an_actor()
    with CaptureQueriesContext(connection) as asked, acting(by):
        told = []
        for n in range(20):  # later ones with earlier times: the order is that of writing
            kind = Opened if n % 2 else Classified
            told.append(entries.write(kind(episode_id=SOMEBODY), by=by, at=later(-n)))
        assert lines(asked) == 0

    assert lines(asked) == 1
    assert [id for id, _kind in written()] == told


def test_each_has_a_moment_of_its_own() -> None:
    by = an_actor()
    with acting(by):
        for _ in range(50):
            entries.write(Opened(episode_id=SOMEBODY), by=by, at=NOON)
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT recorded_at), count(*) FROM journal_entry")
        assert cursor.fetchone() == (50, 50)


def test_a_transaction_inside_another_shares_its_statement() -> None:
    by = an_actor()
    with CaptureQueriesContext(connection) as asked, acting(by):
        with acting(by):
            entries.write(Opened(episode_id=SOMEBODY), by=by, at=NOON)
        entries.write(Classified(episode_id=SOMEBODY), by=by, at=NOON)

    assert lines(asked) == 1
    assert [kind for _id, kind in written()] == [Opened.kind, Classified.kind]


def test_what_fails_leaves_no_line() -> None:
    by = an_actor()
    with pytest.raises(LookupError), acting(by):
        entries.write(Opened(episode_id=SOMEBODY), by=by, at=NOON)
        raise LookupError

    with acting(by):
        entries.write(Opened(episode_id=SOMEBODY), by=by, at=NOON)
        transaction.set_rollback(True)

    assert written() == []
    with acting(by):
        entries.write(Classified(episode_id=SOMEBODY), by=by, at=NOON)
    assert [kind for _id, kind in written()] == [Classified.kind]


def test_outside_such_a_transaction_a_line_is_written_at_once() -> None:
    by = an_actor()
    with acting(by), CaptureQueriesContext(connection) as asked:
        token = entries._waiting.set(None)
        entries.write(Opened(episode_id=SOMEBODY), by=by, at=NOON)
        entries._waiting.reset(token)
        assert lines(asked) == 1
