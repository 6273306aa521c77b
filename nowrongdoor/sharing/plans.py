"""The permissions that are asked for most: what each opens, for what, and for how long. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from nowrongdoor.kernel.words import _
from nowrongdoor.sharing.elements import PROCEEDING, TPO, Kind


class Plan(StrEnum):
    ATTENDANCE = "attendance"
    CARE = "care"
    STATUS = "status"
    TREATMENT = "treatment"
    NOTES = "notes"
    HOUSING = "housing"
    VICTIM = "victim"
    CONDITION = "condition"
    PROCEEDING = "proceeding"


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan asks the person for. `days`: until its end where nobody says another; 0 is none.

    `data`, `items` and `purposes` are codes of the community's disclosure table.
    """

    kind: Kind
    data: tuple[str, ...]
    items: tuple[str, ...]
    purposes: tuple[str, ...]
    days: int

    @property
    def purpose(self) -> str:
        return " ".join(self.purposes)

    @property
    def term(self) -> timedelta:
        return timedelta(days=self.days)


PLANS: Mapping[Plan, Planned] = {
    # row A28: deflection, outreach and peers learn that somebody came
    Plan.ATTENDANCE: Planned(
        Kind.PART2_NAMED, ("sud",), ("attendance",), ("engagement", "coordinate"), 180
    ),
    # rows A22 and A26
    Plan.CARE: Planned(
        Kind.AUTHORIZATION,
        ("clinical", "crisis_contact"),
        ("attendance", "need"),
        ("engagement", "coordinate", "refer"),
        180,
    ),
    # row A07
    Plan.STATUS: Planned(
        Kind.AUTHORIZATION,
        ("clinical", "crisis_contact"),
        ("status", "what_helps"),
        ("close_loop",),
        30,
    ),
    # row A27
    Plan.TREATMENT: Planned(Kind.PART2_TPO, ("sud",), ("whole",), TPO, 0),
    # row A32
    Plan.NOTES: Planned(
        Kind.PART2_NAMED, ("sud_notes",), ("treatment",), ("treatment", "refer"), 90
    ),
    # row A35
    Plan.HOUSING: Planned(Kind.HMIS, ("homeless",), ("hmis",), ("coordinate", "refer"), 365),
    # row A40
    Plan.VICTIM: Planned(Kind.VICTIM, ("victim",), ("need",), ("coordinate", "refer"), 90),
    # row A29
    Plan.CONDITION: Planned(Kind.PART2_CJ, ("sud",), ("attendance",), ("monitor_condition",), 180),
    # row A33
    Plan.PROCEEDING: Planned(Kind.PART2_NAMED, ("sud",), ("attendance",), (PROCEEDING,), 90),
}
"""By the rows of the table that each can open."""
WORDS: Mapping[Plan, str] = {
    Plan.ATTENDANCE: _("Came to treatment: tell deflection, outreach or a peer"),
    Plan.CARE: _("Health care: tell a program that helps"),
    Plan.STATUS: _("How the call ended: tell 911 or police"),
    Plan.TREATMENT: _("Substance use treatment: tell all who treat or pay"),
    Plan.NOTES: _("Counseling notes, alone"),
    Plan.HOUSING: _("Housing programs (HMIS)"),
    Plan.VICTIM: _("Victim services"),
    Plan.CONDITION: _("Court condition (42 CFR 2.35)"),
    Plan.PROCEEDING: _("Court case, alone"),
}
