"""Every change to screenings, duties done and protocols. Nothing else writes them.

Lock order: episode, then what is of triage. A screening's step is counted under the episode's lock.
"""

from nowrongdoor.triage.commands.governing import (
    activate_protocol,
    approve_protocol,
    draft_protocol,
    retire_protocol,
)
from nowrongdoor.triage.commands.joining import end_clinical_need, send_clinician
from nowrongdoor.triage.commands.screening import do_duty, let_travel, lower, recommend, screen

__all__ = [
    "activate_protocol",
    "approve_protocol",
    "do_duty",
    "draft_protocol",
    "end_clinical_need",
    "let_travel",
    "lower",
    "recommend",
    "retire_protocol",
    "screen",
    "send_clinician",
]
