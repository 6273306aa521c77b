"""Live boards: each audience gets its own rows, in order, and nothing that is not for it."""

import json
import os
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.actors import SessionPosition
from nowrongdoor.agencies.models import Position
from nowrongdoor.episodes import commands
from nowrongdoor.journal.sequencer import Sequencer
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.site import live
from nowrongdoor.site.live import Hub, Screen
from nowrongdoor.web import streams
from nowrongdoor.web.clock import now
from nowrongdoor.web.streams import Cap, Listener, Message
from tests.clients import Desk
from tests.makers import an_actor, an_episode, an_offer, member_id

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def sequencer() -> Iterator["Seal"]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        yield Seal(Sequencer(os.environ["DATABASE_URL"]), connection)


class Seal:
    """Seals when told to, so that a test decides when something becomes known."""

    def __init__(
        self, sequencer: Sequencer, connection: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        self._sequencer, self._connection = sequencer, connection

    def __call__(self) -> None:
        self._sequencer.take_over(self._connection)


def a_hub() -> Hub:
    return Hub(Cap(9))


def a_screen(by: Actor) -> Screen:
    """Open in a session and a position that last."""
    session = SessionStore()
    session.create()
    position = Position.objects.get(member_id=by.member_id, program_id=by.program_id)
    return Screen(
        by, "holding", Listener(0), SessionPosition(str(session.session_key), position.pk)
    )


def watch(hub: Hub, by: Actor) -> Screen:
    screen = a_screen(by)
    hub.screens.append(screen)
    return screen


def told(screen: Screen) -> list[Message]:
    found = []
    while True:
        try:
            found.append(screen.listener.waiting.get_nowait())
        except queue.Empty:
            return found


def test_a_call_shows_at_both_desks_and_not_at_a_strangers(sequencer: Seal) -> None:
    hub = a_hub()
    ours, theirs, nurse = (
        watch(hub, an_actor(name)) for name in ("luis.ortega", "maria.lopez", "judith.park")
    )
    an_offer(an_episode(an_actor(), at=now(), place="12 Quiet Street"), at=now())
    sequencer()

    live.step(hub)

    mine, line = told(ours), told(theirs)
    assert [message.event for message in mine] == ["row"]
    assert [message.event for message in line] == ["tone", "row"]  # heard, wherever it is cut
    assert "12 Quiet Street" in str(line[1].data["html"])
    assert "Cancel transfer" in str(mine[0].data["html"])
    assert "Accept" in str(line[1].data["html"])
    assert told(nurse) == []


def test_a_stranger_is_told_nothing_at_all(sequencer: Seal) -> None:
    hub = a_hub()
    nurse = watch(hub, an_actor("judith.park"))
    an_episode(an_actor(), at=now(), place="12 Quiet Street")
    sequencer()
    live.step(hub)

    assert told(nurse) == []


def test_a_row_is_drawn_once_for_each_audience_not_once_for_each_screen(
    sequencer: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = a_hub()
    screens = [
        watch(hub, an_actor(name)) for name in ("anna.miller", "luis.ortega", "karen.hughes") * 10
    ]
    drawn: list[object] = []
    real = live.draw
    monkeypatch.setattr(live, "draw", lambda *given: drawn.append(given) or real(*given))
    an_episode(an_actor(), at=now())
    sequencer()

    live.step(hub)

    assert len(drawn) == 1
    assert len({id(told(screen)[0]) for screen in screens}) == 1


def test_the_row_is_in_the_languages_of_its_readers(sequencer: Seal) -> None:
    hub = a_hub()
    english, spanish = (
        watch(hub, an_actor("anna.miller")),
        watch(hub, replace(an_actor("luis.ortega"), language="es")),
    )
    an_episode(an_actor(), at=now())
    sequencer()
    live.step(hub)

    assert "Mental distress" in str(told(english)[0].data["html"])
    assert "Angustia mental" in str(told(spanish)[0].data["html"])


def test_the_live_row_is_the_pages_row(sequencer: Seal) -> None:
    """The page, a click and a live update draw the same bytes (sources, "Same row everywhere")."""
    hub = a_hub()
    screen = watch(hub, an_actor("maria.lopez"))
    an_offer(an_episode(an_actor(), at=now()), at=now())
    sequencer()
    live.step(hub)

    html = str(told(screen)[-1].data["html"]).strip()
    page = Desk("maria.lopez").get(reverse("calls:board")).content.decode()

    assert html in page


def test_whoever_may_no_longer_see_it_is_told_that_it_left(sequencer: Seal) -> None:
    hub = a_hub()
    line = watch(hub, an_actor("maria.lopez"))
    sender = an_actor("walter.pena")  # the sheriff's 911: no feed to the line
    episode = an_episode(sender, at=now())
    offer = an_offer(episode, sender, at=now())
    sequencer()
    live.step(hub)
    assert [message.event for message in told(line)] == ["tone", "row"]

    commands.withdraw_offer(by=sender, at=now(), handoff_id=offer.pk)
    sequencer()
    live.step(hub)

    assert [(message.event, message.data["key"]) for message in told(line)] == [
        ("gone", str(episode.pk))
    ]


def test_positions_only_grow(sequencer: Seal) -> None:
    hub = a_hub()
    screen = watch(hub, an_actor("luis.ortega"))
    for _ in range(5):
        an_episode(an_actor(), at=now())
        sequencer()
        live.step(hub)

    positions = [message.seq for message in told(screen)]
    assert positions == sorted(positions)
    assert len(set(positions)) == 5


def test_a_position_is_sent_after_all_before_it(sequencer: Seal) -> None:
    """Resuming from any position loses nothing: A, B, A again is told as B, then A."""
    hub = a_hub()
    screen = watch(hub, an_actor("luis.ortega"))
    anna = an_actor()
    first, second = an_episode(anna, at=now()), an_episode(anna, at=now())
    an_offer(first, anna, at=now())
    sequencer()

    live.step(hub)

    rows = [message for message in told(screen) if message.event == "row"]
    assert [message.data["key"] for message in rows] == [str(second.pk), str(first.pk)]
    assert [message.seq for message in rows] == sorted(message.seq or 0 for message in rows)


def test_whoever_joins_while_others_are_told_misses_nothing(
    sequencer: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newcomer caught up, then the hub moved on before it was in the list: it is told more first."""
    hub = a_hub()
    monkeypatch.setattr(live, "HUB", hub)
    hub.thread = threading.current_thread()  # no follower of its own: the test is the follower
    newcomer = a_screen(an_actor("luis.ortega"))
    an_episode(an_actor(), at=now())
    sequencer()
    caught_up = live._catch_up(newcomer, live.feed_head())
    late = an_episode(an_actor(), at=now())
    sequencer()
    live.step(hub)

    assert not hub.join(newcomer, caught_up)
    assert hub.join(newcomer, live._catch_up(newcomer, caught_up))
    assert [message.data["key"] for message in told(newcomer)] == [str(late.pk)]


def test_a_screen_that_joins_in_the_middle_is_behind_and_catches_up(
    sequencer: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had caught up before; what is being told to the others just now is not told to it."""
    hub = a_hub()
    newcomer = a_screen(an_actor("luis.ortega"))
    an_episode(an_actor(), at=now())
    sequencer()
    hub.seq = before = live.feed_head()
    late = an_episode(an_actor(), at=now())
    sequencer()
    real = live._tell

    def while_telling(entries: object, screens: list[Screen]) -> None:
        monkeypatch.setattr(live, "_tell", real)
        assert not hub.join(newcomer, before)
        assert hub.join(newcomer, live._catch_up(newcomer, before))
        real(entries, screens)  # type: ignore[arg-type]

    monkeypatch.setattr(live, "_tell", while_telling)
    live.step(hub)

    assert [message.data["key"] for message in told(newcomer)] == [str(late.pk)]


def test_after_a_restore_screens_begin_again_where_the_journal_is(sequencer: Seal) -> None:
    hub = a_hub()
    screen = watch(hub, an_actor("luis.ortega"))
    an_episode(an_actor(), at=now())
    sequencer()
    hub.seq = 10**6  # what the process remembers of the database that was

    live._hear(hub, None)
    assert [message.event for message in told(screen)] == ["fresh"]
    late = an_episode(an_actor(), at=now())
    sequencer()
    live.step(hub)

    assert [message.data["key"] for message in told(screen)] == [str(late.pk)]


def test_a_screen_far_behind_is_not_sent_away_for_it(sequencer: Seal) -> None:
    """It would come back as far behind. Its queue holds every step of a catch-up."""
    assert live.CATCH_UP_MOST * 2 < streams.LONGEST_QUEUE


def test_a_desk_that_falls_silent_draws_its_rows_again_and_sounds(sequencer: Seal) -> None:
    anna = an_actor()
    agencies.occupy_desk(by=anna, at=now())
    episode = an_episode(anna, at=now())
    sequencer()
    hub = a_hub()
    hub.seq = live.feed_head()
    ruth = watch(hub, an_actor("ruth.palmer"))
    from datetime import timedelta

    agencies.mark_lost_desks(at=now() + timedelta(seconds=60), lost_after_s=5)
    sequencer()
    live.step(hub)

    events = told(ruth)
    assert [message.event for message in events] == ["tone", "row"]
    assert events[1].data["key"] == str(episode.pk)


def test_ended_access_shows_at_the_supervisor_whom_they_held(sequencer: Seal) -> None:
    """Within the same look at the feed: no desk has to fall silent first."""
    maria = an_actor("maria.lopez")
    agencies.occupy_desk(by=maria, at=now())
    offer = an_offer(an_episode(an_actor(), at=now()), at=now())
    commands.accept_offer(by=maria, at=now(), handoff_id=offer.pk)
    sequencer()
    hub = a_hub()
    hub.seq = live.feed_head()
    denise, ruth = watch(hub, an_actor("denise.wright")), watch(hub, an_actor("ruth.palmer"))

    agencies.end_access(by=an_actor("oscar.nunez"), at=now(), member_id=member_id("maria.lopez"))
    sequencer()
    live.step(hub)

    shown = told(denise)
    assert [message.event for message in shown] == ["tone", "row"]
    assert "Owner offline" in str(shown[1].data["html"])
    assert [message.event for message in told(ruth)] == ["row"]  # sees it, but does not hold it


def test_ending_access_ends_the_stream(sequencer: Seal) -> None:
    hub = a_hub()
    maria, thomas = watch(hub, an_actor("maria.lopez")), watch(hub, an_actor("thomas.baker"))
    agencies.end_access(by=an_actor("oscar.nunez"), at=now(), member_id=member_id("maria.lopez"))
    sequencer()
    live.step(hub)

    assert [message.event for message in told(maria)] == ["bye"]
    assert told(thomas) == []


def events(answer: object, most: int) -> list[dict[str, object]]:
    """The first events of a stream, parsed as a browser does."""
    found: list[dict[str, object]] = []
    for chunk in answer:  # type: ignore[attr-defined]
        for block in chunk.decode().strip().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines())
            found.append({"id": None, **lines, "data": json.loads(lines["data"])})
        if len(found) >= most:
            break
    answer.close()  # type: ignore[attr-defined]
    return found[:most]


def test_a_stream_resumes_where_it_broke_off(sequencer: Seal) -> None:
    desk = Desk("luis.ortega")
    first, second = (an_episode(an_actor(), at=now()) for _ in range(2))
    sequencer()
    here = live.feed_head()
    third = an_episode(an_actor(), at=now())
    sequencer()

    [beat, row] = events(desk.get(reverse("live"), headers={"Last-Event-ID": str(here)}), 2)
    [_, fresh] = events(desk.get(reverse("live")), 2)

    assert (beat["event"], set(beat["data"])) == ("beat", {"at", "pace", "lag_ms"})  # type: ignore[call-overload]
    assert (row["event"], row["data"]["key"]) == ("row", str(third.pk))  # type: ignore[index]
    assert int(str(row["id"])) > here
    assert fresh["event"] == "fresh"
    assert first.pk != second.pk


def test_a_position_too_far_back_gets_a_fresh_page(
    sequencer: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CATCH_UP_MOST", 2)
    for _ in range(3):
        an_episode(an_actor(), at=now())
    sequencer()

    [_, fresh] = events(Desk("luis.ortega").get(reverse("live"), {"after": "1"}), 2)

    assert fresh["event"] == "fresh"


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30, "9" * 9, "1.5", ""])
def test_a_position_that_is_none_or_was_before_a_restore_counts_as_none(after: str) -> None:
    [_, fresh] = events(Desk("luis.ortega").get(reverse("live"), {"after": after}), 2)

    assert fresh["event"] == "fresh"


def test_a_full_house_says_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HUB", hub := Hub(Cap(1)))
    desk = Desk("luis.ortega")
    first = desk.get(reverse("live"))

    second = desk.get(reverse("live"))
    first.close()
    third = desk.get(reverse("live"))
    third.close()

    assert (second.status_code, second["Retry-After"]) == (503, "5")
    assert third.status_code == 200
    assert hub.screens == []
    hub.stopped.set()
    hub.thread.join() if hub.thread else pytest.fail("nobody followed")


def test_an_open_screen_is_a_sign_of_life() -> None:
    hub = a_hub()
    anna = an_actor()
    agencies.occupy_desk(by=anna, at=now())
    watch(hub, anna)
    from nowrongdoor.agencies.models import Presence

    before = Presence.objects.get().heard_at
    time.sleep(0.01)
    live._hear(hub, None)

    assert Presence.objects.get().heard_at > before
