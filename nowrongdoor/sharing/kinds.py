"""What can have happened to agreements, releases and disclosures. Ids only: whose they are stands in their rows."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.journal.kinds import Kind, Severity

SIDES = ("from_program_id", "to_program_id")

DISCLOSED = Kind("sharing.disclosed", ("disclosure_id", "release_id", *SIDES))
LOOKED = Kind("sharing.looked", ("look_id",))
EMERGENCY_CLAIMED = Kind(
    "sharing.emergency_claimed",
    ("ground_id", *SIDES),
    severity=Severity.INBOX,
    to="from",
    words=_("An emergency was claimed for one of your records."),
)
GROUND_RECORDED = Kind("sharing.ground_recorded", ("ground_id", *SIDES))
GROUND_WITHDRAWN = Kind("sharing.ground_withdrawn", ("ground_id", *SIDES))
REVIEW_ASKED = Kind(
    "sharing.review_asked",
    ("review_id", *SIDES),
    severity=Severity.INBOX,
    to="to",
    words=_("A disclosure needs your review."),
)
REVIEWED = Kind("sharing.reviewed", ("review_id", *SIDES))
REVIEW_OVERDUE = Kind(
    "sharing.review_overdue",
    ("review_id", *SIDES),
    severity=Severity.INTERRUPT,
    to="to",
    words=_("A review is overdue."),
)
ASKED = Kind(
    "sharing.asked",
    ("ask_id", *SIDES),
    severity=Severity.INBOX,
    to="to",
    words=_("Someone asks to see one of your records."),
)
ANSWERED = Kind(
    "sharing.answered",
    ("ask_id", *SIDES),
    severity=Severity.INBOX,
    to="to",
    words=_("Your request to see a record was answered."),
)
ALL = (
    DISCLOSED,
    LOOKED,
    EMERGENCY_CLAIMED,
    GROUND_RECORDED,
    GROUND_WITHDRAWN,
    REVIEW_ASKED,
    REVIEWED,
    REVIEW_OVERDUE,
    ASKED,
    ANSWERED,
)
