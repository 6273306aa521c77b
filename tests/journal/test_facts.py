"""What the journal vouches for in rows: whatever is changed, taken away or put in is found, with the key."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.commands import TokenWish
from nowrongdoor.journal import baseline
from nowrongdoor.journal import vouching as facts
from nowrongdoor.journal.chain import START, Link, seal
from nowrongdoor.journal.sequencer import Sequencer
from nowrongdoor.journal.verify import chain_findings
from nowrongdoor.journal.witness import fact_findings
from nowrongdoor.narrative import commands as narrative
from tests.conftest import database_url
from tests.makers import an_actor, an_episode, later
from tests.site.test_verify import lived

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("verify")]
HERE = f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
Admin = psycopg.Connection[tuple[object, ...]]


def sealed() -> None:
    with psycopg.connect(database_url("app", HERE), autocommit=True) as here:
        assert Sequencer(database_url("app", HERE)).take_over(here)


@pytest.fixture
def bent() -> Iterator[Admin]:
    """A superuser whose triggers rest, in a database in which some of everything was lived. Taken back."""
    lived()
    anna = an_actor()
    narrative.write_note(by=anna, at=later(20), episode_id=an_episode(anna).pk, text="calm now")
    sealed()
    with psycopg.connect(database_url("admin", HERE)) as admin:
        admin.execute("SET session_replication_role = replica")
        yield admin
        admin.rollback()


def found(admin: Admin) -> list[str]:
    chain = [f"{each.what}: {each.because}" for each in chain_findings(admin)]
    return [*chain, *fact_findings(admin, facts.covered_models())]


ONE = "(SELECT id FROM {} ORDER BY id LIMIT 1)"
CHANGED = {
    "episodes_card": "UPDATE episodes_card SET note = 'nobody is hurt' WHERE id = {one}",
    "episodes_handoff": "UPDATE episodes_handoff SET accepted_by_id = from_member_id WHERE id = {one}",
    "triage_screening": "UPDATE triage_screening SET standing = 'E' WHERE id = {one}",
    "triage_answer": "UPDATE triage_answer SET value = 'none' WHERE id = {one}",
    "narrative_note": "UPDATE narrative_note SET text = 'x' WHERE id = {one}",
    "agencies_position": "UPDATE agencies_position SET role = 'administrator' WHERE id = {one}",
    "agencies_member": "UPDATE agencies_member SET employer_id = (SELECT id FROM agencies_agency a WHERE a.id <> employer_id LIMIT 1) WHERE id = {one}",
    "community_setting": "UPDATE community_setting SET value = '90000' WHERE id = {one}",
}
COPIED = """
DO $$ DECLARE r {table}; BEGIN
    SELECT * INTO r FROM {table} ORDER BY id LIMIT 1;
    r.id := gen_random_uuid();
    INSERT INTO {table} SELECT r.*;
END $$
"""
UNIQUE = "DO $$ DECLARE n text; BEGIN FOR n IN SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = '{table}'::regclass AND indisunique AND NOT indisprimary LOOP EXECUTE 'DROP INDEX ' || n; END LOOP; END $$"


def test_what_was_lived_is_vouched_for_and_each_change_of_a_fact_is_found(bent: Admin) -> None:
    assert found(bent) == []
    for table, change in CHANGED.items():
        one = ONE.format(table)
        for what, statement in (
            ("changed", change.format(one=one)),
            ("gone", f"DELETE FROM {table} WHERE id = {one}"),
            ("added, which nobody vouches for", COPIED.format(table=table)),
        ):
            with bent.transaction(force_rollback=True):
                for key in bent.execute(
                    "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'u'",
                    [table],
                ).fetchall():
                    bent.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{key[0]}" CASCADE')
                bent.execute(UNIQUE.format(table=table))
                bent.execute(statement)
                told = found(bent)
            assert [each.partition(":")[0] for each in told] == [f"fact {what}"], (
                table,
                what,
                told,
            )
            assert f"{table}:" in told[0]


def test_a_key_put_in_is_found_and_one_that_was_issued_is_vouched_for(bent: Admin) -> None:
    oscar = an_actor("oscar.nunez")
    wish = TokenWish("cad", frozenset({"see_board"}), later(3600))
    agencies.issue_token(by=oscar, at=later(30), program_id=oscar.program_id, wish=wish)
    before = found(bent)

    put = (
        "INSERT INTO agencies_token (id, label, digest, scopes, created_at, expires_at, program_id) "
        "SELECT gen_random_uuid(), '', 'd', '[]', now(), now(), %s"
    )
    bent.execute("SET session_replication_role = replica")
    bent.execute(put, [oscar.program_id])

    assert before == []
    assert [each.partition(":")[0] for each in found(bent)] == [
        "fact added, which nobody vouches for"
    ]


def chained_anew(admin: Admin) -> None:
    """Every seal computed again, as a superuser can: by itself the chain is then whole."""
    rows = admin.execute(
        "SELECT s.seq, e.id, e.kind, e.at, e.recorded_at, e.by, e.agency_id, e.program_id, e.episode_id, "
        "e.ids, e.facts, s.sealed_at FROM journal_seal s JOIN journal_entry e ON e.id = s.entry_id ORDER BY s.seq"
    ).fetchall()
    prev = START
    for row in rows:
        hash = seal(prev, Link(*row))  # type: ignore[arg-type]
        admin.execute(
            "UPDATE journal_seal SET hash = %s, prev = %s WHERE seq = %s", [hash, prev, row[0]]
        )
        prev = hash


ENTRY = {
    "UPDATE journal_entry SET by = 'member:x' WHERE id = {one}": "entry forged",
    "UPDATE journal_entry SET at = at - interval '1 h' WHERE id = {one}": "entry forged",
    "UPDATE journal_entry SET facts = '' WHERE id = {one}": "entry without a key",
    "UPDATE journal_entry SET facts = (SELECT facts FROM journal_entry ORDER BY id DESC LIMIT 1) WHERE id = {one}": "entry forged",
}


@pytest.mark.parametrize("statement", sorted(ENTRY))
def test_an_entry_that_was_bent_is_found_though_the_chain_was_computed_anew(
    bent: Admin, statement: str
) -> None:
    one = "(SELECT entry_id FROM journal_seal WHERE seq = 5)"
    bent.execute(statement.format(one=one))
    chained_anew(bent)

    assert ENTRY[statement] in [each.partition(":")[0] for each in found(bent)]


def test_when_an_entry_was_sealed_is_in_its_hash(bent: Admin) -> None:
    bent.execute(
        "UPDATE journal_seal SET sealed_at = sealed_at + interval '1 second' WHERE seq = 3"
    )

    assert found(bent) == ["entry changed: its hash differs"]


def test_an_older_word_about_a_row_cannot_be_said_again(bent: Admin) -> None:
    """The state before an acceptance, put back together with what the journal said of it then."""
    answered = bent.execute(
        "SELECT id::text FROM episodes_handoff WHERE declined_at IS NOT NULL LIMIT 1"
    ).fetchone()
    assert answered is not None
    bent.execute(
        "UPDATE episodes_handoff SET declined_at = NULL, declined_by_id = NULL, reason = '' WHERE id = %s",
        answered,
    )
    bent.execute(
        "INSERT INTO journal_entry (id, kind, at, by, agency_id, program_id, episode_id, ids, facts) "
        "SELECT gen_random_uuid(), kind, at, by, agency_id, program_id, episode_id, ids, facts "
        "FROM journal_entry WHERE kind = 'episodes.offered' AND facts LIKE '%%' || %s || '%%'",
        answered,
    )

    assert "fact changed" in [each.partition(":")[0] for each in found(bent)]


def test_without_the_key_nothing_is_said_and_verify_says_so(settings: object, bent: Admin) -> None:
    bent.rollback()
    settings.FACTS_KEY = ""  # type: ignore[attr-defined]
    anna = an_actor()
    narrative.write_note(by=anna, at=later(50), episode_id=an_episode(anna).pk, text="x")

    last = bent.execute(
        "SELECT facts FROM journal_entry ORDER BY recorded_at DESC LIMIT 1"
    ).fetchone()
    assert last == ("",)


def test_another_key_opens_nothing(settings: object, bent: Admin) -> None:
    settings.FACTS_KEY = "another"  # type: ignore[attr-defined]

    told = found(bent)

    assert "facts: the baseline was changed, or NWD_FACTS_KEY is another key" in told
    assert any(each.startswith("entry forged") for each in told)


def test_the_baseline_is_whole_or_that_is_said(bent: Admin) -> None:
    bent.execute(
        "DELETE FROM agencies_position WHERE id = (SELECT id FROM agencies_position ORDER BY id LIMIT 1)"
    )
    bent.execute(
        "DELETE FROM journal_baseline WHERE name <> '' AND NOT EXISTS (SELECT FROM agencies_position p WHERE name = 'agencies_position:' || p.id) AND name LIKE 'agencies_position%'"
    )

    assert found(bent) == ["facts: the baseline was changed, or NWD_FACTS_KEY is another key"]


def test_what_the_owner_writes_covers_only_what_it_wrote(bent: Admin) -> None:
    """A position that somebody bent is not covered by the next load of the community's files."""
    bent.rollback()
    with psycopg.connect(database_url("admin", HERE), autocommit=True) as admin:
        role = admin.execute(
            "SELECT id, role FROM agencies_position ORDER BY id LIMIT 1"
        ).fetchone()
        assert role is not None
        admin.execute(
            "UPDATE agencies_position SET role = 'administrator' WHERE id = %s", [role[0]]
        )
        try:
            with baseline.written_by_owner():
                pass
            told = list(fact_findings(bent, facts.covered_models()))
        finally:
            admin.execute(
                "UPDATE agencies_position SET role = %s WHERE id = %s", [role[1], role[0]]
            )

    assert told == [f"fact changed: agencies_position:{role[0]}"]


def test_of_no_row_is_a_bare_hash_kept(bent: Admin) -> None:
    """Two rows that say the same have nothing in common, and nothing is there to guess at."""
    assert settings.FACTS_KEY
    said = (
        facts.of_row(b"k", "one", "x"),
        facts.of_row(b"k", "two", "x"),
        facts.of_row(b"l", "one", "x"),
    )
    assert len(set(said)) == 3
