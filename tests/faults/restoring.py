"""A cluster's newest backup, put back beside it from pgBackRest's archive, and looked at."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg

from tests.faults.cluster import WHOLE_S, Cluster, Machine
from tests.faults.house import COMMAND, ROOT, send, until


@contextmanager
def restored(cluster: Cluster) -> Iterator[Callable[[Path], "subprocess.CompletedProcess[str]"]]:
    """The newest backup and its archive, put into a folder and started there; gives `verify`."""
    folder, address = cluster.folder / "restored", f"{cluster.net}31"
    folder.mkdir()
    cluster.give(folder)
    cluster.backrest("restore", f"--pg1-path={folder}/data", "--archive-mode=off")
    config = {"PGBACKREST_CONFIG": str(cluster.who("leader").folder / "etc/pgbackrest.conf")}
    machine = Machine("restored", address, folder)
    # it has the settings of the machine it was copied from; these are its own
    own = {
        "listen_addresses": address,
        "port": "5432",
        "unix_socket_directories": str(folder),
        "hba_file": f"{folder}/data/pg_hba.conf",
        "ident_file": f"{folder}/data/pg_ident.conf",
        "synchronous_standby_names": "",
    }
    words = [str(cluster.binaries / "postgres"), "-D", f"{folder}/data"]
    cluster.start(machine, "postgres", [*words, *(f"-c{k}={v}" for k, v in own.items())], config)
    here = f"{cluster.machines['app1'].address}:5000"
    environment = {k: v.replace(here, f"{address}:5432") for k, v in cluster.addresses().items()}

    def recovered() -> bool:
        try:
            with psycopg.connect(environment["DATABASE_URL"]) as db:
                return db.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,)
        except psycopg.OperationalError:
            return False

    until(recovered, "it has read the archive to its end", most_s=WHOLE_S)
    try:
        yield partial(_verify, environment)
    finally:
        send(cluster.of(machine), signal.SIGKILL)


def _verify(environment: dict[str, str], anchor: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [COMMAND, "verify", "--anchor", str(anchor)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WHOLE_S,
    )
