"""The harness is known to see loss: where something is lost, invented or done twice, it says so.

Without these a clean verdict of the other files would say nothing.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.faults.conftest import Books
from tests.faults.house import House, send
from tests.faults.load import Desk, Line, Load, desks
from tests.faults.oracle import Verdict, judge

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
# Commits are answered before they are on disk, and stay in the server's memory for ten seconds.
FORGETFUL = {
    "synchronous_commit": "off",
    "wal_writer_delay": "10s",
    "wal_writer_flush_after": "1GB",
    "autovacuum": "off",
}


def test_an_acknowledgement_that_was_never_given_is_missed(
    house: House, books: Books, desk: Desk
) -> None:
    call = desk.call(house.callers[0])
    claimed = replace(call, key="claimed", subject="claimed")

    verdict = look(house, books, [call, claimed], desk.load)

    assert (verdict.lost, verdict.twice, verdict.never_sent) == (("claimed",), (), ())


def test_what_nobody_sent_is_named(house: House, books: Books, desk: Desk) -> None:
    call = desk.call(house.callers[0])
    offer = desk.offer(house.callers[0], call)

    with house.connect() as db:
        verdict = judge(db, [], sent=books.sent)
    books.sent += [call, offer]

    assert set(verdict.never_sent) == {f"call {call.key}", f"offer {offer.subject}"}


def test_asking_again_by_another_key_acts_twice_and_is_seen(
    house: House, books: Books, desk: Desk
) -> None:
    first = desk.call(house.callers[0])
    desk.call(house.callers[0], mark=first.subject)

    verdict = look(house, books, [first], desk.load)

    assert (verdict.twice, verdict.lost) == ((first.key,), ())


def test_a_holder_who_was_not_told_is_seen(house: House, books: Books, desk: Desk) -> None:
    call = desk.call(house.callers[0])
    offer = desk.offer(house.callers[0], call)
    claimed = replace(offer, by=house.callers[1])

    verdict = look(house, books, [call, claimed], desk.load)

    assert len(verdict.misheld) == 1


def test_a_database_that_answers_before_it_has_written_loses_and_is_seen(
    house: House, books: Books
) -> None:
    anchor = house.folder / "forgetful.log"
    with forgetful(house), desks(house, anchor=anchor) as load:
        send(house.database(), signal.SIGKILL)

    verdict = look(house, books, load.lines, load)
    print(f"\nwithout waiting for the disk {len(verdict.lost)} of {verdict.acked} were lost")
    checked = house.verify(anchor)

    assert verdict.lost
    assert checked.returncode == 1
    assert "tail cut" in checked.stdout or "chain rewritten" in checked.stdout


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    one = Desk(Load(house, house.program_id("line", "counselors")))
    yield one
    one.close()


def look(house: House, books: Books, lines: list[Line], load: Load) -> Verdict:
    """The oracle on these lines. What was sent for them is no stranger to the other tests."""
    books.sent += load.lines
    with house.connect() as db:
        return judge(db, lines, sent=books.sent)


@contextmanager
def forgetful(house: House) -> Iterator[None]:
    """The database answers before it has written, until this ends."""
    with house.connect() as db:
        for name, value in FORGETFUL.items():
            db.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        db.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        with house.connect() as db:
            db.execute("ALTER SYSTEM RESET ALL")
            db.execute("SELECT pg_reload_conf()")
