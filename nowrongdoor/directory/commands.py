"""Every change to what is said of places.

Lock order: the place, by an advisory lock of the transaction: its row is the owner's, and the app
may lock no row that it may not change.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.community import queries as community
from nowrongdoor.directory import kinds, queries, rules
from nowrongdoor.directory.facts import Word
from nowrongdoor.directory.models import Capacity, Facility
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, require
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import missing

REASONS = "diversion_reasons"


@command
def say_capacity(*, by: Actor, at: datetime, facility_id: UUID, word: Word) -> UUID:
    """Say how full a place is. Answers the id of what was said.

    Refused: to roles that say nothing of places; as `directory.rules.may_say` and `sound` say;
        BadInput for an unknown reason; NotFound for a place that is retired.
    Journal: directory.capacity_said.
    """
    facility = _held(facility_id)
    [last] = queries.standings([facility.pk], at=at).values()

    require(may(by, Action.SAY_CAPACITY), NotPermitted)
    told = rules.may_say(by.program_id, facility.run_by(), last, told_by=word.told_by)
    require(told, NotPermitted)
    require(rules.sound(word, places=facility.places, at=at))
    if word.reason and not community.known_code(REASONS, word.reason):
        raise BadInput("reason", "code.unknown", "Choose one of the listed reasons.")

    said = Capacity.objects.create(
        id=new_id(at),
        facility=facility,
        agency_id=by.agency_id,
        program_id=by.program_id,
        member_id=named(by),
        said_at=at,
        state=word.state.value,
        free=word.free,
        reason=word.reason,
        review_at=word.review_at,
        told_by=word.told_by,
    )

    record(kinds.CAPACITY_REPORTED, said, by=by, at=at)
    return said.pk


def _held(facility_id: UUID) -> Facility:
    """The place, with nobody else saying anything of it until the transaction ends."""
    facility = Facility.objects.filter(pk=facility_id, retired_at=None).first()
    if facility is None:
        raise missing()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(facility.pk)])
    return facility
