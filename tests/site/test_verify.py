"""`verify` names whatever keeps the invariants and is gone, and every row that would not be let in."""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from django.db import connection, connections

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands as calls
from nowrongdoor.episodes import commands
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.episodes.models import Handoff
from nowrongdoor.site import safeguards
from nowrongdoor.site.postgres import find_binaries
from nowrongdoor.site.safeguards import Safeguard
from nowrongdoor.site.verify import look, verify
from nowrongdoor.triage import commands as triage
from tests.calls.lines import the_leg
from tests.cases import full as cases
from tests.conftest import copy_database, database_url
from tests.directory import full as directory
from tests.dispatch import full as dispatch
from tests.dispatch.floor import a_request
from tests.guests.links import a_link
from tests.identity import full as identity
from tests.makers import an_actor, an_episode, an_offer, later, member_id
from tests.narrative import full as narrative
from tests.sharing import full as sharing
from tests.site import broken_teams
from tests.site.broken_rows import BROKEN
from tests.triage import full as screened

# one worker: its databases are made once
pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("verify")]
Admin = psycopg.Connection[tuple[object, ...]]


def test_the_list_is_what_a_fresh_database_has(admin: Admin) -> None:
    """After a migration: `python -m nowrongdoor.site.safeguards`, and look at the difference."""
    here, listed = Counter(safeguards.now(admin)), Counter(safeguards.expected())

    assert here - listed == Counter()
    assert listed - here == Counter()


def lived() -> None:
    """Some of everything: answered, declined, withdrawn, joined, closed."""
    anna, maria = an_actor(), an_actor("maria.lopez")
    one, two, three = (an_episode(anna) for _ in range(3))
    commands.accept_offer(by=maria, at=later(1), handoff_id=an_offer(one).pk)
    commands.decline_offer(by=maria, at=later(1), handoff_id=an_offer(two).pk, reason="capacity")
    commands.join_episode(by=anna, at=later(2), episode_id=three.pk, into_id=two.pk)
    commands.relieve(by=anna, at=later(3), to_member_id=member_id("luis.ortega"))
    over = Closing("information", declined_by_person=True)
    commands.close_episode(by=maria, at=later(4), episode_id=one.pk, closing=over)
    whole, part = an_episode(maria), an_episode(maria)
    commands.join_episode(by=maria, at=later(5), episode_id=part.pk, into_id=whole.pk)
    commands.close_episode(by=maria, at=later(6), episode_id=whole.pk, closing=over)
    for _ in range(2):
        a_link()
    called = an_episode(anna)
    triage.screen(by=anna, at=later(7), episode_id=called.pk, given={"SI": "active"})
    calls.record_dispatched(by=anna, at=later(8), episode_id=called.pk, axis="police", value="now")
    calls.lose_line(by=anna, at=later(9), leg_id=the_leg(called).pk)
    a_request(at=later(10))


def test_what_was_lived_is_clean() -> None:
    lived()

    report = verify(None)

    assert report.findings == (), report.text()
    assert "Nothing was found" in report.text()


@pytest.mark.parametrize("minutes", [0, 5])
def test_what_nobody_seals_is_counted_and_after_a_minute_found(admin: Admin, minutes: int) -> None:
    """Without a worker `verify` once said of 14,627 entries that nothing was found."""
    an_episode()
    [waiting] = admin.execute("SELECT count(*) FROM journal_entry").fetchone() or (0,)
    with admin.transaction(force_rollback=True):
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            "UPDATE journal_entry SET recorded_at = recorded_at - make_interval(mins => %s)",
            [minutes],
        )
        admin.execute("SET LOCAL session_replication_role = origin")
        told, restored = look(admin, None), look(admin, None, sealing=False)

    still = f"sealing stands still: {waiting} entries wait, {minutes} minutes so far"
    assert f"0 journal entries checked, and {waiting} are not sealed yet" in told.text()
    assert waiting > 1
    assert (still in told.findings, still in restored.findings) == (minutes == 5, False)


def clean(database: str) -> None:
    """Nothing is named: so whatever a test is told, it broke itself."""
    with psycopg.connect(database_url("admin", database)) as admin:
        assert list(safeguards.missing(admin)) == []
        assert list(safeguards.broken(admin)) == []


@pytest.fixture(scope="module")
def scratch() -> Iterator[str]:
    """A database of its own with some of everything in it, to break. Each test takes back what it broke."""
    from tests.conftest import clear

    lived()
    for each in (identity, narrative, cases, sharing, directory, dispatch, screened):
        each.full()
    name = f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    connections.close_all()
    connection.close_pool()
    connections["owner"].close()
    with psycopg.connect(database_url("admin", "postgres"), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
    copy_database(f"{name}_broken", template=name)
    clear()
    clean(f"{name}_broken")
    yield f"{name}_broken"
    clean(f"{name}_broken")  # nobody left anything broken for whoever came after
    with psycopg.connect(database_url("admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name}_broken WITH (FORCE)")


OURS = (
    *("agencies_", "calls_", "cases_", "clocks_", "community_", "directory_", "dispatch_"),
    *("episodes_", "guests_", "identity_", "journal_", "narrative_", "sharing_", "triage_", "web_"),
)


def ours(kinds: tuple[str, ...]) -> list[Safeguard]:
    return [
        each for each in safeguards.expected() if each.kind in kinds and each.table.startswith(OURS)
    ]


def gone(keeper: Safeguard) -> str:
    verbs = {
        "constraint": f'ALTER TABLE {keeper.table} DROP CONSTRAINT "{keeper.name}" CASCADE',
        "unique": f'DROP INDEX "{keeper.name}"',
        "trigger": f'ALTER TABLE {keeper.table} DISABLE TRIGGER "{keeper.name}"',
        "policy": f'DROP POLICY "{keeper.name}" ON {keeper.table}',
        "forced": f"ALTER TABLE {keeper.table} NO FORCE ROW LEVEL SECURITY",
        "grant": f"REVOKE ALL ON {keeper.table} FROM nwd_app",
    }
    return verbs[keeper.kind]


KINDS = ("constraint", "unique", "trigger", "policy", "forced", "grant")


def test_everything_that_goes_is_named(scratch: str) -> None:
    """All at once: what is named for one safeguard does not depend on the others."""
    with (
        psycopg.connect(database_url("admin", scratch)) as admin,
        admin.transaction(force_rollback=True),
    ):
        for keeper in ours(KINDS):
            with suppress(psycopg.errors.UndefinedObject), admin.transaction():
                admin.execute(gone(keeper))  # or another took it along
        told = set(safeguards.missing(admin))

    assert {f"{each.kind} gone: {each.name} on {each.table}" for each in ours(KINDS)} <= told


@pytest.mark.parametrize("kind", KINDS)
def test_one_that_goes_alone_is_named_alone(scratch: str, kind: str) -> None:
    keeper = next(each for each in ours((kind,)) if not each.definition.startswith("PRIMARY KEY"))
    with psycopg.connect(database_url("admin", scratch)) as admin:
        admin.execute(gone(keeper))
        told = set(safeguards.missing(admin))
        admin.rollback()

    assert told == {f"{keeper.kind} gone: {keeper.name} on {keeper.table}"}


def test_a_weaker_one_under_the_same_name_is_named(scratch: str) -> None:
    with psycopg.connect(database_url("admin", scratch)) as admin:
        admin.execute("ALTER TABLE episodes_handoff DROP CONSTRAINT handoff_ends_one_way")
        admin.execute(
            "ALTER TABLE episodes_handoff ADD CONSTRAINT handoff_ends_one_way CHECK (true)"
        )
        admin.execute("DROP POLICY episodes_card_select ON episodes_card")
        admin.execute(
            "CREATE POLICY episodes_card_select ON episodes_card FOR SELECT TO nwd_app USING (true)"
        )
        admin.execute(
            "CREATE OR REPLACE FUNCTION episodes_offer_needs_open() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )
        told = list(safeguards.missing(admin))
        admin.rollback()

    assert sorted(told) == [
        "constraint changed: handoff_ends_one_way on episodes_handoff",
        "function changed: episodes_offer_needs_open() on public",
        "policy changed: episodes_card_select on episodes_card",
    ]


def test_a_dump_restored_elsewhere_is_clean(scratch: str) -> None:
    """PostgreSQL writes some definitions down differently after a dump; they mean the same."""
    binaries = find_binaries()
    restored = f"{scratch}_restored"
    dump = subprocess.run(
        [binaries / "pg_dump", database_url("admin", scratch)], check=True, capture_output=True
    )
    with psycopg.connect(database_url("admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {restored} OWNER nwd_owner TEMPLATE template0")
    try:
        into = [binaries / "psql", "-q", "-v", "ON_ERROR_STOP=1", database_url("admin", restored)]
        subprocess.run(into, input=dump.stdout, check=True, capture_output=True)
        with psycopg.connect(database_url("admin", restored)) as there:
            # what a database says of itself is in no dump of it: `migrate` says it again
            assert list(safeguards.missing(there)) == ["grant changed: everybody on database"]
            assert list(safeguards.broken(there)) == []
    finally:
        with psycopg.connect(database_url("admin", "postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {restored} WITH (FORCE)")


# One row that each check would not let in, once the check is gone.
ACCEPTED = "(SELECT id FROM episodes_handoff WHERE purpose = 'transfer' AND accepted_at IS NOT NULL LIMIT 1)"
CORRUPT = {
    "community_one_version": "UPDATE community_version SET id = 2",
    "handoff_purpose_known": "UPDATE episodes_handoff SET purpose = 'gift' WHERE purpose = 'relief'",
    "handoff_transfer_has_kind": "UPDATE episodes_handoff SET kind_id = NULL WHERE purpose = 'transfer'",
    "handoff_ends_one_way": f"UPDATE episodes_handoff SET declined_at = accepted_at, declined_by_id = accepted_by_id, reason = 'x' WHERE id = {ACCEPTED}",
    "handoff_accepted_by_name": f"UPDATE episodes_handoff SET accepted_by_id = NULL WHERE id = {ACCEPTED}",
    "handoff_declined_with_reason": "UPDATE episodes_handoff SET reason = '' WHERE declined_at IS NOT NULL",
    "handoff_guest_gives_name": "UPDATE episodes_handoff SET guest = true WHERE accepted_by_id IS NOT NULL",
    "link_expires_after_it_is_made": "UPDATE guests_link SET expires_at = made_at",
    "link_code_expires_after_it_is_made": "UPDATE guests_link SET code_expires_at = made_at",
    "link_ends_one_way": "UPDATE guests_link SET opened_at = made_at, answered_at = made_at, answered_how = 'declined', ended_at = made_at",
    "link_answer_says_how": "UPDATE guests_link SET answered_how = 'accepted'",
    "link_answered_while_open": "UPDATE guests_link SET answered_at = made_at, answered_how = 'declined'",
    "handoff_assumed_with_reason": "UPDATE episodes_handoff SET purpose = 'assume', kind_id = NULL, reason = '' WHERE purpose = 'relief'",
    "handoff_answered_after_offer": f"UPDATE episodes_handoff SET accepted_at = offered_at - interval '1 h' WHERE id = {ACCEPTED}",
    "handoff_join_says_into": "UPDATE episodes_handoff SET into_episode_id = NULL WHERE purpose = 'join'",
    "party_points_only_if_pointer": "UPDATE episodes_party SET pointer_record = 'X1' WHERE role = 'working'",
    "party_pointer_has_no_name": "UPDATE episodes_party SET role = 'pointer', person_name = 'x'",
    "episode_closed_with_somebody_accountable": "UPDATE episodes_episode SET outcome = '' WHERE closed_at IS NOT NULL",
    "episode_closes_after_it_is_held": "UPDATE episodes_episode SET closed_at = held_since - interval '1 h' WHERE closed_at IS NOT NULL",
    "episode_held_after_opening": "UPDATE episodes_episode SET held_since = opened_at - interval '1 h'",
    "episode_holder_is_party": "UPDATE episodes_episode SET worked_by = '{}'",
    "kind_moves_known": "UPDATE episodes_kind SET moves = 'sometimes'",
    "episode_not_joined_to_itself": "UPDATE episodes_episode SET joined_into_id = id WHERE joined_into_id IS NOT NULL",
    "deadline_ends_once": "UPDATE clocks_deadline SET fired_at = due_at, cancelled_at = due_at",
    "deadline_stands_after_ringing": "UPDATE clocks_deadline SET stands = true, rung = 0",
    "deadline_acknowledged_by_name": "UPDATE clocks_deadline SET acknowledged_at = set_at, acknowledged_by_id = NULL",
    "deadline_never_fires_early": "UPDATE clocks_deadline SET fired_at = due_at - interval '1 h', cancelled_at = NULL",
    "leg_alone_while_open": "UPDATE calls_leg SET alone_since = began_at, ended_at = began_at, ended_as = 'lost'",
    "leg_ends_one_way": "UPDATE calls_leg SET ended_as = 'lost'",
    "leg_medium_known": "UPDATE calls_leg SET medium = 'smoke'",
    "on_line_by_name": "UPDATE calls_participant SET member_id = NULL",
    "on_line_ends_one_way": "UPDATE calls_participant SET ended_as = 'left'",
    "on_line_mode_known": "UPDATE calls_participant SET mode = 'humming'",
    "on_line_never_listens_to_text": "UPDATE calls_participant SET medium = 'text', mode = 'listening'",
    "search_seeks_known": "UPDATE calls_search SET seeking = 'sense'",
    "sent_axis_known": "UPDATE calls_external_responder SET axis = 'army'",
    "sent_met_by_name": "UPDATE calls_external_responder SET met_at = at",
    "sent_rescue_known": "UPDATE calls_external_responder SET rescue = 'perhaps'",
    "protocol_active_if_proved": "UPDATE triage_protocol SET proved_at = NULL",
    "protocol_retires_after_it_is_active": "UPDATE triage_protocol SET retired_at = active_from - interval '1 h'",
    "screening_cause_known": "UPDATE triage_screening SET cause = 'dream'",
    "screening_lowered_by_name_with_reason": "UPDATE triage_screening SET cause = 'lowered', reason = ''",
    "screening_says_its_level": "UPDATE triage_screening SET cause = 'recommended', said = ''",
    "journal_seal_from_one": "INSERT INTO journal_seal (seq, entry_id, hash, prev) SELECT 0, id, 'x', 'y' FROM journal_entry LIMIT 1",
    "token_is_a_machines": "INSERT INTO agencies_token (id, label, digest, scopes, created_at, expires_at, position_id) SELECT gen_random_uuid(), '', 'd', '[]', now(), now(), id FROM agencies_position LIMIT 1",
    "token_agreed_by_another": "INSERT INTO agencies_token (id, label, digest, scopes, created_at, expires_at, program_id, issued_by_id, agreed_by_id, agreed_at) SELECT gen_random_uuid(), '', 'd', '[]', now(), now(), p.program_id, m.id, m.id, now() FROM agencies_member m JOIN agencies_position p ON p.member_id = m.id LIMIT 1",
    "shift_ends_after_it_starts": "INSERT INTO agencies_shift (id, supervises, from_at, until_at, member_id, program_id) SELECT gen_random_uuid(), false, now(), now() - interval '1 h', member_id, program_id FROM agencies_position LIMIT 1",
    "sign_in_confirmed_by_another": "UPDATE agencies_member SET replaced_at = now(), replaced_by_id = id, confirmed_at = now(), confirmed_by_id = id",
    "position_ends_after_it_starts": "UPDATE agencies_position SET until_at = from_at - interval '1 h'",
    **BROKEN,
    **broken_teams.BROKEN,
}


def checks() -> list[str]:
    return [each.name for each in ours(("constraint",)) if each.definition.startswith("CHECK ")]


def test_every_check_has_a_row_that_breaks_it() -> None:
    assert set(checks()) - set(CORRUPT) == set()


@pytest.mark.parametrize("name", sorted(CORRUPT))
def test_a_row_against_a_check_is_named(scratch: str, name: str) -> None:
    table = next(each.table for each in safeguards.expected() if each.name == name)
    named = {name, *broken_teams.ALSO.get(name, ())}
    with psycopg.connect(database_url("admin", scratch)) as admin:
        admin.execute("SET session_replication_role = replica")
        for each in named:
            admin.execute(f"ALTER TABLE {table} DROP CONSTRAINT {each}")
        changed = admin.execute(CORRUPT[name]).rowcount
        told = list(safeguards.broken(admin))
        admin.rollback()

    assert changed > 0, "the corruption changed no row: it proves nothing"
    against = [each for each in told if " rows against " in each]
    assert len(against) == len(named), told  # no other one
    assert all(any(f" against {each} " in one for one in against) for each in named), told


DOUBLES = {
    "episodes_episode_label_key": "UPDATE episodes_episode SET label = 'T27-000001'",
    "party_once": "UPDATE episodes_party SET until_at = NULL, program_id = (SELECT holder_program_id FROM episodes_episode LIMIT 1)",
    "guests_link_token_digest_key": "UPDATE guests_link SET token_digest = 'd'",
    "link_one_open_per_code": "UPDATE guests_link SET code_digest = 'd'",
    "link_one_open_per_offer": "UPDATE guests_link SET handoff_id = (SELECT handoff_id FROM guests_link LIMIT 1)",
    "agencies_token_digest_key": "INSERT INTO agencies_token (id, label, digest, scopes, created_at, expires_at, program_id) SELECT gen_random_uuid(), '', 'd', '[]', now(), now(), id FROM agencies_program LIMIT 2",
}


@pytest.mark.parametrize("name", sorted(DOUBLES))
def test_what_should_be_once_and_is_twice_is_named(scratch: str, name: str) -> None:
    keeper = next(each for each in safeguards.expected() if each.name == name)
    with psycopg.connect(database_url("admin", scratch)) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(gone(keeper))
        admin.execute(DOUBLES[name])
        told = list(safeguards.broken(admin))
        admin.rollback()

    assert any(f"against {name} " in each for each in told), told


def test_an_empty_place_in_a_row_that_may_have_none_is_named(scratch: str) -> None:
    """By hand, so that the column says it has none: the planner believes it."""
    mark = "UPDATE pg_attribute SET attnotnull = %s WHERE attrelid = 'episodes_card'::regclass AND attname = 'place'"
    with psycopg.connect(database_url("admin", scratch)) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(mark, [False])
        changed = admin.execute("UPDATE episodes_card SET place = NULL").rowcount
        admin.execute(mark, [True])
        told = list(safeguards.broken(admin))
        admin.rollback()

    assert changed > 0
    assert f"{changed} rows against not null on episodes_card" in told


def test_an_orphan_is_named(scratch: str) -> None:
    with psycopg.connect(database_url("admin", scratch)) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE episodes_card SET made_by_program_id = gen_random_uuid()")
        told = list(safeguards.broken(admin))
        admin.rollback()

    assert any("episodes_card_made_by_program" in each for each in told), told


OPEN_LINE = "(SELECT leg_id FROM calls_participant WHERE until_at IS NULL LIMIT 1)"
HOLDING = {
    "the holder is not who accepted": f"UPDATE episodes_episode SET holder_member_id = '{{anna}}' WHERE holder_via_id = {ACCEPTED}",
    "what was accepted did not move the holder": f"UPDATE episodes_episode SET holder_via_id = NULL, held_since = opened_at WHERE holder_via_id = {ACCEPTED}",
    "seen_by or worked_by is not what the parties say": "UPDATE episodes_episode SET seen_by = seen_by || gen_random_uuid()",
    "joined to an episode that is joined itself": "UPDATE episodes_episode r SET joined_into_id = (SELECT id FROM episodes_episode o WHERE o.id <> r.id AND o.joined_into_id IS NULL LIMIT 1) WHERE id IN (SELECT joined_into_id FROM episodes_episode)",
    "an offer is open on an episode that is closed": "UPDATE episodes_episode SET closed_at = held_since, outcome = 'x', declined_by_person = true WHERE id IN (SELECT episode_id FROM episodes_handoff WHERE purpose = 'relief')",
    "an open line has nobody on it and does not say since when": f"UPDATE calls_participant SET until_at = since_at, ended_as = 'left' WHERE leg_id = {OPEN_LINE}",
    "a line says that its caller is alone, and somebody is on it": f"UPDATE calls_leg SET alone_since = began_at WHERE id = {OPEN_LINE}",
    "a caller is alone and no clock rings": "UPDATE clocks_deadline SET cancelled_at = due_at WHERE kind = 'calls.alone' AND cancelled_at IS NULL AND fired_at IS NULL",
    "a clock runs for an offer that was answered": f"UPDATE clocks_deadline SET cancelled_at = NULL WHERE subject_id = {ACCEPTED}",
    "a clock runs for a request that is over": "UPDATE dispatch_request SET withdrawn_at = asked_at WHERE declined_at IS NULL AND ended_at IS NULL",
    "a clock rings for a caller who is not alone": "UPDATE calls_leg SET alone_since = NULL WHERE id IN (SELECT subject_id FROM clocks_deadline WHERE kind = 'calls.alone' AND cancelled_at IS NULL AND fired_at IS NULL)",
    "an episode has a number that is yet to be given": "UPDATE episodes_episode SET number = number + 1000",
    "somebody is on a line that ended": f"UPDATE calls_leg SET ended_at = began_at, ended_as = 'lost' WHERE id = {OPEN_LINE}",
}


@pytest.mark.parametrize("words", sorted(HOLDING))
def test_what_only_triggers_keep_is_checked_too(scratch: str, words: str) -> None:
    with psycopg.connect(database_url("admin", scratch)) as admin:
        admin.execute("SET session_replication_role = replica")
        anna = admin.execute(
            "SELECT id FROM agencies_member WHERE username = 'anna.miller'"
        ).fetchone()
        changed = admin.execute(HOLDING[words].format(anna=anna[0] if anna else "")).rowcount
        admin.execute("SET ROLE nwd_owner")  # who verifies, and is bound by policies too
        told = list(safeguards.broken(admin))
        admin.rollback()

    assert changed > 0, "the corruption changed no row: it proves nothing"
    assert any(words in each for each in told), told


def test_nothing_was_left_over() -> None:
    with act_as(an_actor()):
        assert not Handoff.objects.exists()
