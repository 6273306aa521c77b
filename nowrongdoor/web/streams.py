"""Server-sent events on a WSGI thread: a queue for each listener, and the response that drains it.

A stream holds a thread, never a database connection. Past the cap a newcomer is told when to come
back, because a full pool of threads would starve the pages.
"""

import json
import queue
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import partial

from django.db import connections
from django.http import HttpResponse, StreamingHttpResponse

from nowrongdoor.web.counts import STREAMS

BEAT_S = 1.0
LONGEST_QUEUE = 500
RETRY_AFTER_S = 5
SHARES, LEAST_SHARE = 8, 8
"""One member has at most an eighth of a process's streams, and never fewer than a few windows need."""
FRESH = "fresh"
"""The event that says: draw everything again. Positions may begin anew with it, after a restore."""


@dataclass(slots=True)
class Message:
    """One event of a stream, not to be changed once it is put. `seq` becomes Last-Event-ID where it is given.

    `more`: further ones of this position follow. Whoever is cut off here has not been told all of it, and goes on
    from the position before.
    """

    event: str
    data: dict[str, object]
    seq: int | None = None
    more: bool = False
    _sent: bytes = field(default=b"", init=False, repr=False, compare=False)

    def encoded(self) -> bytes:
        """As it goes over the line: the same bytes for every listener, made once."""
        if not self._sent:
            number = "" if self.seq is None else f"id: {self.seq - 1 if self.more else self.seq}\n"
            text = f"{number}event: {self.event}\ndata: {json.dumps(self.data)}\n\n"
            self._sent = text.encode()
        return self._sent


@dataclass(slots=True)
class Listener:
    """One open stream. A listener that does not keep up is sent away, and told nothing after what it missed.

    `after`: up to here it has been told, perhaps by another process that was further than this one.
    """

    after: int
    waiting: queue.Queue[Message] = field(default_factory=lambda: queue.Queue(LONGEST_QUEUE))
    gone: threading.Event = field(default_factory=threading.Event)

    def put(self, message: Message) -> None:
        if self.gone.is_set():
            return  # there may be room again by now: with a later position it would never come back for this one
        if message.seq is not None and message.seq <= self.after and message.event != FRESH:
            return
        try:
            self.waiting.put_nowait(message)
        except queue.Full:
            self.gone.set()


class Cap:
    """How many streams this process carries at once; of those, one member has a share and no more."""

    def __init__(self, most: int) -> None:
        self._most, self.share = most, max(LEAST_SHARE, most // SHARES)
        self._of: Counter[Hashable] = Counter()
        self._lock = threading.Lock()

    @property
    def open(self) -> int:
        return self._of.total()

    def take(self, who: Hashable) -> bool:
        with self._lock:
            if self._of.total() >= self._most or self._of[who] >= self.share:
                return False
            self._of[who] += 1
        STREAMS.inc()
        return True

    def give_back(self, who: Hashable) -> None:
        with self._lock:
            self._of[who] -= 1
            self._of += Counter()  # whoever has none left is not remembered
        STREAMS.dec()


def stream(
    listener: Listener,
    *,
    cap: Cap,
    who: Hashable,
    beat: Callable[[], Message],
    leave: Callable[[], None],
) -> HttpResponse | StreamingHttpResponse:
    """Answer with a stream, or 503 with Retry-After where the cap, or the share of `who`, is reached."""
    if not cap.take(who):
        leave()
        full = HttpResponse(
            "too many screens; come back", status=503, content_type="text/plain; charset=utf-8"
        )
        full["Retry-After"] = str(RETRY_AFTER_S)
        return full
    connections.close_all()
    response = StreamingHttpResponse(
        _Drain(listener, beat, partial(_end, cap, who, leave)),
        content_type="text/event-stream; charset=utf-8",
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _end(cap: Cap, who: Hashable, leave: Callable[[], None]) -> None:
    leave()
    cap.give_back(who)


class _Drain:
    """The body of a stream. `close` is called by the server however the stream ends."""

    def __init__(
        self, listener: Listener, beat: Callable[[], Message], end: Callable[[], None]
    ) -> None:
        self._listener, self._beat, self._end = listener, beat, end
        self._closed = False
        self._said_bye = False

    def __iter__(self) -> Iterator[bytes]:
        yield self._beat().encoded()
        while not self._listener.gone.is_set():
            try:
                message = self._listener.waiting.get(timeout=BEAT_S)
            except queue.Empty:
                message = self._beat()
            yield b"".join(each.encoded() for each in self._with_what_waits(message))
            if self._said_bye:
                return

    def _with_what_waits(self, first: Message) -> Iterator[Message]:
        """A message and all that wait behind it, up to a farewell: they go out in one piece."""
        yield first
        self._said_bye = first.event == "bye"
        while not self._said_bye:
            try:
                message = self._listener.waiting.get_nowait()
            except queue.Empty:
                return
            yield message
            self._said_bye = message.event == "bye"

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._end()
