"""What rules of identity are told: a record's names, birth, phones and places; judgments; weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from nowrongdoor.kernel.words import _
from nowrongdoor.web.fields import Code, Name, Text


class NameKind(StrEnum):
    LEGAL = "legal"
    ALIAS = "alias"
    NICKNAME = "nickname"


class Says(StrEnum):
    """What a person said of two records."""

    SAME = "same"
    NOT_SAME = "not_same"
    LATER = "later"


class Likely(StrEnum):
    """How the bits of two records are said in words."""

    VERY = "very"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True)
class NameFacts:
    """One name of somebody. Any part may be missing; some people have one name only."""

    given: str = ""
    family: str = ""
    second_family: str = ""


@dataclass(frozen=True, slots=True)
class Born:
    """A birth date, or the years between which it lies, both included. Neither: not known."""

    day: date | None = None
    from_year: int | None = None
    until_year: int | None = None

    @property
    def known(self) -> bool:
        return self.day is not None or self.from_year is not None

    @property
    def latest(self) -> date | None:
        """The last day that it can be."""
        return self.day or (None if self.until_year is None else date(self.until_year, 12, 31))


NOT_KNOWN = Born()


@dataclass(frozen=True, slots=True)
class Described:
    """What a record, or somebody on the phone, says of a person, as far as two can be compared by it."""

    names: tuple[NameFacts, ...] = ()
    born: Born = NOT_KNOWN
    phones: tuple[str, ...] = ()
    address: str = ""

    @property
    def empty(self) -> bool:
        return not (self.names or self.born.known or self.phones or self.address)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each level of agreement says, in bits, by field and level; see `linkage.json`.

    `likely` and `possible`: from how many bits on two records are called so. `nicknames`: pairs of given
    names that stand for each other, folded.
    """

    bits: Mapping[str, Mapping[str, float]]
    likely: float
    possible: float
    nicknames: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Reason:
    """How one field compares, and what that says. No value of the field stands in it."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Two records side by side: a reason for each field that both have, and what that comes to."""

    reasons: tuple[Reason, ...]
    bits: float
    likely: Likely


@dataclass(frozen=True, slots=True)
class JudgmentFacts:
    """A judgment that stands. `by_name`: of the member who judged."""

    id: UUID
    one_id: UUID
    other_id: UUID
    says: Says
    by_name: str = ""
    on: str = ""


BORN = Text(
    label=_("Birth date or age"),
    help=_("3/14/1980, 1980, 46 or 40-50"),
    most=40,
    wrong=_("Enter a date, a year or an age."),
    begins_as="born",
    example="3/14/1980",
)
ADDRESS = Text(label=_("Address"), most=300, begins_as="address")
USUAL_PLACE = Text(label=_("Usual place"), help=_("where this person can be found"), most=300)
DESCRIPTION = Text(
    label=_("Description"), help=_("what a person who looks for them sees"), rows=2, most=600
)
LANGUAGE = Code(
    label=_("Language"), list="languages", wrong=_("Choose the language from the list.")
)
MONIKER = Name(
    label=_("Moniker"), help=_("for a person whose name is not known, such as Blue Jacket"), most=80
)
GIVEN = Name(label=_("First name"), most=80, begins_as="given", example="José")
FAMILY = Name(
    label=_("Last name"), help=_("one or two"), most=120, begins_as="family", example="García López"
)
PHONE = Text(label=_("Phone"), most=40, begins_as="phone", example="520-555-0119")


@dataclass(frozen=True, slots=True)
class PersonTyped:
    """What is typed of somebody who gets a record. A moniker is needed where no name is known."""

    given: Annotated[str, GIVEN] = ""
    family: Annotated[str, FAMILY] = ""
    born: Annotated[str, BORN] = ""
    phone: Annotated[str, PHONE] = ""
    address: Annotated[str, ADDRESS] = ""
    moniker: Annotated[str, MONIKER] = ""
    usual_place: Annotated[str, USUAL_PLACE] = ""
    description: Annotated[str, DESCRIPTION] = ""
    language: Annotated[str, LANGUAGE] = ""


@dataclass(frozen=True, slots=True)
class PersonHeard:
    """What is typed of somebody while they are on the phone. The rest is for their record's own page."""

    given: Annotated[str, GIVEN] = ""
    family: Annotated[str, FAMILY] = ""
    born: Annotated[str, BORN] = ""
    phone: Annotated[str, PHONE] = ""
    moniker: Annotated[str, MONIKER] = ""
    description: Annotated[str, DESCRIPTION] = ""
