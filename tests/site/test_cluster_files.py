"""The files of a cluster agree with each other and with the page that explains them.

Whether a cluster made of them keeps its promise is tried by `tests/faults/test_cluster.py`.
"""

import re
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict
from ruamel.yaml import YAML

from tests.conftest import ROOT
from tests.faults.deployed import DATABASES, DEPLOY, own, variables

PAGE = ROOT / "docs/howto/cluster.md"
PATRONI = YAML(typ="safe").load(DEPLOY / "patroni.yml")
UNITS = ("nowrongdoor-serve@.service", "nowrongdoor-worker.service")
FIXED_IN = (
    3,
    0,
    3,
)  # a Patroni before it lets a leader that woke take the lock from the promoted one


def test_patroni_is_one_that_leaves_a_lock_alone() -> None:
    locked = (ROOT / "requirements/patroni.txt").read_text()
    [version] = re.findall(r"^patroni==([0-9.]+)", locked, re.MULTILINE)

    assert tuple(map(int, version.split("."))) >= FIXED_IN


def test_the_page_names_every_file() -> None:
    page = PAGE.read_text()

    assert [each.name for each in DEPLOY.iterdir() if each.name not in page] == []


def test_a_leader_that_is_lost_is_replaced_as_soon_as_patroni_allows() -> None:
    dcs = PATRONI["bootstrap"]["dcs"]

    assert dcs["ttl"] == 20
    assert dcs["loop_wait"] + 2 * dcs["retry_timeout"] <= dcs["ttl"]


def test_acknowledged_means_on_two_machines() -> None:
    dcs = PATRONI["bootstrap"]["dcs"]
    settings = dcs["postgresql"]["parameters"] | PATRONI["postgresql"]["parameters"]

    assert dcs["synchronous_mode"] is True
    assert settings.keys() & {"synchronous_commit", "fsync"} == set()


def test_nobody_comes_in_without_tls() -> None:
    lines = PATRONI["bootstrap"]["dcs"]["postgresql"]["pg_hba"]
    accounts = PATRONI["postgresql"]["authentication"].values()

    assert {line.split()[0] for line in lines} == {"local", "hostssl"}
    assert {each["sslmode"] for each in accounts} == {"verify-ca"}
    for name in ("app.env", "app-without-haproxy.env"):
        address = conninfo_to_dict(variables(DEPLOY / name)["DATABASE_URL"])
        assert address["sslmode"] == "verify-ca", name


def test_every_machine_is_known_to_all() -> None:
    for name in ("etcd.env", "haproxy.cfg", "app-without-haproxy.env"):
        text = (DEPLOY / name).read_text()
        assert all(address in text for address in DATABASES.values()), name


def test_patroni_watches_its_own_etcd_alone() -> None:
    """At another's that stands still with its machine, its watch would never end."""
    etcd = PATRONI["etcd3"]

    assert etcd["use_proxies"] is True
    assert etcd["hosts"].partition(":")[0] == PATRONI["restapi"]["listen"].partition(":")[0]


@pytest.mark.parametrize("name", ["etcd.env", "patroni.yml"])
def test_the_page_says_how_the_second_machine_gets_its_own(name: str) -> None:
    [script] = re.findall(r"^sed '(.+)' etcd\.env$", PAGE.read_text(), re.MULTILINE)

    made = subprocess.run(
        ["sed", script, str(DEPLOY / name)], check=True, capture_output=True, text=True
    ).stdout

    assert made.splitlines() == [
        own(line, "db2") for line in (DEPLOY / name).read_text().splitlines()
    ]
    assert made.count(DATABASES["db1"]) == (name == "etcd.env")  # in the list of three


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_started_again_and_writes_nowhere_else(unit: str) -> None:
    read = RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(DEPLOY / unit)
    service = read["Service"]

    assert service["Restart"] == "always"
    assert service["ReadWritePaths"] == variables(DEPLOY / "app.env")["NWD_VAR"]
    assert Path(service["ExecStart"].split()[0]).name == "nowrongdoor"
    assert service["ProtectSystem"] == "strict"
