"""What a privacy officer reads of the suspensions of a person's accounting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.parties import parties
from nowrongdoor.community.queries import in_language
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sharing import suspending
from nowrongdoor.sharing.models import Disclosure, Suspension
from nowrongdoor.sharing.suspending import SuspensionFacts


@dataclass(frozen=True, slots=True)
class SuspensionRow:
    """`to`: whose lines are left out. `stands`: now."""

    id: UUID
    to: str
    official: str
    way: str
    by_name: str
    from_at: datetime
    until_at: datetime
    lifted_at: datetime | None
    stands: bool


def suspensions(by: Actor, person_id: UUID, *, at: datetime) -> tuple[SuspensionRow, ...]:
    """Those of one record, which `by`'s agency keeps, the latest first; also what is over."""
    with act_as(by):
        rows = list(
            Suspension.objects.filter(person_id=person_id)
            .select_related("member")
            .order_by("-from_at", "-id")
        )
    names = dict(requesters(by))
    return tuple(
        SuspensionRow(
            id=row.pk,
            to=names.get(str(row.to_agency_id), row.to_name),
            official=row.official,
            way=row.way,
            by_name=row.member.name,
            from_at=row.from_at,
            until_at=row.until_at,
            lifted_at=row.lifted_at,
            stands=suspending.stands(_facts(row), at=at),
        )
        for row in rows
    )


def requesters(by: Actor) -> list[tuple[str, str]]:
    """The other agencies that take part: each may have asked."""
    found = {
        str(each.agency_id): in_language(each.agency_names, by.language)
        for each in parties().values()
        if each.agency_id != by.agency_id
    }
    return sorted(found.items(), key=lambda each: each[1])


def accounted(lines: Iterable[Disclosure], person_id: UUID, *, at: datetime) -> list[Disclosure]:
    """The lines that an accounting of this record has now. Called inside a transaction of its officer's."""
    standing = [_facts(each) for each in Suspension.objects.filter(person_id=person_id)]
    return [
        line
        for line in lines
        if not any(
            suspending.leaves_out(each, to_agency_id=line.to_agency_id, to_name=line.to_name, at=at)
            for each in standing
        )
    ]


def _facts(row: Suspension) -> SuspensionFacts:
    return SuspensionFacts(row.to_agency_id, row.to_name, row.from_at, row.until_at, row.lifted_at)
