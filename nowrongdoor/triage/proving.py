"""Proofs for pages: in a child with limits, one at a time, and while no connection of ours is held.

A proof hangs on two texts and nothing else, so what was found is remembered by them. Whoever writes
proves first, outside of any transaction, and the command then asks what was found: `known`.
"""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.db import connection

from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.kernel.verdict import Refused, no
from nowrongdoor.triage import reading
from nowrongdoor.triage.facts import Claim, Fate, Mutation, Proof

PROVE_S, MUTATE_S = 20, 60
"""Seconds of CPU time. The community's own protocol takes one for its proof, and eight for its changes."""
SLOWEST = 3
"""A child that gets so much less of the machine is ended too: so many times its seconds, by the clock."""
WAIT_S, LINE = 10.0, BoundedSemaphore(4)
"""So long somebody waits while another proof is made, and so many at once; nobody else does."""
CHILD = (sys.executable, "-m", "nowrongdoor.triage.prover")
KEPT = 32

LIMIT = no(
    "proof.limit",
    "This was not proved in {seconds} seconds, so it cannot be activated. Use"
    " fewer questions or simpler conditions, then try again.",
    seconds=str(PROVE_S),
)
UNTRIED = no(
    "mutations.limit",
    "Not every rule could be tested in {seconds} seconds. Use fewer questions"
    " or simpler conditions, then try again.",
    seconds=str(MUTATE_S),
)
BUSY = no(
    "proof.busy",
    "Another protocol is being proved. Nothing was changed. Wait a minute, then try again.",
)
OVERTAKEN = no(
    "proof.overtaken",
    "Another version was activated while this one was being proved. Nothing "
    "was changed. Try again.",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A text that is a protocol, and its proof against the version before it."""

    code: str
    version: str
    proof: Proof


_found: dict[tuple[str, str], Checked] = {}


def check(text: str, before: str, name: str = reading.FILE) -> Checked:
    """Read and prove a version against the text of the one before; '' for none.

    Errors: BadCommunity for text that is no protocol; Refused where others are proved now, and where
        it took too long: what is not proved is not in force.
    """
    found = _found.get(_key(text, before))
    if found is not None:
        return found
    made = _asked({"text": text, "before": before, "name": name, "mutate": False}, PROVE_S)
    if made is None:
        raise Refused(LIMIT)
    if "problems" in made:
        raise BadCommunity([Problem(**each) for each in made["problems"]])
    claims = tuple(Claim(**each) for each in made["proof"]["claims"])
    found = Checked(made["code"], made["version"], Proof(made["proof"]["protocol"], claims))
    keep(text, before, found)
    return found


def mutations(text: str) -> tuple[Mutation, ...]:
    """As `noticed.mutations`, in the child. Errors: Refused, as `check`."""
    made = _asked({"text": text, "before": "", "name": reading.FILE, "mutate": True}, MUTATE_S)
    if made is None:
        raise Refused(UNTRIED)
    return tuple(
        Mutation(each["name"], Fate(each["fate"]), tuple(each["by"]), each["because"])
        for each in made["mutations"]
    )


def known(text: str, before: str) -> Checked:
    """What was found of these two texts in this process. Errors: Refused where nobody has asked."""
    found = _found.get(_key(text, before))
    if found is None:
        raise Refused(OVERTAKEN)
    return found


def keep(text: str, before: str, found: Checked) -> None:
    if len(_found) >= KEPT:
        _found.clear()
    _found[_key(text, before)] = found


def _key(text: str, before: str) -> tuple[str, str]:
    return sha256(text.encode()).hexdigest(), sha256(before.encode()).hexdigest()


def _asked(asked: Mapping[str, Any], seconds: int) -> dict[str, Any] | None:
    """The child's answer; None where it needed more than it is given."""
    if connection.in_atomic_block:
        raise RuntimeError("nothing is proved inside a transaction: it would hold a connection")
    connection.close()  # back to the pool: whoever asks for a page needs it
    with _alone() as lock:
        # the child holds the lock too, and keeps it should this process be killed
        child = subprocess.Popen(  # noqa: S603 - nothing typed is among its words
            [*CHILD, str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[lock],
            env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
        )
        try:
            out, _ = child.communicate(json.dumps(asked).encode(), timeout=SLOWEST * seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            child.kill()
            child.communicate()
    if child.returncode == 0:
        answer: dict[str, Any] = json.loads(out)
        return answer
    if child.returncode == 1:
        raise RuntimeError("the child that proves broke; standard error says where")
    return None


@contextmanager
def _alone() -> Iterator[int]:
    """The house's one place for a proof: a lock on a file, which ends with whoever holds it."""
    if not LINE.acquire(blocking=False):
        raise Refused(BUSY)
    try:
        folder = Path(settings.VAR)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "proof.lock").open("w") as file:
            until = monotonic() + WAIT_S
            while not _locked(file.fileno()):
                if monotonic() > until:
                    raise Refused(BUSY)
                sleep(0.05)
            yield file.fileno()
    finally:
        LINE.release()


def _locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
