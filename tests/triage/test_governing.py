"""A protocol's life: drafted, proved, approved by four people, in force from its time, retired."""

import shutil
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection

from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.community.files import BadCommunity
from nowrongdoor.journal.models import Entry
from nowrongdoor.rows.ids import new_id
from nowrongdoor.site.load import load
from nowrongdoor.triage import commands, queries
from nowrongdoor.triage.models import Approval, Protocol
from tests.episodes.test_races import race
from tests.makers import NOON, a_screening, an_actor, an_episode, later
from tests.triage.desks import refusal_of, screened
from tests.triage.drafts import (
    BROKEN,
    TEXT,
    TUCSON,
    activate,
    activated,
    changed,
    drafted,
    in_force,
    loaded,
    proved,
    retire,
    sign,
)

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]


def state(row: Protocol, *, at: datetime = NOON) -> str:
    return queries.version(an_actor("ruth.palmer"), row.pk).state(at)


def test_a_draft_is_proved_approved_by_four_and_in_force_from_its_time() -> None:
    row = drafted()
    states = [state(row)]
    sign(row)
    states.append(state(row))

    activate(row, from_at=later(100))

    states += [state(row), state(row, at=later(100))]
    assert states == ["proved", "proved", "waiting", "active"]
    assert (in_force(later(99.9)), in_force(later(100))) == ("1.2.1", "1.3.0")
    found = queries.version(an_actor(), row.pk)
    assert list(found.approvals.values()) == [
        "Denise Wright",
        "Ruth Palmer",
        "Brian Hale",
        "Edith Navarro",
    ]
    with act_as_task("feed"):
        rows = Entry.objects.filter(kind__startswith="triage.protocol").order_by("recorded_at")
        kinds = list(rows.values_list("kind", flat=True))
    said = ["drafted", "proved", *["approved"] * 4, "activated"]
    assert kinds == [f"triage.protocol_{each}" for each in said]


def test_a_screening_says_by_which_version() -> None:
    new = activated(from_at=later(100))
    episode = an_episode()

    before, after = screened(episode), a_screening(episode, at=later(100), SI="passive")

    assert (before.protocol_id, after.protocol_id) == (loaded().pk, new.pk)


def test_three_approvers_are_not_enough_for_the_command() -> None:
    row = drafted()
    sign(row, "clinical", "psap", "police")

    assert refusal_of(lambda: activate(row)) == "activate.missing"
    sign(row, "medical_director")
    assert activate(row).active_from == NOON


def test_three_approvers_are_not_enough_for_the_database() -> None:
    row = drafted()
    sign(row, "clinical", "psap", "police")

    with (
        pytest.raises(IntegrityError, match="protocol_active_needs_four_approvers"),
        act_as(an_actor("ruth.palmer")),
    ):
        Protocol.objects.filter(pk=row.pk).update(active_from=NOON)
    assert in_force(NOON) == "1.2.1"


def test_a_file_that_names_fewer_approvers_still_needs_all_four() -> None:
    start = TEXT.index("approvers:\n")
    end = TEXT.index("# Calls that were walked through")
    row = drafted(changed((TEXT[start:end], "approvers:\n- {role: psap, name: {en: A, es: A}}\n")))

    assert refusal_of(lambda: sign(row, "psap")) == "approve.unproved"
    assert refusal_of(lambda: activate(row)) == "activate.missing"


def test_one_person_does_not_wear_two_hats() -> None:
    row = drafted()
    sign(row, "clinical")
    two_hats = replace(an_actor("denise.wright"), role="psap_supervisor")

    rule = refusal_of(
        lambda: commands.approve_protocol(by=two_hats, at=NOON, protocol_id=row.pk, approver="psap")
    )
    with pytest.raises(IntegrityError, match="approval_by_four_people"), act_as(two_hats):
        Approval.objects.create(
            id=new_id(NOON), protocol=row, approver="psap", member_id=two_hats.member_id, at=NOON
        )

    assert rule == "approve.given"


@pytest.mark.parametrize(("who", "approver"), [("ruth.palmer", "police"), ("ruth.palmer", "mayor")])
def test_a_role_approves_for_its_own_and_no_other(who: str, approver: str) -> None:
    row, by = drafted(), an_actor(who)

    rule = refusal_of(
        lambda: commands.approve_protocol(by=by, at=NOON, protocol_id=row.pk, approver=approver)
    )

    assert rule == "approve.role"


def test_a_broken_protocol_stays_a_draft() -> None:
    row = drafted(BROKEN)

    approve = refusal_of(lambda: sign(row, "psap"))
    active = refusal_of(lambda: activate(row))
    with pytest.raises(IntegrityError, match="protocol_active_if_proved"), act_as(an_actor()):
        Protocol.objects.filter(pk=row.pk).update(active_from=NOON)

    assert (state(row), approve, active) == ("draft", "approve.unproved", "activate.missing")
    with act_as_task("feed"):
        assert not Entry.objects.filter(kind="triage.protocol_proved").exists()


def test_the_proof_is_made_once_more_when_a_version_goes_in_force(admin: Admin) -> None:
    """A version that an earlier program held for proved, and that this one can break."""
    row = drafted(BROKEN)
    admin.execute("UPDATE triage_protocol SET proved_at = now() WHERE id = %s", [row.pk])
    sign(row)

    assert refusal_of(lambda: activate(row)) == "activate.unproved"
    assert in_force(NOON) == "1.2.1"


def test_a_time_that_has_passed_and_a_second_decision_are_refused() -> None:
    row = drafted()
    sign(row)

    past = refusal_of(lambda: activate(row, at=later(1), from_at=NOON))
    activate(row, from_at=later(9))
    again = refusal_of(lambda: activate(row, at=later(1), from_at=later(20)))

    assert (past, again) == ("activate.past", "activate.decided")


@pytest.mark.parametrize("who", ["maria.lopez", "anna.miller", "victor.reed"])
def test_only_those_who_govern_the_protocol_change_it(who: str) -> None:
    row, by = drafted(), an_actor(who)
    sign(row)
    acts = (
        lambda: commands.draft_protocol(by=by, at=NOON, text=changed(version="1.4.0")),
        lambda: commands.approve_protocol(by=by, at=NOON, protocol_id=row.pk, approver="psap"),
        lambda: commands.activate_protocol(by=by, at=NOON, protocol_id=row.pk, from_at=NOON),
        lambda: retire(row, by=by),
    )

    assert {refusal_of(act) for act in acts} == {"role.not_granted"}


def test_a_text_that_was_not_proved_against_the_version_in_force_is_not_written() -> None:
    text, by = changed(version="1.5.0"), an_actor("denise.wright")
    proved(text, at=NOON)
    activated()  # meanwhile

    late = refusal_of(lambda: commands.draft_protocol(by=by, at=NOON, text=text))
    proved(text, at=NOON)

    assert late == "proof.overtaken"
    assert state(commands.draft_protocol(by=by, at=NOON, text=text)) == "proved"


def test_a_version_s_number_is_taken_once() -> None:
    drafted()

    assert refusal_of(lambda: drafted(changed(("# Every one that matches.", "")))) == (
        "protocol.version"
    )


def test_of_two_drafts_of_one_number_the_second_waits_and_is_refused(admin: Admin) -> None:
    at = 'INSERT INTO "triage_protocol"'

    rule = race(admin, drafted, an_actor("denise.wright"), drafted, at=at)

    assert rule == "protocol.version"


def test_a_version_s_text_is_never_rewritten(admin: Admin) -> None:
    row = drafted()

    for statement in (
        "UPDATE triage_protocol SET text = 'x'",
        "UPDATE triage_approval SET approver = 'x'",
        "DELETE FROM triage_protocol",
        "DELETE FROM triage_approval",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            act_as(an_actor("ruth.palmer")),
        ):
            connection.cursor().execute(statement)
    for column in ("code", "version", "text", "digest"):
        with pytest.raises(psycopg.errors.IntegrityError, match="protocol_is_never_rewritten"):
            admin.execute(f"UPDATE triage_protocol SET {column} = 'x' WHERE id = %s", [row.pk])


def test_what_was_decided_of_a_version_stands(admin: Admin) -> None:
    row = activated(from_at=later(100))
    retire(row)

    for change in ("active_from = NULL", "retired_at = NULL", "active_from = now()"):
        with pytest.raises(psycopg.errors.IntegrityError, match="protocol_decision_stands"):
            admin.execute(f"UPDATE triage_protocol SET {change} WHERE id = %s", [row.pk])


def test_the_last_version_in_force_is_not_retired() -> None:
    waiting = activated(from_at=later(100))

    early = refusal_of(lambda: retire(loaded()))
    retire(loaded(), at=later(100))

    assert early == "retire.last"
    assert in_force(later(101)) == "1.3.0"
    assert refusal_of(lambda: retire(waiting, at=later(102))) == "retire.last"
    assert refusal_of(lambda: retire(loaded(), at=later(102))) == "retire.retired"


def test_when_a_version_is_retired_the_one_before_it_goes_again() -> None:
    row = activated()
    assert in_force(later(1)) == "1.3.0"

    retire(row, at=later(2))

    assert (in_force(later(1)), in_force(later(2))) == ("1.3.0", "1.2.1")


def test_however_many_newer_versions_were_retired_the_old_one_is_found() -> None:
    for n in range(3, 6):
        retire(activated(changed(version=f"1.{n}.0")), at=later(n))

    assert in_force(later(10)) == "1.2.1"
    rows = queries.versions(an_actor())
    going = queries.going(rows, later(10))
    assert going is not None
    assert going.version == "1.2.1"


def test_of_two_who_retire_the_last_two_versions_the_second_is_refused(admin: Admin) -> None:
    newer, older = activated(), loaded()

    rule = race(
        admin,
        lambda: retire(older, at=later(1)),
        an_actor("ruth.palmer"),
        lambda: retire(newer, at=later(1), by=an_actor("denise.wright")),
        at='SELECT "triage_protocol"',
    )

    assert rule == "retire.last"
    assert in_force(later(2)) == "1.3.0"


def test_a_version_that_is_off_the_table_goes_nowhere() -> None:
    row = drafted()
    sign(row, "clinical")
    retire(row, at=later(1))

    assert state(row, at=later(1)) == "retired"
    assert refusal_of(lambda: sign(row, "psap", at=later(2))) == "approve.retired"
    assert refusal_of(lambda: activate(row, at=later(2), from_at=later(3))) == "activate.decided"


def test_a_version_retired_before_its_day_never_comes_into_force() -> None:
    row = activated(from_at=later(100))

    retire(row, at=later(1))

    assert in_force(later(200)) == "1.2.1"


def test_before_any_version_is_in_force_nobody_is_screened_and_drafts_are_still_retired() -> None:
    before = datetime.fromisoformat("2024-10-01T12:00:00+00:00")
    row = drafted(at=before)

    with pytest.raises(queries.NoProtocol):
        queries.protocol(an_actor(), at=before)
    assert retire(row, at=before).retired_at == before


def test_an_answer_that_a_new_version_does_not_know_counts_as_not_asked() -> None:
    """In the new version the weapon's answer has another name: unknown is a risk, not a no."""
    episode = an_episode()
    screened(episode, WPN="in_hand")
    activated(changed(("in_hand", "held")))

    row = a_screening(episode, at=later(1), SI="none")

    assert (row.level, row.provisional) == ("3B", True)
    assert (row.standing, row.shown) == ("4", "4")


def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "tucson"
    shutil.copytree(TUCSON, copied)
    return copied


def rows() -> list[tuple[object, ...]]:
    return list(Protocol.objects.order_by("id").values_list())


def test_loading_the_community_twice_changes_nothing(tmp_path: Path) -> None:
    before = rows()

    load(folder(tmp_path), at=later(1))

    assert rows() == before
    assert Approval.objects.count() == 4


def test_a_house_that_runs_1_1_loads_1_2_beside_it(tmp_path: Path, admin: Admin) -> None:
    before = (Path(__file__).parent / "tucson-1.1.0.yaml").read_text()
    one, digest = new_id(NOON), sha256(before.encode()).hexdigest()
    admin.execute("SET session_replication_role = replica")
    admin.execute("UPDATE triage_approval SET id = gen_random_uuid(), protocol_id = %s", [one])
    admin.execute(
        "UPDATE triage_protocol SET id = %s, version = '1.1.0', text = %s, digest = %s, active_from = '2025-01-01'",
        [one, before, digest],
    )
    running = in_force(NOON)

    load(folder(tmp_path), at=later(1))

    assert (running, in_force(later(2))) == ("1.1.0", "1.2.1")
    assert Protocol.objects.get(version="1.1.0").text == before
    assert Approval.objects.count() == 8
    admin.execute(
        "DELETE FROM triage_approval WHERE protocol_id = %s", [one]
    )  # for whoever is next
    admin.execute("DELETE FROM triage_protocol WHERE id = %s", [one])


def test_a_changed_text_under_the_same_version_is_refused_by_its_file(tmp_path: Path) -> None:
    files, before = folder(tmp_path), rows()
    file = files / "protocol.yaml"
    file.write_text(file.read_text().replace("# The first that matches.", "# Otherwise."))

    with pytest.raises(BadCommunity) as refusal:
        load(files, at=later(1))

    assert str(refusal.value).startswith("protocol.yaml, line 1, version: 1.2.1 is loaded already")
    assert rows() == before


def test_a_broken_protocol_is_not_loaded(tmp_path: Path) -> None:
    files, before = folder(tmp_path), rows()
    (files / "protocol.yaml").write_text(BROKEN)

    with pytest.raises(BadCommunity, match="I1: Has the person already started"):
        load(files, at=later(1))

    assert rows() == before
