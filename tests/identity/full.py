"""Rows in every table of `identity`: people of 911, two judged, two merged; and how each of its acts is tried."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from nowrongdoor.identity import commands
from nowrongdoor.identity.facts import NameKind, PersonTyped, Says
from nowrongdoor.identity.models import Judgment, Person
from tests.makers import NOON, an_actor, later

REFUSED = {
    "identity_person_stands": "UPDATE identity_person SET made_at = now()",
    "identity_name_stands": "UPDATE identity_name SET given = 'nobody' WHERE ended_at IS NULL",
    "identity_phone_stands": "UPDATE identity_phone SET number = '911' WHERE ended_at IS NULL",
    "identity_judgment_stands": "UPDATE identity_judgment SET says = 'later' WHERE says <> 'later' AND undone_at IS NULL",
}
"""What breaks a rule that asks what is changed."""


def a_person(
    given: str = "Rosa", family: str = "Villa Soto", *, by: str = "anna.miller", **more: str
) -> Person:
    """A record of the first program of `by`."""
    typed = PersonTyped(given=given, family=family, **more)
    return commands.keep_person(by=an_actor(by), at=NOON, typed=typed)


def judged(
    one: Person, other: Person, says: Says, *, by: str = "anna.miller", s: float = 1
) -> Judgment:
    ids = {"person_id": one.pk, "other_id": other.pk}
    return commands.judge(by=an_actor(by), at=later(s), says=says, **ids)


def full() -> None:
    anna = an_actor()
    rosa = a_person(born="3/4/1980", phone="520-555-0119", address="12 Quiet Street")
    commands.say_contact(by=anna, at=NOON, person_id=rosa.pk, protections=("victim",))
    blue = a_person("", "", moniker="Blue Jacket", usual_place="Library", description="Blue jacket")
    other, third = a_person("Rose"), a_person("Rosita")
    commands.end_name(
        by=anna,
        at=later(2),
        name_id=commands.add_name(
            by=anna, at=NOON, person_id=rosa.pk, kind=NameKind.ALIAS, given="Rosie"
        ).pk,
    )
    commands.end_phone(
        by=anna,
        at=later(2),
        phone_id=commands.add_phone(by=anna, at=NOON, person_id=blue.pk, number="520-555-0100").pk,
    )
    wrong = judged(rosa, other, Says.SAME)
    commands.undo_judgment(by=anna, at=later(2), judgment_id=wrong.pk)
    judged(rosa, other, Says.NOT_SAME, s=3)
    commands.merge_person(by=anna, at=later(4), person_id=third.pk, into_id=rosa.pk)


def tried() -> Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]:
    anna, by = an_actor(), "anna.miller"
    rosa, other, third = a_person(), a_person("Rose"), a_person("Rosita")
    on = {"on": "person", "on_id": str(rosa.pk)}
    yield by, "keep_person", {}, {"given": "Thomas", "family": "Arnett", "born": "46"}
    of = {"person_id": rosa.pk}
    yield by, "change_person", of, {"address": "9 Loud Lane"} | on
    yield by, "say_born", of, {"born": "46"} | on
    yield by, "add_name", of, {"name_kind": "alias", "given": "Rosie"} | on
    name = commands.add_name(
        by=anna, at=NOON, person_id=rosa.pk, kind=NameKind.NICKNAME, given="Chayo"
    )
    yield by, "end_name", {"name_id": name.pk}, on
    yield by, "add_phone", of, {"number": "520-555-0142"} | on
    phone = commands.add_phone(by=anna, at=NOON, person_id=rosa.pk, number="520-555-0143")
    yield by, "end_phone", {"phone_id": phone.pk}, on
    yield by, "say_contact", of, {"safe_contact": "no_texts", "protections": "victim"} | on
    yield by, "say_what_helps", of, {"what_helps": "Speak slowly."} | on
    yield by, "judge", of, {"other_id": str(other.pk), "says": "not_same"} | on
    judgment = judged(rosa, third, Says.SAME)
    yield by, "undo_judgment", {"judgment_id": judgment.pk}, on
    yield by, "merge_person", {"person_id": third.pk}, {"into_id": str(rosa.pk)} | on
    yield by, "separate_person", {"person_id": a_merged(rosa)}, on


def a_merged(into: Person) -> UUID:
    """A record that is merged into another one."""
    row = a_person("Rosaura")
    commands.merge_person(by=an_actor(), at=NOON, person_id=row.pk, into_id=into.pk)
    return row.pk
