"""What can have happened to notes. Ids only: what was written stands in the note."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.journal.kinds import Kind, Severity

MESSAGE = ("note_id", "from_program_id", "to_program_id")

WRITTEN = Kind("narrative.written", ("note_id",))
MESSAGE_SENT = Kind(
    "narrative.message_sent",
    MESSAGE,
    severity=Severity.INBOX,
    to="to",
    words=_("A message for you."),
)
CORRECTED = Kind("narrative.corrected", ("note_id", "corrects_id"))
ACKNOWLEDGED = Kind(
    "narrative.acknowledged",
    MESSAGE,
    severity=Severity.INBOX,
    to="from",
    words=_("Your message was acknowledged."),
)
ALL = (WRITTEN, MESSAGE_SENT, CORRECTED, ACKNOWLEDGED)
