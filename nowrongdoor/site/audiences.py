"""For whom a live row is read, and for whom it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.safestring import SafeString

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.system import for_audience
from nowrongdoor.desks.board_rows import HOLDING
from nowrongdoor.kit.drawn import draw_rows
from nowrongdoor.kit.module import Board
from nowrongdoor.site.modules import MODULES
from nowrongdoor.site.timezone import zone
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


BOARDS: Mapping[str, Board] = {
    each.name: each for each in (HOLDING, *(board for module in MODULES for board in module.boards))
}


def draw(
    audiences: list[Audience], how: Board, ids: frozenset[UUID]
) -> dict[tuple[Audience, UUID], dict[str, object]]:
    """The rows of these episodes for audiences of one program and language: read once, drawn once each."""
    seats = [
        for_audience(
            agency_id=each.agency_id,
            program_id=each.program_id,
            role=each.role,
            language=each.language,
        )
        for each in audiences
    ]
    at = now()
    with translation.override(seats[0].language), timezone.override(zone()):
        with act_as(seats[0]):  # one transaction: what forms choose from is remembered in it
            found, choices = how.rows(seats, at=at, ids=ids), how.choices(seats[0], at=at)
        return {
            (audience, UUID(row.key)): {"html": html, "sort": row.sort}
            for audience, rows in zip(audiences, found, strict=True)
            for row, html in zip(rows, _drawn(how, audience, rows, choices, at), strict=True)
        }


def _drawn(
    how: Board, audience: Audience, rows: Sequence[Any], choices: Mapping[str, object], at: datetime
) -> list[SafeString]:
    """As on the page of this audience, which finds them drawn when it is opened again."""
    whose = (audience.program_id, audience.role)
    return draw_rows(how.partial, rows, choices, whose=whose, at=at, whole=False)
