"""What a release says, read from its row: facts for the rules, names for the words, elements for people."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nowrongdoor.agencies.parties import parties
from nowrongdoor.community.queries import community, in_language
from nowrongdoor.sharing import elements, release_words, signing
from nowrongdoor.sharing.elements import Kind, ReleaseFacts, Signer
from nowrongdoor.sharing.models import Release
from nowrongdoor.sharing.release_words import Named


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One element of the law: what the release says of it, and what is wrong with that."""

    code: str
    title: str
    regulation: str
    says: str
    lacks: str


def facts_of(row: Release) -> ReleaseFacts:
    signature = signing.read(row.signature)
    return ReleaseFacts(
        kind=Kind(row.kind),
        person_name=row.person_name,
        person_born=row.person_born,
        told=len(row.told),
        data=frozenset(row.data),
        items=frozenset(row.items),
        description=row.description,
        purpose=row.purpose,
        until_at=row.until_at,
        until_event=row.until_event,
        no_end=row.no_end,
        condition=row.condition,
        signer=Signer(row.signer),
        signer_name=row.signer_name,
        signer_basis=row.signer_basis,
        signed=bool(row.signature),
        minor_signed=bool(signature.minor),
        signed_at=row.signed_at,
        statements=frozenset(row.statements),
        text_version=row.text_version,
        activated_at=row.activated_at,
        refused_at=row.refused_at,
        revoked_at=row.revoked_at,
    )


def local_day(at: datetime) -> date:
    """The day that the community's clocks show: by it an age is computed."""
    return at.astimezone(ZoneInfo(community().time_zone)).date()


def end_day(at: datetime | None, language: str) -> str:
    """The day of a time, as the clocks here show it, in words of the language; '' for none."""
    return "" if at is None else day_words(local_day(at), language)


def day_words(day: date, language: str) -> str:
    month = _MONTHS[language][day.month - 1]
    if language == "es":
        return f"{day.day} de {month} de {day.year}"
    return f"{month} {day.day}, {day.year}"


_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
}


def named(row: Release, language: str) -> Named:
    """Who and until when, in a language of the person's."""
    known = parties()
    return Named(
        person=row.person_name,
        teller=known[row.teller_id].name(language),
        told=tuple(known[each].name(language) for each in row.told),
        teller_short=in_language(known[row.teller_id].names, language),
        told_short=tuple(in_language(known[each].names, language) for each in row.told),
        people=tuple(row.told_names),
        data=tuple(row.data),
        items=tuple(row.items),
        day=end_day(row.until_at, language),
    )


def element_rows(row: Release, language: str, *, on: date) -> tuple[ElementRow, ...]:
    """Every element that the release's law asks for, as it stands."""
    facts = facts_of(row)
    lacks = {each.element: each.words for each in elements.missing(facts, on)}
    says = _says(row, facts, language)
    return tuple(
        ElementRow(
            each.code,
            each.title,
            each.of[facts.kind],
            says.get(each.code, ""),
            lacks.get(each.code, ""),
        )
        for each in elements.ELEMENTS
        if facts.kind in each.of
    )


def _says(row: Release, facts: ReleaseFacts, language: str) -> dict[str, str]:
    """What a release says of each element, for people to read. Of the rest the title says it all."""
    who = named(row, language)
    version = row.text_version or release_words.NEWEST
    said = release_words.words(version, language)
    ends = [end_day(row.until_at, language), row.until_event]
    return {
        "person": row.person_name,
        "teller": who.teller,
        "signature": row.signer_name if row.signature else "",
        "description": row.description,
        "kind": ", ".join(said["data"][each] for each in row.data),
        "told": "; ".join([*who.told, ", ".join(who.people)]).strip("; "),
        "purpose": " ".join(said["purposes"][each] for each in row.purpose.split()),
        "condition": row.condition,
        "end": ", ".join(each for each in ends if each) or said["until_stop"] * row.no_end,
        "signer": " · ".join(
            each for each in (row.signer_name or row.person_name, row.signer_basis) if each
        ),
        "text": row.text_version,
        "signed_at": end_day(row.signed_at, language),
        **{
            each: release_words.statement(each, facts, said)
            for each in row.statements
            if row.text_version
        },
    }
