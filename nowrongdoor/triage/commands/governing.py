"""A protocol's life: drafted, proved, approved by four, in force from a time, retired."""

from datetime import datetime
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked
from nowrongdoor.triage import kinds, permissions, proving, queries
from nowrongdoor.triage.models import Approval, Protocol
from nowrongdoor.web.fields import Moment, Text

FromAt = Moment(
    label=_("Active from"),
    help=_("Leave empty for now. Otherwise, local time."),
    wrong=_("Write a date and a time, or leave it empty for now."),
)


@command(needs=Action.GOVERN_PROTOCOL)
def draft_protocol(*, by: Actor, at: datetime, text: str) -> Protocol:
    """Put a new version on the table, which was read and proved before (`proving.check`).

    Whether it is safe, its proof says, and that it lowers nothing of the version in force but what it
    names; a version that is not proved is never in force.
    Refused: to roles that govern no protocol; where another version went in force since the proof;
        BadInput for a version that there is already.
    Journal: triage.protocol_drafted, and triage.protocol_proved where the proof holds.
    """
    found = proving.known(text, queries.text_going(at))
    holds = found.proof.holds

    row = Protocol(
        id=new_id(at),
        code=found.code,
        version=found.version,
        text=text,
        digest=sha256(text.encode()).hexdigest(),
        drafted_at=at,
        drafted_by_id=by.member_id,
        proved_at=at if holds else None,
    )
    Protocol.objects.bulk_create([row], ignore_conflicts=True)  # a twin is waited for
    if not Protocol.objects.filter(pk=row.pk).exists():
        raise BadInput("text", "protocol.version", "That version exists. Use a new number.")

    record(kinds.PROTOCOL_DRAFTED, row, by=by, at=at)
    if holds:
        record(kinds.PROTOCOL_PROVED, row, by=by, at=at)
    return row


@command(needs=Action.GOVERN_PROTOCOL)
def approve_protocol(
    *,
    by: Actor,
    at: datetime,
    protocol_id: UUID,
    approver: Annotated[str, Text(label=_("Who approves"), most=40)],
) -> Approval:
    """Approve one version, by name, as one of the protocol's four.

    Refused: as `triage.permissions.may_approve` says.
    Journal: triage.protocol_approved.
    """
    row = locked(Protocol, protocol_id)
    given = list(row.approvals.values_list("approver", "member_id"))

    require(
        permissions.may_approve(
            by.role,
            approver,
            proved=row.proved_at is not None,
            retired=row.retired_at is not None,
            given=frozenset(each for each, _ in given),
            mine=any(member == by.member_id for _, member in given),
        )
    )

    approval = Approval.objects.create(
        id=new_id(at), protocol=row, approver=approver, member_id=named(by), at=at
    )

    record(kinds.PROTOCOL_APPROVED, row, by=by, at=at)
    return approval


@command(needs=Action.GOVERN_PROTOCOL)
def activate_protocol(
    *,
    by: Actor,
    at: datetime,
    protocol_id: UUID,
    from_at: Annotated[datetime | None, FromAt] = None,
) -> Protocol:
    """Put an approved version in force from a time on, or from now. Its proof was made once more,
    against the version that goes until then (`proving.check`).

    Refused: as `triage.permissions.may_activate` says; where that version is another one by now.
    Journal: triage.protocol_activated.
    """
    row = locked(Protocol, protocol_id)
    found = queries.parsed(row)
    begins = from_at or at

    wanted = permissions.APPROVERS | {each.role for each in found.approvers}
    given = frozenset(row.approvals.values_list("approver", flat=True))
    ended = row.active_from is not None or row.retired_at is not None
    require(permissions.may_activate(missing=wanted - given, ended=ended, past=begins < at))
    made = proving.known(row.text, queries.text_going(begins)).proof
    require(permissions.proved(holds=made.holds))

    row.active_from = begins
    row.save(update_fields=["active_from"])

    record(kinds.PROTOCOL_ACTIVATED, row, by=by, at=at)
    return row


@command(needs=Action.GOVERN_PROTOCOL)
def retire_protocol(*, by: Actor, at: datetime, protocol_id: UUID) -> Protocol:
    """Take a version out of force, or off the table. It stays readable for ever.

    Refused: as `triage.permissions.may_retire` says.
    Journal: triage.protocol_retired.
    """
    active = _hold_active(at)
    row = locked(Protocol, protocol_id)

    another = active != {row.pk}
    require(permissions.may_retire(retired=row.retired_at is not None, another=another))

    row.retired_at = at if row.active_from is None else max(at, row.active_from)
    row.save(update_fields=["retired_at"])

    record(kinds.PROTOCOL_RETIRED, row, by=by, at=at)
    return row


def _hold_active(at: datetime) -> set[UUID]:
    """Lock every version that is in force or stands behind it: two who retire meet here."""
    rows = Protocol.objects.select_for_update().filter(active_from__lte=at, retired_at=None)
    return {row.pk for row in rows.order_by("id")}
