"""What a machine that watches is told: readiness, and numbers that move when something stands still."""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from nowrongdoor.clocks import commands as clocks
from nowrongdoor.journal.sequencer import LOCK, Sequencer
from nowrongdoor.site.reactions import DEADLINES
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.conftest import ROOT, database_url, stop_following
from tests.faults.house import free_port, until
from tests.makers import an_actor, an_episode, an_offer

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
TOKEN = "only for watching"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
HERE = f"nwd_{WORKER}"
BEARER = {"Authorization": f"Bearer {TOKEN}", "Host": "localhost"}


@pytest.fixture
def watched(settings: object) -> None:
    settings.METRICS_TOKEN = TOKEN  # type: ignore[attr-defined]


def told(text: str) -> dict[str, float]:
    """Each number by its name, and by its label's value where it has one."""
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped() -> dict[str, float]:
    answer = Client().get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    return told(answer.content.decode())


@contextmanager
def sealing() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A sequencer that has sealed everything, and will seal nothing more by itself."""
    url = database_url("app", HERE)
    with psycopg.connect(url, autocommit=True) as sequencer:
        assert Sequencer(url).take_over(sequencer)
        yield sequencer


def ready() -> tuple[int, str]:
    answer = Client(headers={"Host": "localhost"}).get("/ready")
    return answer.status_code, answer.content.decode().strip()


def counted(name: str, label: str) -> dict[str, float]:
    """How many were timed so far, by label."""
    text = Client().get("/metrics", headers=BEARER).content.decode()
    families = {each.name: each for each in text_string_to_metric_families(text)}
    found = families[name].samples if name in families else []
    return {one.labels[label]: one.value for one in found if one.name == f"{name}_count"}


@pytest.mark.usefixtures("watched")
def test_answers_and_commands_are_timed_by_name_and_never_by_id() -> None:
    desk, episode = Desk("anna.miller"), an_episode()
    routes, commands = (
        counted("nwd_answer_seconds", "route"),
        counted("nwd_command_seconds", "command"),
    )
    for _ in range(2):
        assert desk.get(f"/episodes/{episode.pk}/").status_code == 200
    another = an_episode()

    routes_now, commands_now = (
        counted("nwd_answer_seconds", "route"),
        counted("nwd_command_seconds", "command"),
    )
    assert routes_now["calls:episode"] - routes.get("calls:episode", 0) == 2
    for name in ("calls.take_contact", "episodes.open_episode"):  # one inside the other
        assert commands_now[name] - commands[name] == 1
    told = " ".join([*routes_now, *commands_now])
    assert str(episode.pk) not in told
    assert str(another.pk) not in told


def test_ready_while_everything_goes_on() -> None:
    stop = threading.Event()
    sequencer = Sequencer(database_url("app", HERE))
    thread = threading.Thread(target=sequencer.run, args=(stop,))
    thread.start()
    try:
        until(lambda: ready() == (200, "ready"), "it is ready")
    finally:
        stop.set()
        thread.join()


def test_not_ready_while_nobody_seals() -> None:
    assert ready() == (503, "nobody seals the journal")


def test_not_ready_while_whoever_seals_stands_still(admin: Admin) -> None:
    """It holds the lock and does nothing: for longer than screens may be believed."""
    rows = "UPDATE community_setting SET value = %s WHERE key = 'stale_s'"
    [stale_s] = admin.execute(
        "SELECT value FROM community_setting WHERE key = 'stale_s'"
    ).fetchone() or (3,)
    with psycopg.connect(database_url("app", HERE), autocommit=True) as frozen:
        frozen.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        admin.execute(rows, ["0"])
        try:
            status, said = ready()
        finally:
            admin.execute(rows, [str(stale_s)])

    assert status == 503
    assert said.startswith("journal looked after ")


def test_not_ready_where_a_migration_is_missing(admin: Admin) -> None:
    row = admin.execute(
        "DELETE FROM django_migrations WHERE app = 'clocks' AND name = '0001_initial' "
        "RETURNING id, app, name, applied"
    ).fetchone()
    try:
        with sealing():
            assert ready() == (503, "1 migrations are not applied")
    finally:
        admin.execute("INSERT INTO django_migrations VALUES (%s, %s, %s, %s)", row)


def test_not_ready_without_a_community(admin: Admin) -> None:
    admin.execute("SET session_replication_role = replica")
    admin.execute("CREATE TEMP TABLE kept AS TABLE community_community")
    admin.execute("DELETE FROM community_community")
    try:
        with sealing():
            assert ready() == (503, "no community is loaded")
    finally:
        admin.execute("INSERT INTO community_community TABLE kept")


def test_not_ready_while_the_database_is_away(watched: None) -> None:
    with psycopg.connect(database_url("admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {HERE} ALLOW_CONNECTIONS false")
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [HERE],
            )
            assert ready() == (503, "the database does not answer")
            numbers = scraped()
        finally:
            admin.execute(f"ALTER DATABASE {HERE} ALLOW_CONNECTIONS true")
            stop_following()  # whoever comes next has a new pool, not one that waits longer each time

    assert numbers["nwd_database_up"] == 0
    assert "nwd_journal_unsealed_seconds" not in numbers
    assert "nwd_requests_under_way" in numbers


def test_no_token_no_numbers() -> None:
    assert Client().get("/metrics", headers=BEARER).status_code == 404


@pytest.mark.parametrize("offered", ["", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}"])
def test_a_wrong_token_gets_nothing(watched: None, offered: str) -> None:
    headers = BEARER | {"Authorization": offered}
    answer = Client().get("/metrics", headers=headers)

    assert answer.status_code == 401
    assert b"nwd_" not in answer.content


def test_a_session_is_no_token(watched: None) -> None:
    assert Desk("anna.miller").get("/metrics").status_code == 401


def test_a_deadline_that_nobody_fires_is_seen(watched: None) -> None:
    an_hour_ago = now() - timedelta(hours=1)
    assert scraped()["nwd_deadline_overdue_seconds"] == 0

    an_offer(an_episode(at=an_hour_ago), at=an_hour_ago)
    waiting = scraped()["nwd_deadline_overdue_seconds"]
    clocks.fire_due(at=now(), reactions=DEADLINES)

    assert waiting > 0
    assert scraped()["nwd_deadline_overdue_seconds"] < waiting


def test_a_sequencer_that_stops_is_seen(watched: None) -> None:
    with sealing():
        an_episode()
        behind = scraped()
    stopped = scraped()
    with sealing():
        again = scraped()

    assert behind["nwd_journal_unsealed_seconds"] > 0
    assert stopped["nwd_journal_pulse_seconds"] == float("inf")
    assert again["nwd_journal_unsealed_seconds"] == 0
    assert again["nwd_journal_pulse_seconds"] < float("inf")
    an_episode()
    assert scraped()["nwd_journal_unsealed_seconds"] > 0, "behind a seal, too"


def test_refusals_are_counted_by_status(watched: None) -> None:
    before = scraped().get("nwd_answers_total 404", 0)

    Client().get("/nowhere", headers={"Host": "localhost"})

    assert scraped()["nwd_answers_total 404"] == before + 1


def test_an_open_stream_is_counted_until_it_ends(watched: None) -> None:
    before = scraped()["nwd_live_streams"]
    stream = Desk("anna.miller").get("/live")
    during = scraped()["nwd_live_streams"]
    stream.close()

    assert during == before + 1
    assert scraped()["nwd_live_streams"] == before


def test_nothing_is_said_of_anybody(watched: None) -> None:
    episode = an_episode(an_actor(), place="Under the blue bridge")
    Desk("anna.miller").get(f"/episodes/{episode.pk}/")

    answer = Client().get("/metrics", headers=BEARER)
    families = text_string_to_metric_families(answer.content.decode())
    labels = {
        (name, value)
        for family in families
        for sample in family.samples
        for name, value in sample.labels.items()
    }

    text = answer.content.decode()
    for word in (str(episode.pk), episode.label, "bridge", "anna", "miller"):
        assert word not in text.lower(), word
    said = {
        "status": r"\d{3}",
        "le": r"[\d.]+|\+Inf",
        "command": r"[a-z]+\.[a-z_]+",
        "route": r"[a-z0-9_:-]*",
    }
    assert {name for name, _value in labels} == set(said)
    assert [each for each in labels if not re.fullmatch(said[each[0]], each[1])] == []


@contextmanager
def serving(var: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """The server itself with two processes, at this test's database."""
    port = free_port()
    more = {
        "NWD_METRICS_TOKEN": TOKEN,
        "NWD_VAR": str(var),
        "DATABASE_URL": database_url("app", HERE),
    }
    words = [str(ROOT / ".venv/bin/nowrongdoor"), "serve", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(words, cwd=ROOT, env=os.environ | more, start_new_session=True)
    try:
        until(lambda: answers(port, "/metrics") == 200, "the server answers")
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def answers(port: int, path: str) -> int:
    try:
        return asked(port, path)[0]
    except OSError:
        return 0


def asked(port: int, path: str) -> tuple[int, str]:
    """One request on a connection of its own: either process may take it."""
    here = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        here.request("GET", path, headers=BEARER)
        answer = here.getresponse()
        return answer.status, answer.read().decode()
    finally:
        here.close()


def after(port: int) -> tuple[float, float]:
    """Refusals counted, and requests under way: this one."""
    try:
        numbers = told(asked(port, "/metrics")[1])
    except OSError:
        return 0, 0
    return numbers["nwd_answers_total 404"], numbers["nwd_requests_under_way"]


def hanging(port: int) -> socket.socket:
    """A request whose body never comes: under way for as long as its connection lives."""
    line = socket.create_connection(("127.0.0.1", port))
    line.sendall(
        b"POST /account/sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nCookie: csrf="
        + b"a" * 32
        + b"\r\n\r\na="
    )
    line.setblocking(False)
    return line


def gone(line: socket.socket) -> bool:
    try:
        return line.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def workers(parent: int) -> list[int]:
    task = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [
        int(pid) for pid in task.split() if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def test_whoever_answers_counts_for_all_processes(tmp_path: Path) -> None:
    shutil.copytree(os.environ["NWD_VAR"] + "/static", tmp_path / "static")
    with serving(tmp_path) as (port, server):
        sent = 0

        def both_have_answered() -> bool:
            """The second process may come up after the first has answered for a while."""
            nonlocal sent
            assert answers(port, "/nowhere") == 404
            sent += 1
            counted = list(next(tmp_path.glob("counts-*")).glob("counter_*.db"))
            return sent >= 30 and len(counted) >= 2

        until(both_have_answered, "both processes count")
        seen = [told(asked(port, "/metrics")[1]) for _ in range(10)]
        assert {each["nwd_answers_total 404"] for each in seen} == {float(sent)}

        held = [hanging(port) for _ in range(24)]
        until(lambda: after(port) == (sent, 25), "all wait, and this one")
        os.kill(workers(server.pid)[0], signal.SIGKILL)
        until(lambda: any(map(gone, held)), "whom the dead one answered, knows")
        # The system closes the dead one's connections one after the other: so counted in each look.
        until(
            lambda: after(port) == (sent, 1 + sum(not gone(each) for each in held)),
            "counts stay; the dead have nothing under way",
        )
        assert 0 < sum(not gone(each) for each in held) < 24, "one process had them all: no proof"
        for each in held:
            each.close()
