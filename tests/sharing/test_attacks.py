"""Attacks on reading across programs: with another's release, after it ended, on the reader's own word.

Each test says what must hold.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.models import Card, Party
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.rows.ids import new_id
from nowrongdoor.sharing import commands, queries
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands import Record, disclosing
from nowrongdoor.sharing.plans import Plan
from tests.makers import NOON, a_screening, an_actor, later, program_id
from tests.sharing import full
from tests.sharing.attacks import (
    ANNA,
    EMILY,
    JAMES,
    LINE,
    MARIA,
    PERSON,
    Admin,
    a_call,
    a_note,
    a_person,
    a_release,
    joins,
    said,
    status,
    told,
)

pytestmark = pytest.mark.usefixtures("db")


def test_a_release_of_one_person_opens_nothing_of_another_whom_the_reader_calls_the_same() -> None:
    """911 says that two calls were of one person; the line knows that they were of two."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    mine = a_person(anna, "Rosa")
    rosa, thomas = a_person(maria, "Rosa"), a_person(maria, "Thomas")
    first, second = a_call(mine, rosa), a_call(mine, thomas)
    a_note(first, "Rosa sleeps at her sister's.")
    a_note(second, "Thomas has stopped his medication.")
    a_release(rosa)
    assert "sister" in said(ANNA, mine)
    assert "Thomas" not in said(ANNA, mine)


def test_an_emergency_on_one_call_opens_nothing_of_another_person() -> None:
    """Claimed for Rosa's call; then 911 says that Thomas's older call was of the same person."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    mine = a_person(anna, "Rosa")
    thomas = a_person(maria, "Thomas", address="7 Hidden Court")
    call = a_call(mine)  # the line has not said who it is
    commands.claim_emergency(
        by=anna, at=NOON, from_program_id=program_id(LINE), episode_id=call.pk, reason="Gun."
    )
    assert "Hidden" not in said(ANNA, mine)
    other = a_call(mine, thomas, at=later(-86_400))
    assert other.pk != call.pk
    assert "Hidden" not in said(ANNA, mine)


def test_a_program_tells_no_answers_that_another_program_asked() -> None:
    """911 asked one step, the line asked on: what 911 tells is what 911 was told."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    from nowrongdoor.sharing.shelves import About
    from nowrongdoor.triage.shelf import DANGER

    episode = a_call()
    a_screening(episode, anna, WPN="in_hand")
    a_screening(episode, maria, at=later(5), WPN="in_hand", VIO="Y")
    about = About(None, (episode.pk,))
    with act_as(anna):
        told = DANGER.read(anna, about, ["rescue"])
    assert "chased" not in str(told), told


def between(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """This happens after the gate has said yes, and before anything is read."""

    def records(*_asked: object) -> list[Record]:
        happens()
        return status()

    monkeypatch.setattr(disclosing, "_records", records)


def test_an_agreement_that_ends_between_yes_and_read_opens_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row, marta = full.an_agreement(), an_actor("marta.quist")
    ended = partial(commands.end_agreement, by=marta, at=later(2), agreement_id=row.pk)
    between(monkeypatch, ended)

    found = told("luis.garza", "clinical", "close_loop", "crc/adult", at=later(1))

    assert (found.decision.row, found.read) == ("A09", None)


def test_a_record_said_wrongly_and_taken_back_between_yes_and_read_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken, emily = an_actor("martha.gibbs"), an_actor(EMILY)
    row = full.a_release(taken, plan=Plan.CARE, teller_id=program_id("crc/adult"))
    said_by = {"by": emily, "at": NOON}
    subject = commands.say_subject(**said_by, release_id=row.pk, person_id=PERSON)
    between(monkeypatch, partial(commands.undo_subject, **said_by, subject_id=subject.pk))

    found = told("ray.sutton", "clinical", "engagement", "crc/adult", at=later(1))

    assert (found.decision.row, found.read) == ("A26", None)


def test_what_is_revoked_while_somebody_tells_is_not_told(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another door commits it after the gate has said yes, and before the line is written."""
    row = full.a_release(
        an_actor(EMILY), plan=Plan.CARE, teller_id=program_id("crc/adult"), person_id=PERSON
    )
    real = queries.decide

    def decide(want: Want, *, at: datetime) -> queries.Decision:
        found = real(want, at=at)
        full.revoked(admin, row, at=later(2))
        return found

    monkeypatch.setattr(queries, "decide", decide)
    want = Want(
        "clinical",
        "engagement",
        program_id("crc/adult"),
        program_id("tpd/deflection"),
        person_id=PERSON,
    )
    records = [Record("person", PERSON)]
    with pytest.raises(Refused):
        commands.tell(
            by=an_actor(EMILY), at=later(1), want=want, groups=["attendance"], records=records
        )


def test_a_program_that_was_told_of_the_call_once_reads_no_later_card() -> None:
    """911 tells patrol; patrol leaves; what 911 writes afterwards is not patrol's."""
    anna, james = an_actor(ANNA), an_actor(JAMES)
    call, other = a_call(), a_call()
    joins(call, "tpd/patrol")
    joins(other, "tpd/patrol")
    mine = a_person(james, "Rosa")
    for each in (call, other):
        episodes.identify_person(by=james, at=NOON, episode_id=each.pk, person_id=mine)
    with act_as(anna):
        Party.objects.filter(episode=call, program_id=james.program_id).update(until_at=later(10))
    with act_as(an_actor(MARIA)):
        Card.objects.create(
            id=new_id(later(20)),
            episode=call,
            made_at=later(20),
            made_by_program_id=program_id(LINE),
            note="At his mother's.",
        )
    assert "mother" not in said(JAMES, mine, 30)
