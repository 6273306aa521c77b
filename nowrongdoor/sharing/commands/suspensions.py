"""Suspending a person's accounting for those who asked for it, and lifting that again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.db import connection

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import parties
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked
from nowrongdoor.sharing import kinds, suspending
from nowrongdoor.sharing.models import Suspension
from nowrongdoor.sharing.suspending import Way
from nowrongdoor.web.fields import Name, OneOf

WAYS = {Way.WRITTEN: _("In writing"), Way.ORAL: _("Spoken (30 days at most)")}


@command(needs=Action.GOVERN_SHARING)
def suspend_accounting(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    until_at: datetime,
    official: Annotated[
        str, Name(label=_("Official who asked"), most=120, wrong=_("Say by name who asked."))
    ],
    way: Annotated[Way, OneOf(words=WAYS, label=_("How they asked"), wrong=_("Choose how."))],
    to_agency_id: UUID | None = None,
    to_name: Annotated[str, Name(label=_("Its name in the accounting"), most=300)] = "",
) -> Suspension:
    """Leave what an agency was told out of a person's accounting until a time, as its official stated.

    Refused: as `suspending.may_suspend` says. BadInput for an agency that takes no part, and for one's own.
    Journal: sharing.accounting_suspended.
    """
    agencies = {each.agency_id for each in parties().values()} - {by.agency_id}
    if to_agency_id is not None and to_agency_id not in agencies:
        raise BadInput("to_agency_id", "code.unknown", "Choose from the list.")

    given = [each for each in (to_agency_id, to_name) if each]
    require(
        suspending.may_suspend(
            way,
            ours=_keeper(person_id) == by.agency_id,
            requesters=len(given),
            from_at=at,
            until_at=until_at,
        ),
    )

    row = Suspension.objects.create(
        id=new_id(at),
        person_id=person_id,
        agency_id=by.agency_id,
        member_id=named(by),
        to_agency_id=to_agency_id,
        to_name=to_name,
        official=official,
        way=way.value,
        from_at=at,
        until_at=until_at,
    )
    record(kinds.ACCOUNTING_SUSPENDED, row, by=by, at=at)
    return row


def _keeper(person_id: UUID) -> UUID | None:
    """The agency whose record it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_program_of(%s)", [person_id])
        [program_id] = cursor.fetchone() or (None,)
    return None if program_id is None else parties()[program_id].agency_id


@command(needs=Action.GOVERN_SHARING)
def lift_suspension(*, by: Actor, at: datetime, suspension_id: UUID) -> Suspension:
    """Let the accounting say everything again before the time is over.

    Refused: where it was lifted already.
    Journal: sharing.suspension_lifted.
    """
    row = locked(Suspension, suspension_id)

    require(suspending.may_lift(lifted=row.lifted_at is not None))

    row.lifted_at, row.lifted_by_id = max(at, row.from_at), named(by)
    row.save(update_fields=["lifted_at", "lifted_by"])
    record(kinds.SUSPENSION_LIFTED, row, by=by, at=at)
    return row
