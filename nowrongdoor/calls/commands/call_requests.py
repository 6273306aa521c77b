"""A clinician asks for a call that somebody else holds; and a counselor's note and plan."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.routes import routes_from
from nowrongdoor.calls import kinds, rules
from nowrongdoor.calls.commands.transfers import offer_transfer
from nowrongdoor.calls.models import CallRequest, PlanNote
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes.facts import Proposal
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, missing
from nowrongdoor.web.fields import Text, YesNo

Wish = YesNo(label=_("Follow-up call wanted?"), sent_as="wish", yes=_("Yes"), no=_("No"))


@command(needs=Action.ACCEPT)
def request_call(*, by: Actor, at: datetime, episode_id: UUID) -> CallRequest:
    """Ask the holder for a call. It stays theirs until they give it and one accepts by name.

    A question that whoever held it before left without an answer is over.
    Refused: as `calls.rules.may_request_call` says; where it is asked already.
    Journal: calls.pull_asked.
    """
    held = episodes.lock_episode(episode_id)

    require(rules.may_request_call(by, held))
    earlier = CallRequest.objects.filter(
        episode_id=episode_id, program_id=by.program_id, answered_at=None
    ).first()
    asked = earlier is not None and earlier.holder_program_id == held.holder_program_id
    require(rules.not_asked(asked=asked))

    if earlier is not None:
        _answer(earlier, given=False, by=by, at=at)
    row = CallRequest.objects.create(
        id=new_id(at),
        episode_id=episode_id,
        program_id=by.program_id,
        holder_program_id=held.holder_program_id,
        asked_by_id=named(by),
        asked_at=at,
    )
    record(kinds.CALL_REQUESTED, row, by=by, at=at, **_sides(row))
    return row


@command(needs=Action.OFFER)
def hand_over(*, by: Actor, at: datetime, call_request_id: UUID) -> CallRequest:
    """Give a clinician the call they asked for: it is offered to them by name, along the first route.

    Refused: as `calls.rules.may_hand_over` says; as `offer_transfer` does.
    Journal: calls.pull_given, episodes.offered.
    """
    row = _lock(call_request_id)

    held = lookup.facts(row.episode_id)
    require(rules.may_hand_over(by, held, waiting=row.answered_at is None))

    _answer(row, given=True, by=by, at=at)
    record(kinds.CALL_HANDED_OVER, row, by=by, at=at, **_sides(row))
    ways = routes_from(by, at=at)
    kind = next((each.kind for each in ways if each.to_program_id == row.program_id), "")
    proposal = Proposal(row.episode_id, kind, row.program_id, row.asked_by_id)
    offer_transfer(by=by, at=at, proposal=proposal)
    return row


@command(needs=Action.OFFER)
def decline_request(*, by: Actor, at: datetime, call_request_id: UUID) -> CallRequest:
    """Tell a clinician that one keeps the call they asked for.

    Refused: as `calls.rules.may_hand_over` says.
    Journal: calls.pull_refused.
    """
    row = _lock(call_request_id)

    held = lookup.facts(row.episode_id)
    require(rules.may_hand_over(by, held, waiting=row.answered_at is None))

    _answer(row, given=False, by=by, at=at)
    record(kinds.CALL_REQUEST_DECLINED, row, by=by, at=at, **_sides(row))
    return row


@command(needs=Action.SCREEN)
def write_plan(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    text: Annotated[str, Text(label=_("Clinical note and safety plan"), most=4000, rows=3)] = "",
    wishes_follow_up: Annotated[bool | None, Wish] = None,
) -> PlanNote:
    """Write a note and plan that only one's own program reads, and whether they wish to be called.

    Refused: to roles that screen nobody; where their program does not work on it; BadInput for an
        empty note without a wish.
    Journal: calls.plan_note_written.
    """
    if not lookup.works_on(by, episode_id):
        raise missing()
    if not text.strip() and wishes_follow_up is None:
        raise BadInput(
            "text", "plan.empty", "Enter a note, or choose whether a follow-up call is wanted."
        )

    row = PlanNote.objects.create(
        id=new_id(at),
        episode_id=episode_id,
        program_id=by.program_id,
        by_member_id=named(by),
        at=at,
        text=text.strip(),
        wishes_follow_up=wishes_follow_up,
    )

    record(kinds.PLAN_NOTE_WRITTEN, row, by=by, at=at, note_id=row.pk)
    return row


def _lock(call_request_id: UUID) -> CallRequest:
    episode_id = (
        CallRequest.objects.filter(pk=call_request_id).values_list("episode_id", flat=True).first()
    )
    if episode_id is None:
        raise missing()
    episodes.lock_episode(episode_id)
    return locked(CallRequest, call_request_id)


def _answer(row: CallRequest, *, given: bool, by: Actor, at: datetime) -> None:
    row.answered_at, row.answered_by_id, row.given = max(at, row.asked_at), named(by), given
    row.save(update_fields=["answered_at", "answered_by", "given"])


def _sides(row: CallRequest) -> dict[str, UUID]:
    """Who asks for the call, and who holds it."""
    return {"from_program_id": row.program_id, "to_program_id": row.holder_program_id}
