"""Facts that somebody stands for by name: an order, process, a request, an emergency."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import party
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked
from nowrongdoor.sharing import kinds, reviewing
from nowrongdoor.sharing.commands.reviews import review_claim
from nowrongdoor.sharing.models import Ground
from nowrongdoor.web.fields import Text

LASTS = timedelta(hours=2)
"""An emergency opens for so long; whoever still needs it says so again."""
REASON = Text(
    label=_("What is happening, in your words"),
    help=_("Another person reviews this within one business day."),
    most=1000,
    rows=3,
    wrong=_("Say what is happening. It opens the record at once."),
)


@command(needs=Action.SHARE)
def claim_emergency(
    *,
    by: Actor,
    at: datetime,
    from_program_id: UUID,
    reason: Annotated[str, REASON],
    to_program_id: UUID | None = None,
    to_kind: str = "",
    person_id: UUID | None = None,
    episode_id: UUID | None = None,
) -> Ground:
    """Claim, now and by name, that someone is in danger: what the table opens to that is open for two hours.

    Counseling notes and victim-service records stay shut: no row opens them to an emergency alone.
    Refused: as `sharing.reviewing.may_stand_for` says.
    Journal: sharing.emergency_claimed; sharing.review_asked.
    """
    to_id = to_program_id or (None if to_kind else by.program_id)
    holds, receives = by.program_id == from_program_id, by.program_id == to_id
    require(reviewing.may_stand_for("emergency", holds=holds, receives=receives))

    row = Ground.objects.create(
        id=new_id(at),
        kind="emergency",
        program_id=by.program_id,
        member_id=named(by),
        made_at=at,
        from_program_id=from_program_id,
        from_agency_id=party(from_program_id).agency_id,
        to_program_id=to_id,
        to_kind=to_kind,
        person_id=person_id,
        episode_id=episode_id,
        reference=reason,
        from_at=at,
        until_at=at + LASTS,
    )
    record(kinds.EMERGENCY_CLAIMED, row, by=by, at=at)
    review_claim(row, by=by, at=at)
    return row


@command(needs=Action.SHARE)
def record_ground(
    *,
    by: Actor,
    at: datetime,
    kind: str,
    reference: Annotated[
        str,
        Text(
            label=_("Number or law"),
            help=_("The order's or the request's number, or the law's section."),
            most=200,
            wrong=_("Enter the number, or the law's section."),
        ),
    ],
    person_id: UUID,
    to_program_id: UUID | None = None,
    to_kind: str = "",
    until_at: datetime | None = None,
) -> Ground:
    """Stand, by name, for a fact that opens this program's record to one recipient.

    Refused: as `sharing.reviewing.may_stand_for` says.
    Journal: sharing.ground_recorded.
    """
    require(reviewing.may_stand_for(kind, holds=True, receives=False))

    row = Ground.objects.create(
        id=new_id(at),
        kind=kind,
        program_id=by.program_id,
        member_id=named(by),
        made_at=at,
        from_program_id=by.program_id,
        from_agency_id=by.agency_id,
        to_program_id=to_program_id,
        to_kind=to_kind,
        person_id=person_id,
        reference=reference,
        from_at=at,
        until_at=until_at,
    )
    record(kinds.GROUND_RECORDED, row, by=by, at=at)
    return row


@command(needs=(Action.SHARE, Action.GOVERN_SHARING))
def withdraw_ground(*, by: Actor, at: datetime, ground_id: UUID) -> Ground:
    """End what somebody stood for: from now on it opens nothing.

    Errors: NotFound where it cannot be seen. Done twice it changes nothing.
    Journal: sharing.ground_withdrawn.
    """
    row = locked(Ground, ground_id)

    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by_id = max(at, row.from_at), named(by)
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        record(kinds.GROUND_WITHDRAWN, row, by=by, at=at)
    return row
