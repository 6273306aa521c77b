"""When the accounting of a person leaves lines out because law enforcement asked for it. Pure.

Source: 45 CFR 164.528(a)(2); sources, "Privacy law".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from nowrongdoor.kernel.verdict import Verdict, no, yes

ORAL_DAYS = 30
"""The longest that what was only said stands: 45 CFR 164.528(a)(2)(ii)(C)."""


class Way(StrEnum):
    """How the agency's official made the statement."""

    WRITTEN = "written"
    ORAL = "oral"


@dataclass(frozen=True, slots=True)
class SuspensionFacts:
    """`to_agency_id`: whose lines are left out; of a recipient without a program, the name in the ledger."""

    to_agency_id: UUID | None
    to_name: str
    from_at: datetime
    until_at: datetime
    lifted_at: datetime | None = None


def may_suspend(
    way: Way, *, ours: bool, requesters: int, from_at: datetime, until_at: datetime
) -> Verdict:
    """Say whether this stands as a suspension. `ours`: whether the agency keeps the record.

    Source: 45 CFR 164.528(a)(2)(i) and (ii).
    """
    if not ours:
        return no("suspension.not_ours", "Another agency keeps this record, and accounts for it.")
    if requesters != 1:
        return no("suspension.requester", "Choose the agency that asked, or enter its name.")
    if until_at <= from_at:
        return no("suspension.over", "Choose an end that is still to come.")
    if way is Way.ORAL and until_at > from_at + timedelta(days=ORAL_DAYS):
        return no(
            "suspension.oral",
            "A spoken statement suspends for 30 days at most. Ask for it in writing (45 CFR 164.528(a)(2)).",
        )
    return yes("suspension.stated")


def may_lift(*, lifted: bool) -> Verdict:
    if lifted:
        return no("suspension.lifted", "This was already lifted.")
    return yes("suspension.may_lift")


def stands(suspension: SuspensionFacts, *, at: datetime) -> bool:
    """From its statement until its end, to the second, or until it was lifted."""
    lifted = suspension.lifted_at is not None and suspension.lifted_at <= at
    return suspension.from_at <= at < suspension.until_at and not lifted


def leaves_out(
    suspension: SuspensionFacts, *, to_agency_id: UUID | None, to_name: str, at: datetime
) -> bool:
    """Whether a line of the ledger is left out of the accounting now: what its requester was told, and no other."""
    if not stands(suspension, at=at):
        return False
    if suspension.to_agency_id is not None:
        return suspension.to_agency_id == to_agency_id
    return to_agency_id is None and _as_read(suspension.to_name) == _as_read(to_name)


def _as_read(name: str) -> str:
    """As a page shows it, where several blanks are one; capitals or not."""
    return " ".join(name.split()).casefold()
