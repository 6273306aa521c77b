"""A cut stream that comes back to another server process, which may be behind the one it came from."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.site import live
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.faults.house import until
from tests.makers import an_actor, an_episode
from tests.site.test_live import Seal, a_hub, a_screen, events, sequencer, told

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


def test_a_stream_cut_between_the_rows_of_one_entry_is_told_all_of_them(sequencer: Seal) -> None:
    """A desk that falls silent changes all that it holds, at one position."""
    before, held = silent(sequencer, holds=3)
    desk = Desk("ruth.palmer")

    told = rows(desk, before)
    again = [rows(desk, int(row["id"])) for row in told[:2]]
    after_all = rows(desk, int(told[2]["id"]), most=2)

    assert {row["data"]["key"] for row in told} == held
    assert len({row["data"]["seq"] for row in told}) == 1
    assert again == [told, told]
    assert after_all == []


def test_more_rows_than_a_queue_holds_are_a_fresh_page(
    sequencer: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent away in the middle of one position, it would come back to the same position for ever."""
    before, _held = silent(sequencer, holds=3)
    monkeypatch.setattr(live, "CATCH_UP_MOST", 2)
    hub, screen = a_hub(), a_screen(an_actor("ruth.palmer"))
    hub.seq = before
    assert hub.join(screen, before)
    head = live.feed_head()
    while hub.seq < head:
        live.step(hub)

    [fresh] = [message for message in told(screen) if message.seq is not None]

    assert (fresh.event, fresh.seq) == ("fresh", head)


def silent(sequencer: Seal, *, holds: int) -> tuple[int, set[str]]:
    """Anna's desk falls silent: the position before that, and whom she holds."""
    anna = an_actor()
    agencies.occupy_desk(by=anna, at=now())
    held = {str(an_episode(anna, at=now()).pk) for _ in range(holds)}
    sequencer()
    before = live.feed_head()
    agencies.mark_lost_desks(at=now() + timedelta(seconds=60), lost_after_s=5)
    sequencer()
    return before, held


def rows(desk: Desk, after: int, *, most: int = 5) -> list[dict[str, Any]]:
    """The rows among the first events of a stream from there on: a sign of life, a tone, three rows."""
    found = events(desk.get(reverse("live"), headers={"Last-Event-ID": str(after)}), most)
    return [each for each in found if each["event"] == "row"]
