"""What a release says, read from its row: facts for the rules, names for the words, elements for people."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from nowrongdoor.agencies.parties import parties
from nowrongdoor.community.loading import midnight
from nowrongdoor.community.queries import community, in_language
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing import elements, release_words, releasing, signing
from nowrongdoor.sharing.elements import Kind, ReleaseFacts, Signer
from nowrongdoor.sharing.models import Release
from nowrongdoor.sharing.release_words import Named

DRAFTED = (
    *("kind", "person_id", "person_name", "person_born", "teller", "told", "told_names", "data"),
    *("items", "description", "purpose", "until_at", "until_event", "no_end", "condition"),
    *("signer", "signer_name", "signer_basis"),
)
"""The columns that are written before the person reads it."""


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
        grown_at=_grown_at(row),
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


def _grown_at(row: Release) -> datetime | None:
    """When the minor of a release is of age by the community's clocks; None where an adult's is signed.

    Where it is signed and no birth date is known, nothing says that they are not: it ends as it begins.
    """
    if row.signer not in (Signer.GUARDIAN, Signer.MINOR):
        return None
    if row.person_born is None:
        return row.activated_at
    return midnight(releasing.of_age_on(row.person_born), community().time_zone)


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
        day=end_day(releasing.ends_at(facts_of(row)), language),
    )


def digest(row: Release, language: str = "en", version: str = release_words.NEWEST) -> str:
    """SHA-256 of all that the page shows of a draft: as drafted, with its names, in these words of this language."""
    drafted = [getattr(row, "teller_id" if each == "teller" else each) for each in DRAFTED]
    shown = [drafted, asdict(named(row, language)), str(language), version]
    return sha256(json.dumps(shown, default=_plain).encode()).hexdigest()


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


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
    ends = [who.day, row.until_event]
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


def may_read_whole(row: Release, by: Actor, *, at: datetime) -> bool:
    """Whether it may be read whole: by those who took it or tell by it always, by who is told while it opens something.

    Source: 42 CFR 2.32(b): the copy goes with what is told. Our choice: for as long as that.
    """
    told = by.program_id in row.told and by.program_id not in (row.program_id, row.teller_id)
    return not told or releasing.opens(facts_of(row), at)
