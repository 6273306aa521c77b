"""Desks that go on working while things break, each with its own journal of what it asked.

A line is written before its request is sent. An answer that was lost, cut off or an error says
nothing about what happened: the same key is asked again until it is answered. Every few requests
a desk cuts its own socket instead of reading the answer.
"""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count, pairwise
from pathlib import Path
from urllib.parse import urlencode

from tests.faults.house import LONGEST_S, Caller, House, until
from tests.faults.screens import signed_in

WRITERS = 6
THINK_S = 0.03
AGAIN_S = 0.12
CUT_EVERY = 7
BEFORE, AFTER = 25, 35  # acknowledged commands around a fault
_numbers = count(1)


@dataclass(slots=True)
class Line:
    """One command. `subject` is what the database knows it by; `answer` None: not acknowledged."""

    key: str
    op: str
    subject: str
    path: str
    body: bytes
    by: Caller
    sent_at: float = 0.0
    acked_at: float = 0.0
    answer: dict[str, str] | None = None
    refused: str = ""


@dataclass(slots=True)
class Load:
    """The writers, and all their lines."""

    house: House
    to_program_id: str
    lines: list[Line] = field(default_factory=list)
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)
    offered: dict[str, str] = field(default_factory=dict)  # the call of each offer
    told: "Counter[str]" = field(default_factory=Counter)
    said: "Counter[str]" = field(default_factory=Counter)  # the words of what was no answer
    done: threading.Event = field(default_factory=threading.Event)
    patience_s: float = LONGEST_S
    broken: list[BaseException] = field(default_factory=list)

    def acked(self, since: float = 0.0) -> list[Line]:
        """What was acknowledged; with `since`, only what was sent for the first time after it."""
        return [each for each in list(self.lines) if each.acked_at and each.sent_at >= since]

    def more(self, count: int = AFTER) -> None:
        """Wait until so many commands that begin now have been acknowledged.

        Errors: AssertionError where that never is, with what the desks are told instead.
        """
        since = time.monotonic()
        try:
            until(lambda: self.broken or len(self.acked(since)) >= count, "desks can work")
        except AssertionError as error:
            refused = [each.refused for each in self.lines if each.refused]
            raise AssertionError(f"{error}; {dict(self.told)} {refused[-1:]}") from None
        assert not self.broken, self.broken

    def silence_s(self) -> float:
        """The longest time in which nobody was answered."""
        times = sorted(each.acked_at for each in self.acked())
        return max((b - a for a, b in pairwise(times)), default=0.0)


@contextmanager
def desks(house: House, *, writers: int = WRITERS, anchor: Path | None = None) -> Iterator[Load]:
    """Let desks work around what is done inside. All are answered, or gave up, at the end.

    Once they work, the journal's head is written outside: to `anchor`, or the house's own file.
    """
    load = Load(house, house.program_id("line", "counselors"))
    threads = [
        threading.Thread(target=_desk, args=(load, house.callers[i % len(house.callers)]))
        for i in range(writers)
    ]
    for thread in threads:
        thread.start()
    try:
        load.more(BEFORE)
        house.note_anchor(anchor or house.anchor)
        yield load
        load.more()
    except BaseException:
        load.patience_s = 0.0  # it has failed already: nobody asks again
        print(house.last_words())
        raise
    finally:
        load.done.set()
        for thread in threads:
            thread.join()
    assert not load.broken, load.broken


def _desk(load: Load, by: Caller) -> None:
    """Enter calls; offer every third to the line, which accepts every other of those."""
    desk = Desk(load)
    try:
        for number in count():
            if load.done.is_set():
                return
            call = desk.call(by)
            if number % 3 == 0 and call.answer is not None:
                offer = desk.offer(by, call)
                if number % 2 == 0 and offer.answer is not None:
                    desk.accept(offer)
    except BaseException as error:  # noqa: BLE001 - told by the test's own thread
        load.broken.append(error)
    finally:
        desk.close()


class Desk:
    """One client: a connection, and the habit of asking again by the same key."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self._asked = 0
        self._turn = next(_numbers)
        self._connection = self._connect()

    def call(self, by: Caller, *, mark: str = "") -> Line:
        key = f"call-{next(_numbers)}"
        body = {"incident_class": "psych_distress", "place": mark or key}
        return self.ask(_line(key, "call", mark or key, "/calls", body, by))

    def offer(self, by: Caller, call: Line) -> Line:
        """Take the call from the queue, and offer it: on the pages, as a person."""
        assert call.answer is not None
        episode_id, number = call.answer["episode_id"], next(_numbers)
        here = f"/episodes/{episode_id}"
        self.until_answered(_line(f"take-{number}", "take", episode_id, f"{here}/take/", {}, by))
        body = {"kind:to_program_id": f"warm_transfer:{self.load.to_program_id}"}
        return self.ask(_line(f"offer-{number}", "offer", episode_id, f"{here}/offer/", body, by))

    def accept(self, offer: Line) -> Line:
        assert offer.answer is not None
        path, by = f"/offers/{offer.answer['id']}/accept/", self.load.house.line
        key = f"accept-{next(_numbers)}"
        return self.ask(_line(key, "accept", offer.answer["id"], path, {}, by))

    def ask(self, line: Line) -> Line:
        """Write the line down, then ask until there is an answer, or for as long as it makes sense."""
        self.load.lines.append(line)
        return self.until_answered(line)

    def until_answered(self, line: Line) -> Line:
        line.sent_at = time.monotonic()
        while line.answer is None and not line.refused:
            if time.monotonic() - line.sent_at > self.load.patience_s:
                return line
            self._try(line)
        time.sleep(THINK_S)
        return line

    def _try(self, line: Line) -> None:
        self._asked += 1
        try:
            status, text, replayed = self._send(line, cut=self._asked % CUT_EVERY == 0)
        except (OSError, HTTPException) as error:
            self.load.told[type(error).__name__] += 1
            self.close()
            time.sleep(AGAIN_S)
            return
        self.load.told[f"{status} again" if replayed else str(status)] += 1
        if status == 200:
            line.answer, line.acked_at = json.loads(text), time.monotonic()
        elif status < 500:
            line.refused = f"{status} {text}"
        else:
            self.load.said[text] += 1
            time.sleep(AGAIN_S)

    def _send(self, line: Line, *, cut: bool) -> tuple[int, str, bool]:
        if line.op != "call":
            return self._send_as_person(line, cut=cut)
        headers = {"Authorization": f"Bearer {line.by.token}", "Content-Type": "application/json"}
        return self._post(line, f"/api/v1{line.path}", headers, cut=cut)

    def _send_as_person(self, line: Line, *, cut: bool) -> tuple[int, str, bool]:
        """By a session and a page's form, which is answered with where to go; ids are read afterwards."""
        cookie, csrf = self._session(line.by.username)
        headers = {
            "Cookie": f"{cookie}; csrf={csrf}",
            "X-CSRFToken": csrf,
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        status, text, replayed = self._post(line, line.path, headers, cut=cut)
        if status != 302:
            return status, text, replayed
        episode_id = line.subject
        if line.op == "accept":
            episode_id, id = self.load.offered[line.subject], line.subject
        else:
            id = self._offer_of(episode_id, cookie) if line.op == "offer" else episode_id
        if line.op == "offer":
            self.load.offered[id] = episode_id
        return 200, json.dumps({"id": id, "episode_id": episode_id}), replayed

    def _session(self, username: str) -> tuple[str, str]:
        if username not in self.load.sessions:
            port = self.load.house.door(self._turn)
            self.load.sessions[username] = signed_in(self.load.house, username, port)
        return self.load.sessions[username]

    def _offer_of(self, episode_id: str, cookie: str) -> str:
        headers = {"Host": "localhost", "Cookie": cookie}
        self._connection.request("GET", f"/api/v1/episodes/{episode_id}", headers=headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise OSError(text)
        return str(json.loads(text)["offers"][0]["id"])

    def _post(
        self, line: Line, path: str, headers: dict[str, str], *, cut: bool
    ) -> tuple[int, str, bool]:
        more = {"Host": "localhost", "Idempotency-Key": line.key}
        self._connection.request("POST", path, line.body, headers | more)
        if cut:
            assert self._connection.sock is not None
            self._connection.sock.shutdown(socket.SHUT_RDWR)
            raise CutError
        answer = self._connection.getresponse()
        text = answer.read().decode()
        return answer.status, text, answer.headers.get("Idempotency-Replayed") == "true"

    def close(self) -> None:
        """Hang up. Whoever asks again does so at the next server, where there are several."""
        self._connection.close()
        self._turn += 1
        self._connection = self._connect()

    def _connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.load.house.door(self._turn), timeout=10)


class CutError(OSError):
    """We cut the socket ourselves, with the request sent and the answer unread."""


def _line(key: str, op: str, subject: str, path: str, body: dict[str, str], by: Caller) -> Line:
    sent = json.dumps(body) if op == "call" else urlencode(body)
    return Line(key, op, subject, path, sent.encode(), by)
