"""What a worker types for a release, before the person reads it, and the lists that it is chosen from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.parties import parties
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.hooks import Hook
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.kernel.words import _
from nowrongdoor.sharing.elements import Signer
from nowrongdoor.sharing.plans import WORDS, Plan
from nowrongdoor.web.fields import Choices, FromNow, Name, OneOf, Pick, Text

SIGNERS: Mapping[Signer, str] = {
    Signer.PERSON: _("The person"),
    Signer.MINOR: _("A minor, alone, by a law"),
    Signer.GUARDIAN: _("Parent or guardian"),
    Signer.REPRESENTATIVE: _("Someone with legal authority"),
}
RECORDS: Hook[Callable[..., Choices]] = Hook("a program's own records that a name finds")
"""Called as RECORDS(by, name, at=): `identity` stands above, and says which there are."""
RECIPIENTS: Hook[Callable[..., Choices]] = Hook(
    "whom the table lets some permission open something to"
)
"""Called as RECIPIENTS(by, at=): the table is read above."""
DAYS = (7, 30, 90, 180, 365)
OLDEST = 120
"""Years: nobody alive is older."""


class Language(StrEnum):
    EN = "en"
    ES = "es"


class How(StrEnum):
    """How somebody said that they stop it."""

    HERE = "here"
    WRITING = "writing"
    PHONE = "phone"


class Way(StrEnum):
    """How somebody got their copy."""

    PDF = "pdf"
    PRINT = "print"


LANGUAGES: Mapping[Language, str] = {Language.EN: "English", Language.ES: "Español"}
HOWS: Mapping[How, str] = {
    How.HERE: _("In person"),
    How.WRITING: _("In writing"),
    How.PHONE: _("By phone"),
}
WAYS: Mapping[Way, str] = {Way.PDF: _("PDF"), Way.PRINT: _("Print")}


def programs(by: Actor, *, at: datetime) -> Choices:  # noqa: ARG001 - as every list of choices
    """Every program that takes part, in the reader's language."""
    rows = ((str(each.program_id), each.name(by.language)) for each in parties().values())
    return sorted(rows, key=lambda row: row[1])


def recipients(by: Actor, *, at: datetime) -> Choices:
    """Those of them to whom the table has a row for some permission: a release promises nothing to the others."""
    return RECIPIENTS.get()(by, at=at)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a person: by a plan, which says the records, the items and what for."""

    plan: Annotated[Plan, OneOf(words=WORDS, label=_("Permission"), begins_as="plan")]
    person_name: Annotated[str, Name(label=_("Name"), most=120, begins_as="person_name")]
    born: Annotated[
        str, Text(label=_("Birth date"), help=_("Year-month-day"), most=20, begins_as="born")
    ] = ""
    told_program_id: Annotated[
        UUID | None, Pick(label=_("Who is told"), options=recipients, begins_as="told_program")
    ] = None
    also_told_id: Annotated[
        UUID | None, Pick(label=_("Who else is told"), options=recipients, begins_as="also_told")
    ] = None
    people: Annotated[
        str,
        Text(
            label=_("People there, by name"),
            help=_("With commas between them"),
            most=300,
            begins_as="people",
        ),
    ] = ""
    teller_id: Annotated[
        UUID | None,
        Pick(
            label=_("Who tells"),
            help=_("Your program, if you choose none"),
            options=programs,
            begins_as="teller",
        ),
    ] = None
    until_at: Annotated[
        datetime | None,
        FromNow(
            label=_("Ends after, in days"),
            unit=timedelta(days=1),
            most=max(DAYS),
            offers=DAYS,
            sent_as="days",
            begins_as="days",
        ),
    ] = None
    until_event: Annotated[
        str, Text(label=_("Ends when this happens"), most=200, begins_as="until_event")
    ] = ""
    condition: Annotated[
        str, Text(label=_("Case and condition of the court"), most=200, begins_as="condition")
    ] = ""
    description: Annotated[
        str,
        Text(
            label=_("In the person's own words, what else may be told"),
            most=500,
            rows=2,
            begins_as="more",
        ),
    ] = ""
    signer: Annotated[
        Signer, OneOf(words=SIGNERS, label=_("Who signs"), begins=Signer.PERSON, begins_as="signer")
    ] = Signer.PERSON
    signer_name: Annotated[
        str, Name(label=_("Name of the signer, if another"), most=120, begins_as="signer_name")
    ] = ""
    signer_basis: Annotated[
        str,
        Text(
            label=_("Relationship, authority, or the law that lets a minor sign"),
            most=200,
            begins_as="signer_basis",
        ),
    ] = ""
    person_id: Annotated[UUID | None, Pick(label=_("Record"), only_if="person_id")] = None

    def born_date(self, on: date) -> date | None:
        """`on`: today. Errors: BadInput where it is no day on which somebody alive can be born."""
        try:
            found = date.fromisoformat(self.born) if self.born else None
        except ValueError:
            raise BadInput(
                "born", "date.unreadable", "Enter the birth date as 1994-07-09."
            ) from None
        if found is not None and found > on:
            raise BadInput("born", "date.future", "This day has not come yet. Check the year.")
        oldest = (on.year - OLDEST, on.month, on.day)
        if found is not None and (found.year, found.month, found.day) < oldest:
            raise BadInput("born", "date.old", "This is more than 120 years ago. Check the year.")
        return found

    @property
    def told(self) -> list[UUID]:
        return list(
            dict.fromkeys(each for each in (self.told_program_id, self.also_told_id) if each)
        )

    @property
    def names(self) -> list[str]:
        return [each.strip() for each in self.people.split(",") if each.strip()]
