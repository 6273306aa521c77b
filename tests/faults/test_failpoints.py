"""F2: the process dies by SIGKILL in every command, at each failpoint; `drilling` says how.

`drills.txt` names tests that together call every command. Where a command is new, or such a test
is gone, run `pytest -n 0 -p tests.faults.drilling --drilled FILE` on the tests that call it: the
report's `tests` says which one to add.
"""

import ast
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

from nowrongdoor.agencies.acting import FAILPOINTS
from nowrongdoor.site import safety
from tests.conftest import ROOT
from tests.style.test_house import command_files, name, tree

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("failpoints")]
HERE = Path(__file__).parent
BROKEN = HERE / "broken_commands.py"


def every_command() -> set[str]:
    """By its whole name, as it is written in the code."""
    return {
        f"nowrongdoor.{name(file)[:-3].replace('/', '.')}.{node.name}".replace(".__init__", "")
        for file in command_files()
        for node in tree(file).body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(mark).startswith("command") for mark in node.decorator_list)
    }


def drilled(folder: Path, *tests: str) -> dict[str, object]:
    """What the drills of these tests found, on a database of their own. The tests have to pass."""
    out = folder / "drilled.json"
    words = ["-m", "pytest", "-n", "0", "-q", "-p", "tests.faults.drilling", "--drilled", str(out)]
    done = subprocess.run(
        [sys.executable, *words, *tests],
        cwd=ROOT,
        env=os.environ | {"PYTEST_XDIST_WORKER": "drills"},
        capture_output=True,
        text=True,
    )
    report: dict[str, object] = json.loads(out.read_text())
    assert done.returncode == 0 or report["findings"], done.stdout[-6000:] + done.stderr[-2000:]
    return report


def listed() -> list[str]:
    return (HERE / "drills.txt").read_text().split()


def say(points: dict[str, list[str]], keyed: object) -> None:
    kills = sum(map(len, points.values()))
    print(f"\nF2: {len(points)} commands, {kills} kills, 0 half done; {keyed} asked again by key")


def test_whatever_command_is_killed_wherever_it_is_done_or_it_is_not(tmp_path: Path) -> None:
    report = drilled(tmp_path, *listed())
    points: dict[str, list[str]] = report["points"]  # type: ignore[assignment]

    assert report["findings"] == []
    assert every_command() - points.keys() == set()
    assert {each: hit for each, hit in points.items() if tuple(hit) != FAILPOINTS} == {}
    say(points, report["keyed"])


def test_a_few_commands_are_killed_everywhere(tmp_path: Path) -> None:
    """The short run: every sixtieth of the tests."""
    report = drilled(tmp_path, *listed()[::60])
    points: dict[str, list[str]] = report["points"]  # type: ignore[assignment]

    assert report["findings"] == []
    assert points
    assert {each: hit for each, hit in points.items() if tuple(hit) != FAILPOINTS} == {}
    say(points, report["keyed"])


def test_what_is_not_one_transaction_and_what_is_not_written_down_is_found(tmp_path: Path) -> None:
    """Negative control: commands that break the promise, each in one way."""
    found = drilled(tmp_path, str(BROKEN))["findings"]

    assert {each.partition(": ")[2] for each in found} == {  # type: ignore[attr-defined]
        "tests.faults.broken_commands.halfway, killed at after_body: something is left behind",
        "tests.faults.broken_commands.halfway, killed at before_commit: something is left behind",
        "tests.faults.broken_commands.unwritten is done and the journal does not know",
    }


@pytest.mark.usefixtures("db")
def test_the_environment_names_where_a_process_dies() -> None:
    program = "import django; django.setup()\nfrom tests.makers import an_episode\nan_episode()\n"
    point = "nowrongdoor.calls.commands.contacts.take_contact:before_commit"
    words = [sys.executable, "-c", program]

    dead = subprocess.run(words, cwd=ROOT, env=os.environ | {"NWD_FAILPOINT": point})
    alive = subprocess.run(words, cwd=ROOT, env=os.environ)

    assert (dead.returncode, alive.returncode) == (-signal.SIGKILL, 0)


def test_a_server_for_real_people_refuses_to_start_with_a_failpoint() -> None:
    with override_settings(FAILPOINT="any:before_body", SYNTHETIC=True):
        safety.refuse_unsafe()
    with (
        override_settings(FAILPOINT="any:before_body", SYNTHETIC=False),
        pytest.raises(SystemExit, match="NWD_FAILPOINT"),
    ):
        safety.refuse_unsafe()
