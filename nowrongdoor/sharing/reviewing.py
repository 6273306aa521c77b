"""What another person may find, and who may look. Pure. When they have to is the clock `emergency_access_review`."""

from enum import StrEnum
from uuid import UUID

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes
from nowrongdoor.sharing.bases import EMERGENCY, HOLDER_SAYS


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
