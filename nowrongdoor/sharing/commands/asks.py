"""Asking to see what is closed: it becomes a release, or a no with its reason."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, granted, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import party
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, no, require, yes
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked
from nowrongdoor.sharing import kinds, queries
from nowrongdoor.sharing.models import Ask
from nowrongdoor.web.fields import OneOf, Text


class Answer(StrEnum):
    RELEASE = "release"
    NO = "no"


ANSWER = OneOf(
    label=_("Answer"),
    words={
        Answer.RELEASE: _("We will ask the person for a release"),
        Answer.NO: _("No"),
    },
    wrong=_("Choose an answer."),
)


@command(needs=Action.SHARE)
def ask_to_see(
    *,
    by: Actor,
    at: datetime,
    of_program_id: UUID,
    data: str,
    purpose: str,
    why: Annotated[
        str, Text(label=_("Why you need it"), most=500, rows=2, wrong=_("Say why you need it."))
    ],
    items: Sequence[str] = (),
    person_id: UUID | None = None,
    episode_id: UUID | None = None,
) -> Ask:
    """Ask the program that holds it. It says nothing of whether there is such a record.

    Journal: sharing.asked.
    """
    table = queries.table()
    if table is None or data not in table.data or purpose not in table.purposes:
        raise BadInput("data", "code.unknown", "Choose from the list.")

    row = Ask.objects.create(
        id=new_id(at),
        program_id=by.program_id,
        member_id=named(by),
        of_program_id=of_program_id,
        of_agency_id=party(of_program_id).agency_id,
        person_id=person_id,
        episode_id=episode_id,
        data=data,
        items=list(items),
        purpose=purpose,
        why=why,
        asked_at=at,
    )
    record(
        kinds.ASKED, row, by=by, at=at, from_program_id=by.program_id, to_program_id=of_program_id
    )
    return row


@command(needs=(Action.SHARE, Action.GOVERN_SHARING))
def answer_ask(
    *,
    by: Actor,
    at: datetime,
    ask_id: UUID,
    answer: Annotated[Answer, ANSWER],
    reason: Annotated[str, Text(label=_("Reason"), most=500, rows=2)] = "",
) -> Ask:
    """Answer by name. A no has its reason; the person who was asked about learns nothing of it.

    Refused: a second answer. BadInput for a no without a reason.
    Journal: sharing.answered.
    """
    row = locked(Ask, ask_id)

    officer = granted(by, Action.GOVERN_SHARING) and row.of_agency_id == by.agency_id
    mine = row.of_program_id == by.program_id or officer
    require(yes("ask.yours") if mine else no("ask.not_yours", "This was asked of another program."))
    open_ = row.answered_at is None
    require(yes("ask.open") if open_ else no("ask.answered", "Someone has already answered this."))
    if answer == Answer.NO and not reason:
        raise BadInput("reason", "ask.reason", "Say why not.")

    row.answered_at, row.answered_by_id = max(at, row.asked_at), named(by)
    row.answer, row.reason = answer.value, reason
    row.save(update_fields=["answered_at", "answered_by", "answer", "reason"])
    record(
        kinds.ANSWERED,
        row,
        by=by,
        at=at,
        from_program_id=row.of_program_id,
        to_program_id=row.program_id,
    )
    return row
