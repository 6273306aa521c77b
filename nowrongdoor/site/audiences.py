"""For whom a live row is read, and for whom it is drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone, translation

from nowrongdoor.agencies.acting import acting
from nowrongdoor.agencies.system import as_audience
from nowrongdoor.calls import board, pages
from nowrongdoor.site import board_rows
from nowrongdoor.site.zone import zone
from nowrongdoor.web.clock import now


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
    "holding": Board(board_rows.rows_for, pages.choices, "calls/board.html#row"),
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
        with acting(seats[0]):  # one transaction: what forms choose from is remembered in it
            found, choices = how.rows(seats, at=at, ids=ids), how.choices(seats[0], at=at)
        return {
            (audience, UUID(row.key)): {
                "html": render_to_string(how.partial, choices | {"row": row}),
                "sort": row.sort,
            }
            for audience, rows in zip(audiences, found, strict=True)
            for row in rows
        }
