"""The way there and back: stages, check-ins, duress, what is told.

Source of every rule here, where none is named: sources, "Telling who is coming",
"Duress and check-ins", "Left behind" and "What closes an episode".
"""

from datetime import datetime, timedelta

from nowrongdoor.dispatch.facts import AssignmentFacts, Clearing, Stage, Transport
from nowrongdoor.dispatch.rules.asking import NOT_MET
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes

AT_SCENE = frozenset({Stage.ON_SCENE, Stage.ENGAGED})
WATCHED = AT_SCENE | {Stage.TRANSPORTING}
"""Where the check-in clock runs."""
DESK_WAYS = frozenset({Transport.RADIO, Transport.PHONE, Transport.PAPER, Transport.WORD})


def may_report_of(
    by: Actor, assignment: AssignmentFacts, *, sends: bool, way: Transport
) -> Verdict:
    """Say whether `by` may say a step, or a sign of life: the crew by tap, its desk by radio or phone.

    Units: `sends` says that `by` answers for the unit's authority, or supervises its program.
    """
    if assignment.cleared:
        return no("assignment.cleared", "This assignment is over.")
    if by.member_id in assignment.crew_member_ids:
        return yes("crew.itself")
    if not sends:
        return no("assignment.not_yours", "Only the crew or its desk can report this.")
    if way not in DESK_WAYS:
        return no("way.not_desk", "Choose how the team told you: by radio or by phone.")
    return yes("desk.for_crew")


def may_step(assignment: AssignmentFacts, to: Stage) -> Verdict:
    """Say whether the next step may be this one: forward on the way; a step may be left out.

    Staged is before the scene. No step is taken back: a team that lost sight of the person clears
    as not found, or is engaged until it has met them again.
    """
    if assignment.cleared:
        return no("assignment.cleared", "This assignment is over.")
    order = list(Stage)
    if to is Stage.CLEARED:
        return no("step.clear", "Enter the disposition to clear.")
    if order.index(to) <= order.index(assignment.stage):
        return no("step.back", "This team is already past that step.")
    return yes("step.forward")


def may_clear(assignment: AssignmentFacts, clearing: Clearing) -> Verdict:
    """Say whether an assignment may end so.

    Where somebody was taken, what is left behind is a required answer. Where the person was not met,
    a next try has a time: nobody drops out of sight.
    """
    if assignment.cleared:
        return no("assignment.cleared", "This assignment is over.")
    if clearing.took_somebody and not clearing.left_behind:
        return no(
            "clear.left_behind",
            "Enter who or what is left at the scene: child, elder, pet, stove, or no one.",
        )
    if clearing.outcome in NOT_MET and clearing.next_try_at is None:
        return no("clear.next_try", "No contact: enter when to retry.")
    return yes("clear.allowed")


def may_call_off(assignment: AssignmentFacts) -> Verdict:
    """Say whether a desk may call a unit off for something else: not once it is with the person."""
    if assignment.cleared:
        return no("assignment.cleared", "This assignment is over.")
    if assignment.stage in (Stage.ENGAGED, Stage.TRANSPORTING):
        return no("call_off.engaged", "The team is with the person. Only the team can clear.")
    return yes("call_off.allowed")


def check_in_due(at: datetime, *, every_min: int) -> datetime:
    """When the next sign of life is due. Units: whole minutes."""
    return at + timedelta(minutes=every_min)


def asks_police(missed: int) -> bool:
    """Whether police are asked for: from the third missed sign of life on, each one grace after the last.

    Units: `missed` counts from 1. Whom each one tells is the community's line (`alarms`).
    """
    return missed >= 3  # noqa: PLR2004 - the third, and every later


def is_safe(*, alarm: bool, said_by_crew: bool) -> bool:
    """Whether a crew that is clear needs nobody any more: not by its own phone while its alarm is open.

    Source: our choice, as `may_end_duress`.
    """
    return not (alarm and said_by_crew)


def may_end_duress(*, crew: bool, sends: bool, ended: bool) -> Verdict:
    """Duress is ended by the desk after it spoke with the team, never by the phone that rang it.

    Units: `sends` as in `may_report_of`: another desk that works on the episode has not spoken with them.
    Source: our choice: whoever holds the phone may not be the team.
    """
    if ended:
        return no("duress.ended", "This alarm has already been cleared.")
    if crew:
        return no("duress.crew", "Your desk clears the alarm after speaking with you.")
    if not sends:
        return no(
            "duress.not_yours", "Only the desk that dispatched this team can clear its alarm."
        )
    return yes("duress.desk")
