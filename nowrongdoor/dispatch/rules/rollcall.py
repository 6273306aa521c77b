"""Who may be put on a unit, and when a unit may leave service.

Source: sources, "Telling who is coming" and "Staffing, training and money": pairs of two employers.
"""

from nowrongdoor.kernel.verdict import Verdict, no, yes

MOST = 6


def may_care_for(*, own: bool, sends: bool) -> Verdict:
    """Say whether somebody may say who is on a unit: its own program, its crew, or the desk that sends it."""
    if not (own or sends):
        return no("unit.not_yours", "Another program's unit, dispatched by another desk.")
    return yes("unit.yours")


def may_sign_on(*, cad: bool, people: int, known: bool, taken: bool, crewed: bool) -> Verdict:
    """Say whether these people may go on this unit.

    Units: `known` says that each has a position in the unit's program, or in one that lends to it.
    """
    if cad:
        return no("unit.cad", "CAD manages crews on its own units.")
    if not 1 <= people <= MOST:
        return no("crew.size", "Sign on between one and {most} people.", most=str(MOST))
    if not known:
        return no("crew.stranger", "Someone on this list has no position that allows this unit.")
    if taken:
        return no(
            "crew.taken", "Someone on this list is on another crew. Sign that crew off first."
        )
    if crewed:
        return no("crew.there", "This unit has a crew. Sign that crew off first.")
    return yes("crew.allowed")


def may_sign_off(*, ended: bool, busy: bool) -> Verdict:
    if ended:
        return no("crew.ended", "This crew has already signed off.")
    if busy:
        return no("crew.busy", "This crew is on an assignment. Clear or divert it first.")
    return yes("crew.may_go")


def may_take_out(*, out: bool, busy: bool) -> Verdict:
    if out:
        return no("unit.out_already", "This unit is already out of service.")
    if busy:
        return no("crew.busy", "This crew is on an assignment. Clear or divert it first.")
    return yes("unit.may_rest")


def may_report_cad_status(*, cad: bool, sends: bool) -> Verdict:
    if not cad:
        return no("unit.not_cad", "This is not a CAD unit.")
    if not sends:
        return no("unit.not_yours", "Another program's unit, dispatched by another desk.")
    return yes("cad.says")
