"""The real thing, started as a person would start it: `nowrongdoor run`, in a folder of its own.

Every process that belongs to it is found by that folder: in its arguments, its environment or its
working directory. Signals go to those, one by one, and to nobody else.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import quote

import psycopg

ROOT = Path(__file__).resolve().parents[2]
COMMAND = str(ROOT / ".venv/bin/nowrongdoor")
LONGEST_S = 180.0  # patience, not a claim about time: others use this machine

Database = psycopg.Connection[tuple[object, ...]]

_TOKEN = """
INSERT INTO agencies_token (id, program_id, label, digest, scopes, created_at, expires_at)
SELECT gen_random_uuid(), p.program_id, 'faults', %s, %s, %s, %s
FROM agencies_position p JOIN agencies_member m ON m.id = p.member_id
WHERE m.username = %s ORDER BY p.id LIMIT 1
RETURNING (SELECT id FROM agencies_member WHERE username = %s)::text
"""


def until(condition: Callable[[], object], what: str, *, most_s: float = LONGEST_S) -> None:
    """Return once it is so. Errors: AssertionError with the words, where it never is."""
    end = time.monotonic() + most_s
    while not condition():
        assert time.monotonic() < end, f"waited {most_s:.0f} s in vain: {what}"
        time.sleep(0.05)


def plain_environment() -> dict[str, str]:
    """Ours, without what the tests around us have set, and with Python's own cache of bytecode.

    A few members and keys stand for many: none is asked to wait.
    """
    return {
        "NWD_MEMBER_RATE": "1000000",
        "NWD_KEY_RATE": "1000000",
    } | {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "NWD_", "PYTEST_", "DJANGO_", "PYTHONDONTWRITE"))
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    parent: int
    words: str
    state: str

    @property
    def runs(self) -> bool:
        return self.state not in "ZX"


@dataclass(frozen=True, slots=True)
class Caller:
    """A desk: the key of its program's telephone system, and the member who sits there, by name."""

    member_id: str
    token: str
    username: str


@dataclass(slots=True)
class House:
    """One running installation. `var` is its NWD_VAR; everything of it lies under `folder`."""

    folder: Path
    port: int
    runner: "subprocess.Popen[bytes] | None" = None
    callers: tuple[Caller, ...] = ()
    line: Caller = field(default_factory=lambda: Caller("", "", ""))

    @property
    def var(self) -> Path:
        return self.folder / "v"

    @property
    def anchor(self) -> Path:
        return self.var / "anchor.log"

    def start(self) -> None:
        """Start it and wait until it has said where it is, and answers there."""
        said = self.folder / f"said-{time.monotonic_ns()}"
        with said.open("wb") as out:
            self.runner = subprocess.Popen(
                [COMMAND, "run", "--no-city", "--port", str(self.port)],
                cwd=ROOT,
                env=plain_environment() | {"NWD_VAR": str(self.var)},
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
            )
        until(lambda: "Ctrl-C stops" in said.read_text() or not self.up, "an address is said")
        assert self.up, said.read_text()
        until(self.healthy, "health is ok")

    @property
    def up(self) -> bool:
        return self.runner is not None and self.runner.poll() is None

    def healthy(self) -> bool:
        here = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            here.request("GET", "/health", headers={"Host": "localhost"})
            return here.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            here.close()

    def door(self, turn: int) -> int:  # noqa: ARG002 - a house with several servers has several
        """The port at which a desk asks, the `turn`th time that it connects."""
        return self.port

    def stop(self) -> int:
        """SIGTERM to the runner, as Ctrl-C or a service manager does. Answers its exit code."""
        assert self.runner is not None
        self.runner.terminate()
        return self.runner.wait(LONGEST_S)

    def last_words(self) -> str:
        """What it said lately, for whoever has to find out why."""
        *_, said = sorted(self.folder.glob("said-*"))
        return said.read_text()[-6000:]

    def end(self) -> None:
        """Leave nothing running, whatever happened."""
        for _ in range(50):
            left = self.processes()
            send(left, signal.SIGKILL)
            if self.runner is not None:
                self.runner.poll()  # reaps it
            if not left:
                return
            time.sleep(0.1)

    def processes(self) -> list[Process]:
        """Everything alive that belongs to this folder."""
        found = (_process(entry, self.folder) for entry in Path("/proc").iterdir())
        return [each for each in found if each is not None and each.runs]

    def children(self, parent: int, words: str = "") -> list[Process]:
        return [each for each in self.processes() if each.parent == parent and words in each.words]

    def worker(self) -> list[Process]:
        """The process that seals the journal and fires deadlines."""
        return self._own("nowrongdoor.site.cli worker")

    def server(self) -> list[Process]:
        """The server's main process."""
        return self._own("granian")

    def server_workers(self) -> list[Process]:
        """The processes that answer requests."""
        return [each for main in self.server() for each in self.children(main.pid, "granian")]

    def drawing(self) -> list[Process]:
        """The process that draws for all of these."""
        beside = [each for main in self.server() for each in self.children(main.pid, "cli drawer")]
        return [each for one in beside for each in self.children(one.pid, "cli drawer")]

    def database(self) -> list[Process]:
        """The postmaster first, then its children."""
        found = self._own("bin/postgres")
        return [*found, *(each for main in found for each in self.children(main.pid))]

    def strays(self) -> list[Process]:
        """What belongs to this folder and no longer hangs on its runner."""
        known = {self.runner.pid} if self.runner is not None and self.up else set()
        left = self.processes()
        for _ in range(4):
            known |= {each.pid for each in left if each.parent in known}
        return [each for each in left if each.pid not in known]

    def end_strays(self) -> list[Process]:
        """Kill what no longer hangs on the runner. Answers what it was."""
        strays = self.strays()
        send(strays, signal.SIGKILL)
        return strays

    def _own(self, words: str) -> list[Process]:
        return self.children(self.runner.pid, words) if self.runner is not None else []

    def url(self, role: str) -> str:
        password = quote((self.var / "secrets" / role).read_text(), safe="")
        host = quote(str(self.var / "pg" / "s"), safe="")
        return f"postgresql://{role}:{password}@/nowrongdoor?host={host}&port=5432"

    def connect(self, role: str = "admin") -> Database:
        return psycopg.connect(self.url(role), autocommit=True, connect_timeout=10)

    def hire(self) -> None:
        """Desks of three call takers and a counselor."""
        names = ("anna.miller", "luis.ortega", "karen.hughes", "maria.lopez")
        with self.connect("nwd_owner") as owner:
            *callers, self.line = (_token(owner, name) for name in names)
        self.callers = tuple(callers)

    def program_id(self, agency: str, program: str) -> str:
        query = """
            SELECT p.id::text FROM agencies_program p JOIN agencies_agency a ON a.id = p.agency_id
            WHERE a.code = %s AND p.code = %s"""
        with self.connect() as db:
            [found] = db.execute(query, [agency, program]).fetchone() or [""]
        return str(found)

    def note_anchor(self, file: Path) -> None:
        """Write the chain's head outside now, in the worker's own words: it does so once a minute."""
        with self.connect() as db:
            head = "SELECT seq, hash FROM journal_seal ORDER BY seq DESC LIMIT 1"
            seq, hash = db.execute(head).fetchone() or (0, "")
        if not seq:
            return  # the worker writes nothing either where nothing is sealed
        anchor = {"seq": seq, "hash": hash, "at": datetime.now(UTC).isoformat()}
        with file.open("a") as lines:
            lines.write(json.dumps(anchor) + "\n")

    def addresses(self) -> dict[str, str]:
        """What a command needs that is run beside the house and is no part of it."""
        return plain_environment() | {
            "DATABASE_URL": self.url("nwd_app"),
            "DATABASE_OWNER_URL": self.url("nwd_owner"),
            "NWD_SECRET_KEY": "any",
        }

    def verify(self, anchor: Path) -> "subprocess.CompletedProcess[str]":
        """`nowrongdoor verify --anchor`, as an operator runs it."""
        return subprocess.run(
            [COMMAND, "verify", "--anchor", str(anchor)],
            cwd=ROOT,
            env=self.addresses(),
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
        )


def send(processes: Iterable[Process], number: signal.Signals) -> None:
    """One signal to each, in this order. Who is gone already is gone."""
    for each in processes:
        try:
            os.kill(each.pid, number)
        except ProcessLookupError:
            continue


def _token(owner: Database, username: str) -> Caller:
    key, now = token_urlsafe(32), datetime.now(UTC)
    scopes = json.dumps(["see_board", "take_call"])
    row = [
        sha256(key.encode()).hexdigest(),
        scopes,
        now,
        now + timedelta(days=2),
        username,
        username,
    ]
    [member_id] = owner.execute(_TOKEN, row).fetchone() or [""]
    return Caller(str(member_id), key, username)


def _belongs(entry: Path, words: bytes, name: bytes) -> bool:
    return (
        name in words
        or os.fsencode((entry / "cwd").readlink()).startswith(name)
        or name in (entry / "environ").read_bytes()
    )


def _process(entry: Path, folder: Path) -> Process | None:
    """One entry of /proc, if it belongs to the folder."""
    if not entry.name.isdecimal() or int(entry.name) == os.getpid():
        return None
    try:
        words = (entry / "cmdline").read_bytes()
        if not words or not _belongs(entry, words, os.fsencode(folder)):
            return None  # the kernel's own, the dead, and everybody else's
        state, parent = (entry / "stat").read_text().rpartition(") ")[2].split()[:2]
    except OSError:
        return None
    return Process(int(entry.name), int(parent), words.replace(b"\0", b" ").decode(), state)
