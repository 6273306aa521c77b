"""The ways along which a person, standing awareness or a request for work may go, as they are in force."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from nowrongdoor.agencies import rules
from nowrongdoor.agencies.facts import ASK, FEED, WHOLE_FEED, RouteFacts
from nowrongdoor.agencies.models import Route
from nowrongdoor.community.queries import in_language
from nowrongdoor.kernel.actor import Actor

FEEDS = (FEED, WHOLE_FEED)


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One way out of a program, for the form that offers. `value` is `kind:program`."""

    kind: str
    to_program_id: UUID
    to_program: str
    to_agency: str
    basis: str

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.to_program_id}"


def route_for(kind: str, *, from_id: UUID, to_id: UUID, at: datetime) -> RouteFacts | None:
    rows = Route.objects.filter(kind=kind, from_program_id=from_id, to_program_id=to_id)
    facts = [row.facts() for row in rows]
    return rules.route(kind, from_id=from_id, to_id=to_id, routes=facts, at=at)


def routes_from(by: Actor, *, at: datetime) -> tuple[RouteRow, ...]:
    """Where `by`'s program may hand somebody on; standing feeds and asking for work left out."""
    rows = _routes_from(by, at=at).exclude(kind__in=FEEDS).exclude(kind__startswith=ASK)
    return _route_rows(by, rows)


def asks_from(by: Actor, *, at: datetime) -> tuple[RouteRow, ...]:
    """Whom `by`'s program may ask for work, of which kind: the kind is without its `ask.`."""
    rows = _route_rows(by, _routes_from(by, at=at).filter(kind__startswith=ASK))
    return tuple(replace(row, kind=row.kind.removeprefix(ASK)) for row in rows)


def receivers(kind: str, *, from_id: UUID, at: datetime) -> tuple[UUID, ...]:
    """The programs to which a route of this kind is in force from another, by code."""
    rows = Route.objects.filter(kind=kind, from_program_id=from_id, from_at__lte=at)
    in_force = rows.filter(Q(until_at=None) | Q(until_at__gt=at))
    ordered = in_force.order_by("to_program__agency__code", "to_program__code")
    return tuple(ordered.values_list("to_program_id", flat=True))


def _routes_from(by: Actor, *, at: datetime) -> QuerySet[Route]:
    return (
        Route.objects.filter(from_program_id=by.program_id, from_at__lte=at)
        .filter(Q(until_at=None) | Q(until_at__gt=at))
        .select_related("to_program__agency")
        .order_by("kind", "to_program__agency__code", "to_program__code")
    )


def _route_rows(by: Actor, rows: QuerySet[Route]) -> tuple[RouteRow, ...]:
    return tuple(
        RouteRow(
            row.kind,
            row.to_program_id,
            in_language(row.to_program.names, by.language),
            in_language(row.to_program.agency.names, by.language),
            row.basis,
        )
        for row in rows
    )


def feeds_from(program_id: UUID, *, at: datetime) -> tuple[RouteFacts, ...]:
    """The standing feeds that are in force out of a program, one for each that it reaches."""
    rows = Route.objects.filter(kind__in=FEEDS, from_program_id=program_id, from_at__lte=at)
    in_force = rows.filter(Q(until_at=None) | Q(until_at__gt=at)).order_by("from_at")
    last = {row.to_program_id: row.facts() for row in in_force}
    return tuple(last.values())
