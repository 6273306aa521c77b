"""One house for all faults, and what every fault has to leave whole."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from nowrongdoor.site.data_folder import walkable
from tests.conftest import ROOT, not_run
from tests.faults.house import House, free_port
from tests.faults.load import Line, Load
from tests.faults.oracle import Verdict, judge, wait_until_sealed
from tests.faults.verifying import Verifier, verifier

SEALED_S = 15.0
ALSO_IN_MAKE_TEST = {
    "test_the_whole_server_is_killed",
    "test_the_database_is_killed_again_and_again",
    "test_a_few_commands_are_killed_everywhere",
    "test_a_server_for_real_people_refuses_to_start_with_a_failpoint",
    "test_one_key_acts_once_however_often_and_by_how_many_it_is_sent",
    "test_without_a_key_everybody_acts_and_it_is_seen",
    "test_episodes_are_numbered_past_every_limit",
    "test_verify_says_long_before_that_a_counter_comes_near_its_end",
}
"""One kill of the database, one of the server, a few failpoints, and what takes no time. `make faults` runs all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        here = Path(__file__).parent in Path(item.fspath).parents
        if here and item.name.partition("[")[0] not in ALSO_IN_MAKE_TEST:
            item.add_marker(pytest.mark.long)


class Books:
    """Every line that was ever sent to the house, and the oracle's questions about them."""

    def __init__(self, house: House, verify: Verifier) -> None:
        self.house = house
        self._verify = verify
        self.sent: list[Line] = []
        self.durable: list[Line] = []  # of these, none may ever be missing

    def close(self, load: Load) -> None:
        """Take the desks' lines in; nothing may be lost, of these and of all before."""
        self.sent += load.lines
        self.durable += load.lines
        verdict = self.verdict()
        sealed = wait_until_sealed(self.house, most_s=SEALED_S)
        code, said = self._verify(self.house.anchor)
        print(
            f"\n{len(load.acked())} acknowledged, {verdict.acked} so far, {sealed} sealed; "
            f"silent for {load.silence_s():.1f} s; answers {dict(load.told)}"
        )
        assert verdict.clean, verdict
        assert code == 0, said

    def verdict(self) -> Verdict:
        with self.house.connect() as db:
            return judge(db, self.durable, sent=self.sent)


@pytest.fixture(scope="session")
def standing() -> Iterator[House]:
    """Started once. At the end SIGTERM, and nothing of it is left."""
    with tempfile.TemporaryDirectory(prefix="nwd-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        if not Path("/proc/self/environ").exists():
            not_run("faults: there is no /proc to find our own processes in")
        if os.geteuid() == 0 and not walkable(folder):
            not_run(f"faults: an ordinary user cannot walk to {folder}")
        house = House(folder, free_port())
        try:
            house.start()
            house.hire()
            yield house
            code = house.stop()
            left = house.processes()
        finally:
            house.end()
    assert (code, left) == (0, [])


@pytest.fixture(scope="session")
def books(standing: House) -> Iterator[Books]:
    with verifier(standing.addresses(), ROOT) as verify:
        yield Books(standing, verify)


@pytest.fixture
def house(standing: House) -> House:
    """The house, up. Where a test before this one left it down, it is started again."""
    if not standing.up:
        standing.end()
        standing.start()
    return standing
