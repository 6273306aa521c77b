"""For whom a live row is read, and for whom it is drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone, translation

from nowrongdoor.agencies.system import as_audience
from nowrongdoor.calls import board, pages
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.site.zone import zone
from nowrongdoor.web import clock
from nowrongdoor.web.clock import now

CHOICES_KEPT = timedelta(seconds=1)
"""So long what a row's forms choose from is taken as read: a row may stand on a screen for hours with it."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Those for whom a row is drawn once."""

    agency_id: UUID
    program_id: UUID
    role: str
    language: str

    @property
    def reads(self) -> tuple[UUID, str]:
        """Those for whom a row is read once: a role changes only what may be done with it."""
        return self.program_id, self.language


@dataclass(frozen=True, slots=True)
class Board:
    """One live board: how its rows are read and drawn."""

    rows: Callable[..., list[tuple[board.BoardRow, ...]]]
    choices: Callable[..., dict[str, object]]
    partial: str


BOARDS: Mapping[str, Board] = {
    "holding": Board(board.rows_for, pages.choices, "calls/board.html#row"),
}


def draw(
    audiences: list[Audience], how: Board, ids: frozenset[UUID]
) -> dict[tuple[Audience, UUID], dict[str, object]]:
    """The rows of these episodes for audiences of one program and language: read once, drawn once each."""
    seats = [
        as_audience(
            agency_id=each.agency_id,
            program_id=each.program_id,
            role=each.role,
            language=each.language,
        )
        for each in audiences
    ]
    at = now()
    with translation.override(seats[0].language), timezone.override(zone()):
        found, choices = how.rows(seats, at=at, ids=ids), _choices(how, seats[0], at)
        return {
            (audience, UUID(row.key)): {
                "html": render_to_string(how.partial, choices | {"row": row}),
                "sort": row.sort,
            }
            for audience, rows in zip(audiences, found, strict=True)
            for row in rows
        }


_kept: dict[tuple[str, UUID | None, str], tuple[datetime, dict[str, object]]] = {}


def _choices(how: Board, by: Actor, at: datetime) -> dict[str, object]:
    key, real = (how.partial, by.program_id, by.language), clock.real()
    since, choices = _kept.get(key, (real, {}))
    if not choices or not timedelta(0) <= real - since < CHOICES_KEPT:
        choices = how.choices(by, at=at)
        _kept[key] = (real, choices)
    return choices
