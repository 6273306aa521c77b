"""What modules hold about a person, as the gate reads it: shelf by shelf, and from each only what is open."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.hooks import Hook


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
    """

    name: str
    label: str
    groups: tuple[str, ...]
    versions: Callable[[Actor, About], dict[UUID, int]]
    read: Callable[[Actor, About, Collection[str]], Sequence[Item]]
    data: str = ""


def number_of(person_id: UUID) -> str:
    """What a record is called where its name must not stand: in a log, on a privacy officer's page."""
    return f"P-{person_id.hex[-8:].upper()}"


SHELVES: Hook[Sequence[Shelf]] = Hook("what modules hold about a person")
