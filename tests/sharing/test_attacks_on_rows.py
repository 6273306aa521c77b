"""Attacks by raw SQL as the app role, acting for a program: what the database itself refuses.

Each test says what must hold.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.models import Position
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.rows.ids import new_id
from nowrongdoor.sharing import commands, queries
from nowrongdoor.sharing.commands import Record
from nowrongdoor.sharing.models import Disclosure, Release, Subject
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.reading import read_text
from tests.makers import NOON, an_actor, an_episode, later, program_id
from tests.sharing import full
from tests.sharing.attacks import (
    ANNA,
    EMILY,
    JAMES,
    LINE,
    PERSON,
    Admin,
    a_release,
    joins,
    lines,
    release_values,
    told,
)
from tests.sharing.tables import UNSIGNED, in_force

DIANE = "diane.moss"

pytestmark = pytest.mark.usefixtures("db")


def sql(by: str, text: str, *values: object) -> None:
    with act_as(an_actor(by)), connection.cursor() as cursor:
        cursor.execute(text, values)


GROUND = (
    "INSERT INTO sharing_ground (id, kind, program_id, member_id, made_at, from_program_id, from_agency_id, "
    "to_program_id, to_kind, person_id, reference, from_at, until_at) "
    "SELECT gen_random_uuid(), %s, %s, %s, %s, p.id, p.agency_id, %s, '', %s, 'x', %s, %s "
    "FROM agencies_program p WHERE p.id = %s"
)
SIGN_OFF = "INSERT INTO sharing_signoff (id, row, digest, agency_id, member_id, at) VALUES (%s, %s, %s, %s, %s, %s)"
REVIEW = (
    "INSERT INTO sharing_review (id, kind, duty, program_id, asked_by_id, asked_at, from_program_id, to_program_id, to_kind, "
    "purpose, row, record_id, due_at, done_at, done_by_id, finding, words) VALUES "
    "(gen_random_uuid(), 'confirm', 'second_person', %s, %s, %s, %s, %s, '', 'locate', 'A19', %s, %s, %s, %s, 'confirmed', 'ok')"
)


@pytest.mark.parametrize("kind", ["signed_request", "order", "named"])
def test_a_recipient_writes_no_ground_for_a_record_of_others(kind: str) -> None:
    by = an_actor(JAMES)
    with pytest.raises(DatabaseError):
        sql(
            JAMES,
            GROUND,
            kind,
            by.program_id,
            by.member_id,
            NOON,
            by.program_id,
            PERSON,
            NOON,
            None,
            program_id("crc/adult"),
        )
    # and the gate itself
    found = told(JAMES, "clinical", "locate", "crc/adult", at=later(1))
    assert found.verdict.rule != "gate.second_person"


def test_the_gate_takes_no_recipients_word_even_where_a_row_says_it(admin: Admin) -> None:
    """A row that came past the database's own refusal: the gate looks at who stands for it."""
    by, values = an_actor(JAMES), (PERSON, NOON, None, program_id("crc/adult"))
    admin.execute(GROUND, ["named", by.program_id, by.member_id, NOON, by.program_id, *values])

    found = told(JAMES, "clinical", "close_loop", "crc/adult", at=later(1))

    assert found.read is None


def test_an_emergency_lasts_two_hours_whoever_writes_the_row() -> None:
    by, ends = an_actor(ANNA), datetime(2099, 1, 1, tzinfo=UTC)
    values = (by.program_id, by.member_id, NOON, by.program_id, PERSON, NOON, ends)
    with pytest.raises(DatabaseError):
        sql(ANNA, GROUND, "emergency", *values, program_id(LINE))


def test_a_recipient_prolongs_no_emergency() -> None:
    by = an_actor(ANNA)
    claim = commands.claim_emergency(
        by=by, at=NOON, from_program_id=program_id(LINE), person_id=PERSON, reason="Gun."
    )
    with pytest.raises(DatabaseError):
        sql(ANNA, "UPDATE sharing_ground SET until_at = '2099-01-01' WHERE id = %s", claim.pk)


def test_a_recipient_confirms_nothing_themselves() -> None:
    frank, emily = an_actor("frank.duran"), an_actor(EMILY)
    commands.record_ground(
        by=emily,
        at=NOON,
        kind="signed_request",
        reference="R",
        person_id=PERSON,
        to_program_id=frank.program_id,
    )
    try:
        sql(
            "frank.duran",
            REVIEW,
            frank.program_id,
            frank.member_id,
            NOON,
            emily.program_id,
            frank.program_id,
            PERSON,
            NOON,
            NOON,
            an_actor("alice.burke").member_id,
        )
    except DatabaseError:
        return
    found = told("frank.duran", "clinical", "locate", "crc/adult", at=later(1))
    pytest.fail(f"the database takes it; and the gate says {found.read!r}")


def test_a_reviewer_signs_in_their_own_name() -> None:
    by = an_actor(ANNA)
    claim = commands.claim_emergency(
        by=by, at=NOON, from_program_id=program_id(LINE), person_id=PERSON, reason="Gun."
    )
    with pytest.raises(DatabaseError):
        sql(
            "oscar.nunez",
            "UPDATE sharing_review SET done_at = %s, done_by_id = %s, finding = 'upheld' WHERE ground_id = %s",
            NOON,
            an_actor("paula.stone").member_id,
            claim.pk,
        )


def test_an_officer_signs_off_no_row_that_opens_another_agencys_records(admin: Admin) -> None:
    """Police sign off what opens the center to police: in the center's name, and in their own."""
    sylvia, marta = an_actor("sylvia.trujillo"), an_actor("marta.quist")

    def counts() -> bool:
        with act_as(sylvia):
            table = queries.table()
        assert table is not None
        return table.counts(next(each for each in table.allow if each.id == "A09"))

    def sign(agency_id: UUID) -> None:
        row = next(each for each in read_text(UNSIGNED).allow if each.id == "A09")
        by = (uuid4(), row.id, queries.digest(row), agency_id, sylvia.member_id, NOON)
        sql("sylvia.trujillo", SIGN_OFF, *by)

    with in_force(admin, UNSIGNED):
        with pytest.raises(DatabaseError):
            sign(marta.agency_id)
        sign(sylvia.agency_id)
        assert not counts()
        commands.sign_off_row(by=marta, at=NOON, row="A09")
        assert counts()


def test_a_record_of_a_released_person_is_no_other_programs_to_know() -> None:
    """Raw SQL: who else said whose record a release means."""
    row = full.a_release(an_actor("martha.gibbs"), also_told_id=program_id("tpd/outreach"))
    commands.say_subject(by=an_actor("monica.cruz"), at=NOON, release_id=row.pk, person_id=PERSON)
    with act_as(an_actor(DIANE)):
        assert not Subject.objects.exists()


def test_a_ledger_line_written_beforehand_hides_no_reading() -> None:
    """Raw SQL: a line of another year, by nobody, that the real one then stumbles over."""
    told(JAMES, "clinical", "close_loop", "crc/adult")
    [line] = lines()
    by = an_actor(JAMES)
    columns = [each.column for each in Disclosure._meta.concrete_fields]
    values = {each.column: getattr(line, each.attname) for each in Disclosure._meta.concrete_fields}
    values |= {
        "id": uuid4(),
        "at": datetime(1970, 1, 1, tzinfo=UTC),
        "member_id": None,
        "record_version": 4,
    }
    named, places = ", ".join(f'"{each}"' for each in columns), ", ".join(["%s"] * len(columns))
    try:
        sql(
            JAMES,
            f"INSERT INTO sharing_disclosure ({named}) VALUES ({places})",
            *[values[c] for c in columns],
        )
    except DatabaseError:
        return
    found = told(
        JAMES,
        "clinical",
        "close_loop",
        "crc/adult",
        records=lambda _h: [Record("status", PERSON, 4)],
    )
    assert found.read is None or [
        each for each in lines() if each.record_version == 4 and each.member_id == by.member_id
    ]


def test_a_program_that_is_told_rewrites_nothing_of_who_took_a_release() -> None:
    row = full.a_release(an_actor("martha.gibbs"), also_told_id=program_id("tpd/outreach"))
    with pytest.raises(DatabaseError):
        sql(
            DIANE,
            "UPDATE sharing_release SET member_id = %s, taken_at = '2001-01-01' WHERE id = %s",
            an_actor(DIANE).member_id,
            row.pk,
        )


def test_a_release_is_revoked_in_ones_own_name() -> None:
    row = full.a_release(an_actor("martha.gibbs"), also_told_id=program_id("tpd/outreach"))
    with pytest.raises(DatabaseError):
        sql(
            DIANE,
            "UPDATE sharing_release SET revoked_at = %s, revoked_how = 'here', revoked_by_id = %s WHERE id = %s",
            later(5),
            an_actor(EMILY).member_id,
            row.pk,
        )


def test_counseling_notes_are_never_combined_whoever_writes_the_row() -> None:
    with pytest.raises(DatabaseError):
        a_release(PERSON, kind="part2_named", data=["sud", "sud_notes"])


def test_nobody_makes_themselves_an_officer() -> None:
    james = an_actor(JAMES)
    with pytest.raises(DatabaseError, match="permission denied"):
        sql(
            JAMES,
            "INSERT INTO agencies_position (id, member_id, program_id, role, from_at) "
            "VALUES (gen_random_uuid(), %s, %s, 'privacy_officer', now())",
            james.member_id,
            james.program_id,
        )


def test_the_database_takes_no_agreement_or_sign_off_of_somebody_who_is_no_officer() -> None:
    james, row = an_actor(JAMES), full.an_agreement()
    for text, values in (
        (
            "INSERT INTO sharing_agreed (id, agreement_id, agency_id, member_id, at) VALUES (gen_random_uuid(), %s, %s, %s, now())",
            (row.pk, james.agency_id, james.member_id),
        ),
        (
            "INSERT INTO sharing_signoff (id, row, digest, member_id, at) VALUES (gen_random_uuid(), 'A09', 'x', %s, now())",
            (james.member_id,),
        ),
    ):
        with pytest.raises(DatabaseError):
            sql(JAMES, text, *values)
    with pytest.raises(DatabaseError):
        sql(
            "sylvia.trujillo",
            "INSERT INTO sharing_agreed (id, agreement_id, agency_id, member_id, at) "
            "SELECT gen_random_uuid(), %s, p.agency_id, %s, now() FROM agencies_program p WHERE p.id = %s",
            row.pk,
            an_actor("sylvia.trujillo").member_id,
            program_id("crc/adult"),
        )


def test_a_release_that_the_told_write_themselves_opens_nothing() -> None:
    james = an_actor(JAMES)
    with act_as(james):
        row = Release.objects.create(
            **release_values(
                james, program_id("crc/adult"), PERSON, data=["clinical"], told=[james.program_id]
            )
        )
        Subject.objects.create(
            id=new_id(NOON),
            release=row,
            program_id=james.program_id,
            person_id=PERSON,
            member_id=james.member_id,
            at=NOON,
        )
    with pytest.raises(DatabaseError), act_as(james):
        Subject.objects.create(
            id=new_id(NOON),
            release=row,
            program_id=program_id("crc/adult"),
            person_id=PERSON,
            member_id=james.member_id,
            at=NOON,
        )
    assert told(JAMES, "clinical", "close_loop", "crc/adult", at=later(1)).read is None


def test_no_line_of_the_ledger_is_changed_or_taken_out() -> None:
    told(JAMES, "clinical", "close_loop", "crc/adult")
    for text in ("UPDATE sharing_disclosure SET purpose = 'x'", "DELETE FROM sharing_disclosure"):
        with pytest.raises(DatabaseError):
            sql(JAMES, text)


def test_nobody_becomes_an_employee_of_the_provider_to_read_its_clinicians_notes() -> None:
    susan, luis = an_actor("susan.kim"), an_actor("luis.garza")
    episode = an_episode(an_actor(ANNA))
    joins(episode, "tpd/mhst")
    narrative.write_note(by=susan, at=NOON, episode_id=episode.pk, text="Takes lithium.", ours=True)
    try:
        with act_as(luis), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE agencies_member SET employer_id = (SELECT employer_id FROM agencies_member WHERE id = %s) WHERE id = %s",
                [susan.member_id, luis.member_id],
            )
            cursor.execute("SELECT text FROM narrative_note")
            found = cursor.fetchall()
            transaction.set_rollback(True)
    except DatabaseError:
        return
    assert not found, found


def test_an_officer_whose_position_ended_does_not_open_it_again() -> None:
    marta = an_actor("marta.quist")
    row = Position.objects.get(member_id=marta.member_id)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE agencies_position SET until_at = '2099-01-01' WHERE id = %s", [row.pk]
            )
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE agencies_position SET until_at = NULL WHERE id = %s", [row.pk]
                )
            reopened = True
        except DatabaseError:
            reopened = False
        transaction.set_rollback(True)
    assert not reopened


def test_of_a_tellers_own_release_too_no_other_program_says_whom_it_knows() -> None:
    """`program_id` in the subquery of the policy is the release's, not the subject's."""
    row = full.a_release(
        an_actor(EMILY),
        plan=Plan.CARE,
        teller_id=program_id("crc/adult"),
        also_told_id=program_id("tpd/outreach"),
    )
    commands.say_subject(by=an_actor("monica.cruz"), at=NOON, release_id=row.pk, person_id=PERSON)
    with act_as(an_actor(DIANE)):
        assert not Subject.objects.exists()
