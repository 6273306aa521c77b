"""What modules hold about a person, as the gate reads it: shelf by shelf, and from each only what is open."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.hooks import Hook

HELPS = "what_helps"
"""No group of the table: the person's own words travel where their release names them, and nowhere else."""


@dataclass(frozen=True, slots=True)
class About:
    """Whom it is about, as the holder knows them: its own record, and the calls on which it works."""

    person_id: UUID | None = None
    episode_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One line that somebody reads: `group` is its group of fields in the table. Words, and codes as words."""

    group: str
    label: str
    value: str
    at: datetime | None = None
    record_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one module holds.

    `data`: the class of the table; '' is the holder's own class (`BY_HOLDER`). `groups`: of fields, that it
    can fill. `versions(by, about)`: its records and which version of each there is, and nothing that they
    say. `read(by, about, groups)`: what they say, in these groups only. Both act as the holder.
    `record`, `holds`: what a line of the ledger calls one of its records, and the groups that such a record
    fills as far as their words promise. Of the others it has less than that, and the line says its sort alone.
    """

    name: str
    label: str
    groups: tuple[str, ...]
    versions: Callable[[Actor, About], dict[UUID, int]]
    read: Callable[[Actor, About, Collection[str]], Sequence[Item]]
    data: str = ""
    record: str = ""
    holds: Mapping[str, str] = field(default_factory=dict)

    def opened(self, fields: Collection[str]) -> tuple[str, ...]:
        """Its groups that these fields open. The whole record is all of it but the person's own words."""
        if "whole" in fields:
            return tuple(each for each in self.groups if each != HELPS or HELPS in fields)
        return tuple(each for each in self.groups if each in fields)


def number_of(person_id: UUID) -> str:
    """What a record is called where its name must not stand: in a log, on a privacy officer's page."""
    return f"P-{person_id.hex[-8:].upper()}"


SHELVES: Hook[Sequence[Shelf]] = Hook("what modules hold about a person")
KNOWN_AS: Hook[Callable[[Actor, UUID], str]] = Hook("what a program calls the person of its record")
"""Called as KNOWN_AS(by, person_id), of `by`'s program: `identity` stands above."""


def read_of(kind: str, fields: Collection[str]) -> list[str]:
    """Of these groups, those that are read of one sort of record: all of them, where no shelf has its name."""
    mine = [each.opened(fields) for each in SHELVES.get() if each.name == kind]
    return sorted({group for groups in mine for group in groups} or fields)
