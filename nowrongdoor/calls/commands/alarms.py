"""Acknowledging an alarm for everybody: by name, and only in the line that it climbs."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import command, granted, named
from nowrongdoor.agencies.facts import Action, Role
from nowrongdoor.calls import kinds
from nowrongdoor.calls.commands.external_responders import RESCUE
from nowrongdoor.calls.commands.legs import ALONE
from nowrongdoor.calls.commands.searches import SEARCH
from nowrongdoor.calls.facts import CALL_BACK
from nowrongdoor.cases.due import TASK_DUE, UNTAKEN
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks import queries as ringing
from nowrongdoor.clocks.facts import Ringing
from nowrongdoor.clocks.rules import LINE
from nowrongdoor.dispatch import queries as dispatch
from nowrongdoor.dispatch.facts import CHECK_IN, CHOICE, DURESS, FOLLOW, SILENT
from nowrongdoor.dispatch.facts import UNANSWERED as REQUEST_UNANSWERED
from nowrongdoor.episodes.commands.handoffs import NOT_MET
from nowrongdoor.episodes.commands.handoffs import UNANSWERED as OFFER_UNANSWERED
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.locks import missing
from nowrongdoor.sharing.commands.reviews import DUE as REVIEW

ANSWERED_BY: Mapping[str, Action] = {
    DURESS: Action.DISPATCH,
    CHECK_IN: Action.DISPATCH,
    SILENT: Action.DISPATCH,
    REQUEST_UNANSWERED: Action.DISPATCH,
    CHOICE: Action.DISPATCH,
    FOLLOW: Action.REQUEST,
    OFFER_UNANSWERED: Action.ACCEPT,
    NOT_MET: Action.ACCEPT,
    ALONE: Action.ACCEPT,
    SEARCH: Action.ACCEPT,
    RESCUE: Action.ACCEPT,
    CALL_BACK: Action.ACCEPT,
    REVIEW: Action.GOVERN_SHARING,
    UNTAKEN: Action.ASSUME,
    TASK_DUE: Action.KEEP_CASES,
}
"""The kinds of deadline that alarm people, and what a desk has to be allowed to do to answer for one."""
OWN = frozenset({REVIEW, UNTAKEN, TASK_DUE})
"""These are answered for by the program that owes it, and never by the side that asked or handed on."""
AT_ONCE = frozenset({DURESS})
"""These alarm from the moment they are set."""
SHIFT = LINE.index("shift_supervisor")


def in_line(by: Actor, alarm: Ringing) -> bool:
    """Whether `by` is in the line that this alarm climbs: its desk, a supervisor there, the 911 shift supervisor.

    The shift supervisor is in it from the start where the community's line ends with them.
    """
    sides = (alarm.program_id, None if alarm.kind in OWN else alarm.other_program_id)
    if by.program_id in sides:
        return granted(by, (ANSWERED_BY[alarm.kind], Action.ASSUME))
    return by.role == Role.PSAP_SUPERVISOR and alarm.reaches >= SHIFT


@command(
    needs=(
        Action.DISPATCH,
        Action.ACCEPT,
        Action.REQUEST,
        Action.ASSUME,
        Action.GOVERN_SHARING,
    )
)
def acknowledge_alarm(*, by: Actor, at: datetime, deadline_id: UUID) -> Ringing:
    """Say by name that one has seen an alarm and acts on it: it is quiet for everybody, for a while.

    It ends nothing: what is not done by then alarms again.
    Refused: as `clocks.rules.may_acknowledge` says.
    Journal: calls.alarm_acknowledged.
    """
    alarm = ringing.ringing_one(deadline_id, at=at)
    if alarm is None or alarm.kind not in ANSWERED_BY:
        raise missing()
    row = clocks.acknowledge_deadline(
        deadline_id,
        member_id=named(by),
        at=at,
        in_line=in_line(by, alarm),
        crew=by.member_id in dispatch.crew_of_alarm(alarm.kind, alarm.subject_id),
    )
    sides = {"from_program_id": row.program_id, "to_program_id": row.other_program_id}
    record(kinds.ALARM_ACKNOWLEDGED, row, by=by, at=at, **sides)
    return alarm
