"""What an open board costs a server in memory, and what a month of the city leaves behind in every process.

Memory is the proportional set size (PSS): a page that two processes share counts half for each. Boards:
before and after so many streams are open on a server that has answered pages already. The floor is as many
streams of the bare fan-out server. `month`: a month of the synthetic city is played as fast as it goes, beside
twenty open boards; the slope is fitted through what is read every few seconds after the first day.
"""

import re
import selectors
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import linear_regression

from bench.boards import LOOKING, listening, sign_in
from bench.figures import Figure, repeated, say
from bench.house import NOWRONGDOOR, House, house
from bench.processes import Failed, ask, free_port, started

BOARDS = 200
MONTH_BOARDS = 20
DAYS = 30
SETTLE_S = 3.0
EVERY_S = 10.0
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
COMMANDS = ("serve", "worker")
MOST_S = 3600


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where this machine does not tell what a process uses."""
    with house() as running:
        cookies = _cookies(running)
        turns = repeated("memory", repeats, partial(_turn, running, cookies))
    ours, floor = [ours for ours, _ in turns], [floor for _, floor in turns]
    n = f"{BOARDS} boards, two processes"
    return [Figure("memory", "one more open board", "kB", ours, floor, n)]


def month(_repeats: int) -> list[Figure]:
    """Once, whatever is asked: an hour, or thirty days if they are played before. The figure says how many."""
    with house() as running:
        cookies = _cookies(running)
        with opened(running.port, _live(running), cookies * (MONTH_BOARDS // len(cookies))):
            points = list(_played(running))
    figures = []
    for name in COMMANDS:
        days, mb = [day for day, _ in points], [used[name] / 1000 for _, used in points]
        n = f"{max(days):.1f} days, {len(days)} readings, {MONTH_BOARDS} boards open"
        slope = linear_regression(days, mb).slope
        figures.append(Figure("month", f"{name}: at the end", "MB", [mb[-1]], n=n))
        figures.append(Figure("month", f"{name}: what a day adds", "MB", [slope], n=n))
    return figures


def _played(house: House) -> Iterator[tuple[float, dict[str, float]]]:
    """Days since the first call, with what each command's processes use; nothing of the first day."""
    words = [*NOWRONGDOOR, "sandbox", "--days", str(DAYS), "--fast"]
    until, told, log = time.monotonic() + MOST_S, 0, house.folder / "sandbox.log"
    with (
        log.open("wb") as said,
        started(words, environment=house.environment, stdout=said, stderr=said) as player,
    ):
        while player.poll() is None and time.monotonic() < until:
            time.sleep(EVERY_S)
            [(days,)] = house.rows(
                "SELECT coalesce(extract(epoch FROM max(opened_at) - min(opened_at)), 0)::float8"
                " / 86400 FROM episodes_episode"
            )
            if days > told:
                told += 1
                say(f"month: day {told} of {DAYS}")
            if days > 1:
                yield days, {name: tree(house.processes[name]) for name in COMMANDS}
    if player.returncode not in (0, -15):
        raise Failed(f"the city ended: {log.read_text(errors='replace')[-2000:]}")


def _turn(house: House, cookies: list[str], _number: int) -> tuple[float, float]:
    port, path = free_port(), _live(house)
    ours = _each(partial(tree, house.processes["serve"]), house.port, path, cookies)
    with started([sys.executable, "-m", "bench.floor_boards", str(port), "2000"]) as bare:
        listening(port)
        floor = _each(partial(tree, bare.pid), port, "/", cookies)
    return ours, floor


def _each(reads: "partial[float]", port: int, path: str, cookies: list[str]) -> float:
    before = reads()
    with opened(port, path, cookies * (BOARDS // len(cookies))):
        time.sleep(SETTLE_S)
        after = reads()
    time.sleep(SETTLE_S)
    return (after - before) / BOARDS


def _live(house: House) -> str:
    [(head,)] = house.rows("SELECT max(seq) FROM journal_seal")
    return f"/live?board=holding&after={head}"


def _cookies(house: House) -> list[str]:
    given = ask("tokens", {"positions": LOOKING}, most_s=60, environment=house.environment)
    return [sign_in(house.port, position) for position in given["positions"]]


@contextmanager
def opened(port: int, path: str, cookies: list[str]) -> Iterator[None]:
    """So many streams, each read until the block is left. Errors: Failed where one is not answered 200."""
    chosen, done = selectors.DefaultSelector(), threading.Event()
    sockets = [_asked(port, path, cookie) for cookie in cookies]
    for one in sockets:
        if b" 200 " not in one.recv(65536).partition(b"\r\n")[0]:
            raise Failed("a stream was not opened")
        chosen.register(one, selectors.EVENT_READ)
    reader = threading.Thread(target=_drain, args=(chosen, done))
    reader.start()
    try:
        yield
    finally:
        done.set()
        reader.join()
        for one in sockets:
            one.close()


def _asked(port: int, path: str, cookie: str) -> socket.socket:
    one = socket.create_connection(("localhost", port), timeout=30)
    one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
    return one


def _drain(chosen: selectors.BaseSelector, done: threading.Event) -> None:
    """Read whatever comes, so that nobody is sent away for being behind."""
    while not done.is_set():
        for key, _ in chosen.select(0.2):
            if not key.fileobj.recv(65536):  # type: ignore[union-attr]  # a socket was registered
                chosen.unregister(key.fileobj)


def tree(pid: int) -> float:
    """Kilobytes of a process and all that it started. Errors: Failed where the system does not tell."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError as reason:
        raise Failed(f"this machine does not tell what a process uses: {reason}") from None
    [kilobytes] = PSS.findall(text)
    return float(kilobytes) + sum(tree(int(child)) for child in children)
