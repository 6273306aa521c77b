"""The lines of one transaction: written together at its end, in their order, or not at all."""

from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.journal import entries
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.ids import uuid7
from tests.makers import NOON, an_actor, later

pytestmark = pytest.mark.usefixtures("db")
SOMEBODY = uuid7(NOON, 1)
OPENED, CLASSIFIED = "episodes.opened", "episodes.classified"
WRITTEN = "SELECT id, kind FROM journal_entry ORDER BY recorded_at, id"


def write(kind: str, *, by: Actor, at: datetime) -> UUID:
    return entries.write(kind, {}, episode_id=SOMEBODY, by=by, at=at)


def written() -> list[tuple[object, ...]]:
    with act_as(an_actor()), connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return cursor.fetchall()


def lines(asked: CaptureQueriesContext) -> int:
    return sum("INSERT INTO journal_entry" in each["sql"] for each in asked)


def test_the_lines_of_a_transaction_are_one_statement_in_their_order() -> None:
    by = an_actor()
    with CaptureQueriesContext(connection) as asked, act_as(by):
        told = []
        for n in range(20):  # later ones with earlier times: the order is that of writing
            kind = OPENED if n % 2 else CLASSIFIED
            told.append(write(kind, by=by, at=later(-n)))
        assert lines(asked) == 0

    assert lines(asked) == 1
    assert [id for id, _kind in written()] == told


def test_lines_of_one_millisecond_sort_as_they_were_written_though_their_moment_is_the_same() -> (
    None
):
    by = an_actor()
    with act_as(by):
        told = [write(OPENED, by=by, at=NOON) for _ in range(50)]

    assert told == sorted(told)
    assert len(set(told)) == 50


def test_a_transaction_inside_another_shares_its_statement() -> None:
    by = an_actor()
    with CaptureQueriesContext(connection) as asked, act_as(by):
        with act_as(by):
            write(OPENED, by=by, at=NOON)
        write(CLASSIFIED, by=by, at=NOON)

    assert lines(asked) == 1
    assert [kind for _id, kind in written()] == [OPENED, CLASSIFIED]


def test_what_fails_leaves_no_line() -> None:
    by = an_actor()
    with pytest.raises(LookupError), act_as(by):
        write(OPENED, by=by, at=NOON)
        raise LookupError

    with act_as(by):
        write(OPENED, by=by, at=NOON)
        transaction.set_rollback(True)

    assert written() == []
    with act_as(by):
        write(CLASSIFIED, by=by, at=NOON)
    assert [kind for _id, kind in written()] == [CLASSIFIED]


def test_outside_such_a_transaction_a_line_is_written_at_once() -> None:
    by = an_actor()
    with act_as(by), CaptureQueriesContext(connection) as asked:
        token = entries._waiting.set(None)
        write(OPENED, by=by, at=NOON)
        entries._waiting.reset(token)
        assert lines(asked) == 1
