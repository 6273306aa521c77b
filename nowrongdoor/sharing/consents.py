"""What goes with what is told by a Part 2 consent: the notice, and a clear explanation of the consent's scope.

Source: 42 CFR 2.32(a) and (b).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing import documents, notices, releasing
from nowrongdoor.sharing.facts import Duty
from nowrongdoor.sharing.models import Release
from nowrongdoor.sharing.queries import Decision
from nowrongdoor.sharing.release_said import facts_of, may_read_whole, named
from nowrongdoor.sharing.said import PURPOSES, listed


@dataclass(frozen=True, slots=True)
class Scope:
    """What one consent covers. `pdf`: whether this server makes the copy of it."""

    id: UUID
    label: str
    teller: str
    told: tuple[str, ...]
    people: tuple[str, ...]
    what: str
    purpose: str
    day: str
    until_event: str
    pdf: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """`notice`: '' where none goes with it. `scope`: None where no consent does."""

    notice: str = ""
    scope: Scope | None = None


def carried(decisions: Iterable[Decision], by: Actor, *, at: datetime) -> list[Carried]:
    """For each decision, what goes with it. One query. Called inside a transaction of `by`'s."""
    every = list(decisions)
    wanted = {_release(each) for each in every} - {None}
    scopes = scopes_of([each for each in wanted if each], by, at=at)
    return [
        Carried(
            notice=notices.TEXTS[notices.IN_FORCE] if Duty.NOTICE in each.duties else "",
            scope=scopes.get(_release(each)),
        )
        for each in every
    ]


def _release(decision: Decision) -> UUID | None:
    return decision.id_of("release") if Duty.COPY in decision.duties else None


def scopes_of(
    release_ids: Collection[UUID], by: Actor, *, at: datetime
) -> dict[UUID | None, Scope]:
    """The scopes of these consents, as far as `by` may read them now. One query, or none.

    Called inside a transaction of `by`'s.
    """
    rows = Release.objects.filter(pk__in=release_ids) if release_ids else ()
    return {row.pk: _scope(row, by.language) for row in rows if may_read_whole(row, by, at=at)}


def _scope(row: Release, language: str) -> Scope:
    who = named(row, language)
    return Scope(
        id=row.pk,
        label=f"R-{row.number}",
        teller=who.teller,
        told=who.told,
        people=who.people,
        what=row.description,
        purpose=listed(PURPOSES, row.purpose.split()),
        day=who.day,
        until_event=row.until_event,
        pdf=documents.can_write() and releasing.may_copy(facts_of(row)).allowed,
    )
