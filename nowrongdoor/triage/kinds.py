"""What can have happened in triage. No answer, no level and no rule: those stay in their tables."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.journal.kinds import Kind, Severity

STEP = ("screening_id", "step")
NEED = ("clinical_need_id",)
PROTOCOL = ("protocol_id",)

# fmt: off
SCREENED = Kind("triage.screened", STEP)  # something was answered
LEVEL_RAISED = Kind("triage.rose", STEP, severity=Severity.INTERRUPT, to="line", words=_("The level rose. Review it."))  # beside the step's own entry
RECOMMENDED = Kind("triage.recommended", STEP)
LOWERED = Kind("triage.lowered", STEP)
DUTY_DONE = Kind("triage.duty_done", ("duty_done_id",))
NEED_BEGAN = Kind("triage.need_began", NEED)  # a team or a pair is owed once it is safe
NEED_SENT = Kind("triage.need_sent", (*NEED, "request_id"))
NEED_ENDED = Kind("triage.need_ended", NEED)  # by a person, with a reason
PROTOCOL_DRAFTED = Kind("triage.protocol_drafted", PROTOCOL)
PROTOCOL_PROVED = Kind("triage.protocol_proved", PROTOCOL)
PROTOCOL_APPROVED = Kind("triage.protocol_approved", PROTOCOL)
PROTOCOL_ACTIVATED = Kind("triage.protocol_activated", PROTOCOL)
PROTOCOL_RETIRED = Kind("triage.protocol_retired", PROTOCOL)

ALL = (
    SCREENED, LEVEL_RAISED, RECOMMENDED, LOWERED, DUTY_DONE, NEED_BEGAN, NEED_SENT, NEED_ENDED,
    PROTOCOL_DRAFTED, PROTOCOL_PROVED, PROTOCOL_APPROVED, PROTOCOL_ACTIVATED, PROTOCOL_RETIRED,
)
