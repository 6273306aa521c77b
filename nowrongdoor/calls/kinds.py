"""What can have happened to a contact, on its line, and until somebody has met the person."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.journal.kinds import Kind, Severity

CONTACT = ("contact_id",)
LEG = ("leg_id",)
ON_LINE = ("leg_id", "participant_id")
SEARCH = ("search_id",)
SENT = ("external_responder_id",)
SIDES = ("from_program_id", "to_program_id")
REQUEST = ("call_request_id", *SIDES)
LINE = ("line_program_id",)

# fmt: off
RECEIVED = Kind("calls.received", CONTACT)  # a contact opened an episode
CALLER_CHANGED = Kind("calls.caller_changed", CONTACT)
COUNTED = Kind("calls.counted", ("first_contact_id", "count"))  # contacts without a behavioral need, in one go
COMPLETED = Kind("calls.completed", CONTACT)  # a later line of its own system brought what was missing
COUNTED_LATER = Kind("calls.counted_later", ("first_contact_id", "count"))  # the same, of those that are counted

ANSWERED = Kind("calls.answered", ON_LINE)  # without `participant_id` where no named person answered
JOINED = Kind("calls.joined_line", ON_LINE)
LISTENING_STARTED = Kind("calls.listening", ON_LINE)
LEFT = Kind("calls.left_line", ON_LINE)
RELEASED = Kind("calls.released", ON_LINE)  # whoever stayed on has left the line to whoever holds
WATCH_RELIEVED = Kind("calls.watch_relieved", ON_LINE)
WATCH_OFFERED = Kind("calls.watch_offered", (*ON_LINE, *SIDES), severity=Severity.INBOX, to="to", words=_("A colleague asks you to continue monitoring."))
WATCH_DUE = Kind("calls.watch_due", (*ON_LINE, "supervisor"), severity=Severity.INBOX, to="line", words=_("Still monitoring? Drop off, or stay on."))  # `supervisor` 1 asks them too
REMINDER_DUE = Kind("calls.reminder_due", (*ON_LINE, "reminder"), severity=Severity.INBOX, to="line", words=_("Follow up: what was the outcome of a call you dropped off?"))
LEVEL_ACKNOWLEDGED = Kind("calls.level_seen", (*ON_LINE, "step"))
CONNECTION_LOST = Kind("calls.lost", ON_LINE)  # of one of ours; the line goes on
LEG_ENDED = Kind("calls.leg_ended", LEG)
CALLER_LOST = Kind("calls.caller_lost", LEG, severity=Severity.INTERRUPT, to="line", words=_("Caller disconnected."))  # it broke, or they hung up
CALLER_UNATTENDED = Kind("calls.caller_alone", LEG, severity=Severity.INTERRUPT, to="line and supervisors", words=_("Caller on line - no one answering."))

SEARCH_STARTED = Kind("calls.search_began", SEARCH)
SEARCH_ATTEMPTED = Kind("calls.tried", (*SEARCH, "search_attempt_id"))
FOUND = Kind("calls.found", SEARCH)
SEARCH_DUE = Kind("calls.search_due", (*SEARCH, "alerts"), severity=Severity.INTERRUPT, to="line", words=_("The next attempt to locate is due."))

DISPATCHED = Kind("calls.externalresponder", SENT)
RESCUE_STARTED = Kind("calls.rescue_began", SENT)
CONTACT_MADE = Kind("calls.met", SENT)  # those who were sent have met the person
NOT_LOCATED = Kind("calls.not_found", SENT)
RESCUE_DUE = Kind("calls.rescue_due", SENT, severity=Severity.INTERRUPT, to="line and supervisors", words=_("Responder contact is not confirmed."))

CALL_BACK_PROMISED = Kind("calls.call_back_promised")
CALL_BACK_DUE = Kind("calls.call_back_due", severity=Severity.INTERRUPT, to="line and supervisors", words=_("A promised callback is overdue."))
CALLED_BACK = Kind("calls.called_back")

CALL_REQUESTED = Kind("calls.pull_asked", REQUEST, severity=Severity.INBOX, to="to", words=_("A clinician requests one of your calls."))
CALL_HANDED_OVER = Kind("calls.pull_given", REQUEST)
CALL_REQUEST_DECLINED = Kind("calls.pull_refused", REQUEST, severity=Severity.INBOX, to="from", words=_("Your request for a call was declined."))
PLAN_NOTE_WRITTEN = Kind("calls.plan_note_written", ("note_id",))

RETURNED_AGAIN = Kind("calls.second_return", SIDES, severity=Severity.INTERRUPT, to="both supervisors and clinicians", words=_("Returned to 911 again. Supervisor and clinician review together."))
ESCALATED = Kind("calls.escalated", severity=Severity.INTERRUPT, to="supervisors", words=_("A colleague alerts the supervisor."))
ALARM_ACKNOWLEDGED = Kind("calls.alarm_acknowledged", ("deadline_id", "subject_id", *SIDES), severity=Severity.INBOX, to="both", words=_("An alarm was acknowledged."))
LINES_REPORTED_DOWN = Kind("calls.line_down", LINE)
LINES_REPORTED_UP = Kind("calls.line_up", LINE)

ALL = (
    RECEIVED, CALLER_CHANGED, COUNTED, COMPLETED, COUNTED_LATER, ANSWERED, JOINED, LISTENING_STARTED, LEFT, RELEASED, WATCH_RELIEVED,
    WATCH_OFFERED, WATCH_DUE, REMINDER_DUE, LEVEL_ACKNOWLEDGED, CONNECTION_LOST, LEG_ENDED, CALLER_LOST,
    CALLER_UNATTENDED, SEARCH_STARTED, SEARCH_ATTEMPTED, FOUND, SEARCH_DUE, DISPATCHED, RESCUE_STARTED, CONTACT_MADE,
    NOT_LOCATED, RESCUE_DUE, CALL_BACK_PROMISED, CALL_BACK_DUE, CALLED_BACK, CALL_REQUESTED, CALL_HANDED_OVER,
    CALL_REQUEST_DECLINED, PLAN_NOTE_WRITTEN, RETURNED_AGAIN, ESCALATED, ALARM_ACKNOWLEDGED, LINES_REPORTED_DOWN,
    LINES_REPORTED_UP,
)
