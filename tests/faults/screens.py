"""Boards that are really open while things break: each keeps the picture that its person would see.

A screen draws the page, then listens from the page's position on. Its socket is cut again and again,
often in the middle of what it was being told; it comes back as a browser does, naming the last position
it has. What it shows at the end is held against the page drawn afresh.
"""

import json
import random
import re
import socket
import threading
import time
from dataclasses import dataclass, field
from enum import Enum
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import psycopg

from tests.faults.house import House, until

AWAY_S = 0.4
MISSES_S = 2.0
FAR_BEHIND = 220  # steps of the feed: more than a screen is told one by one
_ROW = re.compile(r'<tr [^>]*?id="row-([0-9a-f-]{36})".*?</tr>', re.DOTALL)
_SEQ = re.compile(r'data-live-seq="(\d+)"')


class Way(Enum):
    """How a screen comes back after a cut."""

    AT_ONCE = "at once, from its last position"
    MUCH_LATER = "so much later that it is told to draw itself afresh"
    FORGETFUL = "from where the feed is by then: the control"


@dataclass(slots=True)
class Screen:
    """One board of one person, and what is on it: each row's text by its episode."""

    house: House
    username: str
    way: Way
    chance: random.Random
    rows: dict[str, str] = field(default_factory=dict)
    at: int = 0
    drawn: int = 0
    cuts: int = 0
    told: int = 0
    fresh: int = 0
    disorder: list[tuple[int, int]] = field(default_factory=list)  # (had, was told)
    calm: threading.Event = field(default_factory=threading.Event)  # no more cuts
    done: threading.Event = field(default_factory=threading.Event)
    broken: list[BaseException] = field(default_factory=list)
    _cookie: str = ""
    _thread: threading.Thread | None = None

    def open(self) -> None:
        self._cookie = sign_in(self.house, self.username)
        self._draw()
        self._thread = threading.Thread(target=self._live)
        self._thread.start()

    def close(self) -> None:
        self.done.set()
        if self._thread is not None:
            self._thread.join()

    def page(self) -> dict[str, str]:
        """What the page shows if it is drawn now."""
        return dict(_rows(self._get("/board/rows/?show=all")))

    def differs(self) -> set[str]:
        """Episodes that this screen shows otherwise than the page does, or one of the two does not."""
        page, shown = self.page(), dict(self.rows)
        return {key for key in page.keys() | shown.keys() if page.get(key) != shown.get(key)}

    def _draw(self) -> None:
        text = self._get("/board/rows/?show=all")
        self.rows = dict(_rows(text))
        self.at = self.drawn = int(_SEQ.findall(text)[0])

    def _get(self, path: str) -> str:
        found: list[str] = []

        def answered() -> bool:
            here = HTTPConnection("127.0.0.1", self.house.port, timeout=20)
            try:
                here.request("GET", path, headers=self._headers() | {"HX-Request": "true"})
                answer = here.getresponse()
                text = answer.read().decode()
                if answer.status == 200:
                    found.append(text)
            except (OSError, HTTPException):
                pass  # the server is being killed: asked again
            finally:
                here.close()
            return bool(found)

        until(answered, f"{path} is answered")
        return found[0]

    def _headers(self) -> dict[str, str]:
        return {"Host": "localhost", "Cookie": self._cookie}

    def _live(self) -> None:
        try:
            while not self.done.is_set():
                try:
                    self._listen()
                except (OSError, HTTPException):
                    time.sleep(0.1)  # cut by the other side
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            self.broken.append(error)

    def _listen(self) -> None:
        """One stream, until it ends or is cut."""
        if self.way is Way.FORGETFUL and self.cuts:
            self.at = _head(self.house)
        here = HTTPConnection("127.0.0.1", self.house.port, timeout=20)
        cut_after = self.chance.randint(2_000, 60_000)  # bytes, so often within a frame
        heard = Heard(self.at)
        try:
            position = {"Last-Event-ID": str(self.at)}
            here.request("GET", "/live?board=holding", headers=self._headers() | position)
            answer = here.getresponse()
            if answer.status != 200:
                answer.read()
                time.sleep(0.2)
                return
            rest = b""
            while not self.done.is_set():
                read = answer.read1(4096)
                if not read:
                    return
                cut_after -= len(read)
                *frames, rest = (rest + read).split(b"\n\n")
                for frame in frames:
                    heard = self._hear(frame.decode(), heard)
                if cut_after < 0 and not self.calm.is_set():
                    self._cut(here)
                    return
        finally:
            here.close()

    def _cut(self, here: HTTPConnection) -> None:
        self.cuts += 1
        if here.sock is not None:
            here.sock.shutdown(socket.SHUT_RDWR)
        if self.way is Way.MUCH_LATER:
            until(
                lambda: self.calm.is_set() or _head(self.house) > self.at + FAR_BEHIND, "it is late"
            )
        else:
            time.sleep(MISSES_S if self.way is Way.FORGETFUL else AWAY_S * self.chance.random())

    def _hear(self, frame: str, heard: "Heard") -> "Heard":
        """Act on one event as the page's script does. Answers what has been heard then."""
        said = dict(line.split(": ", 1) for line in frame.splitlines() if ": " in line)
        if said.get("event") == "fresh":
            self.fresh += 1
            self._draw()
            return Heard(int(said["id"]))
        if said.get("event") not in ("row", "gone"):
            return heard
        data = json.loads(said["data"])
        seq = data["seq"]
        if heard.again(seq, data["key"]):
            self.disorder.append((heard.seq, seq))
        self.told += 1
        if seq > self.drawn:  # else the page was drawn after that
            if said["event"] == "row":
                self.rows[data["key"]] = _plain(data["html"])
            else:
                self.rows.pop(data["key"], None)
        self.at = max(self.at, int(said["id"]))
        return heard.then(seq, data["key"])


@dataclass(frozen=True, slots=True)
class Heard:
    """How far one stream has told: to which position, and which rows of that one. None: all of them."""

    seq: int
    keys: frozenset[str] | None = None

    def again(self, seq: int, key: str) -> bool:
        """Whether this comes a second time, or after something later. Rows of one entry share its position."""
        if seq != self.seq:
            return seq < self.seq
        return self.keys is None or key in self.keys

    def then(self, seq: int, key: str) -> "Heard":
        before = self.keys or frozenset() if seq == self.seq else frozenset()
        return Heard(seq, before | {key})


def sign_in(house: House, username: str) -> str:
    """The cookie of a synthetic member, chosen in the demo's picker."""
    return signed_in(house, username, house.port)[0]


def signed_in(house: House, username: str, port: int) -> tuple[str, str]:
    """The same at one of the house's doors, with the token that its forms carry.

    Errors: OSError where the house is down, or says so: to be tried again.
    """
    query = """
        SELECT p.id::text FROM agencies_position p JOIN agencies_member m ON m.id = p.member_id
        WHERE m.username = %s ORDER BY p.id LIMIT 1"""
    try:
        with house.connect() as db:
            [position] = db.execute(query, [username]).fetchone() or [""]
    except psycopg.OperationalError as error:
        raise OSError(str(error)) from error
    here = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        here.request("GET", "/demo/", headers={"Host": "localhost"})
        page = here.getresponse()
        page.read()
        _expect(200, page.status)
        csrf = _cookie(page.headers.get_all("Set-Cookie", []), "csrf")
        form = urlencode({"position": position, "csrfmiddlewaretoken": csrf})
        headers = {
            "Host": "localhost",
            "Cookie": f"csrf={csrf}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        here.request("POST", "/demo/", form, headers)
        answer = here.getresponse()
        answer.read()
        _expect(302, answer.status)
        given = answer.headers.get_all("Set-Cookie", [])
        return f"session={_cookie(given, 'session')}", _cookie(given, "csrf")
    finally:
        here.close()


def _expect(status: int, told: int) -> None:
    if told >= 500:
        raise OSError(f"{told} for {status}")
    assert told == status, told


def _cookie(headers: list[str], name: str) -> str:
    [found] = [match[1] for each in headers if (match := re.match(rf"{name}=([^;]+)", each))]
    return found


def _head(house: House) -> int:
    with house.connect() as db:
        [head] = db.execute("SELECT coalesce(max(seq), 0)::int FROM journal_seal").fetchone() or (
            0,
        )
    return int(str(head))


def _rows(page: str) -> list[tuple[str, str]]:
    return [(match[1], _plain(match[0])) for match in _ROW.finditer(page)]


def _plain(html: str) -> str:
    return " ".join(html.split())
