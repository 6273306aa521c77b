"""When another person has to look, and who may. Pure."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes
from nowrongdoor.sharing.bases import EMERGENCY, HOLDER_SAYS

SATURDAY = 5


class Finding(StrEnum):
    CONFIRMED = "confirmed"
    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"
    REFUSED = "refused"


class Kind(StrEnum):
    CONFIRM = "confirm"
    REVIEW = "review"


FINDINGS = {
    Kind.CONFIRM: (Finding.CONFIRMED, Finding.REFUSED),
    Kind.REVIEW: (Finding.UPHELD, Finding.NOT_UPHELD),
}


def due(at: datetime, *, zone: str) -> datetime:
    """The end of the next business day there: what is claimed on a Friday night is due on Monday.

    Holidays are not known here, so a review is never due later than the day it should be.
    Source: sources, "Who may be told what": an emergency is reviewed in one business day.
    """
    day = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(23, 59), ZoneInfo(zone))


def may_review(
    by: Actor, *, program_id: UUID, asked_by: UUID, done: bool, kind: Kind, finding: Finding
) -> Verdict:
    """Whoever claimed or asked for it never reviews it; whoever does belongs to the program that answers for it.

    Source: sources, "Who may be told what": a second person.
    """
    if by.program_id != program_id:
        return no("review.not_yours", "This review belongs to another program.")
    if by.member_id == asked_by:
        return no("review.own", "You asked for this yourself. Someone else must review it.")
    if done:
        return no("review.done", "Someone has already reviewed this.")
    if finding not in FINDINGS[kind]:
        return no("review.finding", "Choose one of the findings on the list.")
    return yes("review.another")


def may_stand_for(kind: str, *, holds: bool, receives: bool) -> Verdict:
    """Who may write down a fact that opens a record: its holder; an emergency also whoever needs it now.

    Source: 45 CFR 164.512(j); 42 CFR 2.51; sources, "Who may be told what".
    """
    if kind == EMERGENCY:
        if holds or receives:
            return yes("ground.emergency")
        return no("ground.not_yours", "Only your own program, or one that holds the record, may.")
    if kind not in HOLDER_SAYS:
        return no("ground.kind", "Choose the reason from the list.")
    if not holds:
        return no("ground.holder", "Only the program that holds the record can record this.")
    return yes("ground.holder_says")
