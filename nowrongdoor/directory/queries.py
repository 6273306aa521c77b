"""Every read of places and of how full they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.clocks import book
from nowrongdoor.community import queries as community
from nowrongdoor.directory import rules
from nowrongdoor.directory.facts import (
    CapacityStatus,
    Destination,
    DestinationNeed,
    FacilityFacts,
    FitGrade,
    State,
    Takes,
    version_of,
)
from nowrongdoor.directory.models import Capacity, Facility
from nowrongdoor.directory.words import hours_in_words, state_name, takes_in_words
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict


@dataclass(frozen=True, slots=True)
class ReportedCapacity:
    """The last word of a place, as a reader sees it. `stale`: too old to be known."""

    state: State
    state_name: str
    free: int | None
    reason: str
    said_at: datetime
    review_at: datetime
    by_name: str
    by_program: str
    by_agency: str
    told_by: str
    stale: bool
    today: bool


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """One place. `may_report`: the reader may say how full it is; `told`: by what they were told."""

    id: UUID
    code: str
    kind: str
    kind_name: str
    name: str
    program: str
    zone: str
    hours: str
    open_now: bool
    takes: tuple[str, ...]
    places: int | None
    phone: str
    state: State
    state_name: str
    said: ReportedCapacity | None
    may_say: bool
    told: bool
    facts: FacilityFacts

    @property
    def version(self) -> int:
        """Of the last word that this row shows; 0 where nobody has said any."""
        return 0 if self.said is None else version_of(self.said.said_at)


@dataclass(frozen=True, slots=True)
class DestinationRow:
    """One place for a need. `against` and `ask` are the rules' sentences, untranslated."""

    facility: FacilityRow
    verdict: Verdict
    against: tuple[Verdict, ...]
    ask: tuple[Verdict, ...]
    distance_m: int | None

    @property
    def able(self) -> bool:
        return self.verdict.allowed


def facility_rows(by: Actor, *, at: datetime) -> tuple[FacilityRow, ...]:
    """Every place in use, in the order of the file. Six queries; one where there is none."""
    found = list(
        Facility.objects.filter(retired_at=None)
        .select_related("program", "program__agency", "zone")
        .defer("zone__shape")
        .order_by("position", "code")
    )
    if not found:
        return ()
    with act_as(by):
        last = {row.facility_id: row for row in _last(each.pk for each in found)}
    stale_after_min = _stale_after_min()
    zone = ZoneInfo(community.community().time_zone)
    kinds = community.code_names("facility_kinds", by.language)
    reasons = community.code_names("diversion_reasons", by.language)
    draw = _Draw(by, at, at.astimezone(zone), stale_after_min, kinds, reasons)
    return tuple(draw.row(each, last.get(each.pk)) for each in found)


def destinations(by: Actor, need: DestinationNeed, *, at: datetime) -> tuple[DestinationRow, ...]:
    """Every place, ranked for a need with its reasons. Queries: as `facility_rows`."""
    rows = {row.code: row for row in facility_rows(by, at=at)}
    ranked = rules.rank_destinations(need, [row.facts for row in rows.values()])
    return tuple(_destination(rows[each.facility.code], each) for each in ranked)


def program_of(code: str) -> UUID | None:
    """The program that runs a place; None where none of the community's does, or there is no such place."""
    rows = Facility.objects.filter(code=code, retired_at=None)
    return rows.values_list("program_id", flat=True).first()


def names(language: str) -> dict[str, str]:
    """The name of every place, by its code, also of those no longer in use."""
    rows = Facility.objects.values_list("code", "names")
    return {code: community.in_language(each, language) for code, each in rows}


def capacity_statuses(facility_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, CapacityStatus]:
    """How full these places are, UNKNOWN where nobody said. Two queries, within `acting`."""
    ids = list(facility_ids)
    last = {row.facility_id: row.facts() for row in _last(ids)}
    limit = _stale_after_min()
    return {id: rules.capacity_status(last.get(id), at=at, stale_after_min=limit) for id in ids}


@dataclass(frozen=True, slots=True)
class _Draw:
    """What every row of one page has in common."""

    by: Actor
    at: datetime
    local: datetime
    stale_after_min: int
    kinds: dict[str, str]
    reasons: dict[str, str]

    def row(self, each: Facility, last: Capacity | None) -> FacilityRow:
        standing = rules.capacity_status(
            last.facts() if last else None, at=self.at, stale_after_min=self.stale_after_min
        )
        facts = FacilityFacts(
            code=each.code,
            kind=each.kind,
            takes=each.taken(),
            open_now=rules.open_at(each.hours, self.local),
            standing=standing,
            point=each.point(),
            phone=each.phone,
        )
        own = each.program_id == self.by.program_id
        told_by = "" if own else "?"  # somebody, whose name is asked for when it is said
        says = rules.may_report(self.by.program_id, each.run_by(), standing, told_by=told_by)
        return FacilityRow(
            id=each.pk,
            code=each.code,
            kind=each.kind,
            kind_name=self.kinds.get(each.kind, each.kind),
            name=community.in_language(each.names, self.by.language),
            program=self._program(each),
            zone=community.in_language(each.zone.names, self.by.language) if each.zone else "",
            hours=hours_in_words(each.hours),
            open_now=facts.open_now,
            takes=takes_in_words(facts.takes),
            places=each.places,
            phone=each.phone,
            state=standing.state,
            state_name=state_name(standing.state, facts.takes),
            said=self._said(last, standing, facts.takes) if last else None,
            may_say=says.allowed and may(self.by, Action.SAY_CAPACITY).allowed,
            told=not own,
            facts=facts,
        )

    def _program(self, each: Facility) -> str:
        if each.program is None:
            return ""
        language = self.by.language
        names = (each.program.names, each.program.agency.names)
        return ", ".join(community.in_language(name, language) for name in names)

    def _said(self, last: Capacity, standing: CapacityStatus, takes: Takes) -> ReportedCapacity:
        language = self.by.language
        state = State(last.state)
        return ReportedCapacity(
            state=state,
            state_name=state_name(state, takes),
            free=last.free,
            reason=self.reasons.get(last.reason, last.reason),
            said_at=last.said_at,
            review_at=last.review_at,
            by_name=_by(last),
            by_program=community.in_language(last.program.names, language),
            by_agency=community.in_language(last.agency.names, language),
            told_by=last.told_by,
            stale=standing.state is State.UNKNOWN,
            today=last.said_at.astimezone(self.local.tzinfo).date() == self.local.date(),
        )


def _last(facility_ids: Iterable[UUID]) -> Iterable[Capacity]:
    """The last word of each place that has one."""
    return (
        Capacity.objects.filter(facility_id__in=list(facility_ids))
        .select_related("member", "machine", "program", "agency")
        .order_by("facility_id", "-said_at", "-id")
        .distinct("facility_id")
    )


def _stale_after_min() -> int:
    return int(book.lasts(book.CAPACITY) / timedelta(minutes=1))


def _destination(row: FacilityRow, each: Destination) -> DestinationRow:
    def graded(grade: FitGrade) -> tuple[Verdict, ...]:
        return tuple(reason.verdict for reason in each.reasons if reason.grade is grade)

    return DestinationRow(
        facility=row,
        verdict=each.verdict,
        against=graded(FitGrade.AGAINST),
        ask=graded(FitGrade.ASK),
        distance_m=each.distance_m,
    )


def _by(said: Capacity) -> str:
    """Who said it; a machine by the name of its key, and as one."""
    if said.member is not None:
        return said.member.name
    return gettext("{name} (machine)").format(
        name="" if said.machine is None else said.machine.label
    )
