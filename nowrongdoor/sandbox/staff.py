"""The synthetic staff: hired by the owner, and whoever of them is free.

Nobody signs in as one of them. They are members like all others, in the programs that `sandbox.yaml`
names; a half works by day, the other by night.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from nowrongdoor.agencies import actors
from nowrongdoor.agencies import loading as agencies
from nowrongdoor.agencies.facts import PLAYED, Role
from nowrongdoor.community.loading import OWNER, row_id
from nowrongdoor.community.queries import CommunityRow
from nowrongdoor.community.schema import (
    AuthorityRow,
    MemberRow,
    PositionRow,
    QualificationRow,
    UnitRow,
)
from nowrongdoor.dispatch import loading as dispatch
from nowrongdoor.journal.baseline import written_by_owner
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sandbox.sampling import seeded
from nowrongdoor.sandbox.schema import Rates

DAY = range(7, 19)
"""Hours at which the day half works."""
SINCE = date(2019, 1, 1)
LEARNED = {
    Role.TEAM_CLINICIAN: ("deescalation",),
    Role.OFFICER: ("cit",),
    Role.CO_RESPONDER: ("cit", "academy-week"),
    Role.PEER: ("cit",),
}
SOURCE = "synthetic, sandbox.yaml"


def members(rates: Rates) -> tuple[MemberRow, ...]:
    """Everybody who is hired; the same for the same place on the same list, however long it grows."""
    found: list[MemberRow] = []
    for each in rates.staff:
        learned = LEARNED.get(Role(each.role), ())
        for number in range(each.number):
            random = seeded("staff", each.program, each.role, number)
            row = MemberRow(
                username=f"{PLAYED}{each.program.replace('/', '.')}.{each.role}.{number}",
                name=f"{random.choice(rates.given)} {random.choice(rates.surnames)}",
                employer=each.program.split("/")[0],
                languages=("en", "es") if number % 3 == 0 else ("en",),
                positions=(PositionRow(program=each.program, role=each.role),),
                qualifications=tuple(QualificationRow(code=code) for code in learned),
            )
            found.append(row)
    return tuple(found)


def units(rates: Rates) -> tuple[UnitRow, ...]:
    return tuple(
        UnitRow(
            code=f"{each.prefix}{each.first + number}",
            program=each.program,
            kind=each.kind,
            vehicle=each.vehicle,
            plain_clothes=True,
            sent_by=(AuthorityRow(program=each.sent_by, since=SINCE),),
            source=SOURCE,
        )
        for each in rates.units
        for number in range(each.number)
    )


def hire(rates: Rates, city: CommunityRow, *, at: datetime) -> None:
    """Put staff and units into the database, as the owner. Safe to run again."""
    people = members(rates)
    with transaction.atomic(using=OWNER), written_by_owner():
        agencies.add_members(city.code, people, synthetic=True, at=at)
        dispatch.add_units(city.code, units(rates), time_zone=city.time_zone)
        dispatch.add_qualifications(city.code, people, time_zone=city.time_zone)


class NotHired(LookupError):  # noqa: N818 - it is an answer, not a fault
    """No city is played in this database."""


@dataclass(slots=True)
class Staff:
    """Who works in which role, and how many people each of them has now."""

    by_role: dict[tuple[str, Role], tuple[Actor, ...]]
    zone: ZoneInfo
    busy: "Counter[UUID]" = field(default_factory=Counter)

    def named(self, member_id: UUID) -> Actor | None:
        """Whoever of the staff this is; None for anybody else."""
        return next((each for each in self.everybody if each.member_id == member_id), None)

    @property
    def everybody(self) -> tuple[Actor, ...]:
        return tuple(each for group in self.by_role.values() for each in group)

    @property
    def ids(self) -> frozenset[UUID]:
        return frozenset(each.member_id for each in self.everybody if each.member_id is not None)

    def on_duty(self, program: str, role: Role, at: datetime) -> tuple[Actor, ...]:
        """The half that works at this hour; all of them where there is only one."""
        everybody = self.by_role[program, role]
        half = 0 if at.astimezone(self.zone).hour in DAY else 1
        return everybody[half::2] or everybody

    def free(self, program: str, role: Role, at: datetime, *, most: int = 1) -> Actor | None:
        """Whoever of them has the least to do; None where each has `most` people already."""
        found = min(self.on_duty(program, role, at), key=lambda each: self.busy[_id(each)])
        return found if self.busy[_id(found)] < most else None

    def somebody(self, program: str, role: Role, at: datetime) -> Actor:
        """The same, where one more can always be taken."""
        return min(self.on_duty(program, role, at), key=lambda each: self.busy[_id(each)])

    def take(self, who: Actor) -> None:
        self.busy[_id(who)] += 1

    def leave(self, who: Actor) -> None:
        self.busy[_id(who)] -= 1


def employed(rates: Rates, city: CommunityRow, *, at: datetime) -> Staff:
    """The staff as actors. Errors: NotHired."""
    listed = {
        row_id(city.code, "position", each.username, position.program, position.role): position
        for each in members(rates)
        for position in each.positions
    }
    hired = actors.actors_at(listed, at=at)
    if len(hired) < len(listed):
        raise NotHired(f"{len(listed) - len(hired)} of the city's staff are not hired")
    found: dict[tuple[str, Role], list[Actor]] = {}
    for key, position in listed.items():
        found.setdefault((position.program, Role(position.role)), []).append(hired[key])
    by_role = {role: tuple(group) for role, group in found.items()}
    return Staff(by_role, ZoneInfo(city.time_zone))


def pairs(people: Iterable[Actor]) -> list[tuple[Actor, Actor]]:
    """Two and two, as crews; somebody left over goes with nobody."""
    waiting = list(people)
    return list(zip(waiting[::2], waiting[1::2], strict=False))


def _id(who: Actor) -> UUID:
    if who.member_id is None:
        raise LookupError("synthetic staff have names")
    return who.member_id
