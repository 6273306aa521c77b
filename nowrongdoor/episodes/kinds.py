"""What can have happened to an episode."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.journal.kinds import Kind, Severity

HANDOFF = ("handoff_id", "from_program_id", "to_program_id")

# fmt: off
OPENED = Kind("episodes.opened")
CARD_CHANGED = Kind("episodes.card_changed", ("card_id",))
CLASSIFIED = Kind("episodes.classified")
POINTER_SET = Kind("episodes.pointer_set", ("party_id",))
# `into_id`: where it is offered to be joined to another, whose holder answers
OFFERED = Kind("episodes.offered", (*HANDOFF, "into_id"), severity=Severity.INTERRUPT, to="to", words=_("A transfer to you is waiting."))
ACCEPTED = Kind("episodes.accepted", HANDOFF)
ATTESTED = Kind("episodes.attested", HANDOFF)
GUEST_ACCEPTED = Kind("episodes.guest_accepted", HANDOFF)  # by somebody without an account, by their own hand
DECLINED = Kind("episodes.declined", HANDOFF, severity=Severity.INTERRUPT, to="from", words=_("A transfer was declined."))
WITHDRAWN = Kind("episodes.withdrawn", HANDOFF)
UNANSWERED = Kind("episodes.unanswered", (*HANDOFF, "alerts"), severity=Severity.INTERRUPT, to="both", words=_("A transfer has not been answered."))
CONTACTED = Kind("episodes.contacted", HANDOFF)
CONTACT_OVERDUE = Kind("episodes.contact_overdue", HANDOFF, severity=Severity.INTERRUPT, to="both", words=_("Accepted but no contact in time."))
ARRIVED = Kind("episodes.arrived", HANDOFF)  # received by name at the door, as was promised
TAKEN = Kind("episodes.taken", HANDOFF)
TAKEN_BACK = Kind("episodes.taken_back", HANDOFF, severity=Severity.INTERRUPT, to="from", words=_("The sender has taken the call back."))
ASSUMED = Kind("episodes.assumed", HANDOFF)
JOINED = Kind("episodes.joined", (*HANDOFF, "into_id"))
SEPARATED = Kind("episodes.separated", (*HANDOFF, "from_id"))
CLOSED = Kind("episodes.closed")
SEARCHED = Kind("episodes.searched", ("count",))  # that somebody looked, and how much they found; never for what
IDENTIFIED = Kind("episodes.identified", ("party_id", "person_id"))
NOT_IDENTIFIED = Kind("episodes.not_identified", ("party_id", "person_id"))

ALL = (
    OPENED, CARD_CHANGED, CLASSIFIED, POINTER_SET, OFFERED, ACCEPTED, ATTESTED, GUEST_ACCEPTED, DECLINED, WITHDRAWN,
    UNANSWERED, CONTACTED, CONTACT_OVERDUE, ARRIVED, TAKEN, TAKEN_BACK, ASSUMED, JOINED, SEPARATED, CLOSED, SEARCHED,
    IDENTIFIED, NOT_IDENTIFIED,
)
