"""A module as everything around it knows it: named once in `site.modules`, and wired from there."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import URLPattern

from nowrongdoor.agencies.acting import Needs, act_as_task
from nowrongdoor.clocks.commands import Reaction
from nowrongdoor.journal.feed import FedEntry
from nowrongdoor.journal.kinds import Kind
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.acts import Acts


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Rows that draw themselves again on every open screen that shows them.

    `rows(seats, at=, ids=)` reads them for several roles of one program at once, each a tuple of
    rows with `key` and `sort`; without `ids`, all. `choices(by, at=)` is what their forms choose
    from. `key` names the id in a journal entry that is the row's. `readers` is the function of the
    database that says which programs may see which rows, now and ever (`rows.constraints.ReadableBy`).
    """

    name: str
    key: str
    rows: Callable[..., Sequence[Sequence[Any]]]
    choices: Callable[..., Mapping[str, object]]
    partial: str
    readers: str

    def touched(self, entry: FedEntry) -> set[UUID]:
        """The rows that an entry says have changed."""
        id = entry.ids.get(self.key)
        return set() if id is None else {UUID(str(id))}

    def seen_by(self, ids: frozenset[UUID]) -> dict[UUID, "Readers"]:
        """The programs that may see each of these rows. One query."""
        with act_as_task("live"), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {self.readers}(%s)", [list(ids)])
            found = cursor.fetchall()
        return {id: Readers(frozenset(now), frozenset(ever)) for id, now, ever in found}


@dataclass(frozen=True, slots=True)
class Readers:
    """The programs that may see a row, and those that ever could."""

    now: frozenset[UUID]
    ever: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A page of a module's own, in the list of screens of whoever may open it.

    `group`: under which heading it stands, one of `site.layout.GROUPS`. `icon`: of `web/icons.svg`.
    """

    page: str
    label: str
    key: str
    needs: Needs
    group: str = "operations"
    icon: str = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What a module brings.

    `clocks`: what follows when a deadline of a kind passes. `pages`: addresses that are not acts.
    `on_hand(by)`: how many people keep a member at their desk: no sign-out, no idle lock.
    `needs_to_see(episode_ids, program_id)`: whether a program has to go on seeing any of these.
    `holds(episode_id)`: locks an episode without waiting; True where that was possible.
    `shelves`: what it holds about a person, for the gate to read (`sharing.shelves.Shelf`).
    """

    name: str
    kinds: Sequence[Kind] = ()
    acts: Acts | None = None
    clocks: Mapping[str, Reaction] = field(default_factory=dict)
    boards: Sequence[Board] = ()
    screens: Sequence[Screen] = ()
    pages: Sequence[URLPattern] = ()
    on_hand: Callable[[Actor], int] | None = None
    needs_to_see: Callable[[Collection[UUID], UUID], bool] | None = None
    holds: Callable[[UUID], bool] | None = None
    shelves: Sequence[Any] = ()

    @property
    def urls(self) -> list[URLPattern]:
        return [*self.pages, *(self.acts.urls if self.acts else ())]
