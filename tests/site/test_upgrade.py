"""A database of each schema that has landed, with people's evenings in it, is brought to this version and verified.

The dumps beside this are plain SQL, of a synthetic evening; one is added when a release changes the schema,
and none is ever changed.
"""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.commandline import nowrongdoor
from tests.conftest import ROOT, database_url

DUMPS = sorted((Path(__file__).parent / "dumps").glob("*.sql.gz"))
COUNTED = "SELECT (SELECT count(*) FROM journal_entry), (SELECT count(*) FROM episodes_episode)"


@pytest.fixture
def old(request: pytest.FixtureRequest) -> Iterator[str]:
    """The database as that version left it."""
    name = f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_old"
    with psycopg.connect(database_url("admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} OWNER nwd_owner")
        with psycopg.connect(database_url("admin", name)) as empty:
            empty.execute(gzip.decompress(request.param.read_bytes()))
        yield name
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("old", DUMPS, ids=lambda file: file.name.split(".")[0], indirect=True)
def test_a_database_of_an_earlier_version_is_brought_to_this_one_and_is_clean(old: str) -> None:
    before = counted(old)
    assert min(before) > 0

    for words in (["migrate"], ["load", str(ROOT / "communities/tucson")], ["cover"], ["verify"]):
        done = nowrongdoor(old, *words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)

    assert counted(old) >= before


def counted(name: str) -> tuple[int, ...]:
    with psycopg.connect(database_url("admin", name)) as connection:
        row = connection.execute(COUNTED).fetchone()
    return tuple(int(str(each)) for each in row or ())


def test_each_landed_schema_is_kept() -> None:
    assert DUMPS
