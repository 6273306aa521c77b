"""F4: the disk on which the data lies is full, while desks work.

Nothing that was acknowledged is lost; who asks is told so in one sentence with 503, and `/health`
tells whoever watches; once there is space again, work goes on by itself.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg
import pytest

from nowrongdoor.site.data_folder import walkable
from tests.conftest import ROOT, not_run
from tests.faults.conftest import Books
from tests.faults.house import LONGEST_S, House, free_port, until
from tests.faults.load import desks
from tests.faults.verifying import verifier

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]
SIZE_MB = 700
STILL_S = 30.0  # longer than the runner tries to start it without a pause


@contextmanager
def small_disk() -> Iterator[Path]:
    """A disk of its own, in memory."""
    with tempfile.TemporaryDirectory(prefix="nwd-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        if os.geteuid() != 0 or not walkable(folder):
            not_run("F4 disk full: only root can mount a small disk")
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=711", "tmpfs", name]
        if subprocess.run(mount, capture_output=True).returncode != 0:
            not_run("F4 disk full: this machine lets nobody mount a small disk")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "-l", name], check=True)


@pytest.fixture
def cramped() -> Iterator[Books]:
    """A house on a small disk, and its books."""
    with small_disk() as folder:
        house = House(folder, free_port())
        try:
            house.start()
            house.hire()
            with verifier(house.addresses(), ROOT) as verify:
                yield Books(house, verify)
        finally:
            house.end()


def fill(ballast: Path) -> None:
    """Take all the space that is left, to the last block."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            return


def health(house: House) -> tuple[int, str]:
    here = HTTPConnection("127.0.0.1", house.port, timeout=5)
    try:
        here.request("GET", "/health", headers={"Host": "localhost"})
        answer = here.getresponse()
        return answer.status, answer.read().decode().strip()
    except (OSError, HTTPException) as error:
        return 0, type(error).__name__
    finally:
        here.close()


def no_log_can_be_begun(house: House) -> None:
    """The database's own log needs its next file, and finds no space: it stops at once."""
    try:
        with house.connect() as db:
            for _ in range(50):
                db.execute("SELECT pg_current_xact_id(), pg_switch_wal()")
    except psycopg.Error:
        return
    raise AssertionError("there is space still")


def test_the_disk_is_full_and_has_space_again(cramped: Books) -> None:
    house = cramped.house
    ballast = house.folder / "ballast"
    with desks(house) as load:
        load.patience_s = 4 * LONGEST_S
        fill(ballast)
        until(lambda: load.told["503"] > 5, "desks are told that it does not work")
        full = health(house)
        no_log_can_be_begun(house)
        until(lambda: "does not answer" in health(house)[1], "health says so")
        down = health(house)
        time.sleep(STILL_S)
        assert house.up
        acked, told = len(load.acked()), dict(load.told)
        ballast.unlink()
        load.more()
        until(house.healthy, "health is ok again")

    cramped.close(load)
    rules = {json.loads(text)["rule"]: n for text, n in load.said.items()}
    print(
        f"F4: disk full for {STILL_S:.0f} s and more, {acked} acknowledged before, 0 lost; {told}, "
        f"{rules}; health {full}, then {down}"
    )
    assert full == (503, "the disk is full")
    assert set(rules) == {"database.full", "database.away"}
