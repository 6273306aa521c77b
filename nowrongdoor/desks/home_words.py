"""The words of a role's home: what a deadline is called, what is not there yet, what to do when nothing waits."""

from collections.abc import Mapping
from typing import NamedTuple

from nowrongdoor.agencies.facts import Action, Role
from nowrongdoor.kernel.words import _

FIGURES = (_("Calls received"), _("Transfers accepted"), _("Teams dispatched"))
_DOOR = _("Arrivals, beds and legal status will be listed here once the center's door is recorded.")
_OUTDOORS = _("Outreach contacts will be listed here once they are recorded.")
LATER: Mapping[Role, str] = {
    Role.TRAINING_COORDINATOR: _(
        "Courses, and who has to renew one, will be listed here once training is recorded."
    ),
    Role.COURT_LIAISON: _(
        "Court orders and attempts at service will be listed here once court orders are recorded."
    ),
    Role.MHST_SERGEANT: _(
        "Court orders to serve will be listed here once court orders are recorded."
    ),
    Role.JAIL_COORDINATOR: _(
        "Bookings and releases from jail will be listed here once the jail is connected."
    ),
    Role.PROGRAM_MANAGER: _(
        "Measures and reports will be listed here once reports can be run. Today's counts are below."
    ),
    Role.MEDICAL_DIRECTOR: _(
        "Clinical measures will be listed here once reports can be run. You review the protocol."
    ),
    Role.DETECTIVE: _("Referrals and cases will be listed here once cases are recorded."),
    Role.NEGOTIATOR: _(
        "Call-outs will be listed here once they are recorded. You see calls you are dispatched to."
    ),
    Role.CHARGE_NURSE: _DOOR,
    Role.ADMITTING_OFFICER: _DOOR,
    Role.CENTER_CLINICIAN: _DOOR,
    Role.PEER: _OUTDOORS,
    Role.PEER_SUPERVISOR: _OUTDOORS,
    Role.OUTREACH_WORKER: _OUTDOORS,
    Role.ADMINISTRATOR: _(
        "Settings and the audit log will be listed here once they have a page. You manage users and API keys."
    ),
}
"""What a role will find here whose module is not there yet. The only place where a home names roles."""


class Idle(NamedTuple):
    """The next step of anyone who has nothing to answer, and may do all of `needs`."""

    needs: tuple[Action, ...]
    page: str
    next: str
    act: str


A = Action
IDLE = (
    Idle(
        (A.DISPATCH, A.FIELD), "calls:rollcall", _("see which units have a crew"), _("Unit roster")
    ),
    Idle(
        (A.ASSUME, A.TAKE_CALL), "calls:board", _("look over the active calls"), _("Active calls")
    ),
    Idle(
        (A.DISPATCH, A.KEEP_CASES),
        "cases:caseload",
        _("see what your program owes, and to whom"),
        _("Caseload"),
    ),
    Idle((A.DISPATCH,), "calls:teams", _("look over requests and units"), _("Dispatch")),
    Idle((A.TAKE_CALL,), "calls:new_call", _("answer a call"), _("New call")),
    Idle((A.SAY_CAPACITY,), "directory:places", _("report your capacity"), _("Update capacity")),
    Idle((A.SCREEN,), "calls:queue", _("see which calls you can take"), _("Calls you can take")),
    Idle((A.FIELD,), "calls:field", _("see your unit and crew"), _("My assignment")),
    Idle((A.MANAGE_ACCESS,), "agencies:people", _("see who has access"), _("Users")),
    Idle((A.GOVERN_SHARING,), "sharing:privacy", _("see who was told what, and why"), _("Privacy")),
    Idle((A.AGREE_TO_KEY,), "agencies:keys", _("see which API keys show people"), _("API keys")),
    Idle((A.GOVERN_PROTOCOL,), "triage:protocol", _("review the protocol"), _("Protocol")),
    Idle((A.SEE_BOARD,), "calls:morning", _("read the shift briefing"), _("Shift briefing")),
    Idle((), "agencies:account", _("see where you are signed in"), _("Your account")),
)
"""The first that fits is it; the last fits anyone."""
