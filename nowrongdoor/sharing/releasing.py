"""What a release is worth at a given time, and what may be done with it then. Pure.

Sources: 42 CFR 2.31, 2.35; 45 CFR 164.508(b)(5) and (c)(4).
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from nowrongdoor.kernel.verdict import Verdict, no, yes
from nowrongdoor.sharing.ages import OF_AGE
from nowrongdoor.sharing.elements import Kind, ReleaseFacts, missing

EXPIRING = timedelta(days=30)
PART = 5
"""So long before its end a release says that it ends soon, and in no more than this part of its time. Our choice."""


class State(StrEnum):
    DRAFT = "draft"
    REFUSED = "refused"
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"


def may_activate(release: ReleaseFacts, on: date) -> Verdict:
    """Say whether a release may open anything: with the first thing that it lacks, and what asks for it."""
    begun = may_change(release)
    if not begun.allowed:
        return begun
    for each in missing(release, on):
        return no(f"release.lacks_{each.element}", each.words, regulation=each.regulation)
    return yes("release.whole")


def may_change(release: ReleaseFacts) -> Verdict:
    """Say whether a draft may still be written, signed or refused: until it is answered, and never after."""
    if release.refused_at is not None:
        return no("release.refused", "The person said no. Nothing follows from this one.")
    if release.activated_at is not None:
        return no("release.signed", "This is signed. Stop it and take a new one instead.")
    return yes("release.draft")


def was_read(read: str, stands: str) -> Verdict:
    """Say whether a person may sign this: it is what they read, by the digest that their page carried.

    Source: 42 CFR 2.31(a) and 45 CFR 164.508(c): a signature is given to what is written there.
    """
    if read != stands:
        return no(
            "release.changed",
            "This was changed after it was read. Read it again from the top, then sign.",
        )
    return yes("release.as_read")


def of_age_on(born: date) -> date:
    """The birthday from which somebody decides alone: by `ages.age`, March 1 for who was born on February 29."""
    try:
        return born.replace(year=born.year + OF_AGE)
    except ValueError:
        return date(born.year + OF_AGE, 3, 1)


def grown_by(day: date) -> date:
    """The last birth date of those who are of age on a day: `of_age_on` of it has come, and of the next has not."""
    try:
        return day.replace(year=day.year - OF_AGE)
    except ValueError:
        return date(day.year - OF_AGE, 2, 28)


def ends_at(release: ReleaseFacts) -> datetime | None:
    """When it opens nothing more by itself: at its end or, signed for a minor, at full age, whichever is first.

    None: by an event alone, or never.
    Source: 42 CFR 2.14 and 45 CFR 164.502(g)(3) let others decide for a minor, and for no adult.
    """
    ends = [each for each in (release.until_at, release.grown_at) if each is not None]
    return min(ends, default=None)


def state(release: ReleaseFacts, at: datetime) -> State:
    """What a release is worth at a time: from its own rows alone, so that no other paper changes it.

    Shape: one state for each time. At the second of its end it is over.
    Errors: an end by an event is not seen here: until somebody says that it has come, it stands.
    """
    if release.refused_at is not None:
        return State.REFUSED
    if release.activated_at is None or at < release.activated_at:
        return State.DRAFT
    if release.revoked_at is not None and release.revoked_at <= at:
        return State.REVOKED
    ends = ends_at(release)
    if ends is None or at < ends - min(EXPIRING, (ends - release.activated_at) / PART):
        return State.ACTIVE
    return State.EXPIRING if at < ends else State.EXPIRED


def opens(release: ReleaseFacts, at: datetime) -> bool:
    """Whether anything may be told by it at a time."""
    return state(release, at) in (State.ACTIVE, State.EXPIRING)


def may_revoke(release: ReleaseFacts, *, condition_ended: bool, at: datetime) -> Verdict:
    """Say whether a release may be stopped now: any, at once, but the one that a court's condition needs.

    Source: 42 CFR 2.31(a)(6); 45 CFR 164.508(b)(5); 42 CFR 2.35(c): not before the stated condition ends.
    """
    stands = state(release, at)
    if stands in (State.DRAFT, State.REFUSED):
        return no("release.never_signed", "This was never signed, so there is nothing to stop.")
    if stands in (State.REVOKED, State.EXPIRED):
        return no("release.over", "This has already ended.")
    if release.kind is Kind.PART2_CJ and not condition_ended:
        return no(
            "release.tied",
            "This is tied to a condition: {condition}. It can be stopped when that has ended "
            "(42 CFR 2.35).",
            condition=release.condition,
        )
    return yes("release.may_revoke")


def may_copy(release: ReleaseFacts) -> Verdict:
    """Whoever signed gets a copy, also of what has ended since.

    Source: 45 CFR 164.508(c)(4).
    """
    if release.activated_at is None:
        return no("copy.unsigned", "There is a copy once this is signed.")
    return yes("copy.signed")


def may_say_subject(release: ReleaseFacts, *, took_it: bool, known: bool, at: datetime) -> Verdict:
    """Say whether a program may say whose record a release means there.

    Source: our choice: where it was taken it names its own record, and one release means one record.
    """
    if took_it:
        return no("subject.own", "Your program took this. It already says whose record it means.")
    if not opens(release, at):
        return no("subject.over", "This opens nothing now, so it needs no record here.")
    if known:
        return no(
            "subject.known", "Your program already said whose record this means. Undo it first."
        )
    return yes("subject.may_say")


def may_undo_subject(*, undone: bool) -> Verdict:
    if undone:
        return no("subject.undone", "This was already taken back.")
    return yes("subject.may_undo")


def may_name(teller_id: UUID, told: Collection[UUID]) -> Verdict:
    """Say whether a program may be told by another: a permission to tell oneself would say nothing."""
    if teller_id in told:
        return no("release.same", "Choose another program to be told than the one that tells.")
    return yes("release.names_another")
