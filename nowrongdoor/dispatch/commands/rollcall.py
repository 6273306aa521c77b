"""The unit roster: who is on which unit, in whose car; out of service and back; what CAD says; positions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.dispatch import kinds, queries
from nowrongdoor.dispatch.commands.safety import GOES_OR_SENDS
from nowrongdoor.dispatch.commands.sake import end_for_crew
from nowrongdoor.dispatch.commands.shared import may_record_dispatched
from nowrongdoor.dispatch.facts import REASONS, Point, Signing
from nowrongdoor.dispatch.models import CadStatus, Crew, CrewMember, Position, Unavailable, Unit
from nowrongdoor.dispatch.rules import rollcall
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, missing
from nowrongdoor.web.fields import Code, Text, Tick


@command(needs=GOES_OR_SENDS)
def sign_on(
    *,
    by: Actor,
    at: datetime,
    unit_id: UUID,
    members: Sequence[Signing],
    vehicle: str = "",
    plain_clothes: bool | None = None,
) -> Crew:
    """Put a crew on a unit: one by one or two, of whatever employers, in one car or in several.

    Refused: to whoever neither goes nor sends; as `dispatch.rules.rollcall.may_sign_on` says.
    Journal: dispatch.signed_on.
    """
    unit = locked(Unit, unit_id)
    _require_ours(by, unit, at=at)
    if unit.retired_at is not None:
        raise missing()
    people = {one.member_id: one for one in members}  # said twice is once
    _lock_people(people)
    places = {id: queries.crew_place(id, unit, at=at) for id in people}
    taken = CrewMember.objects.filter(member_id__in=places, until_at=None).exists()
    require(
        rollcall.may_sign_on(
            cad=unit.cad,
            people=len(places),
            known=all(place is not None for place in places.values()),
            taken=taken,
            crewed=Crew.objects.filter(unit=unit, until_at=None).exists(),
        )
    )

    crew = Crew.objects.create(
        id=new_id(at),
        unit=unit,
        vehicle=vehicle or unit.vehicle,
        plain_clothes=unit.plain_clothes if plain_clothes is None else plain_clothes,
        since_at=at,
        signed_by_id=named(by),
    )
    for one in people.values():
        place = places[one.member_id]
        if place is not None:
            CrewMember.objects.create(
                id=new_id(at),
                crew=crew,
                member_id=one.member_id,
                program_id=place[0],
                role=place[1],
                own_car=one.own_car,
                since_at=at,
            )
    record(kinds.SIGNED_ON, unit, by=by, at=at, crew_id=crew.pk)
    return crew


@command(needs=GOES_OR_SENDS)
def sign_off(*, by: Actor, at: datetime, crew_id: UUID) -> Crew:
    """Take a crew off its unit. Not while it is on an assignment.

    Refused: to whoever neither goes nor sends; as `dispatch.rules.rollcall.may_sign_off` says.
    Journal: dispatch.signed_off; dispatch.withdrawn or dispatch.police_released for what was asked for it.
    """
    unit_id = Crew.objects.filter(pk=crew_id).values_list("unit_id", flat=True).first()
    if unit_id is None:
        raise missing()
    end_for_crew(crew_id, by=by, at=at)
    # before its crew: whoever assigns holds the unit, then needs the crew
    unit = locked(Unit, unit_id)
    crew = locked(Crew, crew_id)
    _require_ours(by, unit, at=at)
    busy = queries.stage_of(unit.pk) is not None
    require(rollcall.may_sign_off(ended=crew.until_at is not None, busy=busy))

    crew.until_at = max(at, crew.since_at)
    crew.save(update_fields=["until_at"])
    CrewMember.objects.filter(crew=crew, until_at=None).update(until_at=crew.until_at)
    record(kinds.SIGNED_OFF, unit, by=by, at=at, crew_id=crew.pk)
    return crew


@command(needs=GOES_OR_SENDS)
def take_out_of_service(
    *,
    by: Actor,
    at: datetime,
    unit_id: UUID,
    reason: Annotated[str, Code(label=_("Reason"), list="out_of_service", wrong=REASONS)],
) -> Unavailable:
    """Take a unit out of service, with a listed reason.

    Refused: to whoever neither goes nor sends; as `dispatch.rules.rollcall.may_take_out` says.
    Journal: dispatch.out_of_service.
    """
    unit = locked(Unit, unit_id)
    _require_ours(by, unit, at=at)
    out = Unavailable.objects.filter(unit=unit, until_at=None).exists()
    require(rollcall.may_take_out(out=out, busy=queries.stage_of(unit_id) is not None))

    row = Unavailable.objects.create(
        id=new_id(at), unit=unit, reason=reason, from_at=at, by_member_id=named(by)
    )
    record(kinds.TAKEN_OUT_OF_SERVICE, unit, by=by, at=at)
    return row


@command(needs=GOES_OR_SENDS)
def put_in_service(*, by: Actor, at: datetime, unit_id: UUID) -> UUID:
    """A unit serves again.

    Refused: to whoever neither goes nor sends.
    Journal: dispatch.in_service, where it was out.
    """
    unit = locked(Unit, unit_id)
    _require_ours(by, unit, at=at)
    row = Unavailable.objects.filter(unit=unit, until_at=None).first()
    if row is None:
        return unit_id
    row.until_at = max(at, row.from_at)
    row.save(update_fields=["until_at"])
    record(kinds.RETURNED_TO_SERVICE, unit, by=by, at=at)
    return unit_id


@command(needs=Action.DISPATCH)
def report_cad_status(
    *,
    by: Actor,
    at: datetime,
    unit_id: UUID,
    state: Annotated[str, Text(label=_("CAD status"), most=40)],
    busy: Annotated[bool, Tick(label=_("On a call"))] = False,
) -> CadStatus:
    """Write down what CAD last said of a unit of its own. Older news than what is known is left out.

    Refused: as `dispatch.rules.rollcall.may_report_cad_status` says.
    Journal: dispatch.cad_said.
    """
    unit = locked(Unit, unit_id)
    require(
        rollcall.may_report_cad_status(
            cad=unit.cad, sends=may_record_dispatched(by, unit_id, at=at)
        )
    )
    row = CadStatus.objects.filter(unit=unit).first()
    if row is not None and row.at >= at:
        return row
    row = row or CadStatus(unit=unit)
    row.state, row.busy, row.at = state, busy, at
    row.save()
    record(kinds.CAD_STATUS_REPORTED, unit, by=by, at=at)
    return row


@command(needs=GOES_OR_SENDS)
def report_position(*, by: Actor, at: datetime, unit_id: UUID, point: Point) -> Position:
    """Keep where a unit is: the latest one only, and no line for each.

    Refused: to whoever neither goes with it nor sends it; BadInput for a point that is not on earth.
    Journal: nothing: the way of a car is not kept.
    """
    unit = locked(Unit, unit_id)
    _require_ours(by, unit, at=at)
    if not (abs(point.lat) <= 90 and abs(point.lon) <= 180):  # noqa: PLR2004 - degrees
        raise BadInput("point", "point.off_earth", "Latitude and longitude are degrees.")
    row = Position.objects.filter(unit=unit).first() or Position(unit=unit)
    if row.at is not None and row.at >= at:
        return row
    row.lat, row.lon, row.at = point.lat, point.lon, at
    row.save()
    return row


def _lock_people(member_ids: Collection[UUID]) -> None:
    """Two desks may want the same person at once. By advisory locks: members' rows are not ours."""
    with connection.cursor() as cursor:
        for id in sorted(member_ids):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(id)])


def _require_ours(by: Actor, unit: Unit, *, at: datetime) -> None:
    """The unit's own program, whoever is on it, or the desk that sends it."""
    crew = CrewMember.objects.filter(crew__unit=unit, until_at=None)
    on_it = by.member_id is not None and crew.filter(member_id=by.member_id).exists()
    own = by.program_id == unit.program_id
    require(
        rollcall.may_care_for(own=own or on_it, sends=may_record_dispatched(by, unit.pk, at=at)),
        NotPermitted,
    )
