"""What can have happened in dispatch. Ids and whom it alerts; nothing that describes a person."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.journal.kinds import Effect, Kind, Severity

REQUEST = ("request_id", "from_program_id", "to_program_id")
ASSIGNMENT = ("assignment_id", "unit_id", "from_program_id", "to_program_id")
"""`from` is the desk that sends, `to` the unit's own program."""
UNIT = ("unit_id",)
CREW = ("unit_id", "crew_id")
CAUTION = ("caution_id",)
UNITS = frozenset({Effect.UNITS})

# fmt: off
ASKED = Kind("dispatch.asked", REQUEST, severity=Severity.INTERRUPT, to="to", words=_("New request for your program."))
ACCEPTED = Kind("dispatch.accepted", REQUEST)
QUEUED = Kind("dispatch.queued", REQUEST, severity=Severity.INBOX, to="from", words=_("A team you requested is waiting for a unit."))  # nobody comes yet; a time was promised
DECLINED = Kind("dispatch.declined", REQUEST, severity=Severity.INTERRUPT, to="from", words=_("A request was declined."))
WITHDRAWN = Kind("dispatch.withdrawn", REQUEST)
UNANSWERED = Kind("dispatch.unanswered", (*REQUEST, "supervisor"), severity=Severity.INTERRUPT, to="to", words=_("A request has not been answered."))  # or accepted, and nobody sent
CHOICE_DUE = Kind("dispatch.choice_due", (*REQUEST, "step", "supervisor"), severity=Severity.INTERRUPT, to="both", words=_("No team is on the way. Choose what to do."))
CHOSEN = Kind("dispatch.chosen", (*REQUEST, "choice_id"))
NOT_FOLLOWED = Kind("dispatch.not_followed", (*REQUEST, "supervisor"), severity=Severity.INTERRUPT, to="from", words=_("Declined and not reassigned."))
CLOSED_WITHOUT_RESPONSE = Kind("dispatch.done_without", REQUEST)  # after a no, or a return, nobody else is asked
ENDED = Kind("dispatch.ended", REQUEST)  # the work is over, or came back because the person was not met
POLICE_KEPT = Kind("dispatch.police_kept", REQUEST, severity=Severity.INBOX, to="to", words=_("The team is keeping police on scene."))
POLICE_RELEASED = Kind("dispatch.police_released", REQUEST, severity=Severity.INBOX, to="to", words=_("The team released police."))

ASSIGNED = Kind("dispatch.assigned", ASSIGNMENT, severity=Severity.INTERRUPT, to="to", words=_("You've been dispatched."))
STAGE_REACHED = Kind("dispatch.stepped", ASSIGNMENT)
CLEARED = Kind("dispatch.cleared", ASSIGNMENT)
COMPLETED = Kind("dispatch.completed", ASSIGNMENT)  # a later line of its file brought what was missing
CALLED_OFF = Kind("dispatch.called_off", ASSIGNMENT)  # its desk sent the unit elsewhere; the request waits again
MEMBER_STAGE_REACHED = Kind("dispatch.member_stepped", (*ASSIGNMENT, "member_id"))  # in a car of their own
UNIT_SILENT = Kind("dispatch.unit_silent", (*ASSIGNMENT, "supervisor"), severity=Severity.INTERRUPT, to="both", words=_("A unit that was dispatched has not acknowledged."))
ALONE_ON_SCENE = Kind("dispatch.alone_on_scene", ASSIGNMENT, severity=Severity.INTERRUPT, to="both", words=_("A clinician is alone on scene."))
CHECKED_IN = Kind("dispatch.checked_in", ASSIGNMENT)
CHECK_IN_MISSED = Kind("dispatch.check_in_missed", (*ASSIGNMENT, "missed", "supervisor"), severity=Severity.INTERRUPT, to="both", words=_("A team missed its check-in."))
DURESS_ACTIVATED = Kind("dispatch.duress", ASSIGNMENT, severity=Severity.INTERRUPT, to="both", words=_("A team is in danger."))
DURESS_UNANSWERED = Kind("dispatch.duress_unanswered", (*ASSIGNMENT, "supervisor"), severity=Severity.INTERRUPT, to="both", words=_("No one has acknowledged a team's duress alarm."))
DURESS_ENDED = Kind("dispatch.duress_ended", ASSIGNMENT)
NOTIFIED = Kind("dispatch.notification", ASSIGNMENT)  # the caller, or patrol, of who is coming

SIGNED_ON = Kind("dispatch.signed_on", CREW, effects=UNITS)
SIGNED_OFF = Kind("dispatch.signed_off", CREW, effects=UNITS)
TAKEN_OUT_OF_SERVICE = Kind("dispatch.out_of_service", UNIT, effects=UNITS)
RETURNED_TO_SERVICE = Kind("dispatch.in_service", UNIT, effects=UNITS)
CAD_STATUS_REPORTED = Kind("dispatch.cad_said", UNIT, effects=UNITS)

CAUTION_WRITTEN = Kind("dispatch.warned", CAUTION)
CAUTION_APPEALED = Kind("dispatch.appealed", CAUTION)
APPEAL_DECIDED = Kind("dispatch.appeal_decided", CAUTION)
CAUTION_ENDED = Kind("dispatch.caution_ended", CAUTION)

ALL = (
    ASKED, ACCEPTED, QUEUED, DECLINED, WITHDRAWN, UNANSWERED, CHOICE_DUE, CHOSEN, NOT_FOLLOWED,
    CLOSED_WITHOUT_RESPONSE, ENDED, POLICE_KEPT, POLICE_RELEASED, ASSIGNED, UNIT_SILENT, STAGE_REACHED, CLEARED, COMPLETED, CALLED_OFF,
    MEMBER_STAGE_REACHED, ALONE_ON_SCENE, CHECKED_IN, CHECK_IN_MISSED, DURESS_ACTIVATED, DURESS_UNANSWERED, DURESS_ENDED, NOTIFIED,
    SIGNED_ON, SIGNED_OFF, TAKEN_OUT_OF_SERVICE, RETURNED_TO_SERVICE, CAD_STATUS_REPORTED, CAUTION_WRITTEN,
    CAUTION_APPEALED, APPEAL_DECIDED, CAUTION_ENDED,
)
