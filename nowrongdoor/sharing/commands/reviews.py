"""What another person must look at: before it is told, or soon after it was told at once."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import party, privacy_program
from nowrongdoor.clocks import book
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks.facts import DeadlineFacts
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked
from nowrongdoor.sharing import kinds, reviewing
from nowrongdoor.sharing.models import Disclosure, Ground, Review
from nowrongdoor.sharing.queries import Decision
from nowrongdoor.sharing.reviewing import Finding, Kind
from nowrongdoor.web.fields import OneOf, Text

DUE = "sharing.review"
FINDING = OneOf(
    label=_("Finding"),
    words={
        Finding.UPHELD: _("It was right to tell this"),
        Finding.NOT_UPHELD: _("It should not have been told"),
        Finding.CONFIRMED: _("It may be told"),
        Finding.REFUSED: _("It must not be told"),
    },
    wrong=_("Choose what you found."),
)
WAITS = no(
    "gate.second_person",
    "Another person must confirm this first. Nothing has been told yet.",
)
NOT_CONFIRMED = no("gate.second_refused", "Another person looked at this and refused it.")


@command(needs=(Action.GOVERN_SHARING, Action.ASSUME))
def finish_review(
    *,
    by: Actor,
    at: datetime,
    review_id: UUID,
    finding: Annotated[Finding, FINDING],
    words: Annotated[str, Text(label=_("In your words"), most=1000, rows=3, wrong=_("Say why."))],
) -> Review:
    """Say by name what was found. What was told stays told; a claim that was not right opens nothing more.

    Refused: as `sharing.reviewing.may_review` says.
    Journal: sharing.reviewed.
    """
    row = locked(Review, review_id)

    require(
        reviewing.may_review(
            by,
            program_id=row.program_id,
            asked_by=row.asked_by_id,
            done=row.done_at is not None,
            kind=Kind(row.kind),
            finding=finding,
        )
    )

    row.done_at, row.done_by_id = max(at, row.asked_at), named(by)
    row.finding, row.words = finding.value, words
    row.save(update_fields=["done_at", "done_by", "finding", "words"])
    clocks.cancel_deadline(row.pk, at=at)
    if finding is Finding.NOT_UPHELD and row.ground_id is not None:
        _shut(row.ground_id, by=by, at=at)
    record(kinds.REVIEWED, row, by=by, at=at)
    return row


def _shut(ground_id: UUID, *, by: Actor, at: datetime) -> None:
    """What was not right opens nothing from now on."""
    ground = locked(Ground, ground_id)
    if ground.withdrawn_at is None:
        ground.withdrawn_at, ground.withdrawn_by_id = max(at, ground.from_at), named(by)
        ground.save(update_fields=["withdrawn_at", "withdrawn_by"])
        record(kinds.GROUND_WITHDRAWN, ground, by=by, at=at)


def review_overdue(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """Nobody has reviewed it: it climbs, and is due again at the end of the next business day.

    Read and not locked: only a person who did not ask may change a review, and a clock is no person.
    Journal: sharing.review_overdue; none where it was reviewed at this moment.
    """
    row = Review.objects.filter(pk=subject_id, done_at=None).first()
    if row is None:
        return
    record(kinds.REVIEW_OVERDUE, row, by=by, at=at, to_program_id=row.program_id)
    _set_deadline(row, book.due(book.REVIEW, at), by=by, at=at)


def confirmed(decision: Decision, record_id: UUID) -> Verdict | None:
    """Why it is not told yet, where another person must say yes first; None once one did."""
    want = decision.want
    rows = Review.objects.filter(
        kind=Kind.CONFIRM.value,
        record_id=record_id,
        from_program_id=want.from_id,
        to_program_id=want.to_id,
        to_kind=want.to_kind,
        purpose=want.purpose,
        row=decision.row,
    )
    ground = decision.id_of("ground")
    rows = rows.filter(ground_id=ground) if ground else rows.filter(ground=None)
    last = rows.order_by("-asked_at", "-id").first()
    if last is None or last.done_at is None:
        return WAITS
    return None if last.finding == Finding.CONFIRMED else NOT_CONFIRMED


def ask_second_person(decision: Decision, record_id: UUID, *, by: Actor, at: datetime) -> Review:
    """Ask another person of the holder's agency to confirm before anything is told.

    Journal: sharing.review_asked.
    """
    return _ask(decision, record_id, Kind.CONFIRM, by=by, at=at)


def review_later(line: Disclosure, decision: Decision, *, by: Actor, at: datetime) -> Review | None:
    """What was told at once is looked at by another person, once for each claim. None where that is asked already.

    Journal: sharing.review_asked.
    """
    same = Review.objects.filter(
        kind=Kind.REVIEW.value, record_id=line.record_id, row=line.row, ground=line.ground
    )
    if by.member_id is None or same.exists():
        return None
    return _ask(decision, line.record_id, Kind.REVIEW, by=by, at=at, disclosure=line)


def review_claim(ground: Ground, *, by: Actor, at: datetime) -> Review:
    """An emergency that was claimed is reviewed, whatever it opened.

    Journal: sharing.review_asked.
    """
    row = Review(
        id=new_id(at),
        kind=Kind.REVIEW.value,
        duty="officer_72h",
        program_id=reviewers(ground.from_program_id),
        asked_by_id=named(by),
        asked_at=at,
        from_program_id=ground.from_program_id,
        to_program_id=ground.to_program_id,
        to_kind=ground.to_kind,
        purpose="",
        row="",
        person_id=ground.person_id,
        episode_id=ground.episode_id,
        record_id=ground.pk,
        ground=ground,
    )
    return _made(row, by=by, at=at)


def reviewers(program_id: UUID) -> UUID:
    """The program that reviews for a holder: its agency's privacy officer's, else its own supervisors'."""
    return privacy_program(party(program_id).agency_id) or program_id


def _ask(
    decision: Decision,
    record_id: UUID,
    kind: Kind,
    *,
    by: Actor,
    at: datetime,
    disclosure: Disclosure | None = None,
) -> Review:
    want = decision.want
    row = Review(
        id=new_id(at),
        kind=kind.value,
        duty="second_person",
        program_id=reviewers(want.from_id),
        asked_by_id=named(by),
        asked_at=at,
        from_program_id=want.from_id,
        to_program_id=want.to_id,
        to_kind=want.to_kind,
        purpose=want.purpose,
        row=decision.row,
        person_id=want.person_id,
        episode_id=want.episode_id,
        record_id=record_id,
        ground_id=decision.id_of("ground"),
        disclosure=disclosure,
    )
    return _made(row, by=by, at=at)


def _made(row: Review, *, by: Actor, at: datetime) -> Review:
    row.due_at = book.due(book.REVIEW, at)
    row.save(force_insert=True)
    _set_deadline(row, row.due_at, by=by, at=at)
    record(kinds.REVIEW_ASKED, row, by=by, at=at, to_program_id=row.program_id)
    return row


def _set_deadline(row: Review, due: datetime, *, by: Actor, at: datetime) -> None:
    what = DeadlineFacts(
        DUE, row.pk, due, program_id=row.program_id, other_program_id=by.program_id
    )
    clocks.set_deadline(what, by=by, at=at)
