"""Starting the processes, and keeping them up until told to stop."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import click

from nowrongdoor.site import postgres

COMMAND = (sys.executable, "-m", "nowrongdoor.site.cli")
PAGE_THREADS = 16
KILL_AFTER_S = 5
FREE_TRIES = 16


def run(community: Path, port: int, *, city: bool) -> None:
    """Everything on this machine, with synthetic people, until Ctrl-C."""
    var = Path(os.environ.get("NWD_VAR", "var"))
    _require_free(port)
    stop = stopped_by_signals()
    try:
        if os.environ.get("DATABASE_URL"):
            _run(community, port, var, stop, database=None, city=city)
        else:
            with postgres.running(var) as (server, cluster):
                os.environ["DATABASE_URL"] = server.app_url
                os.environ["DATABASE_OWNER_URL"] = server.owner_url
                _run(community, port, var, stop, database=cluster, city=city)
    except postgres.CannotStart as reason:
        raise click.ClickException(str(reason)) from None


def postgres_alone() -> None:
    """The database by itself. Its addresses carry passwords: they are for this terminal."""
    stop = stopped_by_signals()
    try:
        with postgres.running(Path(os.environ.get("NWD_VAR", "var"))) as (server, cluster):
            click.echo(f"DATABASE_URL='{server.app_url}'")
            click.echo(f"DATABASE_OWNER_URL='{server.owner_url}'")
            while not stop.wait(0.5):
                if not cluster.alive():
                    cluster.start()
    except postgres.CannotStart as reason:
        raise click.ClickException(str(reason)) from None


def serve(port: int, workers: int) -> None:
    """Replace this process by the server. Streams take a thread each, pages the rest."""
    from django.conf import settings

    from nowrongdoor.site import safety

    safety.refuse_unsafe()
    threads = settings.STREAM_CAP + PAGE_THREADS
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counts(Path(settings.VAR), port))
    host = "127.0.0.1" if settings.SYNTHETIC else os.environ.get("NWD_BIND", "127.0.0.1")
    words = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host,
        "--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads),
        "--backpressure", str(threads), "--no-access-log", "--log-level", "error",
        "--workers-kill-timeout", str(KILL_AFTER_S), "--respawn-failed-workers",
        "nowrongdoor.site.wsgi:application",
    ]  # fmt: skip
    if workers > 1:
        _start_drawer(Path(settings.VAR), port)
    os.execv(words[0], words)  # noqa: S606 - our own interpreter, no shell


def _start_drawer(var: Path, port: int) -> None:
    """The process that draws for all server processes, beside them; without it each draws for itself."""
    place = str((var / f"drawer-{port}.sock").resolve())
    if len(place) > postgres.LONGEST_SOCKET:
        return
    os.environ["NWD_DRAWER"] = place
    words = [*COMMAND, "drawer", "--of", str(os.getpid())]
    subprocess.Popen(words, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command


def _counts(var: Path, port: int) -> Path:
    """The folder in which the server's processes count together, from nothing at each start."""
    folder = (var / f"counts-{port}").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _run(
    community: Path,
    port: int,
    var: Path,
    stop: threading.Event,
    *,
    database: postgres.Cluster | None,
    city: bool,
) -> None:
    environment = os.environ | {
        "NWD_SECRET_KEY": os.environ.get("NWD_SECRET_KEY") or postgres.kept_secret(var, "key"),
        "NWD_FACTS_KEY": os.environ.get("NWD_FACTS_KEY") or postgres.kept_secret(var, "facts"),
        "NWD_FACTOR_KEYS": os.environ.get("NWD_FACTOR_KEYS")
        or postgres.kept_secret(var, "factors"),
        "NWD_SYNTHETIC": os.environ.get("NWD_SYNTHETIC", "1"),
        "NWD_VAR": str(var),
        "NWD_COMMUNITY": str(community),
    }
    click.echo("Bringing the database up to date and loading the community …")
    for words in (("migrate",), ("load", str(community)), ("collect",)):
        if subprocess.run([*COMMAND, *words], env=environment, check=False).returncode != 0:  # noqa: S603
            raise click.ClickException(f"`nowrongdoor {' '.join(words)}` failed; see above.")
    commands: dict[str, tuple[str, ...]] = {
        "worker": ("worker",),
        "serve": ("serve", "--port", str(port)),
    }
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        if city and (community / "sandbox.yaml").exists() and environment["NWD_SYNTHETIC"] == "1":
            ready = var / "city.ready"
            ready.unlink(missing_ok=True)
            play = ("city", "--community", str(community), "--ready", str(ready))
            commands = {"city": play} | commands
            children["city"] = _child(play, environment)
            _wait_for(ready, children["city"], stop)
        for name in commands.keys() - children.keys():
            children[name] = _child(commands[name], environment)
        _wait_for_first_page(port, children["serve"], stop)
        _say(port)
        _watch(children, commands, environment, stop, database)
    finally:
        _end(children)


def _require_free(port: int) -> None:
    """Refuse a port that somebody has: the server would share it, and each call go to either."""
    for _ in range(FREE_TRIES):  # a server whose starter was killed is still going
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return
        time.sleep(0.5)
    raise click.ClickException(
        f"Port {port} is taken. Stop what runs there, or choose another with --port."
    )


def _child(words: tuple[str, ...], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, *words],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=postgres.end_with_parent,  # noqa: PLW1509 - no thread runs yet, and it takes no lock
    )


def _watch(
    children: dict[str, "subprocess.Popen[bytes]"],
    commands: Mapping[str, tuple[str, ...]],
    environment: Mapping[str, str],
    stop: threading.Event,
    database: postgres.Cluster | None,
) -> None:
    """Start again whatever dies, until told to stop."""
    while not stop.wait(0.25):
        if database is not None and not database.alive():
            _complain("The database stopped; starting it again.")
            try:
                database.start()
            except postgres.CannotStart as reason:  # a full disk, say: there may be space later
                _complain(str(reason))
                continue
        for name, child in list(children.items()):
            if child.poll() is not None:
                _complain(f"The {name} stopped; starting it again.")
                _kill(
                    child
                )  # a server's own processes outlive it, and would answer beside the new one
                time.sleep(0.5)
                children[name] = _child(commands[name], environment)


def _complain(text: str) -> None:
    """Say it, where that is possible: on a full disk it may not be, and is no reason to stop."""
    with suppress(OSError):
        click.echo(text, err=True)


def _end(children: Mapping[str, "subprocess.Popen[bytes]"]) -> None:
    for child in children.values():
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
    for child in children.values():
        with suppress(subprocess.TimeoutExpired):
            child.wait(KILL_AFTER_S + 3)
        _kill(child)
        child.wait()


def _kill(child: "subprocess.Popen[bytes]") -> None:
    """End whatever is left of a child's group."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _wait_for(ready: Path, child: "subprocess.Popen[bytes]", stop: threading.Event) -> None:
    """Until the city has its first hours: the worker would ring all their clocks at once."""
    while not ready.exists() and not stop.is_set():
        if child.poll() is not None:
            raise click.ClickException("The city could not be played; see above.")
        time.sleep(0.1)


def _wait_for_first_page(
    port: int, child: "subprocess.Popen[bytes]", stop: threading.Event
) -> None:
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    # by its number: a machine that does not know the name localhost still has it
    asked = Request(f"http://127.0.0.1:{port}/health", headers={"Host": "localhost"})
    for _ in range(600):
        if stop.is_set() or child.poll() is not None:
            return
        try:
            with urlopen(asked, timeout=2) as page:  # noqa: S310 - our own address
                page.read()
                return
        except (URLError, OSError):
            stop.wait(0.1)


def _say(port: int) -> None:
    click.echo(
        f"""
No Wrong Door is at http://localhost:{port}

Everyone here is fictional. Begin here:      http://localhost:{port}/city/
Or choose who you are:                        http://localhost:{port}/demo/
Two desks side by side in one browser:
  http://911.localhost:{port}/demo/    the 911 centre
  http://line.localhost:{port}/demo/   the crisis line

Ctrl-C stops everything."""
    )


def stopped_by_signals() -> threading.Event:
    """An event that Ctrl-C and a service manager set."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    return stop
