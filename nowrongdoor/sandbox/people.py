"""The people who call. One in thirty comes back again and again, and is written down a little differently.

Pure. Nobody real: given names and surnames come from two lists and never belong together.
"""

from dataclasses import dataclass
from random import Random

from nowrongdoor.sandbox.sampling import chosen, seeded
from nowrongdoor.sandbox.schema import Rates


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the city, as they are."""

    number: int
    given: str
    surname: str
    telephone: str
    zone: str
    street: str
    house: int
    unit: int
    spanish: bool


@dataclass(frozen=True, slots=True)
class SaidToBe:
    """The same person as one contact has them: what was heard, typed or not said."""

    name: str
    telephone: str
    place: str
    errors: tuple[str, ...] = ()


def who(rates: Rates, random: Random) -> int:
    """The number of somebody who calls: few people are many contacts."""
    people = rates.people
    few = max(int(people.number * people.few), 1)
    if random.random() < people.of_contacts:
        return random.randrange(few)
    return random.randrange(few, people.number)


def person(rates: Rates, zones: dict[str, float], seed: int, number: int) -> Person:
    """Somebody of the city; the same for the same seed and number. A twin has a neighbor's name."""
    random = seeded(seed, "person", number)
    named = number - 1 if number and random.random() < rates.people.twin else number
    names = seeded(seed, "name", named)
    return Person(
        number=number,
        given=names.choice(rates.given),
        surname=names.choice(rates.surnames),
        telephone=f"520 555 {random.randrange(100, 200):04d}",
        zone=chosen(random, zones),
        street=random.choice(rates.streets),
        house=random.randrange(100, 9900),
        unit=random.choice((0, 0, 0, random.randrange(1, 40))),
        spanish=random.random() < rates.people.spanish,
    )


def heard(rates: Rates, someone: Person, random: Random) -> SaidToBe:
    """What one contact has of them, with its errors (sources, "Figures of the synthetic city")."""
    people = rates.people
    errors: list[str] = []
    given, surname, unit = someone.given, someone.surname, someone.unit
    if given in rates.aliases and random.random() < people.alias * 3:  # few names have one
        given, errors = rates.aliases[given], [*errors, "alias"]
    if random.random() < people.typo:
        at = random.randrange(1, len(surname) - 1)
        surname = surname[:at] + surname[at + 1] + surname[at] + surname[at + 2 :]
        errors.append("typo")
    if unit and random.random() < people.wrong_unit * 4:  # few places have one
        unit, errors = unit + 1, [*errors, "wrong_unit"]
    telephone = someone.telephone
    if random.random() < people.no_number:
        telephone, errors = "", [*errors, "no_number"]
    apartment = f", apt {unit}" if unit else ""
    return SaidToBe(
        name=f"{given} {surname}",
        telephone=telephone,
        place=f"{someone.house} {someone.street}{apartment}",
        errors=tuple(errors),
    )
