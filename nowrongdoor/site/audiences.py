"""For whom a live row is read, and for whom it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone, translation

from nowrongdoor.agencies.system import as_audience
from nowrongdoor.desks.board import HOLDING
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.module import Board
from nowrongdoor.site.modules import MODULES
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


BOARDS: Mapping[str, Board] = {
    each.name: each for each in (HOLDING, *(board for module in MODULES for board in module.boards))
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
                "html": render_to_string(how.partial, {**choices, "row": row}),
                "sort": row.sort,
            }
            for audience, rows in zip(audiences, found, strict=True)
            for row in rows
        }


_kept: dict[tuple[str, UUID | None, str], tuple[datetime, Mapping[str, object]]] = {}


def _choices(how: Board, by: Actor, at: datetime) -> Mapping[str, object]:
    key, real = (how.partial, by.program_id, by.language), clock.real()
    since, choices = _kept.get(key, (real, {}))
    if not choices or not timedelta(0) <= real - since < CHOICES_KEPT:
        choices = how.choices(by, at=at)
        _kept[key] = (real, choices)
    return choices
