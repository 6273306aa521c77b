"""The house goes down, orderly or not, and is started again from the same folder.

Nothing is lost, and nothing of the old house stays behind to answer beside the new one.
"""

import signal

import pytest

from tests.faults.conftest import Books
from tests.faults.house import House, send, until
from tests.faults.load import desks

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]


def test_everything_is_ended_and_started_again(house: House, books: Books) -> None:
    with desks(house) as load:
        assert house.runner is not None
        send(house.processes(), signal.SIGTERM)
        assert house.runner.wait(30) == 0
        assert house.processes() == []
        house.start()

    books.close(load)


def test_the_servers_main_process_is_killed(house: House, books: Books) -> None:
    with desks(house) as load:
        before = house.server()
        send(before, signal.SIGKILL)
        until(lambda: house.server() not in ([], before), "the runner starts it again")
        until(house.server_workers, "it has workers")
        strays = house.end_strays()

    books.close(load)
    assert strays == []


def test_the_runner_is_killed_and_started_again(house: House, books: Books) -> None:
    with desks(house, writers=2) as load:  # they go on all the while, beside a start
        assert house.runner is not None
        house.runner.kill()
        house.runner.wait()
        house.start()
        until(house.server_workers, "it has workers")
        strays = house.end_strays()

    books.close(load)
    assert strays == []
