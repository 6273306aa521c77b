"""Floor of `boards`: a bare fan-out server in one event loop. Run as a process: `PORT FRAME_BYTES`.

A GET becomes a stream. A POST is answered at once, after one frame of that size was written to
every stream: no rules, no database, no journal, nothing drawn.
"""

import asyncio
import json
import re
import sys
from functools import partial
from uuid import uuid4

STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: beat\ndata: {}\n\n"
streams: list[asyncio.StreamWriter] = []


def frame(key: str, size: int) -> bytes:
    """A row's event as long as the program's own."""
    head, tail = f'event: row\ndata: {{"key": "{key}", "html": "', '"}\n\n'
    return (head + "x" * (size - len(head) - len(tail)) + tail).encode()


async def answer(size: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, for as long as it asks."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET "):
                writer.write(STREAM)
                streams.append(writer)
                return
            length = re.search(rb"(?i)content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            _tell(writer, size)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _tell(writer: asyncio.StreamWriter, size: int) -> None:
    key = str(uuid4())
    whole = frame(key, size)
    for stream in streams:
        if not stream.is_closing():
            stream.write(whole)
    body = json.dumps({"episode_id": key}).encode()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


async def main() -> None:
    port, size = (int(word) for word in sys.argv[1:])
    server = await asyncio.start_server(partial(answer, size), "localhost", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
