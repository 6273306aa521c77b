"""Whether anybody seals, as every other process can see it."""

import os
import threading

import psycopg
import pytest

from nowrongdoor.journal import lag
from nowrongdoor.journal.sequencer import LOCK, Sequencer
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.makers import an_episode

pytestmark = pytest.mark.usefixtures("db")


def test_nobody_seals() -> None:
    assert lag.age_ms() is None
    assert "nobody seals the journal" in Desk("anna.miller").get("/health").content.decode()


def test_somebody_seals() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=Sequencer(os.environ["DATABASE_URL"]).run, args=(stop,))
    thread.start()
    try:
        for _ in range(200):
            if (age := lag.age_ms()) is not None:
                break
            stop.wait(0.02)
        assert age is not None
        assert age < 1000
    finally:
        stop.set()
        thread.join()


def test_a_sequencer_that_holds_its_lock_and_does_nothing_grows_old() -> None:
    """Frozen, not dead: the lock alone would say that all is well."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as frozen:
        frozen.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        an_episode(at=now())
        first = lag.age_ms()
        frozen.execute("SELECT 1")
        frozen.execute("SELECT pg_sleep(0.3)")
        threading.Event().wait(0.4)
        later = lag.age_ms()

    assert first is not None
    assert later is not None
    assert later >= 390


def test_another_databases_sequencer_is_not_ours() -> None:
    with psycopg.connect(os.environ["NWD_TEST_APP"], autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])

        assert lag.age_ms() is None
