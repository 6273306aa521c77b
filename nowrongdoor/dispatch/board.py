"""What pages show of requests, units and teams, as frozen rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.clocks.queries import acknowledged_of, due_of_each
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import queries
from nowrongdoor.dispatch.facts import CHECK_IN, DURESS, OPEN, RequestState, Stage, UnitFacts
from nowrongdoor.dispatch.models import (
    NOT_ENDED,
    NOT_FOLLOWED,
    Assignment,
    CadStatus,
    Crew,
    CrewMember,
    Duress,
    MemberTime,
    Notification,
    Request,
    Unit,
)
from nowrongdoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a crew. `own_car`: the car they come in separately, '' in the unit's own."""

    member_id: UUID
    name: str
    role: str
    own_car: str
    languages: tuple[str, ...]
    on_scene_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A unit on its way, or with somebody: one assignment."""

    id: UUID
    request_id: UUID
    episode_id: UUID
    unit: str
    unit_kind: str
    program_id: UUID
    vehicle: str
    plain_clothes: bool
    people: tuple[Person, ...]
    stage: Stage
    since: datetime
    reached: Mapping[Stage, datetime]
    eta_min: int | None
    outcome: str
    facility_code: str
    due_at: datetime | None
    missed: int
    duress_id: UUID | None
    duress_at: datetime | None
    acknowledged_at: datetime | None  # the alarm, last
    acknowledged_by: str
    told: tuple[str, ...]
    cad: bool

    @property
    def names(self) -> str:
        return ", ".join(one.name for one in self.people)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """Work that was asked for, with its answers and who is coming."""

    id: UUID
    episode_id: UUID
    number: str
    kind: str
    kind_name: str
    axis: str
    mode: str
    state: RequestState
    from_program_id: UUID
    from_program: str
    from_name: str
    to_program_id: UUID
    to_program: str
    asked_at: datetime
    note: str
    language: str
    alerts: int
    queued_at: datetime | None
    promised_at: datetime | None
    rings: str
    choose_step: int
    reason: str
    outcome: str
    next_try_at: datetime | None
    followed: bool
    without: str
    kept_at: datetime | None
    released_at: datetime | None
    version: int
    teams: tuple[TeamRow, ...] = ()

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def loose(self) -> bool:
        """A no, or a person who was not met, and nothing was done about it yet."""
        ended = self.state in (RequestState.DECLINED, RequestState.RETURNED)
        return ended and not self.followed and not self.without


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit at roll-call and on the map."""

    facts: UnitFacts
    program_id: UUID
    program: str
    vehicle: str
    plain_clothes: bool
    crew_id: UUID | None
    people: tuple[Person, ...]
    since: datetime | None
    said: str
    said_at: datetime | None
    reason: str

    @property
    def id(self) -> UUID:
        return self.facts.id

    @property
    def key(self) -> str:
        return str(self.facts.id)

    @property
    def code(self) -> str:
        return self.facts.code

    @property
    def stage(self) -> Stage | None:
        return self.facts.stage


def requests(
    by: Actor, *, episode_ids: Collection[UUID] | None = None, open_only: bool = False
) -> tuple[RequestRow, ...]:
    """The requests that `by`'s program may see, the oldest first. Eight queries however many.

    `open_only`: those that still wait for something: an answer, an end, or what follows a no.
    """
    with act_as(by):
        rows = Request.objects.annotate(**_NAMES).order_by("asked_at", "id")
        if episode_ids is not None:
            rows = rows.filter(episode_id__in=episode_ids)
        if open_only:
            rows = rows.filter(NOT_ENDED | NOT_FOLLOWED, episode__closed_at=None)
        found = list(rows)
        if not found:
            return ()
        teams = _teams(Q(request_id__in=[row.pk for row in found], cleared_at=None))
        followed = set(
            Request.objects.filter(follows_id__in=[row.pk for row in found]).values_list(
                "follows_id", flat=True
            )
        )
        return tuple(
            _request(row, teams.get(row.pk, ()), by, followed=row.pk in followed) for row in found
        )


_NAMES = {
    "number": F("episode__label"),
    "kind_names": F("kind__names"),
    "axis": F("kind__axis"),
    "mode": F("kind__mode"),
    "from_names": F("from_program__names"),
    "from_name": F("from_member__name"),
    "to_names": F("to_program__names"),
    "rings_name": F("rings__name"),
}
"""What a row of a request says of others: their names alone, since a night has hundreds of rows."""


def _request(row: Any, teams: tuple[TeamRow, ...], by: Actor, *, followed: bool) -> RequestRow:
    """`row`: a Request with `_NAMES`."""

    def named(names: dict[str, str]) -> str:
        return community.in_language(names, by.language)

    return RequestRow(
        id=row.pk,
        episode_id=row.episode_id,
        number=row.number,
        kind=row.kind_id,
        kind_name=named(row.kind_names),
        axis=row.axis,
        mode=row.mode,
        state=row.state,
        from_program_id=row.from_program_id,
        from_program=named(row.from_names),
        from_name=row.from_name or "",
        to_program_id=row.to_program_id,
        to_program=named(row.to_names),
        asked_at=row.asked_at,
        note=row.note,
        language=row.language,
        alerts=row.alerts,
        queued_at=row.queued_at,
        promised_at=row.promised_at,
        rings=row.rings_name or "",
        choose_step=row.choose_step,
        reason=row.reason,
        outcome=row.outcome,
        next_try_at=row.next_try_at,
        followed=followed,
        without=row.without,
        kept_at=row.kept_at,
        released_at=row.released_at,
        version=row.version,
        teams=teams,
    )


def team(by: Actor, assignment_id: UUID) -> TeamRow | None:
    with act_as(by):
        found = _teams(Q(pk=assignment_id))
    return next((row for rows in found.values() for row in rows), None)


def my_team(by: Actor) -> TeamRow | None:
    """The open assignment of the crew that `by` is on."""
    if by.member_id is None:
        return None
    with act_as(by):
        mine = CrewMember.objects.filter(member_id=by.member_id, until_at=None)
        found = _teams(Q(crew_id__in=mine.values("crew_id"), cleared_at=None))
    return next((row for rows in found.values() for row in rows), None)


def _teams(which: Q) -> dict[UUID, tuple[TeamRow, ...]]:
    """Assignments by their request. Five queries; inside somebody's acting."""
    rows = list(
        Assignment.objects.filter(which)
        .select_related("unit", "crew")
        .order_by("assigned_at", "id")
    )
    people = _people({row.crew_id: row.pk for row in rows if row.crew_id})
    told: dict[UUID, list[str]] = {}
    notes = Notification.objects.filter(assignment__in=rows).order_by("at", "id")
    for id, whom in notes.values_list("assignment_id", "whom"):
        told.setdefault(id, []).append(whom)
    open_ones = Duress.objects.filter(assignment__in=rows, ended_at=None)
    alarms = {row.assignment_id: row for row in open_ones}
    answered = acknowledged_of([each.pk for each in alarms.values()], DURESS) if alarms else {}
    due = due_of_each([row.pk for row in rows], CHECK_IN)
    found: dict[UUID, tuple[TeamRow, ...]] = {}
    for row in rows:
        facts = row.facts()
        reached, stage = facts.reached, facts.stage
        alarm = alarms.get(row.pk)
        seen_at, seen_by = (None, "") if alarm is None else answered.get(alarm.pk, (None, ""))
        line = TeamRow(
            id=row.pk,
            request_id=row.request_id,
            episode_id=row.episode_id,
            unit=row.unit.code,
            unit_kind=row.unit.kind,
            program_id=row.program_id,
            vehicle=row.crew.vehicle if row.crew else row.unit.vehicle,
            plain_clothes=row.crew.plain_clothes if row.crew else row.unit.plain_clothes,
            people=people.get((row.crew_id, row.pk), ()),
            stage=stage,
            since=reached.get(stage) or row.request.asked_at,
            reached=reached,
            eta_min=row.eta_min,
            outcome=row.outcome,
            facility_code=row.facility_code,
            due_at=due.get(row.pk),
            missed=row.missed,
            duress_id=None if alarm is None else alarm.pk,
            duress_at=None if alarm is None else alarm.at,
            acknowledged_at=seen_at,
            acknowledged_by=seen_by,
            told=tuple(told.get(row.pk, ())),
            cad=row.unit.cad,
        )
        found[row.request_id] = (*found.get(row.request_id, ()), line)
    return found


def _people(
    crews: Mapping[UUID, UUID | None],
) -> dict[tuple[UUID | None, UUID | None], tuple[Person, ...]]:
    """The people of these crews, by crew and its assignment; without one under (crew, None)."""
    members = list(
        CrewMember.objects.filter(crew_id__in=crews, until_at=None)
        .select_related("member")
        .order_by("since_at", "member__name", "id")
    )
    times = {
        (row.assignment_id, row.member_id): row
        for row in MemberTime.objects.filter(assignment_id__in=filter(None, crews.values()))
    }
    found: dict[tuple[UUID | None, UUID | None], tuple[Person, ...]] = {}
    for one in members:
        assignment_id = crews[one.crew_id]
        own = times.get((assignment_id, one.member_id)) if assignment_id else None
        person = Person(
            member_id=one.member_id,
            name=one.member.name,
            role=agencies.role_name(one.role),
            own_car=one.own_car,
            languages=tuple(one.member.languages),
            on_scene_at=own.on_scene_at if own else None,
            left_at=own.left_at if own else None,
        )
        key = (one.crew_id, assignment_id)
        found[key] = (*found.get(key, ()), person)
    return found


def units(by: Actor, *, at: datetime) -> tuple[UnitRow, ...]:
    """The units that `by`'s desk may send, and those of `by`'s own program. By code."""
    with act_as(by):
        rows = {
            row.pk: row for row in Unit.objects.filter(retired_at=None).prefetch_related("program")
        }
        facts = queries.all_unit_facts(rows.values(), at=at)
        ours = [
            each
            for each in facts
            if by.program_id in each.authority_ids or rows[each.id].program_id == by.program_id
        ]
        ids = {each.id for each in ours}
        crews = {row.unit_id: row for row in Crew.objects.filter(unit_id__in=ids, until_at=None)}
        people = _people(dict.fromkeys(row.pk for row in crews.values()))
        said = {row.unit_id: row for row in CadStatus.objects.filter(unit_id__in=ids)}
        since = queries.stages(ids)
        reasons = community.code_names("out_of_service", by.language)
        return tuple(
            _unit(
                facts=each,
                row=rows[each.id],
                crew=crews.get(each.id),
                people=people,
                said=said.get(each.id),
                since=since,
                reasons=reasons,
                by=by,
            )
            for each in sorted(ours, key=lambda one: one.code)
        )


def _unit(  # noqa: PLR0913 - what a row is made of
    *,
    facts: UnitFacts,
    row: Unit,
    crew: Crew | None,
    people: Mapping[tuple[UUID | None, UUID | None], tuple[Person, ...]],
    said: CadStatus | None,
    since: Mapping[UUID, tuple[Stage, datetime]],
    reasons: Mapping[str, str],
    by: Actor,
) -> UnitRow:
    return UnitRow(
        facts=facts,
        program_id=row.program_id,
        program=community.in_language(row.program.names, by.language),
        vehicle=crew.vehicle if crew else row.vehicle,
        plain_clothes=crew.plain_clothes if crew else row.plain_clothes,
        crew_id=crew.pk if crew else None,
        people=people.get((crew.pk, None), ()) if crew else (),
        since=since[row.pk][1] if row.pk in since else None,
        said=said.state if said else "",
        said_at=said.at if said else None,
        reason=reasons.get(facts.out_of_service, facts.out_of_service),
    )
