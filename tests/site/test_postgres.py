"""The runner: what it starts, what it refuses, what survives a kill, and that nothing stays behind."""

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from nowrongdoor.site import postgres, safety
from nowrongdoor.site.migrate import migrate
from nowrongdoor.site.postgres import CannotStart, Cluster, Server, running
from tests.commandline import at_database
from tests.conftest import ROOT, not_run

COMMAND = str(ROOT / ".venv/bin/nowrongdoor")
pytestmark = pytest.mark.xdist_group("postgres")  # one worker: its cluster is made once
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture
def var() -> Iterator[Path]:
    """A short path that every user can walk: nothing is staged elsewhere."""
    with tempfile.TemporaryDirectory(prefix="nwd-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder / "v"


@pytest.fixture(scope="module")
def one() -> Iterator[tuple[Server, Cluster]]:
    """A cluster that several questions share: none of them stops it."""
    with tempfile.TemporaryDirectory(prefix="nwd-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with running(folder / "v") as found:
            yield found


@contextmanager
def alone(var: Path) -> Iterator["subprocess.Popen[str]"]:
    """`nowrongdoor postgres` once it has said where it is; never left running."""
    environment = os.environ | {"NWD_VAR": str(var)}
    with subprocess.Popen(
        [COMMAND, "postgres"], env=environment, stdout=subprocess.PIPE, text=True
    ) as runner:
        assert runner.stdout is not None
        try:
            assert runner.stdout.readline().startswith("DATABASE_URL=")
            yield runner
        finally:
            runner.kill()


def test_two_roles_that_row_level_security_binds(one: tuple[Server, Cluster]) -> None:
    server, _ = one
    with psycopg.connect(server.app_url) as app, psycopg.connect(server.owner_url) as owner:
        rights = "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert app.execute(rights).fetchone() == ("nwd_app", False, False, False)
        assert owner.execute(rights).fetchone() == ("nwd_owner", False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine ()")
    assert "postgresql://" in server.app_url


def test_its_log_does_not_repeat_a_row_that_was_refused(one: tuple[Server, Cluster]) -> None:
    server, cluster = one
    with psycopg.connect(server.owner_url) as owner:
        owner.execute("CREATE TABLE told (name text CONSTRAINT short CHECK (length(name) < 3))")
        with pytest.raises(psycopg.errors.CheckViolation):
            owner.execute("INSERT INTO told VALUES (%s)", ["Quentin"])
        said = (cluster.folder / "log").read_text()

    assert 'violates check constraint "short"' in said
    assert "Quentin" not in said


def test_it_asks_for_the_password(one: tuple[Server, Cluster]) -> None:
    server, _ = one
    wrong = server.app_url.replace(server.app_url.split(":")[2].split("@")[0], "wrong")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)


def test_what_was_committed_is_there_after_a_restart_and_after_a_kill(var: Path) -> None:
    with running(var) as (server, cluster):
        with psycopg.connect(server.owner_url, autocommit=True) as owner:
            owner.execute("CREATE TABLE kept (n int)")
            owner.execute("INSERT INTO kept VALUES (1)")
        assert cluster.process is not None
        os.kill(cluster.process.pid, signal.SIGKILL)
        cluster.process.wait()
        assert not cluster.alive()
        cluster.start()
        with psycopg.connect(server.owner_url) as owner:  # the addresses are the same
            assert owner.execute("SELECT n FROM kept").fetchone() == (1,)
    with running(var) as (server, _), psycopg.connect(server.owner_url) as owner:
        assert owner.execute("SELECT n FROM kept").fetchone() == (1,)


def test_a_start_that_was_cut_off_is_made_again_and_a_second_start_says_so(var: Path) -> None:
    with running(var) as (server, cluster):
        folder = cluster.folder
        with pytest.raises(CannotStart, match="already running from"), running(var):
            pass
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.app_url, connect_timeout=2)  # it ended with its block
    (folder / "made").unlink()
    with running(var) as (server, _), psycopg.connect(server.app_url) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)


def test_a_path_too_long_for_a_socket_is_said(var: Path) -> None:
    deep = var.parent / ("x" * 90)

    with pytest.raises(CannotStart, match="NWD_VAR"), running(deep):
        pass


def test_secrets_are_read_by_their_owner_alone(var: Path) -> None:
    first = postgres.kept_secret(var, "key")

    assert postgres.kept_secret(var, "key") == first
    assert (var / "secrets/key").stat().st_mode & 0o077 == 0
    assert (var / "secrets").stat().st_mode & 0o077 == 0


@pytest.mark.faults
@pytest.mark.long
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_stays_behind(var: Path, end: signal.Signals) -> None:
    with alone(var) as runner:
        assert pids(var)
        runner.send_signal(end)
        runner.wait(20)

    assert pids(var) == []


@pytest.mark.faults
@pytest.mark.long
def test_a_killed_runner_does_not_block_the_next_one(var: Path) -> None:
    with alone(var) as runner:
        runner.kill()
    assert pids(var)  # the server outlived it

    with running(var) as (server, _), psycopg.connect(server.app_url) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)
    assert pids(var) == []


def pids(var: Path) -> list[int]:
    """Processes whose command line names this folder's data."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and str(var).encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def test_a_role_above_the_walls_is_refused(var: Path) -> None:
    """As by all that follow, the tests' own server is asked: it was started by the same runner."""
    environment = os.environ | {
        "DATABASE_URL": os.environ["NWD_TEST_ADMIN"],
        "NWD_SECRET_KEY": "x",
        "NWD_VAR": str(var),
    }
    done = subprocess.run(
        [COMMAND, "serve", "--port", "1"], env=environment, capture_output=True, text=True
    )

    assert done.returncode != 0
    assert "row-level security does not bind" in done.stderr


def test_a_taken_port_is_said_in_one_sentence(var: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = subprocess.run(
            [COMMAND, "run", "--no-city", "--port", port],
            env=os.environ | {"NWD_VAR": str(var)},
            capture_output=True,
            text=True,
        )

    assert done.returncode == 1
    assert done.stderr.strip().startswith(f"Error: Port {port} is taken.")


def test_the_owner_of_the_tables_does_not_serve(settings: object) -> None:
    """As `serve` asks before it listens: the test above starts it."""
    databases = settings.DATABASES  # type: ignore[attr-defined]
    app = databases["default"] | {}
    with at_database(f"nwd_{WORKER}"):
        databases["default"].update({key: databases["owner"][key] for key in ("USER", "PASSWORD")})
        try:
            with pytest.raises(SystemExit, match="owns the tables"):
                safety.refuse_unsafe()
            with pytest.raises(SystemExit, match="name one role"):
                migrate()
        finally:
            databases["default"].update(app)


@pytest.fixture
def far(var: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a PostgreSQL that sees us come over a network: over this machine's own address there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(
                ("192.0.2.1", 9)
            )  # nothing is sent: which of our addresses it would be sent from
        except OSError:
            not_run("this machine has no address but its own loopback")
        here = str(probe.getsockname()[0])
    with socket.socket() as probe:
        probe.bind((here, 0))
        port = probe.getsockname()[1]
    monkeypatch.setitem(postgres.SETTINGS, "listen_addresses", here)
    monkeypatch.setattr(postgres, "PORT", port)
    with running(var) as (server, cluster):
        with (cluster.data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {here}/32 scram-sha-256\n")
        with psycopg.connect(server.admin_url) as admin:
            admin.execute("SELECT pg_reload_conf()")
        yield f"{here}:{port} {cluster.secrets['nwd_app']}"


def test_a_plain_connection_to_another_machine_is_not_served(
    far: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, password = far.split()
    host, port = address.split(":")
    beside = safety.reached()

    with psycopg.connect(
        host=host, port=port, user="nwd_app", password=password, dbname="nowrongdoor"
    ) as plain:
        monkeypatch.setattr(safety, "connection", plain)
        over_a_network = safety.reached()
    monkeypatch.undo()

    assert (beside, over_a_network) == ((False, None), (False, host))
    for seen, served in (
        (over_a_network, False),
        ((True, host), True),
        ((False, "127.0.0.1"), True),
    ):
        monkeypatch.setattr(safety, "reached", lambda seen=seen: seen)
        if served:
            safety.refuse_unsafe()
            continue
        with pytest.raises(SystemExit, match="is not encrypted. Add sslmode"):
            safety.refuse_unsafe()


def test_the_picker_is_never_served_where_people_are_real(settings: object) -> None:
    settings.SYNTHETIC = settings.SECURE = True  # type: ignore[attr-defined]

    with pytest.raises(SystemExit, match="never together with NWD_TLS"):
        safety.refuse_unsafe()


def test_a_missing_secret_stops_it_with_a_sentence() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "NWD_SECRET_KEY"}
    done = subprocess.run([COMMAND, "migrate"], env=environment, capture_output=True, text=True)

    assert done.returncode != 0
    assert "set NWD_SECRET_KEY" in done.stderr
