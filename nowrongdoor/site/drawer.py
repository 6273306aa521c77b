"""One process draws boards' rows for all server processes of a machine, so that none is drawn twice.

`serve` starts it beside them (`nowrongdoor drawer`), and it starts itself again. A server process goes on
following the feed, asks here for the rows that changed, and says itself who is told of them: what comes
back is read as its audience, under row-level security, after the entry that was asked about. Whatever
goes wrong is an answer too: the server then draws for itself, at once.

Over a Unix socket that this user alone may open. A question: the board, its audiences (of one program and
language), and each row's id with the position of its last entry. The answer: whose, which, `html`, `sort`.
"""

import json
import logging
import os
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import get_resolver

from nowrongdoor.site import postgres
from nowrongdoor.site.audiences import BOARDS, Audience, draw
from nowrongdoor.web.clock import running_s

log = logging.getLogger(__name__)

KEPT_S = 2.0
"""For how long a row that was drawn is given to others: a server process is not further behind."""
WANTED_S = 10.0
"""For how long an audience is drawn for that one server process asked about, whoever asks."""
ANSWER_S = 1.0
AGAIN_S, FROZEN_S = 1.0, 30.0
"""How soon it is asked again that was not there, and that did not answer."""
LARGEST = 64 * 2**20
_LENGTH = struct.Struct("!I")
_PEER = struct.Struct("3i")

Row = dict[str, object]
Rows = dict[tuple[Audience, UUID], Row]


class _Kept(NamedTuple):
    """A row as it was drawn, at what time, after which entry. None: this audience does not see it."""

    seq: int
    at_s: float
    row: Row | None


@dataclass(slots=True)
class Drawer:
    """What was drawn a moment ago, and for whom."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: dict[tuple[str, Audience, UUID], _Kept] = field(default_factory=dict)
    wanted: dict[tuple[str, Audience], float] = field(default_factory=dict)

    def rows(self, board: str, audiences: list[Audience], ids: Mapping[UUID, int]) -> Rows:
        """As `audiences.draw`; each drawn once, for all who asked for its program of late."""
        with self.lock:
            self._forget(running_s())
            for each in audiences:
                self.wanted[board, each] = running_s()
            missing = {
                id: seq for id, seq in ids.items() if self._misses(board, audiences, id, seq)
            }
            if missing:
                self._draw(board, audiences[0].reads, missing)
            found = {(each, id): self.kept[board, each, id].row for each in audiences for id in ids}
        return {whose: row for whose, row in found.items() if row is not None}

    def _draw(self, board: str, reads: tuple[UUID, str], ids: Mapping[UUID, int]) -> None:
        at_s = running_s()
        group = [each for of, each in self.wanted if of == board and each.reads == reads]
        drawn = draw(group, BOARDS[board], frozenset(ids))
        for each in group:
            for id, seq in ids.items():
                self.kept[board, each, id] = _Kept(seq, at_s, drawn.get((each, id)))

    def _misses(self, board: str, audiences: list[Audience], id: UUID, seq: int) -> bool:
        kept = [self.kept.get((board, each, id)) for each in audiences]
        return any(each is None or each.seq < seq for each in kept)

    def _forget(self, at_s: float) -> None:
        self.kept = {k: each for k, each in self.kept.items() if at_s - each.at_s < KEPT_S}
        self.wanted = {
            k: asked_s for k, asked_s in self.wanted.items() if at_s - asked_s < WANTED_S
        }

    def answer(self, sock: socket.socket) -> None:
        """Answer one server process until it goes. An error ends that: it draws for itself, and comes again."""
        try:
            while True:
                asked = _get(sock)
                audiences = [_audience(each) for each in asked["for"]]
                ids = {UUID(id): int(seq) for id, seq in asked["ids"].items()}
                found = self.rows(asked["board"], audiences, ids)
                place = {each: n for n, each in enumerate(audiences)}
                rows = [[place[each], str(id), row] for (each, id), row in found.items()]
                _put(sock, {"rows": rows})
        except (OSError, EOFError):
            pass  # the server process has gone
        except Exception:
            log.exception("rows could not be drawn for a server process")
        finally:
            sock.close()
            connection.close()


class Asks:
    """A server process's way to ask. None for an answer is "draw for yourself"."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._not_before_s = 0.0

    def rows(self, board: str, audiences: list[Audience], ids: Mapping[UUID, int]) -> Rows | None:
        """The rows, or None: there is no drawing process, it does not answer, or another thread asks just now."""
        if not settings.DRAWER or not self._lock.acquire(blocking=False):
            return None
        try:
            if running_s() < self._not_before_s:
                return None
            return self._asked(board, audiences, ids)
        except TimeoutError:
            self._lose(FROZEN_S)
        except Exception:  # noqa: BLE001 - whatever came back, the rows are drawn
            self._lose(AGAIN_S)
        finally:
            self._lock.release()
        return None

    def _asked(self, board: str, audiences: list[Audience], ids: Mapping[UUID, int]) -> Rows:
        if self._sock is None:
            self._sock = _connected(settings.DRAWER)
        told = [[str(a.agency_id), str(a.program_id), a.role, a.language] for a in audiences]
        by_id = {str(id): seq for id, seq in ids.items()}
        _put(self._sock, {"board": board, "for": told, "ids": by_id})
        answer = _get(self._sock)
        return {(audiences[n], UUID(id)): row for n, id, row in answer["rows"]}

    def _lose(self, wait_s: float) -> None:
        """Whatever it still says belongs to nobody's question."""
        log.warning("the drawing process does not answer; this process draws its rows itself")
        self._not_before_s = running_s() + wait_s
        self.close()

    def close(self) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None


ASKS = Asks()


def main(of: int) -> None:
    """Draw until the server that started this ends; begin again where drawing ends before."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _end_with(of)
    get_resolver().url_patterns  # noqa: B018 - or the first row waits for every import
    while True:
        mine = os.getpid()
        child = os.fork()
        if child == 0:
            _end_with(mine)
            serve(listening(Path(settings.DRAWER)))
        os.waitpid(child, 0)
        time.sleep(AGAIN_S)


def _end_with(parent: int) -> None:
    postgres.end_with_parent()
    if os.getppid() != parent:  # it was gone before
        sys.exit()


def listening(path: Path) -> socket.socket:
    """Where server processes ask: this user's own from the first moment."""
    path.unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        sock.bind(str(path))
    finally:
        os.umask(before)
    sock.listen()
    return sock


def serve(place: socket.socket) -> None:
    """Answer server processes, each in a thread."""
    drawer = Drawer()
    while True:
        sock, _nobody = place.accept()
        if _of_this_user(sock):
            threading.Thread(target=drawer.answer, args=(sock,), daemon=True).start()
        else:
            sock.close()


def _connected(path: str) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(ANSWER_S)
    with suppress(OSError):
        sock.connect(path)
        if _of_this_user(sock):
            return sock
    sock.close()
    raise ConnectionError


def _of_this_user(sock: socket.socket) -> bool:
    """Whether who is at the other end is this user: rows hold what describes people."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # not Linux: the file's mode stands alone
    said = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    return bool(_PEER.unpack(said)[1] == os.getuid())


def _audience(said: list[str]) -> Audience:
    agency_id, program_id, role, language = said
    return Audience(UUID(agency_id), UUID(program_id), role, language)


def _put(sock: socket.socket, told: Mapping[str, object]) -> None:
    body = json.dumps(told).encode()
    sock.sendall(_LENGTH.pack(len(body)) + body)


def _get(sock: socket.socket) -> dict[str, Any]:
    """Errors: EOFError where the other end has gone; ValueError for what is no message."""
    [length] = _LENGTH.unpack(_exactly(sock, _LENGTH.size))
    if length > LARGEST:
        raise ValueError("no message of ours is so long")
    found: dict[str, Any] = json.loads(_exactly(sock, length))
    return found


def _exactly(sock: socket.socket, size: int) -> bytes:
    body = bytearray()
    while len(body) < size:
        more = sock.recv(size - len(body))
        if not more:
            raise EOFError
        body += more
    return bytes(body)
