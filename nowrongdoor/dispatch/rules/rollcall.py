"""Who may be put on a unit, and when a unit may leave service.

Source: sources, "Telling who is coming" and "Staffing, training and money": pairs of two employers.
"""

from nowrongdoor.kernel.verdict import Verdict, no, yes

MOST = 6


def may_care_for(*, own: bool, sends: bool) -> Verdict:
    """Say whether somebody may say who is on a unit: its own program, its crew, or the desk that sends it."""
    if not (own or sends):
        return no("unit.not_yours", "Another program's unit, and another desk sends it.")
    return yes("unit.yours")


def may_sign_on(*, cad: bool, people: int, known: bool, taken: bool, crewed: bool) -> Verdict:
    """Say whether these people may go on this unit.

    Units: `known` says that each has a position in the unit's program, or in one that lends to it.
    """
    if cad:
        return no("unit.cad", "CAD says who is on its own units.")
    if not 1 <= people <= MOST:
        return no("crew.size", "Sign on between one and {most} people.", most=str(MOST))
    if not known:
        return no(
            "crew.stranger", "Somebody here has no position that lets them go with this unit."
        )
    if taken:
        return no("crew.taken", "Somebody here is on another crew. Sign that one off first.")
    if crewed:
        return no("crew.there", "This unit has a crew. Sign that one off first.")
    return yes("crew.allowed")


def may_sign_off(*, ended: bool, busy: bool) -> Verdict:
    if ended:
        return no("crew.ended", "This crew has signed off already.")
    if busy:
        return no("crew.busy", "This crew is on an assignment. It clears first, or is called off.")
    return yes("crew.may_go")


def may_take_out(*, out: bool, busy: bool) -> Verdict:
    if out:
        return no("unit.out_already", "This unit is out of service already.")
    if busy:
        return no("crew.busy", "This crew is on an assignment. It clears first, or is called off.")
    return yes("unit.may_rest")


def may_report_cad_status(*, cad: bool, sends: bool) -> Verdict:
    if not cad:
        return no("unit.not_cad", "This unit is not CAD's.")
    if not sends:
        return no("unit.not_yours", "Another program's unit, and another desk sends it.")
    return yes("cad.says")
