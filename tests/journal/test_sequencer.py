"""Sealing on real PostgreSQL: complete and gapless whatever writers, crashes and restores do."""

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.episodes.kinds import OPENED
from nowrongdoor.journal import anchor, feed
from nowrongdoor.journal.kinds import record
from nowrongdoor.journal.models import Entry, Seal
from nowrongdoor.journal.sequencer import Sequencer
from nowrongdoor.journal.verify import anchor_findings, chain_findings
from tests.conftest import copy_database, database_url
from tests.makers import NOON, an_actor
from tests.waits import waiting_at

pytestmark = pytest.mark.usefixtures("db")
Owner = psycopg.Connection[tuple[object, ...]]
Settings = Any  # as the fixture gives them


def app_url() -> str:
    return os.environ["DATABASE_URL"]


@contextmanager
def owner(name: str = "") -> Iterator[Owner]:
    url = database_url("owner", name) if name else os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(url, autocommit=False) as connection:
        yield connection


def write(count: int = 1) -> list[UUID]:
    by = an_actor()
    with act_as(by):
        return [record(OPENED, by=by, at=NOON) for _ in range(count)]


def seal_all() -> None:
    with psycopg.connect(app_url(), autocommit=True) as connection:
        assert Sequencer(app_url()).take_over(connection)


def sealed() -> list[tuple[int, UUID]]:
    with act_as_task("sequencer"):
        return list(Seal.objects.order_by("seq").values_list("seq", "entry_id"))


def findings() -> list[str]:
    with owner() as connection:
        return [finding.what for finding in chain_findings(connection)]


@contextmanager
def running() -> Iterator[Sequencer]:
    stop = threading.Event()
    sequencer = Sequencer(app_url())
    thread = threading.Thread(target=sequencer.run, args=(stop,))
    thread.start()
    try:
        yield sequencer
    finally:
        stop.set()
        thread.join()


def wait_for(count: int, most_s: float = 30) -> None:
    for _ in range(int(most_s / 0.02)):
        if len(sealed()) >= count:
            return
        time.sleep(0.02)
    raise AssertionError(f"{len(sealed())} of {count} sealed")


class _Failed(Exception):  # noqa: N818 - a rollback, no fault
    pass


def _perhaps_fail(chance: random.Random) -> None:
    if chance.random() < 0.25:
        raise _Failed  # a rollback


def test_sixteen_writers_with_delays_and_rollbacks_leave_no_gap() -> None:
    kept: list[UUID] = []
    lock = threading.Lock()

    def writer(seed: int) -> None:
        chance = random.Random(seed)
        by = an_actor()
        for _ in range(15):
            try:
                with act_as(by):
                    id = record(OPENED, by=by, at=NOON)
                    time.sleep(chance.random() * 0.02)
                    _perhaps_fail(chance)
                with lock:
                    kept.append(id)
            except _Failed:
                pass
        connections.close_all()

    with running():
        writers = [threading.Thread(target=writer, args=(seed,)) for seed in range(16)]
        for each in writers:
            each.start()
        for each in writers:
            each.join()
        wait_for(len(kept))

    rows = sealed()
    assert [seq for seq, _ in rows] == list(range(1, len(kept) + 1))
    assert {id for _, id in rows} == set(kept)
    assert findings() == []


def test_an_entry_committed_late_is_sealed_late_and_not_lost() -> None:
    by = an_actor()
    slow_may_commit, slow_has_written = threading.Event(), threading.Event()

    def slow() -> None:
        with act_as(by):
            record(OPENED, by=by, at=NOON)
            slow_has_written.set()
            slow_may_commit.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    slow_has_written.wait(10)
    with running():
        write(3)
        wait_for(3)
        assert len(sealed()) == 3
        slow_may_commit.set()
        thread.join()
        wait_for(4)

    assert findings() == []


def test_a_long_transaction_in_another_database_stalls_nothing() -> None:
    with psycopg.connect(database_url("admin", "postgres")) as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")  # holds back the cluster's oldest xid
        with running():
            write(2)
            wait_for(2, most_s=10)
        elsewhere.rollback()


def test_only_one_seals_and_the_other_takes_over() -> None:
    with (
        psycopg.connect(app_url(), autocommit=True) as one,
        psycopg.connect(app_url(), autocommit=True) as two,
    ):
        first, second = Sequencer(app_url()), Sequencer(app_url())
        assert first.take_over(one)
        assert not second.take_over(two)
        write(2)
        assert first.step(one) == 2
        write(3)  # committed while nobody looks
        one.close()  # as a crash does: the lock goes with the session

        for _ in range(100):
            if second.take_over(two):
                break
            time.sleep(0.02)

    assert [seq for seq, _ in sealed()] == [1, 2, 3, 4, 5]
    assert findings() == []


def test_a_crash_between_sealing_and_commit_changes_nothing(admin: Owner) -> None:
    """It is killed while its INSERT of seals waits: the statement is named by the wait itself."""
    write(2)
    with psycopg.connect(app_url(), autocommit=True) as connection:
        pid = connection.info.backend_pid
        died: list[psycopg.Error] = []

        def seal() -> None:
            try:
                Sequencer(app_url()).take_over(connection)
            except psycopg.OperationalError as error:
                died.append(error)

        with admin.transaction():
            admin.execute("LOCK TABLE journal_seal IN EXCLUSIVE MODE")
            thread = threading.Thread(target=seal)
            thread.start()
            waiting_at(admin, pid, "INSERT INTO journal_seal")
            admin.execute("SELECT pg_terminate_backend(%s)", [pid])
            thread.join()
    assert len(died) == 1
    assert sealed() == []
    seal_all()

    assert [seq for seq, _ in sealed()] == [1, 2]
    assert findings() == []


def test_the_feed_goes_on_from_any_position() -> None:
    ids = write(5)
    seal_all()

    with act_as_task("feed"):
        first, rest = feed.entries_after(0, 2), feed.entries_after(2, 10)
        assert feed.latest_position() == 5
    assert (len(first.entries), first.more) == (2, True)
    assert (len(rest.entries), rest.more) == (3, False)
    assert {each.id for each in (*first.entries, *rest.entries)} == set(ids)


def test_restored_into_a_younger_cluster_the_chain_goes_on(settings: Settings) -> None:
    """A dump carries the old cluster's xids, which lie in the new one's future."""
    settings.FACTS_KEY = ""  # two entries are put in here by hand
    write(3)
    seal_all()
    name = app_url().rpartition("/")[2].partition("?")[0]
    copy_database(f"{name}_restored", template="template")
    with (
        psycopg.connect(database_url("admin", name)) as old,
        psycopg.connect(database_url("admin", f"{name}_restored"), autocommit=True) as new,
    ):
        new.execute("SET session_replication_role = replica")
        for table in ("journal_entry", "journal_seal"):
            with (
                old.cursor().copy(f"COPY {table} TO STDOUT") as out,
                new.cursor().copy(f"COPY {table} FROM STDIN") as into,
            ):
                for block in out:
                    into.write(block)
        new.execute("UPDATE journal_entry SET xid = (xid::text::bigint + 5000000000)::text::xid8")
        new.execute(
            "INSERT INTO journal_entry (id, kind, at, by) SELECT gen_random_uuid(), 'episodes.opened', now(), 'member:x'"
        )

    restored = database_url("app", f"{name}_restored")
    with psycopg.connect(restored, autocommit=True) as connection:
        sequencer = Sequencer(restored)
        assert sequencer.take_over(connection)
        with psycopg.connect(database_url("admin", f"{name}_restored"), autocommit=True) as new:
            new.execute(
                "INSERT INTO journal_entry (id, kind, at, by) SELECT gen_random_uuid(), 'episodes.opened', now(), 'member:x'"
            )
        assert sequencer.step(connection) == 1

    with owner(f"{name}_restored") as connection:
        count = connection.execute("SELECT count(*), max(seq) FROM journal_seal").fetchone()
        assert count == (5, 5)
        assert list(chain_findings(connection)) == []


def test_the_app_cannot_change_what_was_written(admin: Owner) -> None:
    write(1)
    seal_all()
    for statement in (
        "UPDATE journal_entry SET by = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_seal CASCADE",
    ):
        with psycopg.connect(app_url()) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            admin.execute(statement)  # even a superuser meets the trigger


TAMPERINGS = {
    "UPDATE journal_entry SET by = 'member:other' WHERE id = (SELECT entry_id FROM journal_seal WHERE seq = 3)": "entry changed",
    "DELETE FROM journal_entry WHERE id = (SELECT entry_id FROM journal_seal WHERE seq = 3)": "entry removed",
    "DELETE FROM journal_seal WHERE seq = 3": "seal removed",
    "INSERT INTO journal_entry (id, kind, at, by, recorded_at) SELECT gen_random_uuid(), 'x', now(), 'x', now() - interval '2 h'": "entry unsealed",
}


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_tampering_in_the_database_is_found_and_named(admin: Owner, statement: str) -> None:
    write(5)
    seal_all()
    assert findings() == []

    admin.execute("SET session_replication_role = replica")  # whoever has the machine has this
    admin.execute(statement)

    assert TAMPERINGS[statement] in findings()


def test_a_tail_cut_off_is_found_by_the_anchor(admin: Owner, tmp_path: Path) -> None:
    file = tmp_path / "anchor.log"
    write(5)
    seal_all()
    with act_as_task("feed"):
        written = anchor.write(file, at=NOON)
    assert written is not None
    with file.open("a") as lines:
        lines.write('{"seq": 9, "ha')  # a crash cut the last line short

    admin.execute("SET session_replication_role = replica")
    admin.execute("DELETE FROM journal_seal WHERE seq > 3")
    admin.execute("DELETE FROM journal_entry WHERE id NOT IN (SELECT entry_id FROM journal_seal)")

    assert findings() == []  # the chain by itself cannot tell
    with owner() as connection:
        assert [each.what for each in anchor_findings(connection, anchor.read(file))] == [
            "tail cut"
        ]


def test_a_chain_written_anew_is_found_by_the_key_and_by_the_anchor(
    admin: Owner, tmp_path: Path, settings: Settings
) -> None:
    file = tmp_path / "anchor.log"
    write(3)
    seal_all()
    with act_as_task("feed"):
        anchor.write(file, at=NOON)
    admin.execute("SET session_replication_role = replica")
    admin.execute("DELETE FROM journal_seal")
    admin.execute("UPDATE journal_entry SET by = 'member:other'")
    seal_all()

    assert findings() == ["entry forged"] * 3
    settings.FACTS_KEY = ""
    assert findings() == []  # negative control: the chain by itself is whole
    with owner() as connection:
        assert [each.what for each in anchor_findings(connection, anchor.read(file))] == [
            "chain rewritten"
        ]


def test_nothing_is_anchored_before_anything_was_sealed(tmp_path: Path) -> None:
    with act_as_task("feed"):
        assert anchor.write(tmp_path / "anchor.log", at=NOON) is None


def test_the_journal_names_nobody() -> None:
    write(1)
    with act_as_task("sequencer"):
        row = Entry.objects.get()

    assert "Anna" not in f"{row.by} {row.ids} {row.kind}"
    assert row.by.startswith("member:")


def test_lag_is_measured_from_record_to_seal() -> None:
    write(1)
    time.sleep(0.05)
    with psycopg.connect(app_url(), autocommit=True) as connection:
        sequencer = Sequencer(app_url())
        sequencer.take_over(connection)

    assert timedelta(milliseconds=50) <= sequencer.lag < timedelta(seconds=20)


def test_pg_is_ours() -> None:
    """Negative control of the whole file: the connection is bound, not a superuser's."""
    with psycopg.connect(app_url()) as app:
        [above] = app.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert above is False
