"""A backup that somebody else made or bent is refused, and what somebody left in the database stops none."""

from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from tests.commandline import nowrongdoor
from tests.conftest import database_url
from tests.site.test_backup import FULL, Database, drill, empty, made

# one worker: its databases are made once
pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("backup")]
__all__ = ["drill", "empty", "made"]  # fixtures


def test_a_large_object_of_the_apps_stops_no_backup(admin: Database, tmp_path: Path) -> None:
    """It may make none where the server's owner has said so; where it could, the backup leaves it out."""
    make, make_one = "FUNCTION lo_from_bytea(oid, bytea)", "SELECT lo_from_bytea(0, 'x')"
    with psycopg.connect(database_url("app", FULL), autocommit=True) as app:
        with pytest.raises(InsufficientPrivilege):
            app.execute(make_one)
        admin.execute(f"GRANT EXECUTE ON {make} TO PUBLIC")
        try:
            [made] = app.execute(make_one).fetchone() or (0,)
            done = nowrongdoor(FULL, "backup", tmp_path / "b")
            found = nowrongdoor(FULL, "verify")
        finally:
            admin.execute(f"REVOKE EXECUTE ON {make} FROM PUBLIC")
        app.execute("SELECT lo_unlink(%s)", [made])

    assert done.returncode == 0, done.stderr
    assert "large objects added: stored on database" in found.stdout
