"""What the commands of dispatch ask before they decide. What pages show is in `board.py`."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies import routes
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import ASK
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch.facts import (
    CHECK_IN,
    DURESS,
    CrewFacts,
    Point,
    Stage,
    UnitFacts,
    UnitRequirements,
    Visit,
)
from nowrongdoor.dispatch.models import (
    NOT_ENDED,
    NOT_FOLLOWED,
    Assignment,
    CadStatus,
    Crew,
    CrewMember,
    Duress,
    Kind,
    MemberTime,
    Position,
    Qualification,
    Request,
    Unavailable,
    Unit,
    UnitAuthority,
)
from nowrongdoor.dispatch.rules.ranking import Driving
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes.facts import Source
from nowrongdoor.kernel.actor import Actor

DAY = range(7, 19)
"""Hours of the day's factor of driving; the rest is night's."""


def entered_visits(by: Actor, episode_ids: Collection[UUID]) -> dict[UUID, Visit]:
    """The visits that a file brought to these episodes, as they stand. One query."""
    with act_as(by):
        rows = Assignment.objects.filter(episode_id__in=episode_ids, source=Source.IMPORT.value)
        return {row.episode_id: visit_of(row) for row in rows.select_related("request")}


def sent_units(by: Actor, code_is: Callable[[str], bool], *, most: int) -> dict[UUID, str]:
    """The episodes to which units with such a code were sent, the last `most` of them, each with a unit. Two queries."""
    codes = {id: code for id, code in Unit.objects.values_list("id", "code") if code_is(code)}
    with act_as(by):
        sent = Assignment.objects.filter(unit_id__in=codes).order_by("-id")
        return {
            episode: codes[unit]
            for episode, unit in sent.values_list("episode_id", "unit_id")[:most]
        }


def visit_of(row: Assignment) -> Visit:
    """A visit that was entered afterwards, for what a later line of its file says."""
    return Visit(
        kind=row.request.kind_id,
        asked_at=row.request.asked_at,
        outcome=row.outcome,
        source=Source(row.source),
        reached=row.reached(),  # type: ignore[arg-type]  # times, where they are not None
    )


def stages(unit_ids: Collection[UUID] | None = None) -> dict[UUID, tuple[Stage, datetime]]:
    """Which units are on an assignment, at which stage and since when, whoever sent them. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_id, stage, since FROM dispatch_stages()")
        rows = cursor.fetchall()
    return {
        unit_id: (Stage(stage), since)
        for unit_id, stage, since in rows
        if unit_ids is None or unit_id in unit_ids
    }


def stage_of(unit_id: UUID) -> Stage | None:
    found = stages({unit_id}).get(unit_id)
    return None if found is None else found[0]


def on_hand(by: Actor) -> int:
    """How many people `by` is on the way to, or with, in whatever program. One query."""
    if by.member_id is None:
        return 0
    with connection.cursor() as cursor:  # a narrow function: no context is needed
        cursor.execute("SELECT count(*) FROM dispatch_on_clock(%s)", [by.member_id])
        [count] = cursor.fetchone()
    return int(count)


def unit_id(code: str) -> UUID | None:
    """The unit of this code, or None. One query."""
    return Unit.objects.filter(code=code, retired_at=None).values_list("id", flat=True).first()


def crew_of(unit_id: UUID) -> UUID | None:
    """The crew that is on a unit now, or None. One query."""
    rows = Crew.objects.filter(unit_id=unit_id, until_at=None)
    return rows.values_list("id", flat=True).first()


def is_sent(member_id: UUID, assignment_id: UUID) -> bool:
    """Whether a member is on the crew of this open assignment, whoever asks. One query."""
    with connection.cursor() as cursor:  # a narrow function: no context is needed
        cursor.execute(
            "SELECT EXISTS (SELECT FROM dispatch_on_clock(%s) WHERE id = %s)",
            [member_id, assignment_id],
        )
        [sent] = cursor.fetchone()
    return bool(sent)


def crew_of_alarm(kind: str, subject_id: UUID) -> frozenset[UUID]:
    """The members of the crew that an alarm of this kind is about; nobody where it is about no crew.

    One query at most; inside somebody's acting.
    """
    if kind == DURESS:
        rows = CrewMember.objects.filter(
            crew_id__in=Duress.objects.filter(pk=subject_id).values("assignment__crew_id")
        )
    elif kind == CHECK_IN:
        rows = CrewMember.objects.filter(
            crew_id__in=Assignment.objects.filter(pk=subject_id).values("crew_id")
        )
    else:
        return frozenset()
    return frozenset(rows.filter(until_at=None).values_list("member_id", flat=True))


def unit_facts(unit_id: UUID, *, at: datetime) -> UnitFacts:
    [facts] = all_unit_facts(Unit.objects.filter(pk=unit_id), at=at)
    return facts


def all_unit_facts(units: Iterable[Unit] | None = None, *, at: datetime) -> tuple[UnitFacts, ...]:
    """Every unit that is not retired, as somebody who chooses sees it. Nine queries however many."""
    rows = list(Unit.objects.filter(retired_at=None) if units is None else units)
    ids = {row.pk for row in rows}
    authorities = _authorities(ids, at=at)
    crews = crew_facts(ids)
    busy = stages(ids)
    out = dict(
        Unavailable.objects.filter(unit_id__in=ids, until_at=None).values_list("unit_id", "reason")
    )
    points = {
        row.unit_id: Point(row.lat, row.lon) for row in Position.objects.filter(unit_id__in=ids)
    }
    said = {row.unit_id: row for row in CadStatus.objects.filter(unit_id__in=ids)}
    done = _done_today(ids, at=at)
    return tuple(
        UnitFacts(
            id=row.pk,
            code=row.code,
            kind=row.kind,
            authority_ids=authorities.get(row.pk, frozenset()),
            crew=crews.get(row.pk, ()),
            stage=_stage(row, busy, said),
            out_of_service=out.get(row.pk, ""),
            done_today=done.get(row.pk, 0),
            at=points.get(row.pk),
            cad=row.cad,
            said_s=_age_s(said.get(row.pk), at),
        )
        for row in rows
    )


def _stage(
    row: Unit, busy: Mapping[UUID, tuple[Stage, datetime]], said: Mapping[UUID, CadStatus]
) -> Stage | None:
    if row.pk in busy:
        return busy[row.pk][0]
    told = said.get(row.pk)
    return Stage.ASSIGNED if row.cad and told is not None and told.busy else None


def _age_s(said: CadStatus | None, at: datetime) -> int | None:
    return None if said is None else max(0, int((at - said.at).total_seconds()))


def _authorities(ids: Collection[UUID], *, at: datetime) -> dict[UUID, frozenset[UUID]]:
    found: dict[UUID, frozenset[UUID]] = {}
    rows = UnitAuthority.objects.filter(Q(until_at=None) | Q(until_at__gt=at), from_at__lte=at)
    for unit_id, program_id in rows.filter(unit_id__in=ids).values_list("unit_id", "program_id"):
        found[unit_id] = found.get(unit_id, frozenset()) | {program_id}
    return found


def crew_facts(unit_ids: Collection[UUID]) -> dict[UUID, tuple[CrewFacts, ...]]:
    """Who is on these units now, with what they have learned, by user name. Two queries.

    By what does not change with a random id: whoever came at the same moment stands in the same order.
    """
    members = list(
        CrewMember.objects.filter(crew__unit_id__in=unit_ids, until_at=None)
        .select_related("member", "crew")
        .order_by("since_at", "member__username")
    )
    learned: dict[UUID, dict[str, datetime | None]] = {}
    for row in Qualification.objects.filter(member_id__in={one.member_id for one in members}):
        learned.setdefault(row.member_id, {})[row.code] = row.until_at
    found: dict[UUID, tuple[CrewFacts, ...]] = {}
    for one in members:
        facts = CrewFacts(
            member_id=one.member_id,
            role=one.role,
            languages=frozenset(one.member.languages),
            qualifications=learned.get(one.member_id, {}),
            own_car=one.own_car != "",
        )
        found[one.crew.unit_id] = (*found.get(one.crew.unit_id, ()), facts)
    return found


def _done_today(ids: Collection[UUID], *, at: datetime) -> dict[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_id, done FROM dispatch_done(%s)", [at - timedelta(hours=12)])
        return {unit_id: done for unit_id, done in cursor.fetchall() if unit_id in ids}


def open_requests(episode_id: UUID) -> int:
    """How many requests of an episode are not over. One query; inside somebody's acting."""
    return Request.objects.filter(NOT_ENDED, episode_id=episode_id).count()


def need_of(request: Request, *, at: datetime) -> UnitRequirements:
    """What a request needs, as the ranking is told it."""
    return UnitRequirements(
        kind=request.kind.facts(),
        authority_id=request.to_program_id,
        at=at,
        place=places_of([request.episode_id]).get(request.episode_id),
        language=request.language,
    )


def places_of(episode_ids: Collection[UUID]) -> dict[UUID, Point]:
    """Where each episode is: its address where that is surely on a street, else the middle of its zone.

    Three queries. Without those of which neither is known.
    """
    zones = lookup.zones_of(episode_ids)
    centres = community.zone_centres(zones.values())
    found = {id: Point(*centres[zone_id]) for id, zone_id in zones.items()}
    for id, text in lookup.places_said(episode_ids).items():
        if (at := point_of(text)) is not None:
            found[id] = at
    return found


def point_of(text: str) -> Point | None:
    """The point of an address that is surely on a street; None where nobody has said which is meant."""
    place = community.place_of(text)
    return None if place is None else Point(place.lat, place.lon)


def travel_times(at: datetime) -> Driving:
    """The factor and speed of this hour, from the community's settings."""
    zone = ZoneInfo(community.community().time_zone)
    factors = community.setting("eta_factor", at)
    hour = at.astimezone(zone).hour
    return Driving(
        factor=float(factors["day" if hour in DAY else "night"]),
        speed_kmh=float(community.setting("eta_speed_kmh", at)),
    )


def on_scene(row: Assignment) -> tuple[CrewFacts, ...]:
    """Who of a crew is at the scene: those in the unit's car with it, the others by their own times."""
    if row.crew_id is None:
        return ()
    times = {each.member_id: each for each in MemberTime.objects.filter(assignment=row)}
    came_at = row.on_scene_at or row.engaged_at  # a step may be left out
    there = came_at is not None and row.transporting_at is None
    found = []
    for one in crew_facts({row.unit_id}).get(row.unit_id, ()):
        own = times.get(one.member_id)
        came = own is not None and own.on_scene_at is not None
        left = own is not None and own.left_at is not None
        if (came or (there and not one.own_car)) and not left:
            found.append(one)
    return tuple(found)


def first_authority(kind: str, row: Assignment, *, at: datetime) -> UUID | None:
    """Whom a team, or the desk that sent it, may ask for this kind of help."""
    programs = (row.program_id, row.authority_id)
    for program_id in programs:
        for to_id in routes.receivers(ASK + kind, from_id=program_id, at=at):
            return to_id
    return None


def crew_place(member_id: UUID, unit: Unit, *, at: datetime) -> tuple[UUID, str] | None:
    """For which program, and in which role, somebody goes with a unit: their position in its program."""
    return agencies.role_in(member_id, unit.program_id, at=at)


def kinds() -> tuple[Kind, ...]:
    return tuple(Kind.objects.order_by("position"))


def asks_or_comes(episode_ids: Collection[UUID], program_id: UUID) -> bool:
    """Whether this program has asked for help for these episodes and has to follow what comes of it,
    is asked to come, or has somebody sent. Four queries.
    """
    rows = Request.objects.filter(episode_id__in=episode_ids)
    asks = rows.filter(NOT_ENDED | NOT_FOLLOWED, from_program_id=program_id)
    asked = rows.filter(NOT_ENDED, to_program_id=program_id)
    going = Assignment.objects.filter(episode_id__in=episode_ids, cleared_at=None, source="live")
    crews = CrewMember.objects.filter(crew__in=going.values("crew"), program_id=program_id)
    every = (asks, asked, going.filter(program_id=program_id), crews)
    return any(each.exists() for each in every)
