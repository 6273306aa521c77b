"""The board *Active calls*: what a row says, and what may be done from it. Highest level first, then oldest.

A row is drawn once per audience (program, role, language), so nothing here depends on which
member looks: what is mine, the page itself marks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from nowrongdoor.agencies import routes
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import pages, queries
from nowrongdoor.calls.holding import HoldingRow, holding_row
from nowrongdoor.calls.reads import LegRow
from nowrongdoor.calls.rules import level_place
from nowrongdoor.community import queries as community
from nowrongdoor.desks.due import DUE, SHORT
from nowrongdoor.dispatch.cautions import in_duress, units_en_route
from nowrongdoor.dispatch.facts import Stage
from nowrongdoor.dispatch.words import stage_words
from nowrongdoor.episodes import pages as holding
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.episodes.queries import HeldRow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage.queries import LevelRow

AT_ONCE = frozenset(("E", "4"))
"""The levels that cannot wait."""
SHOWS = ("all", "offered", "unanswered", "unreachable", "queue")
"""The filters of the board, each with its count, so that a supervisor sees what waits."""


@dataclass(frozen=True, slots=True)
class BoardRow(HoldingRow):
    """One open episode with what every module says of it."""

    sort: str = ""
    level: str = ""
    """What triage shows, '' where nobody was screened, or not told to this program."""
    level_why: str = ""
    provisional: bool = False
    coming: tuple[str, ...] = ()
    """Who is on the way to them, or there: the unit and its stage in words."""
    duress: bool = False
    """Whether a team that was sent to them is in danger."""

    @property
    def look(self) -> str:
        return "alarm" if self.duress else self.asks()

    @property
    def shared(self) -> bool:
        """Whether the program that looks may know where they are, and their level."""
        return self.place is not None

    @property
    def urgent(self) -> bool:
        """What no filter hides without saying so, besides what is overdue: that comes by itself."""
        return self.duress or self.level in AT_ONCE or self.look == "alarm"

    @property
    def due_name(self) -> str:
        """What is due next, as the column has room for it; `due_whole` where it is pointed at."""
        return gettext(SHORT[self.due_kind])

    @property
    def due_whole(self) -> str:
        return gettext(DUE.get(self.due_kind, SHORT[self.due_kind]))

    @property
    def shows(self) -> tuple[str, ...]:
        """The filters of the board under which this row stands."""
        under = {
            "all": True,
            "offered": self.offer is not None,
            "unanswered": self.offer is not None and self.offer.unanswered,
            "unreachable": self.unreachable,
            "queue": self.ours and self.in_queue,
        }
        return tuple(name for name in SHOWS if under[name])


def rows(by: Actor, *, at: datetime, ids: frozenset[UUID] | None = None) -> tuple[BoardRow, ...]:
    """The board as `by`'s audience sees it."""
    [found] = rows_for((by,), at=at, ids=ids)
    return found


def rows_for(
    seats: Sequence[Actor], *, at: datetime, ids: frozenset[UUID] | None = None
) -> list[tuple[BoardRow, ...]]:
    """The board of each of several roles in one program and language, read once, in one transaction.

    A role changes what may be done from a row, and nothing that is read. Seven queries more than that
    of episodes, for all roles together. Errors: ValueError where they are not of one program.
    """
    first = read_as(seats)
    with act_as(first):
        held = episodes.board(first, at=at, ids=ids)
        if ids is None and len(held) == episodes.MOST:
            held = episodes.board(first, at=at, ids=highest(first))
        if not held:
            return [() for _ in seats]
        known = _known(first, [one.id for one in held])
    return in_words(seats, held, known)


def read_as(seats: Sequence[Actor]) -> Actor:
    """For whom rows are read. Errors: ValueError where the seats differ in more than their role."""
    first = seats[0]
    if {replace(each, role=first.role) for each in seats} != {first}:
        raise ValueError("rows are read once for the roles of one program, in one language")
    return first


def in_words(
    seats: Sequence[Actor], held: Sequence[HeldRow], known: "Known"
) -> list[tuple[BoardRow, ...]]:
    """What was read, as each of these roles sees it."""
    return [
        tuple(sorted((_row(one, by, known) for one in held), key=lambda row: row.sort))
        for by in seats
    ]


def highest(by: Actor) -> frozenset[UUID]:
    """Which are drawn where there are more than a board draws: the first of the board's own order."""
    every = episodes.open_ids(by)
    levels = triage.shown(by, every)
    ordered = sorted(
        every, key=lambda each: level_place(levels.get(each, ""))
    )  # stable: oldest first
    return frozenset(ordered[: episodes.MOST])


def row_of(held: HeldRow, by: Actor) -> BoardRow:
    """One row by itself, for the episode's own page."""
    return _row(held, by, _known(by, [held.id]))


@dataclass(frozen=True, slots=True)
class Known:
    """What other modules say of the rows, read once for all of them."""

    classes: Mapping[str, str]
    levels: Mapping[UUID, LevelRow]
    legs: Mapping[UUID, tuple[LegRow, ...]]
    coming: Mapping[UUID, tuple[tuple[str, Stage], ...]]
    duress: frozenset[UUID]


def _known(by: Actor, ids: list[UUID]) -> Known:
    return Known(
        classes=community.code_names("incident_classes", by.language),
        levels=triage.levels(by, ids),
        legs=queries.legs(by, ids),
        coming=units_en_route(by, ids),
        duress=in_duress(by, ids),
    )


def _row(held: HeldRow, by: Actor, known: Known) -> BoardRow:
    level, legs = known.levels.get(held.id), known.legs.get(held.id, ())
    shown = "" if level is None else level.shown.value
    class_name = known.classes.get(held.incident_class, held.incident_class)
    row = holding_row(held, by, class_name=class_name, legs=legs)
    return BoardRow(
        **{name: getattr(row, name) for name in _HOLDING},
        sort=f"{_place(shown, held, known)} {held.opened_at.isoformat()} {held.id}",
        level=shown,
        level_why="" if level is None else level.because,
        provisional=level is not None and level.provisional,
        duress=held.id in known.duress,
        coming=tuple(
            f"{unit} {stage_words(stage)}" for unit, stage in known.coming.get(held.id, ())
        ),
    )


def _place(level: str, held: HeldRow, known: Known) -> int:
    """Where a row stands: a team in danger before every level."""
    return 0 if held.id in known.duress else 1 + level_place(level)


_HOLDING = tuple(each.name for each in fields(HoldingRow))


def each_by_itself(
    by: Actor, found: Iterable[BoardRow], *, at: datetime
) -> Iterator[dict[str, Any]]:
    """Each row by itself, with the lists its small forms choose from: read once for all of them."""
    lists = choices(by, at=at)
    return (lists | {"row": one} for one in found)


def choices(by: Actor, *, at: datetime) -> dict[str, Any]:
    """What a row's small forms choose from: the same for every role of a program. One query."""
    return {
        "routes": routes.routes_from(by, at=at),
        "forms": {
            name: form.chosen()
            for name, form in (pages.acts.forms(by, at=at) | holding.acts.forms(by, at=at)).items()
            if form.act.on_rows
        },
    }
