"""Keeping a record of somebody, and changing what it says. Nothing is removed: what was wrong ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.identity import facts, kinds
from nowrongdoor.identity.commands.keys import write_keys
from nowrongdoor.identity.facts import Born, NameKind, PersonTyped
from nowrongdoor.identity.models import Name, Person, Phone
from nowrongdoor.identity.rules.born import read_born
from nowrongdoor.identity.words import NAME_KINDS
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, no, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, require_version
from nowrongdoor.web.fields import Codes, OneOf, Text, Version
from nowrongdoor.web.fields import Name as NameField
from nowrongdoor.web.inputs import Group


@command(needs=Action.KEEP_PERSONS)
def keep_person(*, by: Actor, at: datetime, typed: Annotated[PersonTyped, Group()]) -> Person:
    """Make a record of somebody, known by name or by a moniker.

    Refused: BadInput without a name and without a moniker; where a birth date or age cannot be read.
    Journal: identity.kept.
    """
    born = _born(typed.born, at=at)
    if not (typed.given or typed.family or typed.moniker):
        raise BadInput(
            "given", "person.nameless", "Enter a name, or a moniker for an unknown person."
        )

    row = Person.objects.create(
        id=new_id(at),
        program_id=by.program_id,
        made_at=at,
        made_by_id=named(by),
        moniker=typed.moniker,
        born=born.day,
        born_from=born.from_year,
        born_until=born.until_year,
        address=typed.address,
        usual_place=typed.usual_place,
        description=typed.description,
        language=typed.language,
    )
    if typed.given or typed.family:
        said = {"given": typed.given, "family": typed.family}
        Name.objects.create(**_of(row, by=by, at=at), kind=NameKind.LEGAL.value, **said)
    if typed.phone:
        Phone.objects.create(**_of(row, by=by, at=at), number=typed.phone)
    write_keys(row)
    record(kinds.KEPT, row, by=by, at=at)
    return row


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record says, as its form has it."""

    moniker: str
    address: str
    usual_place: str
    description: str
    language: str


def lock_person(by: Actor, *, person_id: UUID) -> Standing:  # noqa: ARG001 - as `kit.records` asks
    """A record that is locked, with what is in force. Errors: NotFound where it cannot be seen."""
    row = locked(Person, person_id)
    return Standing(
        moniker=row.moniker,
        address=row.address,
        usual_place=row.usual_place,
        description=row.description,
        language=row.language,
    )


@command(needs=Action.KEEP_PERSONS)
def change_person(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    address: Annotated[str, facts.ADDRESS] = "",
    usual_place: Annotated[str, facts.USUAL_PLACE] = "",
    description: Annotated[str, facts.DESCRIPTION] = "",
    language: Annotated[str, facts.LANGUAGE] = "",
    moniker: Annotated[str, facts.MONIKER] = "",
) -> Person:
    """Write anew what a record says besides names, phones and birth.

    Refused: BadInput for the last moniker of a person without a name.
    Journal: identity.changed.
    """
    row = locked(Person, person_id)

    if not moniker and not row.names.filter(ended_at=None).exists():
        raise BadInput("moniker", "person.nameless", "Enter a moniker: no name is known.")

    compared = row.address != address
    row.address, row.usual_place, row.moniker = address, usual_place, moniker
    row.description, row.language = description, language
    _touched(row, compared=compared)
    record(kinds.CHANGED, row, by=by, at=at)
    return row


@command(needs=Action.KEEP_PERSONS)
def say_born(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    born: Annotated[str, facts.BORN] = "",
    seen_version: Annotated[int | None, Version()] = None,
) -> Person:
    """Say when somebody was born: a date, or the years between which it lies; nothing is not known.

    Refused: BadInput where it cannot be read; on an old version.
    Journal: identity.changed.
    """
    row = locked(Person, person_id)

    require_version(row.version, seen_version)
    read = _born(born, at=at)

    row.born, row.born_from, row.born_until = read.day, read.from_year, read.until_year
    _touched(row, compared=True)
    record(kinds.CHANGED, row, by=by, at=at)
    return row


@command(needs=Action.KEEP_PERSONS)
def add_name(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    kind: Annotated[
        NameKind, OneOf(label=_("Kind of name"), words=NAME_KINDS, sent_as="name_kind")
    ],
    given: Annotated[str, facts.GIVEN] = "",
    family: Annotated[str, facts.FAMILY] = "",
    second_family: Annotated[str, NameField(label=_("Second last name"), most=80)] = "",
) -> Name:
    """Write a further name of somebody.

    Refused: BadInput where it says nothing.
    Journal: identity.named.
    """
    row = locked(Person, person_id)

    if not (given or family or second_family):
        raise BadInput("given", "name.empty", "Enter a name.")

    said = {"given": given, "family": family, "second_family": second_family}
    name = Name.objects.create(**_of(row, by=by, at=at), kind=kind.value, **said)
    _touched(row, compared=True)
    record(kinds.NAMED, name, by=by, at=at)
    return name


@command(needs=Action.KEEP_PERSONS)
def end_name(*, by: Actor, at: datetime, name_id: UUID) -> Name:
    """Say that a name was wrong: it stays, and nobody is found by it any more.

    Refused: for the last name of somebody without a moniker; once it has ended.
    Journal: identity.name_ended.
    """
    name = locked(Name, name_id)
    row = locked(Person, name.person_id)

    _require_open(name)
    others = row.names.filter(ended_at=None).exclude(pk=name_id).exists()
    if not others and not row.moniker:
        require(no("name.last", "This is the only name. Enter a moniker or another name first."))

    _end(name, by=by, at=at)
    _touched(row, compared=True)
    record(kinds.NAME_ENDED, name, by=by, at=at)
    return name


@command(needs=Action.KEEP_PERSONS)
def add_phone(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    number: Annotated[str, facts.PHONE],
) -> Phone:
    """Write a number under which somebody can be reached.

    Journal: identity.phone_added.
    """
    row = locked(Person, person_id)

    phone = Phone.objects.create(**_of(row, by=by, at=at), number=number)
    _touched(row, compared=True)
    record(kinds.PHONED, phone, by=by, at=at)
    return phone


@command(needs=Action.KEEP_PERSONS)
def end_phone(*, by: Actor, at: datetime, phone_id: UUID) -> Phone:
    """Say that a number is not theirs any more.

    Refused: once it has ended.
    Journal: identity.phone_ended.
    """
    phone = locked(Phone, phone_id)
    row = locked(Person, phone.person_id)

    _require_open(phone)

    _end(phone, by=by, at=at)
    _touched(row, compared=True)
    record(kinds.PHONE_ENDED, phone, by=by, at=at)
    return phone


@command(needs=Action.KEEP_PERSONS)
def say_contact(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    safe_contact: Annotated[
        tuple[str, ...],
        Codes(label=_("Safe contact"), list="safe_contact", begins_as="safe_contact"),
    ] = (),
    safe_contact_note: Annotated[
        str, Text(label=_("Safe contact note"), most=300, begins_as="safe_contact_note")
    ] = "",
    protections: Annotated[
        tuple[str, ...],
        Codes(label=_("Protection"), list="protections", begins_as="protections"),
    ] = (),
    seen_version: Annotated[int | None, Version()] = None,
) -> Person:
    """Say how somebody may be reached safely, and what protects their record.

    Refused: on an old version: what somebody else ticked meanwhile is not unticked unseen.
    Journal: identity.contact_said.
    """
    row = locked(Person, person_id)

    require_version(row.version, seen_version)

    row.safe_contact, row.safe_contact_note = list(safe_contact), safe_contact_note
    row.protections = list(protections)
    _touched(row, compared=False)
    record(kinds.CONTACT_SAID, row, by=by, at=at)
    return row


@command(needs=Action.KEEP_PERSONS)
def say_what_helps(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    what_helps: Annotated[
        str,
        Text(
            label=_("What helps me"),
            help=_("In the person's own words. Others see it only where their release names it."),
            most=600,
            rows=4,
            begins_as="what_helps",
        ),
    ] = "",
    seen_version: Annotated[int | None, Version()] = None,
) -> Person:
    """Write down, with the person, what helps them in a crisis. Empty takes it back.

    Refused: on an old version.
    Journal: identity.what_helps_said.
    """
    row = locked(Person, person_id)

    require_version(row.version, seen_version)

    row.what_helps, row.what_helps_at = what_helps, at if what_helps else None
    _touched(row, compared=False)
    record(kinds.WHAT_HELPS_SAID, row, by=by, at=at)
    return row


def _born(text: str, *, at: datetime) -> Born:
    found = read_born(text, on=at.date())
    if found is None:
        raise BadInput("born", "born.unreadable", "Enter a date, a year or an age.")
    return found


def _of(person: Person, *, by: Actor, at: datetime) -> dict[str, object]:
    return {
        "id": new_id(at),
        "person_id": person.pk,
        "program_id": by.program_id,
        "made_at": at,
        "made_by_id": named(by),
    }


def _touched(person: Person, *, compared: bool) -> None:
    """A further version; where what is compared changed, a judgment of before may be looked at again."""
    person.version += 1
    if compared:
        person.told_version += 1
        write_keys(person)
    person.save()


def _require_open(row: Name | Phone) -> None:
    if row.ended_at is not None:
        require(no("entry.ended", "This has already been ended."))


def _end(row: Name | Phone, *, by: Actor, at: datetime) -> None:
    row.ended_at, row.ended_by_id = max(at, row.made_at), named(by)
    row.save(update_fields=["ended_at", "ended_by"])
