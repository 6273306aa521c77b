"""Starting other processes and stopping them again, an interrupt included.

Every child leads a group of its own, so that a Ctrl-C reaches this process alone, and this process
ends the others in their order.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STOPPING = (signal.SIGINT, signal.SIGTERM)
GRACE_S = 45  # `nowrongdoor run` gives its own children, then its database, time to end
RESERVED_PORT = 8000  # where somebody may have the program open


class Failed(Exception):  # noqa: N818 - it ends the run with one sentence
    """Something that was started did not do its work, so there is nothing to measure."""


def interrupted(*_: object) -> None:
    """End the run once: while everything is being stopped, a second Ctrl-C changes nothing."""
    for number in STOPPING:
        signal.signal(number, lambda *_: None)
    raise KeyboardInterrupt


def listen_for_interrupts() -> None:
    for number in STOPPING:
        signal.signal(number, interrupted)


@contextmanager
def whole() -> Iterator[None]:
    """Let an interrupt wait until what is inside is done: nobody stops what is half started."""
    came: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: came.append(number)) for number in STOPPING
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        interrupted()


@contextmanager
def started(
    words: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    stop: signal.Signals = signal.SIGTERM,
    **more: Any,
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that is ended, with all of its group, when the block is left."""
    how: dict[str, Any] = {"cwd": ROOT, "stdin": subprocess.DEVNULL} | more
    env = dict(environment or clean())
    try:
        child: subprocess.Popen[bytes] = subprocess.Popen(
            [str(word) for word in words], env=env, start_new_session=True, **how
        )
    except FileNotFoundError:
        raise Failed(f"There is no `{words[0]}` here.") from None
    try:
        yield child
    finally:
        _end(child, stop)


def _end(child: "subprocess.Popen[bytes]", stop: signal.Signals) -> None:
    _signal(child, stop)
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        _signal(child, signal.SIGKILL)
        child.wait()


def _signal(child: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """To the whole group; a child that has ended may have left some of it behind."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def ask(
    module: str, job: object, *, most_s: float, environment: Mapping[str, str] | None = None
) -> Any:
    """Run one of our modules on a job and answer what it prints. The job holds keys: never argv."""
    words = [sys.executable, "-m", f"bench.{module}"]
    return asked_of(words, job, most_s=most_s, environment=environment)


def asked_of(
    words: Sequence[str | Path],
    job: object,
    *,
    most_s: float,
    environment: Mapping[str, str] | None = None,
) -> Any:
    """Run a command on a job and answer what it prints."""
    name = words[-1]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with started(words, environment=environment, **pipes) as child:
        try:
            out, _ = child.communicate(json.dumps(job).encode(), timeout=most_s)
        except subprocess.TimeoutExpired:
            raise Failed(f"{name} did not end within {most_s:.0f} s.") from None
    if child.returncode != 0:
        raise Failed(f"{name} failed; see above.")
    return json.loads(out)


def finish(
    words: Sequence[str | Path], *, most_s: float, environment: Mapping[str, str], cwd: Path = ROOT
) -> None:
    """Run a command to its end. Errors: Failed, with its last words."""
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with started(words, environment=environment, cwd=cwd, **pipes) as child:
        try:
            out, _ = child.communicate(timeout=most_s)
        except subprocess.TimeoutExpired:
            raise Failed(f"`{words[0]}` did not end within {most_s:.0f} s.") from None
    if child.returncode != 0:
        raise Failed(f"`{words[0]}` failed:\n{out.decode(errors='replace')[-2000:]}")


def clean() -> dict[str, str]:
    """The environment without anything that points at a database or a running program of ours."""
    ours = ("NWD_", "DATABASE_", "DJANGO_", "VIRTUAL_ENV", "PYTEST_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    chosen = os.environ.get("NWD_POSTGRES_BIN")
    return kept | ({"NWD_POSTGRES_BIN": chosen} if chosen else {})


def free_port() -> int:
    """A port of loopback that nobody has now."""
    while True:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
        if port != RESERVED_PORT:
            return port
