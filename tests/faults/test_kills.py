"""One process after the other is killed, or stands still, while desks work.

Nothing that was acknowledged is lost: `books.close` says what that means.
"""

import signal
import time

import pytest

from tests.faults.conftest import Books
from tests.faults.counts import at_most, cycles
from tests.faults.house import House, send, until
from tests.faults.load import desks
from tests.faults.oracle import sealed

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
DATABASE_KILLS = cycles(1)
STILL_S = 4.0


def test_a_server_process_is_killed_and_the_others_go_on(house: House, books: Books) -> None:
    with desks(house) as load:
        main, before = house.server(), house.server_workers()
        send(before[:1], signal.SIGKILL)
        until(lambda: len(house.server_workers()) == len(before), "another takes its place")
        assert before[0] not in house.server_workers()
        assert [each.pid for each in house.server()] == [each.pid for each in main]

    books.close(load)


def test_the_whole_server_is_killed(house: House, books: Books) -> None:
    with desks(house) as load:
        before = house.server()
        send([*before, *house.server_workers()], signal.SIGKILL)
        until(lambda: house.server() not in ([], before), "the runner starts it again")

    books.close(load)


def test_the_sequencer_is_killed(house: House, books: Books) -> None:
    with desks(house) as load:
        before = house.worker()
        send(before, signal.SIGKILL)
        until(lambda: house.worker() not in ([], before), "the runner starts it again")

    books.close(load)


def test_the_database_is_killed_again_and_again(house: House, books: Books) -> None:
    """F1 and F3. NWD_CYCLES says how often; `test_controls` has the database that loses."""
    silences = []
    with desks(house) as load:
        for _ in range(DATABASE_KILLS):
            before = house.database()
            assert len(before) > 1
            send(before, signal.SIGKILL)
            killed_at = time.monotonic()
            load.more()
            assert house.database()[0] != before[0]
            silences.append(min(each.acked_at for each in load.acked(killed_at)) - killed_at)

    books.close(load)
    acked = len(load.acked())
    print(
        f"F3: {DATABASE_KILLS} cycles, {acked} acknowledged, 0 lost, {at_most(acked)}; "
        f"at work again after {min(silences):.1f} to {max(silences):.1f} s"
    )


def test_the_sequencer_stands_still_and_goes_on(house: House, books: Books) -> None:
    """While it stands, desks work and the feed does not move; afterwards the feed has everything."""
    with desks(house) as load, house.connect() as db:
        [worker] = house.worker()
        send([worker], signal.SIGSTOP)
        try:
            until(lambda: stopped(house), "it stands")
            still_at, before = time.monotonic(), sealed(db)
            load.more()
            until(lambda: time.monotonic() - still_at > STILL_S, "it stood for a while")
            assert sealed(db) == before
        finally:
            send([worker], signal.SIGCONT)
        assert [each.pid for each in house.worker()] == [worker.pid]

    books.close(load)


def stopped(house: House) -> bool:
    return [each.state for each in house.worker()] == ["T"]
