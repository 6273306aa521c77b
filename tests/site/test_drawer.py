"""One process draws for all server processes; whatever becomes of it, boards go on and nobody sees more."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.journal.sequencer import Sequencer
from nowrongdoor.site import drawer, live
from nowrongdoor.site.audiences import BOARDS, Audience, draw
from nowrongdoor.site.drawer import Asks, Drawer
from nowrongdoor.web.clock import now
from tests.makers import an_actor, an_episode
from tests.site.test_live import a_hub, told, watch

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("drawer")]
MOST_S = 20.0


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with TemporaryDirectory(prefix="nwd-drawer-") as folder:
        monkeypatch.setattr(settings, "DRAWER", str(Path(folder) / "drawer.sock"))
        yield Path(folder) / "drawer.sock"


@pytest.fixture
def a_server() -> Iterator[Callable[[], Asks]]:
    """A server process, as far as it asks."""
    found: list[Asks] = []

    def make() -> Asks:
        found.append(Asks())
        return found[-1]

    yield make
    for each in found:
        each.close()


@pytest.fixture
def drawn(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[tuple[set[Audience], set[UUID]]]]:
    """What is drawn by the drawing process, which is a thread here: for whom, and which rows."""
    found: list[tuple[set[Audience], set[UUID]]] = []

    def counted(audiences: list[Audience], how: Any, ids: frozenset[UUID]) -> Any:
        found.append((set(audiences), set(ids)))
        return draw(audiences, how, ids)

    monkeypatch.setattr(drawer, "draw", counted)
    with drawer.listening(place) as sock:
        thread = threading.Thread(target=until_shut, args=(sock,))
        thread.start()
        yield found
        sock.shutdown(socket.SHUT_RDWR)
        thread.join()


def until_shut(sock: socket.socket) -> None:
    with suppress(OSError):
        drawer.serve(sock)


def until(so: Callable[[], object]) -> None:
    end = time.monotonic() + MOST_S
    while not so():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.02)


def audience(name: str = "anna.miller") -> Audience:
    by = an_actor(name)
    return Audience(by.agency_id, by.program_id, by.role, by.language)


def test_a_row_is_the_same_whoever_draws_it(
    a_server: Callable[[], Asks], drawn: list[object]
) -> None:
    episode = an_episode(at=now(), place="12 Quiet Street “☎”")
    both = [audience(), audience("ruth.palmer")]
    here = draw(both, BOARDS["holding"], frozenset({episode.pk}))

    assert a_server().rows("holding", both, {episode.pk: 1}) == here
    assert len(here) == 2
    assert len(drawn) == 1


def test_a_row_is_drawn_once_for_all_server_processes(
    a_server: Callable[[], Asks], drawn: list[object]
) -> None:
    """Also for the roles that only another of them has: they were asked for a moment ago."""
    first, second = a_server(), a_server()
    anna, ruth = audience(), audience("ruth.palmer")
    one, two = an_episode(at=now()), an_episode(at=now())
    second.rows("holding", [ruth], {one.pk: 1})

    mine = first.rows("holding", [anna], {two.pk: 2})
    theirs = second.rows("holding", [ruth], {two.pk: 2})

    assert drawn == [({ruth}, {one.pk}), ({anna, ruth}, {two.pk})]
    assert mine is not None
    assert theirs is not None
    assert set(mine) == {(anna, two.pk)}
    assert set(theirs) == {(ruth, two.pk)}


def test_a_row_that_changed_since_is_drawn_anew(
    a_server: Callable[[], Asks], drawn: list[object]
) -> None:
    anna, episode = audience(), an_episode(at=now())
    asks = a_server()
    asks.rows("holding", [anna], {episode.pk: 1})
    card = CardFacts(place="34 Loud Street")
    episodes.change_card(by=an_actor(), at=now(), episode_id=episode.pk, card=card)

    assert "Loud" not in str(asks.rows("holding", [anna], {episode.pk: 1}))
    assert "34 Loud Street" in str(asks.rows("holding", [anna], {episode.pk: 2}))
    assert len(drawn) == 2


def test_what_was_drawn_a_while_ago_is_drawn_anew(
    a_server: Callable[[], Asks], drawn: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restore the same positions stand for something else."""
    anna, episode = audience(), an_episode(at=now())
    a_server().rows("holding", [anna], {episode.pk: 1})
    later = drawer.running_s() + drawer.KEPT_S
    monkeypatch.setattr(drawer, "running_s", lambda: later)

    a_server().rows("holding", [anna], {episode.pk: 1})

    assert len(drawn) == 2


def test_nobody_is_given_what_another_program_sees(
    a_server: Callable[[], Asks], drawn: list[object]
) -> None:
    anna, judith, episode = audience(), audience("judith.park"), an_episode(at=now())

    assert a_server().rows("holding", [judith], {episode.pk: 1}) == {}
    assert set(a_server().rows("holding", [anna], {episode.pk: 1}) or ()) == {(anna, episode.pk)}
    assert a_server().rows("holding", [judith], {episode.pk: 1}) == {}


def test_only_this_user_may_open_it(
    a_server: Callable[[], Asks], drawn: list[object], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither does it answer anybody else, nor is anybody else asked."""
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert a_server().rows("holding", [audience()], {}) == {}

    monkeypatch.setattr(os, "getuid", lambda: 4183)

    assert a_server().rows("holding", [audience()], {}) is None
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(place))
        with pytest.raises((EOFError, ConnectionError)):
            drawer._put(sock, {"board": "holding", "for": [], "ids": {}})
            drawer._get(sock)


def nobody(_place: Path) -> None:
    """There is no such process."""


def frozen(place: Path) -> socket.socket:
    """It is there, and says nothing."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(place))
    listening.listen()
    return listening


def says(answer: bytes) -> Callable[[Path], socket.socket]:
    def start(place: Path) -> socket.socket:
        listening = frozen(place)

        def talk() -> None:
            sock, _ = listening.accept()
            sock.recv(65_536)
            sock.sendall(answer)
            sock.close()

        threading.Thread(target=talk, daemon=True).start()
        return listening

    return start


@pytest.mark.parametrize(
    ("start", "waits_s"),
    [
        (nobody, drawer.AGAIN_S),
        (frozen, drawer.FROZEN_S),
        (says(b""), drawer.AGAIN_S),
        (says(b"\0\0\0\3{}}"), drawer.AGAIN_S),
        (says(b'\0\0\0\x09{"rows":'), drawer.AGAIN_S),
        (says(b"\xff\xff\xff\xff"), drawer.AGAIN_S),
        (says(b"\0\0\0\2{}"), drawer.AGAIN_S),
        (says(b'\0\0\0\x14{"rows":[[7,"x",1]]}'), drawer.AGAIN_S),
    ],
)
def test_where_it_does_not_answer_the_server_draws_and_asks_again_later(
    a_server: Callable[[], Asks],
    place: Path,
    start: Callable[[Path], socket.socket | None],
    waits_s: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawer, "ANSWER_S", 0.2)
    kept = start(place)
    asks, at_s = a_server(), drawer.running_s()

    assert asks.rows("holding", [audience()], {an_episode().pk: 1}) is None

    assert 0 < asks._not_before_s - at_s - waits_s < 1
    assert asks._sock is None
    connected: list[str] = []
    monkeypatch.setattr(drawer, "_connected", connected.append)
    assert asks.rows("holding", [audience()], {}) is None
    assert connected == []
    if kept is not None:
        kept.close()


def test_an_error_while_drawing_ends_that_answer_and_no_other(
    a_server: Callable[[], Asks],
    drawn: list[object],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(drawer, "draw", broken)
    assert a_server().rows("holding", [audience()], {an_episode().pk: 1}) is None
    assert "could not be drawn" in caplog.text
    monkeypatch.setattr(drawer, "draw", draw)

    assert a_server().rows("holding", [audience()], {an_episode().pk: 1})


def test_who_asks_while_another_thread_waits_draws_for_itself(
    a_server: Callable[[], Asks], drawn: list[object]
) -> None:
    asks = a_server()
    with asks._lock:
        assert asks.rows("holding", [audience()], {}) is None
    assert asks.rows("holding", [audience()], {}) == {}


def test_what_is_no_longer_asked_for_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[set[Audience]] = []
    monkeypatch.setattr(drawer, "draw", lambda audiences, *_: given.append(set(audiences)) or {})
    anna, ruth, one = audience(), audience("ruth.palmer"), Drawer()
    one.rows("holding", [ruth], {UUID(int=1): 1})
    later = drawer.running_s() + drawer.WANTED_S
    monkeypatch.setattr(drawer, "running_s", lambda: later)

    one.rows("holding", [anna], {UUID(int=2): 2})

    assert given == [{ruth}, {anna}]
    assert len(one.kept) == 1


# for real ---------------------------------------------------------------------------------------


@pytest.fixture
def process(place: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The process that `serve` starts, and the one in it that draws."""
    words = [sys.executable, "-m", "nowrongdoor.site.cli", "drawer", "--of", str(os.getpid())]
    child = subprocess.Popen(words, env=os.environ | {"NWD_DRAWER": str(place)})
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def draws(child: "subprocess.Popen[bytes]") -> list[int]:
    listed = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
    return [int(each) for each in listed]


def test_it_is_killed_and_boards_go_on(
    a_server: Callable[[], Asks],
    process: "subprocess.Popen[bytes]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its rows are there; without it the same rows are there at once; it comes back by itself, and ends with its server."""
    asks, here = a_server(), list[object]()
    monkeypatch.setattr(live, "ASKS", asks)
    monkeypatch.setattr(live, "draw", lambda *given: here.append(given) or draw(*given))
    until(lambda: a_server().rows("holding", [audience()], {}) == {})
    hub = a_hub()
    screen = watch(hub, an_actor("luis.ortega"))

    def comes(place: str) -> None:
        an_episode(at=now(), place=place)
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as mine:
            Sequencer(os.environ["DATABASE_URL"]).take_over(mine)
        live.step(hub)
        assert [place in str(each.data.get("html")) for each in told(screen)] == [True]

    comes("1 Quiet Street")
    assert here == []

    [before] = draws(process)
    os.kill(before, signal.SIGKILL)
    comes("2 Quiet Street")
    assert len(here) == 1

    until(lambda: draws(process) not in ([], [before]))
    until(lambda: a_server().rows("holding", [audience()], {}) == {})
    asks._not_before_s = 0.0
    comes("3 Quiet Street")
    assert len(here) == 1

    [now_draws] = draws(process)
    process.kill()
    process.wait()
    until(lambda: not Path(f"/proc/{now_draws}").exists())
    connections.close_all()


def test_it_ends_at_once_where_its_server_is_gone_already(place: Path) -> None:
    words = [sys.executable, "-m", "nowrongdoor.site.cli", "drawer", "--of", "1"]
    done = subprocess.run(
        words, env=os.environ | {"NWD_DRAWER": str(place)}, timeout=60, check=False
    )

    assert done.returncode == 0
    assert not place.exists()
