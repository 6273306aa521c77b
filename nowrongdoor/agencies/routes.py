"""The ways along which a person, standing awareness or a request for work may go, as they are in force."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies import rules
from nowrongdoor.agencies.facts import ASK, FEED, JOINS, WHOLE_FEED, RouteFacts
from nowrongdoor.agencies.models import Route
from nowrongdoor.community.queries import in_language
from nowrongdoor.community.remembered import remembered
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


@dataclass(frozen=True, slots=True)
class _Way:
    """A route with the names and codes at its end."""

    facts: RouteFacts
    program: dict[str, str]
    agency: dict[str, str]
    codes: tuple[str, str]


@remembered
def _ways_from(program_id: UUID) -> tuple[_Way, ...]:
    """Every route out of a program, whenever it is in force, in the order of kind and receiver."""
    rows = Route.objects.filter(from_program_id=program_id).select_related("to_program__agency")
    ordered = rows.order_by("kind", "to_program__agency__code", "to_program__code", "from_at")
    return tuple(
        _Way(
            row.facts(),
            row.to_program.names,
            row.to_program.agency.names,
            (row.to_program.agency.code, row.to_program.code),
        )
        for row in ordered
    )


def _in_force(program_id: UUID, *, at: datetime) -> list[_Way]:
    return [way for way in _ways_from(program_id) if rules.in_force(way.facts, at=at)]


def route_for(kind: str, *, from_id: UUID, to_id: UUID, at: datetime) -> RouteFacts | None:
    facts = [way.facts for way in _ways_from(from_id)]
    return rules.route(kind, from_id=from_id, to_id=to_id, routes=facts, at=at)


def routes_from(by: Actor, *, at: datetime) -> tuple[RouteRow, ...]:
    """Where `by`'s program may hand somebody on; standing feeds and asking for work left out."""
    ways = _in_force(by.program_id, at=at)
    return _route_rows(by, [each for each in ways if not _feeds_or_asks(each.facts.kind)])


def _feeds_or_asks(kind: str) -> bool:
    return kind in FEEDS or kind.startswith((ASK, JOINS))


def asks_from(by: Actor, *, at: datetime) -> tuple[RouteRow, ...]:
    """Whom `by`'s program may ask for work, of which kind: the kind is without its `ask.`."""
    ways = _in_force(by.program_id, at=at)
    rows = _route_rows(by, [each for each in ways if each.facts.kind.startswith(ASK)])
    return tuple(replace(row, kind=row.kind.removeprefix(ASK)) for row in rows)


def receivers(kind: str, *, from_id: UUID, at: datetime) -> tuple[UUID, ...]:
    """The programs to which a route of this kind is in force from another, by code."""
    ways = [way for way in _in_force(from_id, at=at) if way.facts.kind == kind]
    return tuple(way.facts.to_program_id for way in sorted(ways, key=lambda way: way.codes))


def _route_rows(by: Actor, ways: Iterable[_Way]) -> tuple[RouteRow, ...]:
    return tuple(
        RouteRow(
            way.facts.kind,
            way.facts.to_program_id,
            in_language(way.program, by.language),
            in_language(way.agency, by.language),
            way.facts.basis,
        )
        for way in ways
    )


def routes_into(program_id: UUID, *, at: datetime) -> tuple[RouteFacts, ...]:
    """The standing feeds that are in force out of a program, one for each that it reaches.

    Of several to one program the one that began last.
    """
    feeds = [way.facts for way in _in_force(program_id, at=at) if way.facts.kind in FEEDS]
    feeds.sort(key=lambda feed: feed.from_at)
    return tuple({feed.to_program_id: feed for feed in feeds}.values())
