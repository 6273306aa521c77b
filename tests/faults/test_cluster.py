"""A house on several machines: the one that leads is lost, hands over, or stands still, while desks work.

Everything is started from the files of `deploy/cluster`, which `docs/howto/cluster.md` explains.
Nothing that was acknowledged is lost, because it is on two machines before it is acknowledged; the
control, where it is on one, loses it and is seen.
"""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from nowrongdoor.site.data_folder import walkable
from tests.conftest import ROOT, not_run
from tests.faults import cluster as clusters
from tests.faults.cluster import WHOLE_S, Cluster, Machine
from tests.faults.conftest import Books
from tests.faults.counts import at_most, cycles
from tests.faults.house import send, until
from tests.faults.load import Line, Load, desks
from tests.faults.oracle import judge
from tests.faults.restoring import restored
from tests.faults.verifying import verifier

pytestmark = [pytest.mark.faults, pytest.mark.long, pytest.mark.xdist_group("faults")]
CLIENTS = 8
KILLS = min(cycles(2), 50)
UNSENT_S = 3.0  # so long the leader sends its standbys nothing before it is lost
STILL_S = 45.0  # longer than a leader may be silent


@pytest.fixture(scope="module")
def standing() -> Iterator[Cluster]:
    """Started once. Nothing of it is left at the end."""
    if lacking := clusters.missing():
        not_run(f"cluster: {', '.join(lacking)} not installed; ./setup.sh cluster")
    with tempfile.TemporaryDirectory(prefix="nwd-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        if os.geteuid() == 0 and not walkable(folder):
            not_run(f"cluster: an ordinary user cannot walk to {folder}")
        cluster = Cluster(folder, 0)
        try:
            cluster.install()
            cluster.start_all()
            cluster.hire()
            yield cluster
        except BaseException:
            print(cluster.last_words())
            raise
        finally:
            cluster.end()
            left = cluster.processes()
    assert left == []


@pytest.fixture(scope="module")
def books(standing: Cluster) -> Iterator[Books]:
    with verifier(standing.addresses(), ROOT) as verify:
        yield Books(standing, verify)


@pytest.fixture
def cluster(standing: Cluster) -> Cluster:
    """All of it up, and a commit waits for two machines."""
    for machine in standing.databases:
        if not standing.of(machine, "patroni"):
            standing.start_database(machine)
    until(standing.whole, "the cluster is whole", most_s=WHOLE_S)
    return standing


@contextmanager
def working(cluster: Cluster, books: Books, anchor: Path | None = None) -> Iterator[Load]:
    """Desks, patient ones. What they sent is no stranger to the other tests, whatever happens."""
    lines: list[Line] = []
    try:
        with desks(cluster, writers=CLIENTS, anchor=anchor) as load:
            lines = load.lines
            load.patience_s = WHOLE_S
            yield load
    finally:
        books.sent += lines


def test_the_leader_is_lost_again_and_again(cluster: Cluster, books: Books) -> None:
    """Each time SIGKILL to all of its machine: Patroni, PostgreSQL and etcd."""
    out, back = [], []
    with working(cluster, books) as load:
        for _ in range(KILLS):
            leader = cluster.who("leader")
            cluster.kill(leader)
            out.append(seconds_out(load))
            assert cluster.who("leader") != leader
            cluster.start_database(leader)
            back.append(seconds_until_whole(cluster))

    books.close(load)
    acked = len(load.acked())
    print(
        f"leader lost: {KILLS} times, {acked} acknowledged, 0 lost, 0 twice, {at_most(acked)}; "
        f"out for {told(out)}; three again after {told(back)}"
    )


def test_the_leader_is_lost_with_everything_it_had_not_sent(cluster: Cluster, books: Books) -> None:
    """As if the wire went first: its standbys hear nothing for a while, then it is gone."""
    with working(cluster, books) as load:
        leader = cluster.who("leader")
        unheard = acknowledged_unheard(cluster, leader, load)
        cluster.kill(leader)
        out = seconds_out(load)

    books.close(load)
    print(
        f"leader lost unheard: {unheard} acknowledged in the {UNSENT_S:.0f} s in which it sent "
        f"nothing, {len(load.acked())} in all, 0 lost; out for {out:.1f} s"
    )
    assert unheard == 0


def test_a_planned_switchover(cluster: Cluster, books: Books) -> None:
    with working(cluster, books) as load:
        leader, next = cluster.who("leader"), cluster.who("sync_standby")
        began = time.monotonic()
        words = ("--leader", leader.name, "--candidate", next.name, "--force")
        cluster.ctl("switchover", "nowrongdoor", *words)
        load.more()
        assert cluster.who("leader") == next

    books.close(load)
    print(
        f"switchover: {len(load.acked())} acknowledged, 0 lost, 0 twice; "
        f"out for {gap(load, began):.1f} s"
    )


def test_the_synchronous_standby_is_lost(cluster: Cluster, books: Books) -> None:
    with working(cluster, books) as load:
        leader, standby = cluster.who("leader"), cluster.who("sync_standby")
        began = time.monotonic()
        cluster.kill(standby)
        seconds_out(load)
        assert cluster.who("leader") == leader
        cluster.start_database(standby)

    books.close(load)
    print(
        f"standby lost: {len(load.acked())} acknowledged, 0 lost; out for {gap(load, began):.1f} s"
    )


def test_the_leader_stands_still_and_wakes(cluster: Cluster, books: Books) -> None:
    """The one that everybody has left believes for a moment that it leads. It acknowledges nothing."""
    with working(cluster, books) as load:
        leader = cluster.who("leader")
        asleep = cluster.of(leader)
        began = time.monotonic()
        send(asleep, signal.SIGSTOP)
        try:
            out = seconds_out(load)
            until(lambda: time.monotonic() - began > STILL_S, "it stood", most_s=WHOLE_S)
        finally:
            send(reversed(asleep), signal.SIGCONT)  # Patroni wakes last
        back = seconds_until_whole(cluster)
        assert cluster.who("leader") != leader

    books.close(load)
    print(
        f"leader stood still: {len(load.acked())} acknowledged, 0 lost; out for {out:.1f} s; "
        f"three again {back:.1f} s after it woke"
    )


def test_without_haproxy_libpq_finds_who_leads(cluster: Cluster, books: Books) -> None:
    """The same, with libpq's list of machines in the place of HAProxy's address."""
    port = clusters.free_port()
    address = {"DATABASE_URL": cluster.without_haproxy()}
    cluster.start_unit("nowrongdoor-serve@.service", cluster.machines["app2"], port, **address)
    until(lambda: cluster.healthy_at(port), "health is ok")
    ports, cluster.ports = cluster.ports, (port,)
    try:
        with working(cluster, books) as load:
            cluster.kill(cluster.who("leader"))
            out = seconds_out(load)
    finally:
        cluster.ports = ports

    books.close(load)
    print(f"without HAProxy: {len(load.acked())} acknowledged, 0 lost; out for {out:.1f} s")


def test_a_restore_from_the_archive_meets_the_anchor(cluster: Cluster, books: Books) -> None:
    """Up to the anchor that was archived it is clean; an anchor from later says what is missing."""
    if not clusters.has_backup():
        not_run("cluster, restore: pgbackrest not installed; ./setup.sh cluster")
    anchor, later = cluster.folder / "archived.log", cluster.folder / "later.log"
    with working(cluster, books) as load:
        cluster.backrest("backup", "--type=full")
        load.more()
    books.close(load)
    cluster.note_anchor(anchor)
    archive(cluster)

    began = time.monotonic()
    with restored(cluster) as verify:
        took = time.monotonic() - began
        clean = verify(anchor)
        with working(cluster, books) as more:
            pass
        cluster.note_anchor(later)
        short = verify(later)

    books.close(more)
    print(f"restored by pgbackrest in {took:.1f} s; verify: {clean.stdout}; later: {short.stdout}")
    assert clean.returncode == 0, clean.stdout
    assert short.returncode == 1
    assert "tail cut" in short.stdout


def test_control_on_one_machine_it_is_lost_and_seen(cluster: Cluster, books: Books) -> None:
    """Acknowledged by one machine, as without `synchronous_mode`; that machine is lost. The last test."""
    anchor = cluster.folder / "control.log"
    words = ("-s", "synchronous_mode=false", "-s", "maximum_lag_on_failover=1073741824")
    cluster.ctl("edit-config", "nowrongdoor", *words, "--force")
    until(lambda: "sync_standby" not in roles(cluster), "no commit waits for two", most_s=WHOLE_S)
    with working(cluster, books, anchor) as load:
        leader = cluster.who("leader")
        unheard = acknowledged_unheard(cluster, leader, load)
        cluster.note_anchor(anchor)
        cluster.kill(leader)
        seconds_out(load)
    with cluster.connect() as db:
        verdict = judge(db, load.lines, sent=books.sent)
    checked = cluster.verify(anchor)

    print(
        f"control, on one machine: {unheard} acknowledged in {UNSENT_S:.0f} s, "
        f"{len(verdict.lost)} of {verdict.acked} lost; verify: {checked.stdout.splitlines()[:1]}"
    )
    assert verdict.lost
    assert checked.returncode == 1
    assert "tail cut" in checked.stdout or "chain rewritten" in checked.stdout


def archive(cluster: Cluster) -> None:
    """Wait until everything that was written so far lies in the archive."""
    with cluster.connect() as db:
        [last] = db.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or [""]
        query = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"
        until(lambda: db.execute(query, [last]).fetchone() == (True,), "it is archived")


def acknowledged_unheard(cluster: Cluster, leader: Machine, load: Load) -> int:
    """How many the leader acknowledges while nothing of it reaches its standbys.

    What sends is stopped, not what receives: so nothing waits in a socket that outlives it.
    """
    send(cluster.of(leader, "walsender"), signal.SIGSTOP)
    time.sleep(0.5)  # answers that were on their way
    since = time.monotonic()
    time.sleep(UNSENT_S)
    return len([each for each in load.acked() if each.acked_at > since])


def seconds_out(load: Load) -> float:
    """Wait until commands that begin now are acknowledged again. Answers how long none was."""
    since = time.monotonic()
    until(lambda: load.broken or load.acked(since), "desks can work", most_s=WHOLE_S)
    load.more()
    return min(each.acked_at for each in load.acked(since)) - since  # not what was on its way


def seconds_until_whole(cluster: Cluster) -> float:
    since = time.monotonic()
    until(cluster.whole, "the cluster is whole", most_s=WHOLE_S)
    return time.monotonic() - since


def gap(load: Load, since: float) -> float:
    """The longest time after `since` in which nobody was answered."""
    times = sorted([since, *(each.acked_at for each in load.acked() if each.acked_at > since)])
    return max(b - a for a, b in pairwise(times))


def roles(cluster: Cluster) -> list[str]:
    return [role for role, _ in cluster.members().values()]


def told(seconds: list[float]) -> str:
    return f"{min(seconds):.1f} to {max(seconds):.1f} s"
