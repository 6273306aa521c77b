"""The real program, in a temporary folder, on a free port of loopback."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psycopg

from bench.processes import ROOT, Failed, clean, finish, free_port, started, whole
from nowrongdoor.site import postgres

NOWRONGDOOR = (sys.executable, "-m", "nowrongdoor.site.cli")
WORKERS = 2
READY_S = 60


@dataclass(frozen=True, slots=True)
class House:
    """A running program. `environment` is what its own processes are started with.

    `plain_url` is an empty database of the same server: the floors write there.
    """

    folder: Path
    environment: dict[str, str]
    admin_url: str
    plain_url: str
    port: int
    processes: dict[str, int] = field(default_factory=dict)
    """What was started beside the database: the command, and the process that leads it."""

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask its database, as nobody of the program could."""
        with psycopg.connect(self.admin_url) as admin:
            return admin.execute(query, values).fetchall()


@contextmanager
def house(*, serves: bool = True) -> Iterator[House]:
    """Everything that `nowrongdoor run` starts; without the server where nobody would ask it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nwd-bench-")))
        folder.chmod(0o711)  # the database may run as another user, who has to walk in
        with whole():
            server, cluster = stack.enter_context(postgres.running(folder / "var"))
        environment = clean() | {
            "DATABASE_URL": server.app_url,
            "DATABASE_OWNER_URL": server.owner_url,
            "NWD_VAR": str(folder / "var"),
            "NWD_SECRET_KEY": "only for benchmarks",
            "NWD_SYNTHETIC": "1",
            "NWD_MEMBER_RATE": "1000000",  # a few members and keys stand for many
            "NWD_KEY_RATE": "1000000",
            "DJANGO_SETTINGS_MODULE": "nowrongdoor.site.settings",
        }
        for words in (("migrate",), ("load", ROOT / "communities/tucson"), ("collect",)):
            finish([*NOWRONGDOOR, *words], most_s=300, environment=environment)
        port = free_port()
        database = cluster.url("admin", "nowrongdoor")
        running = House(folder, environment, database, server.admin_url, port)
        stack.enter_context(_logged(running, "worker"))
        if serves:
            serve = ("serve", "--port", str(port), "--workers", str(WORKERS))
            _wait(running, stack.enter_context(_logged(running, *serve)))
        yield running


@contextmanager
def _logged(house: House, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One of the program's processes; what it says is kept for the case that it fails."""
    with (house.folder / f"{words[0]}.log").open("wb") as log:
        pipes: dict[str, Any] = {"stdout": log, "stderr": log}
        with started([*NOWRONGDOOR, *words], environment=house.environment, **pipes) as child:
            house.processes[words[0]] = child.pid
            yield child


def _wait(house: House, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until and server.poll() is None:
        if answers(house.port):
            return
        time.sleep(0.1)
    said = (house.folder / "serve.log").read_text(errors="replace")[-2000:]
    raise Failed(f"The server did not answer within {READY_S} s:\n{said}")


def answers(port: int) -> bool:
    """Whether the program on this port says that it can serve."""
    connection = HTTPConnection("localhost", port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
