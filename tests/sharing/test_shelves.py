"""What modules hand out about a person: each field only in a group of fields that its `classes.py` names."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest
from django.apps import apps

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.shelves import STATUSES
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonTyped
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.field_classes import BY_HOLDER, FieldClass
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.sharing.shelves import HELPS, SHELVES, About, Item, Shelf
from nowrongdoor.site.modules import MODULES
from tests.makers import NOON, a_screening, accepted, an_actor, an_episode, an_offer, later
from tests.sharing.tables import TUCSON
from tests.sharing.test_classes import classes_of

MARIA = "maria.lopez"  # of the crisis line: what she writes is a contact with the line
WRITTEN = {
    "identity.Name.given": "Zofia",
    "identity.Name.family": "Quillfeather",
    "identity.Person.born": "1961",
    "identity.Person.address": "77 Heron Street",
    "identity.Person.usual_place": "the bench by the fountain",
    "identity.Person.description": "a green scarf",
    "identity.Person.language": "Spanish",
    "identity.Person.what_helps": "Talk about my dog",
    "identity.Person.protections": "Victim",
    "identity.Phone.number": "0177",
    "episodes.Card.place": "14 Otter Lane",
    "episodes.Card.callback": "0188",
    "episodes.Card.name_given": "Somebody Else",
    "narrative.Note.text": "kept in our own record",
    "triage.Answer.value": "in their hand",
    "triage.Screening.shown": "Police now",
}
"""A word of each field that can be found again."""
NOWHERE = {
    "identity.Person.protections",
    "episodes.Card.callback",
    "episodes.Card.name_given",
}
SHARED = "for everyone on the call"


@pytest.fixture
def about() -> About:
    maria = an_actor(MARIA)
    call = an_episode(maria, place="14 Otter Lane", callback="520-555-0188", name="Somebody Else")
    typed = PersonTyped(
        given="Zofia",
        family="Quillfeather",
        born="2/3/1961",
        phone="520-555-0177",
        address="77 Heron Street",
        usual_place="the bench by the fountain",
        description="a green scarf",
        language="es",
    )
    person = identity.keep_person(by=maria, at=NOON, typed=typed)
    of = {"by": maria, "at": NOON, "person_id": person.pk}
    identity.say_contact(**of, protections=("victim",))
    identity.say_what_helps(**of, what_helps="Talk about my dog")
    on = {"by": maria, "at": NOON, "episode_id": call.pk}
    narrative.write_note(**on, text="kept in our own record", ours=True)
    narrative.write_note(**on, text=SHARED)
    a_screening(call, maria, WPN="in_hand")
    return About(person.pk, (call.pk,))


def fields() -> dict[str, FieldClass]:
    return {
        name: classes_of(apps.get_model(*name.split(".")[:2]))[name.split(".")[2]]
        for name in WRITTEN
    }


def read(shelf: Shelf, about: About, group: str) -> tuple[list[Item], set[str]]:
    """What a shelf tells of one group, and which of the fields are in it."""
    maria = an_actor(MARIA)
    with act_as(maria):
        items = list(shelf.read(maria, about, [group]))
    text = "\n".join(f"{each.label}: {each.value}" for each in items)
    assert SHARED not in text
    return items, {name for name, word in WRITTEN.items() if word in text}


def wrong(shelf: Shelf, group: str, told: set[str], said: dict[str, FieldClass]) -> Iterator[str]:
    """Fields that are handed out in a group or a class that they do not have."""
    groups = {group, "named"} if group == HELPS else {group}
    for name in sorted(told):
        of = said[name]
        if not of.groups & groups and group != "whole":
            yield f"{shelf.name}/{group}: {name} is of {sorted(of.groups)}"
        if of.data not in (BY_HOLDER, shelf.data or "incident"):
            yield f"{shelf.name}: {name} is {of.data}"


@pytest.mark.usefixtures("db")
def test_no_shelf_hands_out_a_field_of_a_group_that_was_not_asked_for(about: About) -> None:
    said, everything, found = fields(), set(), []
    for shelf in SHELVES.get():
        for group in shelf.groups:
            items, told = read(shelf, about, group)
            everything |= told
            found += wrong(shelf, group, told, said)
            assert {each.group for each in items} <= {group}, shelf.name

    assert found == []
    assert everything == set(WRITTEN) - NOWHERE


@pytest.mark.usefixtures("db")
def test_a_record_s_version_says_which_there_are_and_nothing_that_they_say(about: About) -> None:
    maria, stranger = an_actor(MARIA), an_actor("joyce.carter")
    for shelf in SHELVES.get():
        with act_as(maria):
            mine = shelf.versions(maria, about)
        with act_as(stranger):
            theirs = shelf.versions(stranger, about)
        assert mine, shelf.name
        assert all(isinstance(id, UUID) for id in mine), shelf.name
        assert theirs == {}, shelf.name


@pytest.mark.usefixtures("db")
def test_a_status_is_of_a_program_that_had_the_person_at_its_own_time() -> None:
    """Who was asked and never had them says nothing; who had them says when they left, however it goes on."""
    anna, maria, ruth = an_actor(), an_actor(MARIA), an_actor("ruth.palmer")
    call = an_episode(anna)
    about = About(None, (call.pk,))

    def status(by: Actor) -> list[tuple[str, datetime | None]]:
        with act_as(by):
            assert len(STATUSES.versions(by, about)) == len(STATUSES.read(by, about, ["status"]))
            return [(each.value, each.at) for each in STATUSES.read(by, about, ["status"])]

    offer = an_offer(call, anna)
    assert (status(anna), status(maria)) == ([("Received", NOON)], [])
    episodes.decline_offer(by=maria, at=later(5), handoff_id=offer.pk, reason="capacity")
    assert status(maria) == []

    accepted(call, anna, at=later(60))
    assert (status(anna), status(maria)) == ([("Left", later(60))], [("Received", later(60))])
    episodes.assume_episode(
        by=ruth, at=later(300), episode_id=call.pk, reason="supervisor_decision"
    )
    assert (status(anna), status(maria)) == ([("Received", later(300))], [("Left", later(300))])
    accepted(call, ruth, at=later(400))
    assert status(anna) == [("Left", later(400))]


def test_every_shelf_is_of_groups_and_a_class_that_the_table_has() -> None:
    shelves = SHELVES.get()

    assert [each.name for module in MODULES for each in module.shelves] == [e.name for e in shelves]
    assert len({each.name for each in shelves}) == len(shelves)
    for each in shelves:
        assert set(each.groups) <= {*TUCSON.fields, HELPS}, each.name
        assert each.data in {"", *TUCSON.data}, each.name


def test_what_is_in_no_group_of_its_own_is_found() -> None:
    """The control: the same fields through a shelf that asks for too little."""
    card = Shelf("card", "", ("card",), lambda *_: {}, lambda *_: (), data="incident")

    assert list(wrong(card, "card", {"episodes.Card.callback"}, fields())) == []
    assert list(wrong(card, "need", {"episodes.Card.callback"}, fields())) == [
        "card/need: episodes.Card.callback is of ['card', 'rescue']"
    ]
