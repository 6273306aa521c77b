"""Who may screen, say a level of their own, lower one, do a duty and govern a protocol. Pure.

Source of every rule here, where none is named: sources, "Reading the protocol", draft 1.1.
"""

from collections.abc import Mapping

from nowrongdoor.kernel.verdict import Verdict, no, yes
from nowrongdoor.triage.facts import CurrentLevel, Level
from nowrongdoor.triage.rules import CLINICIANS, SUPERVISORS, above

_TOP = frozenset({Level.MEDICAL, Level.DANGER})


def rose(was: CurrentLevel, now: CurrentLevel) -> bool:
    """Whether a need has risen: a higher level, another kind of highest, or more on any axis."""
    other_top = now.level != was.level and now.level in _TOP
    before, after = was.response, now.response
    more = (
        after.police > before.police or after.ems > before.ems or after.clinical > before.clinical
    )
    return above(now.level, was.level) or other_top or more


def may_screen(*, open: bool, works: bool) -> Verdict:
    """Say whether a program may ask and answer for this person: while it works on an open episode."""
    if not open:
        return no("screen.closed", "This call is closed.")
    if not works:
        return no("screen.not_working", "Your program does not work on this call.")
    return yes("screen.allowed")


def may_recommend(role: str, *, screened: bool) -> Verdict:
    """Say whether somebody of this role may put a level of their own beside the rule's.

    Source: sources, "Reading the protocol": a clinician's own level, beside the rule's.
    """
    if role not in CLINICIANS | SUPERVISORS:
        return no("recommend.role", "Only a clinician or a supervisor can recommend a level.")
    if not screened:
        return no("recommend.unscreened", "Screen first. You can then recommend a level.")
    return yes("recommend.allowed")


def needs_another(role: str) -> bool:
    """Whether somebody of this role lowers a level only together with a second person."""
    return role not in SUPERVISORS


def role_that_lowers(role: str, *, recommended: bool) -> str:
    """In whose role a level is lowered: one's own, or the clinician's whose level one agrees to.

    Source: sources, "Reading the protocol": a clinician lowers with somebody else, a supervisor
        alone; anybody who screens may agree to what a clinician has recommended.
    """
    if role in SUPERVISORS:
        return role
    if recommended:
        return next(iter(sorted(CLINICIANS)))
    return "" if role in CLINICIANS else role


def may_lower_now(*, provisional: bool) -> Verdict:
    """Say whether now is the time: never while a hard stop or a question of the minimum was not asked."""
    if provisional:
        return no("lower.provisional", "Finish the open questions first: the level is provisional.")
    return yes("lower.now")


def may_do(duty: str, *, named: frozenset[str], done: bool) -> Verdict:
    """Say whether a duty can be written down as done."""
    if duty not in named:
        return no("duty.not_named", "The rules do not require this here.")
    if done:
        return no("duty.done", "Already done.")
    return yes("duty.allowed")


def may_send_clinician(*, open: bool, waiting: bool, route: bool) -> Verdict:
    """Say whether the owner may send for the clinician that is owed: once, until that was declined.

    Source: sources, "A clinician joins when it is safe".
    """
    if not open:
        return no("need.none", "No team or co-responder is needed here.")
    if waiting:
        return no("need.sent", "Already requested; its desk has not answered yet.")
    if not route:
        return no("need.no_route", "No agreement says who joins your program's calls.")
    return yes("send_need.allowed")


def may_settle_need(*, closed: bool, ours: bool, holds: Verdict) -> Verdict:
    """Say whether somebody may end what is owed: as the owner, or, once the call is closed, anybody of
    the program that closed it (`ours`). A call that closes ends nothing that is owed."""
    return yes("settle_need.allowed") if closed and ours else holds


def may_end_need(*, open: bool, reason_known: bool) -> Verdict:
    """Say whether the owner may end what is owed: with a reason, while it is open."""
    if not open:
        return no("need.none", "No team or co-responder is needed here.")
    if not reason_known:
        return no("need.reason", "Choose one of the listed reasons.")
    return yes("end_need.allowed")


APPROVES: Mapping[str, str] = {
    "line_supervisor": "clinical",
    "psap_supervisor": "psap",
    "mhst_sergeant": "police",
    "medical_director": "medical_director",
}
"""Which of the four approvers a role is."""
APPROVERS = frozenset(APPROVES.values())
"""No version is in force without all four, whomever its own file names."""


def may_approve(
    role: str, approver: str, *, proved: bool, retired: bool, given: frozenset[str], mine: bool
) -> Verdict:
    """Say whether somebody of this role may approve a version as this approver.

    Source: sources, "Governing a protocol".
    """
    if APPROVES.get(role) != approver:
        return no("approve.role", "Your role cannot approve for this approver.")
    if retired:
        return no("approve.retired", "This version has been retired.")
    if not proved:
        return no("approve.unproved", "Its proof fails. Correct the protocol first.")
    if approver in given or mine:
        return no("approve.given", "Already approved.")
    return yes("approve.allowed")


def may_activate(*, missing: frozenset[str], ended: bool, past: bool) -> Verdict:
    """Say whether a version may be put in force from a time on."""
    if ended:
        return no("activate.decided", "This version is active, was active, or is retired.")
    if missing:
        return no("activate.missing", "Not approved yet by: {who}.", who=", ".join(sorted(missing)))
    if past:
        return no("activate.past", "Choose a time in the future.")
    return yes("activate.allowed")


def proved(*, holds: bool) -> Verdict:
    """Say whether a protocol's proof holds; one that does not is never in force."""
    if not holds:
        return no("activate.unproved", "Its proof fails. See the counterexample.")
    return yes("activate.proved")


def may_retire(*, retired: bool, another: bool) -> Verdict:
    """Say whether a version may go; never the last one that is in force."""
    if retired:
        return no("retire.retired", "This version has been retired.")
    if not another:
        return no("retire.last", "Activate another version before retiring this one.")
    return yes("retire.allowed")
