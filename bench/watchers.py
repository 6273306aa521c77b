"""Live boards that listen, and one sender in an open loop. Run as a process, for floor and program alike.

Every board is a connection of its own. The sender posts at planned times over a few connections,
whatever the answers do; latency counts from the planned time to the arrival of the row's last byte.
In: {"port", "path", "cookies", "strangers", "token", "rate", "seconds"}: one cookie for each board;
strangers' boards must not be told anything. "posts", where given, are what is sent instead of new calls,
in order: {"path", "body", "key"} with the key of the row that each changes. Out: what `Seen` holds, in its own words.
"""

import asyncio
import json
import re
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from bench.clients import CALL
from bench.figures import quantile

SENDERS = 16
PATIENCE_S = 30.0
NEW_CALL = {"path": "/calls", "body": CALL, "key": ""}
ROW = b"event: row\n"
KEY = re.compile(rb'"key": "([0-9a-f-]{36})"')


@dataclass(slots=True)
class Seen:
    """One repeat: what was sent, what arrived, and what did not.

    `gaps`: rows that a board should have got and did not. `overheard`: rows at strangers' boards.
    `late_ms`: how late the sender itself was, at p99. `closed`: streams that ended early.
    `answer_ms`: from a command's planned time to its own answer, at p99.
    """

    sent: int
    boards: int
    arrived: int
    gaps: int
    overheard: int
    refused: int
    closed: int
    late_ms: float
    answer_ms: float
    frame_bytes: int
    p50_ms: float
    p99_ms: float
    most_ms: float


class Board(asyncio.Protocol):
    """One open stream. Keeps when each row first arrived."""

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.rest = b""
        self.rows: dict[str, float] = {}
        self.frame_bytes: list[int] = []
        self.open = asyncio.Event()
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self.request)  # type: ignore[attr-defined]  # a TCP transport can

    def data_received(self, data: bytes) -> None:
        """A frame ends with an empty line, whatever lengths HTTP puts between the frames."""
        at = time.monotonic()
        *frames, self.rest = (self.rest + data).split(b"\n\n")
        for frame in frames:
            self.open.set()
            found = KEY.search(frame) if ROW in frame else None
            if found:
                self.rows.setdefault(found[1].decode(), at)
                self.frame_bytes.append(len(frame) + 2)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.closed = True


@dataclass(slots=True)
class Sender:
    """Posts at planned times. `planned` holds when the command that opened each episode was due."""

    job: dict[str, Any]
    free: "asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]" = field(
        default_factory=asyncio.Queue
    )
    planned: dict[str, float] = field(default_factory=dict)
    late: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    refused: int = 0

    async def run(self) -> None:
        """Every post is a task of its own: one that waits holds none of the others up."""
        for _ in range(SENDERS):
            await self.free.put(await asyncio.open_connection("localhost", self.job["port"]))
        begun = time.monotonic() + 0.1
        tasks = []
        for number in range(round(self.job["rate"] * self.job["seconds"])):
            due = begun + number / self.job["rate"]
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            tasks.append(asyncio.create_task(self._post(due, number)))
        await asyncio.gather(*tasks)
        while not self.free.empty():
            self.free.get_nowait()[1].close()

    async def _post(self, due: float, number: int) -> None:
        post = self.job["posts"][number] if "posts" in self.job else NEW_CALL
        reader, writer = await self.free.get()
        self.late.append(time.monotonic() - due)
        writer.write(_command(self.job, post))
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        self.answered.append(time.monotonic() - due)
        self.free.put_nowait((reader, writer))
        if b" 200 " in head.partition(b"\r\n")[0]:
            self.planned[post["key"] or json.loads(body)["episode_id"]] = due
        else:
            self.refused += 1


def _command(job: dict[str, Any], post: dict[str, Any]) -> bytes:
    body = json.dumps(post["body"]).encode()
    head = (
        f"POST /api/v1{post['path']} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {job['token']}\r\n"
        f"Idempotency-Key: {uuid4()}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def watch(port: int, path: str, cookie: str) -> Board:
    """Open one board, and wait for the first thing it says."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()
    loop = asyncio.get_running_loop()
    _, board = await loop.create_connection(lambda: Board(request), "localhost", port)
    await asyncio.wait_for(board.open.wait(), PATIENCE_S)
    return board


async def arrived(boards: list[Board], sender: Sender) -> None:
    """Wait until every row is everywhere, but not for ever: what is missing then is a gap."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if all(sender.planned.keys() <= board.rows.keys() for board in boards):
            return
        await asyncio.sleep(0.05)


def judge(boards: list[Board], strangers: list[Board], sender: Sender) -> Seen:
    """Count what came and what did not."""
    ms = [
        (board.rows[key] - due) * 1000
        for board in boards
        for key, due in sender.planned.items()
        if key in board.rows
    ]
    return Seen(
        sent=len(sender.planned),
        boards=len(boards),
        arrived=len(ms),
        gaps=len(boards) * len(sender.planned) - len(ms),
        overheard=sum(len(board.rows) for board in strangers),
        refused=sender.refused,
        closed=sum(board.closed for board in boards),
        late_ms=quantile(sender.late, 0.99) * 1000,
        answer_ms=quantile(sender.answered, 0.99) * 1000,
        frame_bytes=round(quantile([size for board in boards for size in board.frame_bytes], 0.5)),
        p50_ms=quantile(ms, 0.5),
        p99_ms=quantile(ms, 0.99),
        most_ms=quantile(ms, 1),
    )


async def main() -> None:
    job = json.load(sys.stdin)
    boards = [await watch(job["port"], job["path"], cookie) for cookie in job["cookies"]]
    strangers = [await watch(job["port"], job["path"], cookie) for cookie in job["strangers"]]
    sender = Sender(job)
    await sender.run()
    if not sender.planned:
        raise SystemExit(f"all {sender.refused} commands were refused: there is nothing to watch")
    await arrived(boards, sender)
    print(json.dumps(asdict(judge(boards, strangers, sender))))


if __name__ == "__main__":
    asyncio.run(main())
