"""Finding calls, closed ones too: by number, by what a card says, by who owns them; and what was before at a place.

Only what the program that asks may see: of a card, where it works on the call. What it may not read is neither
answered nor counted.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community.queries import in_language
from nowrongdoor.episodes import sought as reading
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.episodes.models import Card, Episode
from nowrongdoor.episodes.sought import Matched, Sought
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.alike import Likeness, numbers_alike, same_place

MOST = 50
"""How many calls one search answers."""
PAST = timedelta(days=365)
"""How far back the history of a place or a number goes."""
PAST_MOST = 5
_ALIKE = 200  # calls that are looked at for a history, the newest
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A call as a list of calls shows it. `place` None is on a card that this program may not open."""

    id: UUID
    number: str
    incident_class: str
    zone: str
    place: str | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: str
    holder_program_id: UUID
    holder_program: str
    holder_name: str
    matched: tuple[Matched, ...] = ()
    said: str = ""
    """What of a card was looked for and is not on the row: a name, a number, a place that was told before."""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The newest calls first; `more`: there are others."""

    rows: tuple[FoundRow, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Past:
    """The calls before at the place of a call, and from its number: the newest 5 of each, and how many in all."""

    place: tuple[FoundRow, ...]
    place_count: int
    phone: tuple[FoundRow, ...]
    phone_count: int


def find(by: Actor, sought: Sought, *, owners: Collection[UUID], sent: Mapping[UUID, str]) -> Found:
    """Every call like what was typed. Three queries, whatever is found.

    `owners`: the members of that name. `sent`: the calls to which a unit of that name was sent.
    """
    query = reading.query(sought)
    with act_as(by):
        with_card = _with_card(query, since=_EVER, most=MOST + 1) if query else ()
        like = Q(pk__in={*with_card, *sent}) | Q(holder_member_id__in=owners)
        if sought.number is not None:
            like |= Q(number=sought.number.number)
        rows = _rows(like)[: MOST + 2]  # one may have the number, of another year
        cards = _cards(row.pk for row in rows)
        found: list[FoundRow] = []
        for row in rows:
            its = (
                (
                    Matched.NUMBER,
                    sought.number is not None and sought.number.is_it(row.number, row.label),
                ),
                (Matched.OWNER, row.holder_member_id in owners),
                (Matched.UNIT, row.pk in sent),
            )
            by_row = tuple(what for what, is_so in its if is_so)
            card, by_card = _said(sought, cards.get(row.pk, ()))
            if by_row or row.pk in with_card:
                found.append(
                    replace(
                        _row(row, cards, by.language),
                        matched=(*by_row, *by_card),
                        said=card,
                        unit=sent.get(row.pk, ""),
                    )
                )
    return Found(tuple(found[:MOST]), more=len(found) > MOST)


def past(by: Actor, card: CardFacts, *, besides: Collection[UUID], at: datetime) -> Past:
    """What was before at a card's place and from its number, in the 12 months before `at`. Three queries."""
    query = reading.alike_query(card)
    if not query:
        return Past((), 0, (), 0)
    with act_as(by):
        ids = set(_with_card(query, since=at - PAST, most=_ALIKE)) - set(besides)
        cards = _cards(ids)
        latest = {id: of[0].facts() for id, of in cards.items()}
        at_place = {id for id, its in latest.items() if same_place(its.place, card.place)}
        calling = {
            id
            for id, its in latest.items()
            if numbers_alike(its.callback, card.callback) is not Likeness.OTHER
        }
        rows = [_row(row, cards, by.language) for row in _rows(Q(pk__in=at_place | calling))]
    here = tuple(row for row in rows if row.id in at_place)
    same = tuple(row for row in rows if row.id in calling)
    return Past(here[:PAST_MOST], len(here), same[:PAST_MOST], len(same))


def _with_card(query: str, *, since: datetime, most: int) -> tuple[UUID, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM episodes_with_card(%s, %s, %s)", [query, since, most])
        return tuple(id for (id,) in cursor.fetchall())


def _rows(like: Q) -> QuerySet[Episode]:
    rows = Episode.objects.filter(like).order_by("-opened_at", "-id")
    return rows.select_related("holder_program", "holder_member", "zone").defer("zone__shape")


def _cards(ids: Iterable[UUID]) -> dict[UUID, list[Card]]:
    """The cards of these calls that may be read, the latest first."""
    found: dict[UUID, list[Card]] = {}
    for row in Card.objects.filter(episode_id__in=list(ids)).order_by("-made_at", "-id"):
        found.setdefault(row.episode_id, []).append(row)
    return found


def _row(row: Episode, cards: Mapping[UUID, list[Card]], language: str) -> FoundRow:
    its = cards.get(row.pk, [])
    return FoundRow(
        id=row.pk,
        number=row.label,
        incident_class=row.class_code,
        zone=in_language(row.zone.names, language) if row.zone else "",
        place=its[0].place if its else None,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        holder_program_id=row.holder_program_id,
        holder_program=in_language(row.holder_program.names, language),
        holder_name=row.holder_member.name if row.holder_member else "",
    )


def _said(sought: Sought, cards: Sequence[Card]) -> tuple[str, tuple[Matched, ...]]:
    """What the latest of these cards that is like what was typed says of it, besides where they are now."""
    for row in cards:
        if matched := reading.matched(sought, row.facts()):
            says = {Matched.PHONE: row.callback, Matched.NAME: row.name_given}
            if row.place != cards[0].place:
                says[Matched.PLACE] = row.place
            return ", ".join(says[what] for what in matched if says.get(what)), matched
    return "", ()
