"""Every command, killed at each of its failpoints: a plugin for the tests that call it.

`pytest -p tests.faults.drilling --drilled FILE TEST...` runs tests as they are. Where one calls a
command that has not been drilled yet, a forked child makes the same call on the same PostgreSQL and
dies by SIGKILL at a failpoint, one child for each. After each death the database is looked at: its
state is that before the call or that after it, and the journal has grown if and only if it is
after. Then the same key is asked again: nothing changes, and the answer is that of the dead.
The test goes on with this answer and has to pass. Where a page or the API calls it, whose act opens the
transaction, it is that act which dies and is asked again; it gets a key where it came without one.
"""

import base64
import json
import os
import pickle
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial, wraps
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.site.apps import SiteConfig

if TYPE_CHECKING:
    from django.http import HttpResponse

Run = Callable[..., object]
Told = dict[str, list[str]]
LONGEST_S = 20.0
REFUSED, FAILED, ALIVE = 3, 4, 0
BEFORE = ("before_body", "after_body", "before_commit")
AFTER = "after_commit"
acting: Any = None  # the module, once Django has its models
UNWRITTEN: set[str] = set()  # commands that say of themselves that the journal is not told
_number = count(1)
_results: dict[str, object] = {}
_kept: list[object] = []  # the parent's connections: a child that let go of them would end them


@dataclass(slots=True)
class Report:
    """What was drilled: by command the points at which it was killed, and the test that called it."""

    points: dict[str, list[str]] = field(default_factory=dict)
    tests: dict[str, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    keyed: int = 0
    test: str = ""
    asked: set[str] = field(default_factory=set)  # addresses of our own

    def killed(self, name: str, point: str) -> None:
        self.points.setdefault(name, []).append(point)
        self.tests.setdefault(name, self.test)

    def find(self, what: str) -> None:
        self.findings.append(f"{self.test}: {what}")


REPORT = Report()


@dataclass(frozen=True, slots=True)
class State:
    """Every row of every table as one hash for each table, and how long the journal is."""

    tables: tuple[tuple[object, ...], ...]
    entries: int


def marked(change: Run, *, needs: object) -> Run:
    """In the place of what marks a command: the command, drilled at its first call."""
    name = f"{change.__module__}.{change.__qualname__}"
    _, _, journal = (change.__doc__ or "").partition("Journal: ")
    if not journal or journal.startswith("nothing"):
        UNWRITTEN.add(name)

    @wraps(change)
    def kept(**kwargs: object) -> object:
        _results[name] = change(**kwargs)
        return _results[name]

    run = _command(kept, needs=needs)

    @wraps(run)
    def call(**kwargs: object) -> object:
        inside = acting._current.get() is not None
        if inside or name in REPORT.points or not isinstance(kwargs.get("by"), Actor):
            return run(**kwargs)
        return drill(name, run, kwargs)

    return call


def pytest_collection_finish() -> None:
    """Deadlines are fired in a transaction of their own, pages act in theirs, and commands run in it."""
    from nowrongdoor.clocks import commands as clocks
    from nowrongdoor.web import idempotency

    global _fire, _in_one, _key
    _fire, clocks._fire = clocks._fire, fired
    _in_one, idempotency._in_one = idempotency._in_one, posted
    _key, idempotency._key = idempotency._key, keyed


def ready(config: SiteConfig) -> None:
    """In the place of what wires the modules: no module of commands is imported before it."""
    global acting, _command
    from nowrongdoor.agencies import acting as found

    acting, _command = found, found._command
    found._command = marked  # type: ignore[assignment]
    _ready(config)


_ready = SiteConfig.ready
SiteConfig.ready = ready  # type: ignore[method-assign]


def drill(name: str, run: Run, given: dict[str, object]) -> object:
    """A command that a test calls, by key: killed everywhere, then asked again. Answers its answer."""
    key = f"drill-{next(_number)}"
    ask = partial(_ask, name, key, run, given)
    with _looking() as look:
        told, after = _killed(ask, look)
        if not told["after_commit"]:
            return run(**given)  # refused: another call of it will be drilled
        if given["by"].member_id is None:  # type: ignore[attr-defined]
            return pickle.loads(base64.b64decode(told["result"][0]))  # who is nobody has no key
        answer = pickle.loads(base64.b64decode(ask()))
        REPORT.keyed += 1
        if look() != after:
            REPORT.find(f"{name}: the same key acts twice")
        return answer


def fired(*given: object, **more: object) -> int:
    """In the place of what fires one deadline: killed everywhere, then fired again, in vain."""
    if all(each in REPORT.points for each in more["reactions"].values()):  # type: ignore[attr-defined]
        return _fire(*given, **more)
    with _looking() as look:
        told, after = _killed(lambda: _fire(*given, **more), look)
        again = _fire(*given, **more)
        if told["after_commit"] and (again or look() != after):
            REPORT.find(f"{told['after_commit']}: the same deadline fires twice")
    return again or bool(told["after_commit"])


def posted(opening: object, act: "partial[HttpResponse]", by: Actor) -> "HttpResponse":
    """In the place of what opens the transaction of a page's act: killed everywhere, then asked again."""
    ask = partial(_in_one, opening, act, by)
    [request] = [each for each in act.args if hasattr(each, "META")]
    inside = acting._current.get() is not None
    if inside or request.path in REPORT.asked or not keyed(request, by):
        return ask()
    drilled = len(REPORT.points)
    with _looking() as look:
        told, after = _killed(ask, look)
        answer = ask()
        if told[AFTER] and look() != after:
            REPORT.find(f"{told[AFTER]}: the same key acts twice on {request.path}")
    REPORT.keyed += len(REPORT.points) > drilled
    if told[AFTER]:
        del answer["Idempotency-Replayed"]  # the test is told what the dead was told
    return answer


def keyed(request: Any, by: Actor) -> str:
    """The key of a request, or one that it keeps from now on."""
    key = _key(request, by)
    if not key and by.asks_as is not None and request.method == "POST":
        key = request.drilled_by = getattr(request, "drilled_by", f"drill-{next(_number)}")
    return key


def _killed(ask: Callable[[], object], look: Callable[[], "State"]) -> tuple[Told, "State"]:
    """One child for each point of each command that this runs and that is not drilled yet."""
    before = look()
    died, told = _die("", ask)
    names = [each for each in dict.fromkeys(told[BEFORE[0]]) if each not in REPORT.points]
    if died != -signal.SIGKILL or not names:
        return {each: [] for each in told}, before
    before = look()
    for name in names:
        for point in BEFORE:
            died, _ = _die(f"{name}:{point}", ask)
            after = look()
            _compare(name, point, died, same=after == before)
            before = after
    died, told = _die(f"{names[0]}:{AFTER}", ask)
    after = look()
    if after == before:  # nothing had to be done: another call of them will be drilled
        for name in names:
            REPORT.points.pop(name, None)
            REPORT.tests.pop(name, None)
        return told, after
    for name in names:
        _compare(name, AFTER, died, same=True)
    if after.entries == before.entries and names[0] not in UNWRITTEN:
        REPORT.find(f"{names[0]} is done and the journal does not know")
    return told, after


def _compare(name: str, point: str, died: int, *, same: bool) -> None:
    """`same`: as before where it died before its commit, and something new where after."""
    if died == -signal.SIGKILL:
        REPORT.killed(name, point)
    else:
        REPORT.find(f"{name} was not killed at {point}: {died}")
    if not same:
        REPORT.find(f"{name}, killed at {point}: something is left behind")


def _ask(name: str, key: str, run: Run, given: dict[str, object]) -> bytes:
    """By key, as every page and address of the API does; without one where nobody acts."""
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory

    from nowrongdoor.web.idempotency import once

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(base64.b64encode(pickle.dumps(run(**given))))

    request = RequestFactory().post(f"/{name}", headers={"Idempotency-Key": key})
    REPORT.asked.add(request.path)
    request.actor = given["by"]  # type: ignore[attr-defined]
    return once(acting.act_as)(view)(request).content


def _die(failpoint: str, ask: Callable[[], object]) -> tuple[int, Told]:
    """In a child: the call, and its death. Answers how it ended, and which points it passed.

    Without a failpoint it dies before its first commit, for whoever asks what commands it runs.
    """
    reading, writing = os.pipe()
    session = f"drill {next(_number)}"
    pid = os.fork()
    if pid == 0:
        _child(failpoint, session, writing, ask)
    os.close(writing)
    with os.fdopen(reading) as lines:
        told: Told = {each: [] for each in (*acting.FAILPOINTS, "result")}
        for line in lines:
            passed, *names = line.split()
            told[passed] += names
    _, status = os.waitpid(pid, 0)
    _wait_until_gone(session)
    return os.waitstatus_to_exitcode(status), told


def _child(failpoint: str, session: str, writing: int, ask: Callable[[], object]) -> None:
    """Never returns. What is told goes out by the pipe before the process dies."""
    from django.conf import settings

    signal.alarm(int(LONGEST_S))  # one that waits for ever is a finding, not a hang
    settings.FAILPOINT = failpoint
    die_at = acting._die_at

    def tell(point: str, *names: str) -> None:
        words = " ".join((point, *names))
        if point == AFTER and names:  # the outermost command's, which is the first
            result = pickle.dumps(_results[names[0]])
            words += f"\nresult {base64.b64encode(result).decode()}"
        os.write(writing, f"{words}\n".encode())
        if not failpoint and names and point == BEFORE[-1]:
            os.kill(os.getpid(), signal.SIGKILL)
        die_at(point, *names)

    acting._die_at = tell
    try:
        _fresh_connections(session)
        ask()
    except Refused:
        os._exit(REFUSED)
    except BaseException:  # noqa: BLE001 - the parent is told by the exit code
        traceback.print_exc()
        os._exit(FAILED)
    os._exit(ALIVE)


def _fresh_connections(session: str) -> None:
    """The child's own. The parent's are left alone: they are open on the parent's side."""
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper

    _kept.extend([dict(DatabaseWrapper._connection_pools), *connections.all()])
    DatabaseWrapper._connection_pools.clear()
    options = connections.settings["default"]["OPTIONS"]
    options.pop("pool", None)
    options["application_name"] = session
    for alias in list(connections):
        del connections[alias]


def _admin() -> "psycopg.Connection[tuple[object, ...]]":
    from tests.conftest import database_url

    name = f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    return psycopg.connect(database_url("admin", name), autocommit=True)


@contextmanager
def _looking() -> Iterator[Callable[[], State]]:
    with _admin() as db:
        names = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        query = " UNION ALL ".join(
            f"SELECT '{name}', md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {name} t"
            for [name] in names.fetchall()
            if name != "web_answer"  # whether it was remembered is seen when it is asked again
        )

        def look() -> State:
            [entries] = db.execute("SELECT count(*) FROM journal_entry").fetchone() or [0]
            return State(tuple(sorted(db.execute(query).fetchall())), int(str(entries)))

        yield look


def _wait_until_gone(session: str) -> None:
    """Until the server has noticed that its client is dead, and rolled back."""
    end = time.monotonic() + LONGEST_S
    with _admin() as db:
        there = "SELECT FROM pg_stat_activity WHERE application_name = %s"
        while db.execute(there, [session]).fetchone() is not None:
            assert time.monotonic() < end, f"{session} is still there"
            time.sleep(0.002)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--drilled", type=Path, help="where the report goes")


def pytest_runtest_setup(item: pytest.Item) -> None:
    REPORT.test = item.nodeid


def pytest_sessionfinish(session: pytest.Session) -> None:
    report = {
        "points": REPORT.points,
        "tests": REPORT.tests,
        "findings": REPORT.findings,
        "keyed": REPORT.keyed,
    }
    session.config.getoption("--drilled").write_text(json.dumps(report, indent=1))
