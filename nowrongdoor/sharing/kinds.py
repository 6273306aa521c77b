"""What can have happened to agreements, releases and disclosures. Ids only: whose they are stands in their rows."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.journal.kinds import Effect, Kind, Severity

OPENS = frozenset({Effect.SHARED})
"""It opens or shuts something on pages that stand open."""
SIDES = ("from_program_id", "to_program_id")

DISCLOSED = Kind("sharing.disclosed", ("disclosure_id", "release_id", *SIDES))
LOOKED = Kind("sharing.looked", ("look_id",))
EMERGENCY_CLAIMED = Kind(
    "sharing.emergency_claimed",
    ("ground_id", *SIDES),
    severity=Severity.INBOX,
    to="from",
    words=_("An emergency was claimed for one of your records."),
    effects=OPENS,
)
GROUND_RECORDED = Kind("sharing.ground_recorded", ("ground_id", *SIDES), effects=OPENS)
GROUND_WITHDRAWN = Kind("sharing.ground_withdrawn", ("ground_id", *SIDES), effects=OPENS)
REVIEW_ASKED = Kind(
    "sharing.review_asked",
    ("review_id", *SIDES),
    severity=Severity.INBOX,
    to="to",
    words=_("A disclosure needs your review."),
)
REVIEWED = Kind("sharing.reviewed", ("review_id", *SIDES), effects=OPENS)
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
AGREEMENT_MADE = Kind("sharing.agreement_made", ("agreement_id",))
AGREED = Kind("sharing.agreed", ("agreed_id", "agreement_id"), effects=OPENS)
AGREEMENT_ENDED = Kind("sharing.agreement_ended", ("agreement_id",), effects=OPENS)
RENEWAL_DUE = Kind(
    "sharing.renewal_due",
    ("agreement_id", "to_program_id"),
    severity=Severity.INBOX,
    to="to",
    words=_("An agreement ends soon."),
)
SIGNED_OFF = Kind("sharing.signed_off", ("sign_off_id",), effects=OPENS)
SIGN_OFF_WITHDRAWN = Kind("sharing.sign_off_withdrawn", ("sign_off_id",), effects=OPENS)
RELEASE_DRAFTED = Kind("sharing.release_drafted", ("release_id",))
RELEASE_CHANGED = Kind("sharing.release_changed", ("release_id",))
RELEASE_SIGNED = Kind("sharing.release_signed", ("release_id", "teller_id"), effects=OPENS)
RELEASE_REFUSED = Kind("sharing.release_refused", ("release_id",))
RELEASE_REVOKED = Kind("sharing.release_revoked", ("release_id", "teller_id"), effects=OPENS)
COPY_GIVEN = Kind("sharing.copy_given", ("release_id",))
SUBJECT_SAID = Kind(
    "sharing.subject_said", ("subject_id", "release_id", "person_id"), effects=OPENS
)
SUBJECT_UNDONE = Kind(
    "sharing.subject_undone", ("subject_id", "release_id", "person_id"), effects=OPENS
)
ACCOUNTING_SUSPENDED = Kind("sharing.accounting_suspended", ("suspension_id",))
SUSPENSION_LIFTED = Kind("sharing.suspension_lifted", ("suspension_id",))
ALL = (
    AGREEMENT_MADE,
    AGREED,
    AGREEMENT_ENDED,
    RENEWAL_DUE,
    SIGNED_OFF,
    SIGN_OFF_WITHDRAWN,
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
    RELEASE_DRAFTED,
    RELEASE_CHANGED,
    RELEASE_SIGNED,
    RELEASE_REFUSED,
    RELEASE_REVOKED,
    COPY_GIVEN,
    SUBJECT_SAID,
    SUBJECT_UNDONE,
    ACCOUNTING_SUSPENDED,
    SUSPENSION_LIFTED,
)
