"""A cut stream that comes back to another server process, which may be behind the one it came from."""

from threading import Thread

import pytest
from django.db import connection

from nowrongdoor.site import live
from nowrongdoor.web.clock import now
from tests.faults.house import until
from tests.makers import an_actor, an_episode
from tests.site.test_live import Seal, a_hub, a_screen, sequencer, told

__all__ = ["sequencer"]
pytestmark = pytest.mark.usefixtures("db")


def test_a_process_that_is_behind_tells_nothing_a_second_time(sequencer: Seal) -> None:
    hub = a_hub()
    an_episode(an_actor(), at=now())
    sequencer()
    before = live.feed_head()
    known = an_episode(an_actor(), at=now())
    sequencer()
    returning, other = (a_screen(an_actor("luis.ortega")) for _ in range(2))
    hub.seq = before
    assert hub.join(returning, live.feed_head())  # it was told of it elsewhere
    assert hub.join(other, before)
    live.step(hub)
    late = an_episode(an_actor(), at=now())
    sequencer()
    live.step(hub)

    assert [message.data["key"] for message in told(other)] == [str(known.pk), str(late.pk)]
    assert [message.data["key"] for message in told(returning)] == [str(late.pk)]


def test_after_a_restore_a_position_that_was_further_is_forgotten(sequencer: Seal) -> None:
    hub = a_hub()
    screen = a_screen(an_actor("luis.ortega"))
    an_episode(an_actor(), at=now())
    sequencer()
    hub.seq = 10**6
    assert hub.join(screen, 10**6)  # before the restore

    live._hear(hub, None)
    late = an_episode(an_actor(), at=now())
    sequencer()
    live.step(hub)

    fresh, row = told(screen)
    assert (fresh.event, row.data["key"]) == ("fresh", str(late.pk))


def test_what_one_look_could_not_hold_is_read_though_nothing_new_is_visible(
    sequencer: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CATCH_UP_MOST", 1)
    monkeypatch.setattr(live.feed, "snapshot", lambda: "the same")
    hub, screen = a_hub(), a_screen(an_actor("luis.ortega"))
    assert hub.join(screen, hub.seq)
    an_episode(an_actor(), at=now())
    sequencer()
    head = live.feed_head()
    assert head - hub.seq > 1

    def follow() -> None:
        live.follow(hub)
        connection.close()

    thread = Thread(target=follow)
    thread.start()
    try:
        until(lambda: hub.seq == head, "the rest is read")
    finally:
        hub.stopped.set()
        thread.join()
