"""`nowrongdoor backup`: the whole database in one file, by PostgreSQL's own pg_dump, as the owner.

Row-level security binds the owner too, so what its policies hide would be left out of the file and
nobody told. Therefore a backup is refused unless the owner may read every row of every table. The
chain's head and the rows of each table are counted in the same snapshot and written beside the
file, its label, by which `restore` compares.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql
from psycopg.pq import Conninfo

from nowrongdoor.journal import vouching as facts
from nowrongdoor.journal.chain import START
from nowrongdoor.site.postgres import CannotStart, find_binaries

Owner = psycopg.Connection[tuple[object, ...]]
Progress = Callable[[int], None]

LEFT_OUT = ("django_session", "web_cache")
"""Tables whose rows are not taken: whoever has a backup has nobody's sign-in."""

_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
"""
_HIDDEN = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity AND (
    NOT EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname
        AND p.permissive = 'PERMISSIVE' AND p.cmd IN ('SELECT', 'ALL') AND p.qual = 'true'
        AND p.roles && ARRAY[current_user, 'public']::name[])
    OR EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname
        AND p.permissive = 'RESTRICTIVE' AND p.cmd IN ('SELECT', 'ALL')
        AND p.roles && ARRAY[current_user, 'public']::name[])
) ORDER BY c.relname
"""
_HEAD = "SELECT seq, hash FROM journal_seal ORDER BY seq DESC LIMIT 1"
_SEQUENCES = """
SELECT sequencename, last_value FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY sequencename
"""
_TABLE = re.compile(r"(?:dumping contents of|processing data for) table \"(?:public\.)?(\w+)\"")


class CannotBackUp(Exception):  # noqa: N818 - it is an answer, not a fault
    """Why a backup could not be made or put back, in one sentence for whoever types the command."""


@dataclass(frozen=True, slots=True)
class Label:
    """What stands beside a backup: what must be so once it is restored. `size` in bytes.

    `signed` is an HMAC of all the rest under NWD_FACTS_KEY; empty where it was made without one.
    """

    made_at: str
    seq: int
    hash: str
    rows: dict[str, int]
    sequences: dict[str, int]
    owner: str
    app: str
    size: int
    sha256: str
    signed: str = ""


def signature(label: Label) -> str:
    """What `signed` must be. Empty without a key."""
    body = facts.canonical(asdict(replace(label, signed="")))
    return facts.mac(facts.key(), f"label\n{body}") if facts.key() else ""


def back_up(file: Path, *, at: datetime, begin: Callable[[int], Progress]) -> Label:
    """Write the backup and its label; nothing is left behind where that fails.

    `begin` is told how many rows there are, and answers what is told of each stretch of them.
    Errors: CannotBackUp.
    """
    for each in (file, label_of(file)):
        if each.exists():
            raise CannotBackUp(f"{each} is there already. A backup never replaces another.")
    owner = owner_connection()
    require_tool("pg_dump", owner)
    with _snapshot(owner) as snapshot, _whole(file) as part, _whole(label_of(file)) as label_part:
        rows = count(owner)
        words = [
            "--format=custom", "--enable-row-security", f"--snapshot={snapshot}",
            "-B",  # large objects: we have none, and whoever made one could stop every backup
            *(f"--exclude-table-data=public.{table}" for table in LEFT_OUT), f"--file={part}",
        ]  # fmt: skip
        seq, hash = head(owner)
        run_tool("pg_dump", words, rows, begin(sum(rows.values())))
        label = Label(
            made_at=at.isoformat(),
            seq=seq,
            hash=hash,
            rows=rows,
            sequences=sequences(owner),
            owner=str(settings.DATABASES["owner"]["USER"]),
            app=str(settings.DATABASES["default"]["USER"]),
            size=part.stat().st_size,
            sha256=digest(part),
        )
        label = replace(label, signed=signature(label))
        label_part.write_text(json.dumps(asdict(label), indent=1) + "\n")
    return label


def label_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.label")


def read_label(file: Path) -> Label:
    """The label beside a backup. Errors: CannotBackUp."""
    beside = label_of(file)
    try:
        return Label(**json.loads(beside.read_text()))
    except FileNotFoundError:
        raise CannotBackUp(f"{beside} is missing: it says what {file.name} must hold.") from None
    except (ValueError, TypeError):
        raise CannotBackUp(f"{beside} is not a label of a backup.") from None


def owner_connection() -> Owner:
    connection = connections["owner"]
    connection.ensure_connection()
    owner: Owner = connection.connection
    return owner


def head(owner: Owner) -> tuple[int, str]:
    """Number and hash of the newest seal; 0 and the chain's start where there is none."""
    row = owner.execute(_HEAD).fetchone()
    return (int(str(row[0])), str(row[1])) if row else (0, START)


def count(owner: Owner) -> dict[str, int]:
    """The rows of each table that a backup takes."""
    names = [str(name) for [name] in owner.execute(_TABLES).fetchall()]
    return {name: _count(owner, name) for name in names if name not in LEFT_OUT}


def sequences(owner: Owner) -> dict[str, int]:
    """The last number that each sequence gave."""
    return {str(name): int(str(last)) for name, last in owner.execute(_SEQUENCES)}


def digest(file: Path) -> str:
    with file.open("rb") as body:
        return file_digest(body, "sha256").hexdigest()


def require_tool(name: str, owner: Owner) -> None:
    """Refuse a tool of another version than the server's: what one writes the other may not read."""
    binary = _binary(name)
    told = subprocess.run([binary, "--version"], check=True, capture_output=True, text=True)  # noqa: S603
    version = int(told.stdout.split()[-1].partition(".")[0])
    server = owner.info.server_version // 10_000
    if version != server:
        raise CannotBackUp(
            f"{binary} is version {version} and the server {server}. "
            "Set NWD_POSTGRES_BIN to the folder of the server's own version."
        )


def run_tool(name: str, words: Sequence[str], rows: dict[str, int], progress: Progress) -> None:
    """Run one of PostgreSQL's tools on the owner's database, and tell its progress in rows.

    Where the database is and the password go by environment: arguments are for everybody to read.
    Errors: CannotBackUp with the tool's own first complaint.
    """
    pending, complaint = 0, ""
    with subprocess.Popen(  # noqa: S603 - PostgreSQL's own binaries, no shell
        [_binary(name), "--verbose", "--no-password", *words],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        try:
            for line in process.stderr or ():
                if table := _TABLE.search(line):
                    progress(pending)
                    pending = rows.get(table[1], 0)
                complaint = complaint or (line.strip() if "error:" in line else "")
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise CannotBackUp(complaint or f"{name} ended with {process.returncode}.")
    progress(pending)


def _binary(name: str) -> Path:
    try:
        binary = find_binaries() / name
    except CannotStart as reason:
        raise CannotBackUp(str(reason)) from None
    if not binary.exists():
        raise CannotBackUp(f"There is no {binary}. Set NWD_POSTGRES_BIN to a folder that has it.")
    return binary


def _environment() -> dict[str, str]:
    parameters = connections["owner"].get_connection_params()
    known = {
        option.keyword.decode(): option.envvar.decode()
        for option in Conninfo.get_defaults()
        if option.envvar is not None
    }
    reached = {known[key]: str(value) for key, value in parameters.items() if key in known}
    return os.environ | {key: value for key, value in reached.items() if value} | {"LC_ALL": "C"}


@contextmanager
def _snapshot(owner: Owner) -> Iterator[str]:
    """One moment of the database, in which the tool and we read the same."""
    owner.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        hidden = ", ".join(str(name) for [name] in owner.execute(_HIDDEN))
        if hidden:
            raise CannotBackUp(f"The owner may not read every row of {hidden}.")
        [snapshot] = owner.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        yield str(snapshot)
    finally:
        owner.execute("ROLLBACK")


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """A new file that only its owner reads: there when all went well and it is on the disk, else gone."""
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        yield part
        _to_disk(part)
        part.rename(file)
        _to_disk(file.parent)
    finally:
        part.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _count(owner: Owner, table: str) -> int:
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    [found] = owner.execute(query).fetchone() or (0,)
    return int(str(found))
