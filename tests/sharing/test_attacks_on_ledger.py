"""Attacks on the ledger: what is told without a line, or where nobody finds it.

Each test says what must hold.
"""

from uuid import UUID

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.identity import commands as identity
from nowrongdoor.sharing import commands, privacy_queries
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands import Record
from nowrongdoor.sharing.models import Disclosure, Look
from nowrongdoor.sharing.shelves import number_of
from tests.clients import Desk
from tests.makers import NOON, an_actor, later, program_id
from tests.sharing.attacks import (
    ANNA,
    EMILY,
    JAMES,
    LINE,
    MARIA,
    PERSON,
    a_call,
    a_person,
    lines,
    said,
    told,
)

pytestmark = pytest.mark.usefixtures("db")


def test_two_tellers_of_one_call_have_a_line_each() -> None:
    """A status word is a version of the call, whoever tells it."""
    first = told(JAMES, "clinical", "close_loop", "crc/adult")
    second = told(JAMES, "clinical", "close_loop", "crc/youth")
    assert (first.read, second.read) == ("status", "status")
    assert {each.from_program_id for each in lines()} == {
        program_id("crc/adult"),
        program_id("crc/youth"),
    }


def test_two_records_of_different_kinds_have_a_line_each() -> None:
    """Status, danger and feed are all versions of one call's id."""
    for kind in ("status", "danger"):
        record = Record(kind, PERSON, 3)
        told(
            JAMES,
            "clinical",
            "close_loop",
            "crc/adult",
            records=lambda _h, each=record: [each],  # type: ignore[misc]
        )
    assert {each.record_kind for each in lines()} == {"status", "danger"}


def test_the_holder_knows_each_member_who_read_it() -> None:
    told(JAMES, "clinical", "close_loop", "crc/adult")
    told("teresa.molina", "clinical", "close_loop", "crc/adult")
    with act_as(an_actor("marta.quist")):
        seen = set(Disclosure.objects.values_list("member_id", flat=True)) | set(
            Look.objects.values_list("member_id", flat=True)
        )
    assert seen == {an_actor(JAMES).member_id, an_actor("teresa.molina").member_id}


def test_what_is_told_of_somebody_is_in_their_accounting() -> None:
    """The line said only later who it was: what was told before, by agreement, was told of them."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    mine = a_person(anna, "Rosa")
    call = a_call(mine)
    assert said(ANNA, mine)
    rosa = a_person(maria, "Rosa")
    episodes.identify_person(by=maria, at=later(60), episode_id=call.pk, person_id=rosa)
    assert privacy_queries.accounting(an_actor("paula.stone"), rosa)


def test_what_is_told_a_second_time_is_in_the_ledger_a_second_time() -> None:
    """45 CFR 164.528(b): the date of each disclosure. Read on a page first, then handed over on paper a month later."""
    emily = an_actor(EMILY)
    want = Want(
        "clinical", "treatment", emily.program_id, program_id("ed/intake"), person_id=PERSON
    )
    for at in (NOON, later(30 * 86_400)):
        commands.tell(
            by=emily, at=at, want=want, groups=["treatment"], records=[Record("person", PERSON)]
        )
    assert len(lines(EMILY)) == 2


def test_an_accounting_is_whole() -> None:
    emily = an_actor(EMILY)
    want = Want(
        "clinical", "treatment", emily.program_id, program_id("ed/intake"), person_id=PERSON
    )
    records = [Record("note", UUID(int=n)) for n in range(1, 206)]
    commands.tell(by=emily, at=NOON, want=want, groups=["treatment"], records=records)
    assert len(privacy_queries.accounting(an_actor("marta.quist"), PERSON)) == 205


def test_what_changes_in_the_record_that_it_is_read_as_has_a_new_line() -> None:
    """The call's record was merged into another one: what that one says later is told too."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    mine = a_person(anna, "Rosa")
    part, root = a_person(maria, "Rosa"), a_person(maria, "Rosa", address="1 Old St")
    call = a_call(mine, part)
    identity.merge_person(by=maria, at=later(1), person_id=part, into_id=root)
    commands.claim_emergency(
        by=anna,
        at=later(2),
        from_program_id=program_id(LINE),
        person_id=part,
        episode_id=call.pk,
        reason="Gun.",
    )
    said(ANNA, mine, 3)
    identity.change_person(by=maria, at=later(4), person_id=root, address="9 New Ave")
    assert "9 New Ave" in said(ANNA, mine, 5)
    assert len([each for each in lines(ANNA) if each.record_kind == "person"]) == 2


def test_an_officer_finds_who_printed_an_accounting_by_the_records_number() -> None:
    emily, marta = an_actor(EMILY), an_actor("marta.quist")
    person = a_person(emily, "Thomas")
    want = Want(
        "clinical", "treatment", emily.program_id, program_id("ed/intake"), person_id=person
    )
    commands.tell(
        by=emily, at=NOON, want=want, groups=["treatment"], records=[Record("person", person)]
    )
    assert Desk("marta.quist").get(f"/privacy/accounting/{person}/").status_code == 200
    assert privacy_queries.looks(marta, label=number_of(person))
