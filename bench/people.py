"""Synthetic people, and how they are told twice: what the weights are trained on, and what `match` looks for.

Names are drawn as often as the Census counts them (`names.csv`), family names as in Pima County a third of
the time among those that are mostly Hispanic. Nobody real. How often a detail is missing, changed or written
otherwise stands in docs/domain/sources.md, "Who it is".
"""

import csv
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

HISPANIC = 0.37
TWINS = 0.03
SHARED = 0.04
"""Who gives the phone and the address of a shelter, of one of a few."""
_SPANISH_FEMALE = "María Guadalupe Rosa Ana Verónica Leticia Alejandra Gabriela Margarita Teresa Juana Patricia Carmen Silvia Dolores Isabel Socorro Graciela Lucía Mónica"
_SPANISH_MALE = "José Juan Luis Jesús Francisco Carlos Manuel Miguel Antonio Alejandro Jorge Ramón Roberto Javier Rafael Guillermo Ignacio Fernando Raúl Martín Ángel Eduardo"
_STREETS = "Speedway Blvd;Grant Rd;Broadway Blvd;22nd St;Park Ave;Campbell Ave;Alvernon Way;Craycroft Rd;Oracle Rd;Stone Ave;6th Ave;Ajo Way;Valencia Rd;Prince Rd;Country Club Rd;Tucson Blvd;Euclid Ave;Mission Rd;Irvington Rd;Pima St"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Told:
    """What one record says. `person` is who it really is."""

    person: int
    given: str
    family: str
    born: date | None
    from_year: int | None
    until_year: int | None
    phone: str
    address: str


class _Drawn:
    def __init__(self, rows: Sequence[tuple[str, float]]) -> None:
        self.names = [name for name, _weight in rows]
        self.sums = list(accumulate(weight for _name, weight in rows))

    def one(self, chance: Random) -> str:
        return self.names[bisect(self.sums, chance.random() * self.sums[-1])]


class People:
    """Draws people by a seed. `nicknames`: pairs of a given name and what stands for it."""

    def __init__(self, seed: int, nicknames: dict[str, list[str]]) -> None:
        self.chance = Random(seed)
        self.nicknames = nicknames
        with (Path(__file__).parent / "names.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        families = [row for row in rows if row["kind"] == "family"]
        given = {
            kind: [(row["name"], float(row["weight"])) for row in rows if row["kind"] == kind]
            for kind in ("female", "male")
        }
        self._given = {kind: _Drawn(each) for kind, each in given.items()}
        spanish = {"female": _SPANISH_FEMALE, "male": _SPANISH_MALE}
        self._spanish = {
            kind: _Drawn([(name, 1 / (n + 2)) for n, name in enumerate(each.split())])
            for kind, each in spanish.items()
        }
        weighed = [
            (r["name"], float(r["weight"]), float(r["hispanic_percent"]) / 100) for r in families
        ]
        self._hispanic = _Drawn([(name, weight * share) for name, weight, share in weighed])
        self._other = _Drawn([(name, weight * (1 - share)) for name, weight, share in weighed])
        self._shelters = [(self._phone(), self._address()) for _ in range(15)]

    def person(self, number: int) -> Told:
        chance = self.chance
        hispanic = chance.random() < HISPANIC
        kind = chance.choice(("female", "male"))
        families = self._hispanic if hispanic else self._other
        given = (self._spanish if hispanic and chance.random() < 0.7 else self._given)[kind]
        family = families.one(chance)
        if hispanic and chance.random() < 0.5:
            family += chance.choice((" ", "-")) + families.one(chance)
        shelter = chance.choice(self._shelters) if chance.random() < SHARED else None
        phone, address = shelter or (self._phone(), self._address())
        return Told(
            person=number,
            given=given.one(chance),
            family=family,
            born=date(1935, 1, 1)
            + timedelta(days=int(chance.triangular(0, 75 * 365.25, 50 * 365))),
            from_year=None,
            until_year=None,
            phone=phone,
            address=address,
        )

    def twin(self, of: Told, number: int) -> Told:
        """Who shares everything but the first name."""
        return replace(of, person=number, given=self.person(number).given)

    def again(self, of: Told, *, blank: float = 0.0) -> Told:
        """The same person as somebody else hears and writes them. `blank`: what share of details is left out."""
        chance = self.chance
        given, family = self._given_again(of.given), self._family_again(of.family)
        said = replace(of, given=given, family=family, **self._born_again(of))
        if chance.random() < 0.35:
            said = replace(said, phone=self._phone() if chance.random() < 0.7 else "")
        if chance.random() < 0.4:
            said = replace(said, address=self._address() if chance.random() < 0.6 else "")
        if chance.random() < 0.02:
            said = replace(said, given=said.family.split(" ")[0], family=said.given)
        return self.without(said, blank)

    def without(self, said: Told, blank: float) -> Told:
        """The same with each detail left out by this chance, but never all of its names."""
        missing = {
            name: ""
            for name in ("given", "family", "phone", "address")
            if self.chance.random() < blank
        }
        if len(missing.keys() & {"given", "family"}) == 2:
            del missing["family"]
        said = replace(said, **missing)
        if self.chance.random() < blank:
            said = replace(said, born=None, from_year=None, until_year=None)
        return said

    def _given_again(self, name: str) -> str:
        chance, others = self.chance, self.nicknames.get(name.lower(), [])
        if others and chance.random() < 0.12:
            return chance.choice(others).title()
        return self._misspelled(name, 0.08)

    def _family_again(self, name: str) -> str:
        chance = self.chance
        parts = name.replace("-", " ").split(" ")
        if len(parts) > 1:
            if chance.random() < 0.45:
                return self._misspelled(parts[0] if chance.random() < 0.8 else parts[1], 0.08)
            name = chance.choice((" ", "-")).join(parts)
        return self._misspelled(name, 0.08)

    def _born_again(self, of: Told) -> dict[str, object]:
        chance = self.chance
        drawn, born = chance.random(), of.born
        none: dict[str, object] = {"born": None, "from_year": None, "until_year": None}
        if born is None or drawn < 0.18:
            return none
        if drawn < 0.26:
            off = chance.randint(-3, 3)
            return none | {"from_year": born.year - 3 + off, "until_year": born.year + 3 + off}
        if drawn < 0.30 and born.day <= 12:
            return none | {"born": date(born.year, born.day, born.month)}
        if drawn < 0.34:
            return none | {"born": born + timedelta(days=chance.choice((-10, -1, 1, 10, 365, 366)))}
        return none | {"born": born}

    def _misspelled(self, name: str, often: float) -> str:
        chance = self.chance
        if chance.random() >= often or len(name) < 4:
            return name
        at = chance.randrange(1, len(name) - 1)
        kind = chance.randrange(4)
        if kind == 0:
            return name[:at] + name[at + 1 :]
        if kind == 1:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        letter = chance.choice(_LETTERS)
        return name[:at] + letter + name[at + (kind == 2) :]

    def _phone(self) -> str:
        return f"520-{self.chance.randint(200, 999)}-{self.chance.randint(0, 9999):04}"

    def _address(self) -> str:
        street = self.chance.choice(_STREETS.split(";"))
        unit = f" apt {self.chance.randint(1, 40)}" if self.chance.random() < 0.3 else ""
        return f"{self.chance.randint(1, 9999)} {self.chance.choice('NSEW')} {street}{unit}"


def crowd(people: People, size: int) -> Iterator[Told]:
    """So many people, some of them twins."""
    before = None
    for number in range(size):
        twin = before is not None and people.chance.random() < TWINS
        before = people.twin(before, number) if twin and before else people.person(number)
        yield before
