"""A backup that somebody else made or bent is refused, and what somebody left in the database stops none."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from tests.commandline import nowrongdoor
from tests.conftest import database_url
from tests.site.test_backup import EMPTY, FULL, Database, Drill, drill, empty, made, nothing_in

# one worker: its databases are made once
pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("backup")]
Settings = Any  # as the fixture gives them
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


def forged(drill: Drill, **changed: object) -> None:
    """Another label by somebody who has everything but the key."""
    drill.label.write_text(json.dumps(json.loads(drill.label.read_text()) | changed))


def test_a_backup_that_somebody_else_made_is_refused(drill: Drill, empty: Database) -> None:
    body = drill.file.read_bytes() + b" "
    drill.file.write_bytes(body)
    forged(drill, size=len(body), sha256=sha256(body).hexdigest())

    done = nowrongdoor(EMPTY, "restore", drill.file)

    assert done.returncode == 1
    assert "was not signed with this NWD_FACTS_KEY" in done.stderr
    assert nothing_in(empty)


def test_no_line_of_a_label_is_changed_unseen(drill: Drill, empty: Database) -> None:
    before = drill.label.read_text()
    for changed in ({"rows": {}}, {"hash": "f" * 64}, {"signed": ""}):
        forged(drill, **changed)
        assert "was not signed" in nowrongdoor(EMPTY, "restore", drill.file).stderr
        drill.label.write_text(before)
    forged(drill, rows={})
    assert "was not signed" in nowrongdoor(EMPTY, "restore", drill.file, "--unsigned").stderr

    assert nothing_in(empty)


def test_rules_and_resting_triggers_in_a_dump_are_found_before_it_is_served(
    admin: Database, empty: Database, tmp_path: Path
) -> None:
    """Where there was no key, the file is put in; and then it is said what stands in it."""
    admin.execute("CREATE RULE swallowed AS ON INSERT TO triage_answer DO INSTEAD NOTHING")
    admin.execute("ALTER TABLE journal_entry ENABLE REPLICA TRIGGER journal_entry_append_only")
    try:
        assert nowrongdoor(FULL, "backup", tmp_path / "b").returncode == 0
    finally:
        admin.execute("DROP RULE swallowed ON triage_answer")
        admin.execute("ALTER TABLE journal_entry ENABLE TRIGGER journal_entry_append_only")

    done = nowrongdoor(EMPTY, "restore", tmp_path / "b")

    assert done.returncode == 1
    assert "rule added: swallowed on triage_answer" in done.stdout
    assert "trigger changed: journal_entry_append_only on journal_entry" in done.stdout


def test_one_of_before_there_was_a_key_is_restored_when_that_is_said(
    settings: Settings, empty: Database, tmp_path: Path
) -> None:
    key = settings.FACTS_KEY
    settings.FACTS_KEY = ""
    assert nowrongdoor(FULL, "backup", tmp_path / "b").returncode == 0
    settings.FACTS_KEY = key

    refused = nowrongdoor(EMPTY, "restore", tmp_path / "b")
    done = nowrongdoor(EMPTY, "restore", tmp_path / "b", "--unsigned")

    assert "was not signed" in refused.stderr
    assert done.returncode == 0, done.stdout
