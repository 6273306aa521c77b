"""The restore drill: a backup put into a new database of the same server, and what must be refused."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from nowrongdoor.journal.sequencer import Sequencer
from nowrongdoor.site.backup import read_label, signature
from nowrongdoor.site.postgres import find_binaries
from tests.commandline import at_database, nowrongdoor
from tests.conftest import ROOT, clear, database_url
from tests.makers import an_episode
from tests.site.test_verify import lived

# one worker: its databases are made once
pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("backup")]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
FULL = f"nwd_{WORKER}"
EMPTY, RESTORED = f"{FULL}_empty", f"{FULL}_restored"
TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
HEAD = "SELECT seq, hash FROM journal_seal ORDER BY seq DESC LIMIT 1"
A_PROGRAM = """
SELECT program_id FROM episodes_party WHERE until_at IS NULL
GROUP BY 1 ORDER BY count(DISTINCT episode_id), 1 LIMIT 1
"""  # the one that sees the fewest

Database = psycopg.Connection[tuple[object, ...]]


def started(database: str, *words: object) -> "subprocess.CompletedProcess[str]":
    """The command as an operator types it, at this database."""
    return subprocess.run(
        [str(ROOT / ".venv/bin/nowrongdoor"), *map(str, words)],
        cwd=ROOT,
        env=os.environ | at(database),
        capture_output=True,
        text=True,
    )


def at(database: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url("app", database),
        "DATABASE_OWNER_URL": database_url("owner", database),
    }


def sealed() -> None:
    """Everything that happened has its place in the chain, as behind a worker."""
    with psycopg.connect(database_url("app", FULL), autocommit=True) as here:
        assert Sequencer(database_url("app", FULL)).take_over(here)


@dataclass(frozen=True, slots=True)
class Drill:
    """A backup, and what was in the database when it was made."""

    file: Path
    rows: dict[str, int]
    head: tuple[object, ...] | None

    @property
    def label(self) -> Path:
        return self.file.with_name(f"{self.file.name}.label")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Drill:
    """Made once, of a database in which some of everything happened."""
    lived()
    sealed()
    file = tmp_path_factory.mktemp("made") / "night.backup"
    done = started(FULL, "backup", file)
    with psycopg.connect(database_url("admin", FULL), autocommit=True) as here:
        drill = Drill(file, counts(here), one(here, HEAD))
    clear()
    assert done.returncode == 0, done.stderr
    assert "night.backup" in done.stderr, "no progress was shown"
    return drill


@pytest.fixture
def drill(made: Drill, tmp_path: Path) -> Drill:
    """A copy to spoil."""
    drill = replace(made, file=tmp_path / made.file.name)
    shutil.copy2(made.file, drill.file)
    shutil.copy2(made.label, drill.label)
    return drill


@contextmanager
def new_database(name: str) -> Iterator[Database]:
    """A superuser's look into a new database that the owner owns."""
    with psycopg.connect(database_url("admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} OWNER nwd_owner TEMPLATE template0")
        with psycopg.connect(database_url("admin", name), autocommit=True) as there:
            yield there
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty() -> Iterator[Database]:
    with new_database(EMPTY) as there:
        yield there


@pytest.fixture(scope="module")
def restored(made: Drill) -> Iterator[Database]:
    """The drill itself: what its looks share."""
    with new_database(RESTORED) as there:
        done = started(RESTORED, "restore", made.file)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Nothing was found" in done.stdout
        assert "night.backup" in done.stderr, "no progress was shown"
        yield there


def counts(database: Database) -> dict[str, int]:
    """Rows of each table, counted apart from the program's own way."""
    names = [str(name) for [name] in database.execute(TABLES)]
    found = (one(database, f"SELECT count(*) FROM {name}") or (0,) for name in names)
    return {name: int(str(rows)) for name, [rows] in zip(names, found, strict=True)}


def one(database: Database, query: str) -> tuple[object, ...] | None:
    return database.execute(query).fetchone()  # type: ignore[arg-type]


def test_the_drill(made: Drill, restored: Database) -> None:
    assert made.rows["journal_seal"] > 20
    assert one(restored, HEAD) == made.head
    assert counts(restored) == made.rows | {"django_session": 0, "web_cache": 0}
    assert made.file.stat().st_mode & 0o077 == 0


def test_the_walls_stand_in_what_was_restored(restored: Database) -> None:
    everything = counts(restored)
    assert everything["episodes_card"] > 0
    with psycopg.connect(database_url("app", RESTORED), autocommit=True) as app:
        assert one(app, "SELECT count(*) FROM episodes_card") == (0,)
        [program] = one(restored, A_PROGRAM) or ("",)
        app.execute("SELECT set_config('nwd.program', %s, false)", [str(program)])
        [seen] = one(app, "SELECT count(*) FROM episodes_episode") or (0,)
        assert 0 < int(str(seen)) < everything["episodes_episode"]
        for table in ("episodes_card", "journal_entry", "episodes_episode"):
            with pytest.raises(InsufficientPrivilege):
                app.execute(f"DELETE FROM {table}")
        with pytest.raises(InsufficientPrivilege):
            app.execute("UPDATE community_community SET code = 'x'")


def test_work_goes_on_in_what_was_restored(restored: Database) -> None:
    labels = {str(label) for [label] in restored.execute("SELECT label FROM episodes_episode")}

    with at_database(RESTORED):
        called = an_episode().label
    with psycopg.connect(database_url("app", RESTORED), autocommit=True) as there:
        assert Sequencer(database_url("app", RESTORED)).take_over(there)

    assert called not in labels
    assert counts(restored)["episodes_episode"] == len(labels) + 1
    verified = nowrongdoor(RESTORED, "verify")
    assert verified.returncode == 0, verified.stdout


def test_what_was_not_sealed_yet_is_taken_too(empty: Database, tmp_path: Path) -> None:
    lived()
    assert nowrongdoor(FULL, "backup", tmp_path / "b").returncode == 0

    done = nowrongdoor(EMPTY, "restore", tmp_path / "b")

    assert done.returncode == 0, done.stdout
    assert counts(empty)["journal_entry"] > 20
    assert counts(empty)["journal_seal"] == 0


def nothing_in(database: Database) -> bool:
    there = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    return one(database, there) == (0,)


def test_a_truncated_file_is_refused(drill: Drill, empty: Database) -> None:
    body = drill.file.read_bytes()
    drill.file.write_bytes(body[: len(body) // 2])

    done = nowrongdoor(EMPTY, "restore", drill.file)

    assert done.returncode == 1
    assert "bytes and its label says" in done.stderr
    assert nothing_in(empty)


def test_an_altered_file_is_refused(drill: Drill, empty: Database) -> None:
    body = bytearray(drill.file.read_bytes())
    body[len(body) // 2] ^= 1
    drill.file.write_bytes(body)

    done = nowrongdoor(EMPTY, "restore", drill.file)

    assert done.returncode == 1
    assert "SHA-256 differs" in done.stderr
    assert nothing_in(empty)


def relabel(drill: Drill, **changed: object) -> None:
    """Another label, signed again by somebody who has the key: the other looks have to find it."""
    label = replace(read_label(drill.file), **changed)  # type: ignore[arg-type]
    drill.label.write_text(json.dumps(asdict(replace(label, signed=signature(label)))))


def test_a_truncated_file_whose_label_agrees_leaves_the_database_empty(
    drill: Drill, empty: Database
) -> None:
    """The last line of defense: one transaction."""
    body = drill.file.read_bytes()[:-20_000]
    drill.file.write_bytes(body)
    relabel(drill, size=len(body), sha256=sha256(body).hexdigest())

    done = nowrongdoor(EMPTY, "restore", drill.file)

    assert done.returncode == 1
    assert "error:" in done.stderr
    assert nothing_in(empty)


def test_what_is_not_as_its_label_and_the_anchors_say_is_named(
    drill: Drill, empty: Database, tmp_path: Path
) -> None:
    rows = json.loads(drill.label.read_text())["rows"]
    relabel(
        drill,
        hash="f" * 64,
        sequences={"episodes_number": 999},
        rows=rows | {"episodes_card": 999, "lost": 1},
    )
    file = tmp_path / "anchor.log"
    file.write_text(json.dumps({"seq": 3, "hash": "a" * 64, "at": "noon"}) + "\n")

    done = nowrongdoor(EMPTY, "restore", drill.file, "--anchor", file)

    assert done.returncode == 1
    said = done.stdout.splitlines()
    assert said[1] == "5 findings. Do not serve from it:"
    assert [each.partition(" has ")[0].partition(" ends ")[0] for each in said[2:]] == [
        "journal: the chain",
        "journal: chain rewritten at 3: at noon it read otherwise",
        "rows: episodes_card",
        "rows: lost",
        "sequence: episodes_number is at 9, and had reached 999",
    ]


def test_a_database_that_is_not_empty_is_refused(drill: Drill, admin: Database) -> None:
    before = counts(admin)

    done = nowrongdoor(FULL, "restore", drill.file)

    assert done.returncode == 1
    assert "is not empty" in done.stderr
    assert counts(admin) == before


@pytest.mark.parametrize(
    ("label", "said"),
    [(None, "is missing"), ("{", "is not a label"), ('{"seq": 1}', "is not a label")],
)
def test_a_file_without_its_label_is_refused(
    drill: Drill, empty: Database, label: str | None, said: str
) -> None:
    drill.label.unlink()
    if label is not None:
        drill.label.write_text(label)

    done = nowrongdoor(EMPTY, "restore", drill.file)

    assert done.returncode == 1
    assert said in done.stderr
    assert nothing_in(empty)


def test_other_roles_than_the_walls_name_are_refused(drill: Drill, empty: Database) -> None:
    relabel(drill, app="somebody")

    done = nowrongdoor(EMPTY, "restore", drill.file)

    assert done.returncode == 1
    assert "name the roles nwd_owner and somebody" in done.stderr
    assert nothing_in(empty)


def test_the_anchor_says_what_the_backup_does_not_reach(
    drill: Drill, empty: Database, tmp_path: Path
) -> None:
    label = json.loads(drill.label.read_text())
    anchors = [
        {"seq": label["seq"], "hash": label["hash"], "at": "2027-03-01T19:00:00+00:00"},
        {"seq": label["seq"] + 7, "hash": "a" * 64, "at": "2027-03-01T20:00:00+00:00"},
    ]
    file = tmp_path / "anchor.log"
    file.write_text("".join(json.dumps(each) + "\n" for each in anchors))

    done = nowrongdoor(EMPTY, "restore", drill.file, "--anchor", file)

    assert done.returncode == 0, done.stdout
    assert f"The journal had reached {label['seq'] + 7} at 2027-03-01T20:00:00" in done.stdout


def test_a_backup_never_replaces_another(drill: Drill) -> None:
    before = drill.file.read_bytes()

    done = nowrongdoor(FULL, "backup", drill.file)

    assert done.returncode == 1
    assert "never replaces" in done.stderr
    assert drill.file.read_bytes() == before


def test_a_table_that_hides_rows_from_the_owner_stops_the_backup(
    admin: Database, tmp_path: Path
) -> None:
    """pg_dump would leave them out and say nothing."""
    admin.execute("CREATE TABLE hidden (id int)")
    admin.execute("ALTER TABLE hidden OWNER TO nwd_owner")
    admin.execute("ALTER TABLE hidden ENABLE ROW LEVEL SECURITY")
    admin.execute("ALTER TABLE hidden FORCE ROW LEVEL SECURITY")
    try:
        done = nowrongdoor(FULL, "backup", tmp_path / "b")
    finally:
        admin.execute("DROP TABLE hidden")

    assert done.returncode == 1
    assert "may not read every row of hidden" in done.stderr
    assert list(tmp_path.iterdir()) == []


def tools(folder: Path, script: str) -> dict[str, str]:
    """PostgreSQL's own pg_dump, behind a script that does something first or instead."""
    folder.mkdir()
    tool = folder / "pg_dump"
    tool.write_text(f"#!/bin/sh\nreal={find_binaries() / 'pg_dump'}\n{script}\n")
    tool.chmod(0o755)
    return {"NWD_POSTGRES_BIN": str(folder)}


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """The tool is killed in the middle: half of a file is there by then."""
    script = """case "$1" in --version) exec "$real" "$@";; esac
"$real" "$@"
for word in "$@"; do case "$word" in --file=*) test -s "${word#--file=}" && kill -9 $$;; esac; done"""
    (tmp_path / "out").mkdir()

    done = nowrongdoor(FULL, "backup", tmp_path / "out/b", **tools(tmp_path / "bin", script))

    assert done.returncode == 1
    assert "pg_dump ended with -9" in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_no_secret_is_among_the_words_of_a_process(tmp_path: Path) -> None:
    script = f'echo "$@" >>{tmp_path}/words\nexec "$real" "$@"'
    secret = psycopg.conninfo.conninfo_to_dict(database_url("owner", FULL))["password"]

    done = nowrongdoor(FULL, "backup", tmp_path / "b", **tools(tmp_path / "bin", script))

    assert done.returncode == 0, done.stderr
    words = (tmp_path / "words").read_text()
    assert "--enable-row-security" in words
    assert secret
    assert str(secret) not in words + done.stdout + done.stderr + (tmp_path / "b.label").read_text()


def test_a_tool_of_another_version_is_refused(tmp_path: Path) -> None:
    other = tools(tmp_path / "bin", 'echo "pg_dump (PostgreSQL) 9.6"')

    done = nowrongdoor(FULL, "backup", tmp_path / "b", **other)

    assert done.returncode == 1
    assert "is version 9 and the server" in done.stderr
