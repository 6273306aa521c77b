"""Every change to what is said of places.

Lock order: the place, by an advisory lock of the transaction: its row is the owner's, and the app
may lock no row that it may not change.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.directory import kinds, queries, rules
from nowrongdoor.directory.facts import CapacityFacts, CapacityReport
from nowrongdoor.directory.models import Capacity, Facility
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotPermitted, Refused, require
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import missing
from nowrongdoor.web.fields import Version
from nowrongdoor.web.inputs import Group


@command(needs=Action.SAY_CAPACITY)
def report_capacity(
    *,
    by: Actor,
    at: datetime,
    facility_id: UUID,
    word: Annotated[CapacityReport, Group()],
    seen_version: Annotated[int | None, Version()] = None,
) -> Capacity:
    """Say how full a place is. Answers what was said.

    Refused: as `directory.rules.may_report`, `said_meanwhile` and `sound` say; NotFound for a place
        that is retired.
    Journal: directory.capacity_said.
    """
    facility = _locked(facility_id)
    [last] = queries.capacity_statuses([facility.pk], at=at).values()

    told = rules.may_report(by.program_id, facility.run_by(), last, told_by=word.told_by)
    require(told, NotPermitted)
    _require_seen(last.last, seen_version)
    require(rules.sound(word, places=facility.places, at=at))

    said = Capacity.objects.create(
        id=new_id(at),
        facility=facility,
        agency_id=by.agency_id,
        program_id=by.program_id,
        member_id=None if by.machine_id else named(by),
        machine_id=by.machine_id,
        said_at=at,
        state=word.state.value,
        free=word.free,
        reason=word.reason,
        review_at=word.review_at,
        told_by=word.told_by,
    )

    record(kinds.CAPACITY_REPORTED, said, by=by, at=at)
    return said


def _require_seen(last: CapacityFacts | None, seen_version: int | None) -> None:
    verdict = rules.said_meanwhile(last, seen_version)
    if not verdict.allowed:
        word, version = (None, 0) if last is None else (last.word, last.version)
        newer = {} if word is None else {"state": word.state.value, "reason": word.reason}
        if word is not None and word.free is not None:
            newer["free"] = str(word.free)
        raise Refused(verdict, newer, version)


def _locked(facility_id: UUID) -> Facility:
    """The place, with nobody else saying anything of it until the transaction ends."""
    facility = Facility.objects.filter(pk=facility_id, retired_at=None).first()
    if facility is None:
        raise missing()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(facility.pk)])
    return facility
