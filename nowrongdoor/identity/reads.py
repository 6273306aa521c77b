"""Records of people as pages show them: frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from nowrongdoor.identity.facts import Likely, NameKind, Says

OF_AGE = 18


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """How one field compares. `bits` with its sign, as it is shown."""

    field: str
    level: str
    bits: str
    against: bool


@dataclass(frozen=True, slots=True)
class Blank:
    """What the form of a new record stands on: no row yet."""

    id: str = "new"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One record in a list. `name`: its first legal name, else any, else its moniker."""

    id: UUID
    name: str
    unknown: bool
    born: str
    phones: tuple[str, ...]
    address: str
    usual_place: str
    made_at: datetime
    protections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be of the same person. `person_id`: the record it is compared with, if there is one.

    `said`: what was judged of the two before, by whom and when; shown where that was put off, and where
    one of the records has changed since.
    """

    id: UUID
    person_id: UUID | None
    line: PersonLine
    bits: str
    likely: Likely
    reasons: tuple[ReasonRow, ...]
    said: Says | None = None
    said_by: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """The most likely first. `more`: others are possible too."""

    rows: tuple[Candidate, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class NameRow:
    id: UUID
    kind: NameKind
    name: str
    ended: bool
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhoneRow:
    id: UUID
    number: str
    ended: bool
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgmentRow:
    """One judgment, standing or undone, with the reasons that were seen.

    `person_id`: the other record, as one that may be merged into `into_id`, the one that is shown.
    """

    id: UUID
    person_id: UUID
    into_id: UUID
    other: PersonLine | None
    says: Says
    by_name: str
    judged_at: datetime
    bits: str
    reasons: tuple[ReasonRow, ...]
    undone_by: str
    undone_at: datetime | None
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartRow:
    """A record that is read as part of the one that is shown, with what it says itself."""

    id: UUID
    line: PersonLine
    merged_by: str
    merged_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record with all that is merged into it; what it says first, what the others add."""

    id: UUID
    version: int
    line: PersonLine
    moniker: str
    born: str
    address: str
    usual_place: str
    description: str
    language: str
    language_name: str
    safe_contact: tuple[str, ...]
    safe_contact_note: str
    protections: tuple[str, ...]
    contact_names: tuple[str, ...]
    protected_names: tuple[str, ...]
    safe_notes: tuple[str, ...]
    names: tuple[NameRow, ...]
    phones: tuple[PhoneRow, ...]
    born_latest: date | None
    """The latest day on which they can have been born; None where nothing is known."""
    what_helps: str
    what_helps_at: datetime | None
    parts: tuple[PartRow, ...]

    def minor_on(self, day: date) -> bool:
        """Whether they may be under 18 on this day, of what is known. Not known at all is not said to be one."""
        latest = self.born_latest
        return latest is not None and (day.year - OF_AGE, day.month, day.day) < (
            latest.year,
            latest.month,
            latest.day,
        )
