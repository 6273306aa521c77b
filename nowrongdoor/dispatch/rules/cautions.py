"""Scene-safety cautions: known concerns, with an author, evidence, an end, and an appeal.

Source: sources, "Cautions", "Criminal-justice data" and "Privacy law": dangers, and no criminal
history.
"""

import re
from datetime import datetime, timedelta

from nowrongdoor.dispatch.facts import CautionOf
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes

LONGEST = 200
# Words of diagnosis and of criminal records; stems, so that endings do not hide them.
_NEVER = re.compile(
    r"\b(schizo\w*|bipolar\w*|psychotic\w*|psychosis|borderline|autis\w*|dementia\w*|alzheimer\w*|ptsd|adhd"
    r"|diagn[oó]s\w*|esquizo\w*|demencia\w*|psicosis|psic[oó]tic\w*|tept|tdah|hiv|vih|sida|hepatitis"
    r"|warrants?|felon\w*|convict\w*|rap sheet|ncic|priors?|probation|parole|criminal\w*"
    r"|orden(es)? de (arresto|captura|aprehensión)|antecedentes|libertad condicional|conden[aó]\w*)\b",
    re.IGNORECASE,
)


def may_warn(text: str, *, expires_at: datetime, at: datetime, longest_days: int) -> Verdict:
    """Say whether this caution may be written.

    Units: `longest_days` is how long one may last before somebody writes it anew.
    """
    if names_a_diagnosis(text):
        return no(
            "caution.diagnosis",
            "No diagnosis and no criminal record: enter what a team should watch for.",
        )
    if expires_at <= at:
        return no("caution.past", "A safety alert must end in the future.")
    if expires_at > at + timedelta(days=longest_days):
        return no(
            "caution.too_long", "A safety alert lasts at most {days} days.", days=str(longest_days)
        )
    return yes("caution.allowed")


def names_a_diagnosis(text: str) -> bool:
    """Whether the text says what may not stand in a caution. A person still reads it."""
    return _NEVER.search(text) is not None


def may_warn_of(of: CautionOf, *, place_known: bool) -> Verdict:
    """A caution of a place needs the place; of the person, nothing."""
    if of is CautionOf.PLACE and not place_known:
        return no("caution.no_place", "The location is unknown. Make the alert about the person.")
    return yes("caution.subject_known")


def may_end(by: Actor, *, program_id: object) -> Verdict:
    """The program that wrote a caution ends it; anybody else appeals it."""
    if program_id != by.program_id:
        return no(
            "caution.not_yours",
            "Only the program that added this alert can resolve it. You can dispute it.",
        )
    return yes("caution.yours")


def may_decide(by: Actor, *, author_id: object, supervises: bool, appealed: bool) -> Verdict:
    """An appeal is decided by a supervisor who did not write the caution."""
    if not appealed:
        return no("appeal.none", "No one has disputed this safety alert.")
    if not supervises:
        return no("appeal.supervisor", "Only a supervisor decides a dispute.")
    if by.member_id == author_id:
        return no("appeal.own", "Someone other than the author must decide.")
    return yes("appeal.decide")
