"""Asking for somebody's work, and its answers. The holder stays who it was."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies import routes
from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import ASK, Action
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks.facts import DeadlineFacts
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import kinds
from nowrongdoor.dispatch.commands.shared import (
    has_responders,
    lock_request,
    set_deadline,
)
from nowrongdoor.dispatch.facts import (
    CHOICE,
    CHOOSE_WORDS,
    FOLLOW,
    LISTED,
    MINUTES,
    OPEN,
    REASONS,
    UNANSWERED,
    Answer,
    Ask,
    Mode,
    QueueDecision,
    RequestState,
)
from nowrongdoor.dispatch.models import Choice, Kind, Request
from nowrongdoor.dispatch.rules import asking
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.locks import locked, require_version
from nowrongdoor.web.fields import Code, FromNow, OneOf, Version
from nowrongdoor.web.inputs import Group


@command(needs=Action.REQUEST)
def ask(*, by: Actor, at: datetime, asked: Annotated[Ask, Group()]) -> Request:
    """Ask a unit's authority for help of a kind. The authority sees the episode from now on.

    Refused: as `dispatch.rules.asking.may_ask` and `may_follow` say;
        BadInput for an unknown kind.
    Journal: dispatch.asked.
    """
    held = episodes.lock_episode(asked.episode_id)
    kind = Kind.objects.filter(pk=asked.kind).first()
    if kind is None:
        raise BadInput("kind", "request.kind", "Choose the resource from the list.")

    works = lookup.works_on(by, asked.episode_id)
    to_id = asked.to_program_id
    route = routes.route_for(ASK + kind.code, from_id=by.program_id, to_id=to_id, at=at)
    require(asking.may_ask(open=held.open, works=works, route=route))
    follows = None if asked.follows_id is None else locked(Request, asked.follows_id)
    if follows is not None:
        same = follows.episode_id == asked.episode_id
        followed = Request.objects.filter(follows=follows).exists()
        require(asking.may_follow(follows.facts(), same_episode=same, followed=followed))

    basis = "" if route is None else route.basis
    episodes.grant_program(asked.episode_id, to_id, by=by, basis=basis, at=at)
    row = Request.objects.create(
        id=new_id(at),
        episode_id=asked.episode_id,
        kind=kind,
        from_program_id=by.program_id,
        from_member_id=by.member_id,
        to_program_id=to_id,
        asked_at=at,
        note=asked.note,
        language=asked.language,
        follows=follows,
    )
    if follows is not None:
        clocks.cancel_deadline(follows.pk, at=at)
    set_deadline(UNANSWERED, row.pk, at + timedelta(seconds=kind.answer_s), row, by=by, at=at)

    record(kinds.ASKED, row, by=by, at=at)
    return row


@command(needs=Action.DISPATCH)
def accept_request(
    *,
    by: Actor,
    at: datetime,
    request_id: UUID,
    seen_version: Annotated[int | None, Version()] = None,
) -> Request:
    """Take a request on, by name: somebody will be sent. Until then its clock rings as before.

    Refused: as `dispatch.rules.asking.may_answer` says; on an old version.
    Journal: dispatch.accepted.
    """
    row = lock_request(request_id)

    require_version(row.version, seen_version)
    require(asking.may_answer(by, row.facts()))

    accept_now(row, by=by, at=at)
    if unassigned(row):
        due = at + timedelta(seconds=row.kind.answer_s)
        set_deadline(UNANSWERED, row.pk, due, row, by=by, at=at)
    return row


def unassigned(row: Request) -> bool:
    """Whether a request was accepted and nobody is on the way yet; *aware* sends nobody."""
    accepted = row.state is RequestState.ACCEPTED and row.kind.mode != Mode.AWARE
    return accepted and not has_responders(row)


def accept_now(row: Request, *, by: Actor, at: datetime) -> None:
    """The change and the line of taking a request on; it is locked, the rule was asked."""
    row.accepted_at, row.answered_by_id = max(at, row.asked_at), by.member_id
    row.choose_step, row.alerts, row.version = 0, 0, row.version + 1
    row.save()
    clocks.cancel_deadline(row.pk, at=at)
    record(kinds.ACCEPTED, row, by=by, at=at)


@command(needs=Action.DISPATCH)
def queue_request(
    *,
    by: Actor,
    at: datetime,
    request_id: UUID,
    answer: Annotated[Answer, Group()],
    seen_version: Annotated[int | None, Version()] = None,
) -> Request:
    """Nobody is free: promise a time, and name who rings the caller until then.

    Refused: as `dispatch.rules.asking.may_answer` and `may_wait` say;
        on an old version.
    Journal: dispatch.queued.
    """
    row = lock_request(request_id)

    require_version(row.version, seen_version)
    require(asking.may_answer(by, row.facts(), sent=has_responders(row)))
    known = caller_contact_known(row, answer, at=at)
    require(asking.may_wait(promised_at=answer.promised_at, at=at, caller_contact_known=known))

    record_queued(row, answer, by=by, at=at)
    return row


def caller_contact_known(row: Request, answer: Answer, *, at: datetime) -> bool:
    """Whether whoever rings the caller is one of those who asked, or who were asked."""
    sides = (row.from_program_id, row.to_program_id)
    return any(agencies.position_in(answer.rings_member_id, each, at=at) for each in sides)


def record_queued(row: Request, answer: Answer, *, by: Actor, at: datetime) -> None:
    """The change and the line of waiting; the request is locked, the rule was asked."""
    row.accepted_at, row.answered_by_id = None, by.member_id
    row.queued_at = row.queued_at or max(at, row.asked_at)
    row.promised_at, row.rings_id = answer.promised_at, answer.rings_member_id
    row.choose_step, row.version = 0, row.version + 1
    row.save()
    clocks.cancel_deadline(row.pk, at=at)
    set_choice_deadline(row, by=by, at=at)
    record(kinds.QUEUED, row, by=by, at=at)


@command(needs=Action.DISPATCH)
def decline_request(
    *,
    by: Actor,
    at: datetime,
    request_id: UUID,
    reason: Annotated[
        str, Code(label=_("Reason"), list="decline_reasons", wrong=REASONS, example="capacity")
    ],
) -> Request:
    """Say no, with a reason. Who asked follows it; the authority sees the episode no longer.

    Refused: as `dispatch.rules.asking.may_answer` says.
    Journal: dispatch.declined.
    """
    row = lock_request(request_id)

    require(asking.may_answer(by, row.facts(), sent=has_responders(row)))

    row.declined_at, row.answered_by_id, row.reason = max(at, row.asked_at), by.member_id, reason
    row.choose_step, row.version = 0, row.version + 1
    row.save()
    clocks.cancel_deadline(row.pk, at=at)
    set_follow_deadline(row, by=by, at=at)
    record(kinds.DECLINED, row, by=by, at=at)
    release_authority(row, at=at)
    return row


@command(needs=Action.REQUEST)
def withdraw_request(*, by: Actor, at: datetime, request_id: UUID) -> Request:
    """Take a request back before somebody was sent.

    Refused: as `dispatch.rules.asking.may_withdraw` says.
    Journal: dispatch.withdrawn.
    """
    row = lock_request(request_id)

    require(asking.may_withdraw(by, row.facts(), sent=has_responders(row)))

    take_back(row, by=by, at=at)
    return row


def take_back(row: Request, *, by: Actor, at: datetime) -> None:
    """The change and the line of a request that is not needed any more; it is locked, nobody was sent."""
    row.withdrawn_at, row.version = max(at, row.asked_at), row.version + 1
    row.choose_step = 0
    row.save()
    clocks.cancel_deadline(row.pk, at=at)
    release_authority(row, at=at)
    record(kinds.WITHDRAWN, row, by=by, at=at)


@command(needs=Action.REQUEST)
def choose(
    *,
    by: Actor,
    at: datetime,
    request_id: UUID,
    choose: Annotated[QueueDecision, OneOf(label=_("Choose"), words=CHOOSE_WORDS, wrong=LISTED)],
    promised_at: Annotated[
        datetime | None,
        FromNow(label=_("New ETA (min from now)"), begins_as="minutes", wrong=MINUTES),
    ] = None,
) -> Choice:
    """Decide what becomes of a queued request: keep waiting until a new promise, or something else.

    `upgrade`, `other_unit` and `other_help` say what is done next: the request stays queued until it is
    assigned, or withdrawn for another.
    Refused: as `dispatch.rules.asking.may_choose` says.
    Journal: dispatch.chosen.
    """
    row = lock_request(request_id)

    promised_at = (
        promised_at if choose is QueueDecision.KEEP else None
    )  # the others promise nothing
    require(asking.may_choose(by, row.facts(), choose, promised_at=promised_at, at=at))

    made = Choice.objects.create(
        id=new_id(at),
        request=row,
        episode_id=row.episode_id,
        step=row.choose_step,
        choose=choose.value,
        promised_at=promised_at,
        at=at,
        by_member_id=named(by),
    )
    row.choose_step, row.version = 0, row.version + 1
    row.promised_at = promised_at or row.promised_at
    row.save()
    clocks.cancel_deadline(row.pk, at=at)
    set_choice_deadline(row, by=by, at=at)
    record(kinds.CHOSEN, row, by=by, at=at, choice_id=made.pk)
    return made


@command(needs=Action.REQUEST)
def close_without_response(
    *,
    by: Actor,
    at: datetime,
    request_id: UUID,
    reason: Annotated[
        str, Code(label=_("Why no other unit is requested"), list="without_reasons", wrong=REASONS)
    ],
) -> Request:
    """After a no, or a return: nobody else is asked, by name and with a reason.

    Refused: as `dispatch.rules.asking.may_close_without_response` says.
    Journal: dispatch.done_without.
    """
    row = lock_request(request_id)

    require(asking.may_close_without_response(by, row.facts()))

    do_without(row, reason, by=by, at=at)
    return row


def do_without(row: Request, reason: str, *, by: Actor, at: datetime) -> None:
    """The change and the line of a no after which nobody else is asked; it is locked."""
    row.without, row.version = reason, row.version + 1
    row.save()
    clocks.cancel_deadline(row.pk, at=at)
    record(kinds.CLOSED_WITHOUT_RESPONSE, row, by=by, at=at)


def end_request(
    row: Request, *, by: Actor, at: datetime, outcome: str, next_try_at: datetime | None
) -> None:
    """A request's work is over; one whose person was not met is back with who asked."""
    row.ended_at, row.outcome = max(at, row.asked_at), outcome
    row.returned, row.next_try_at = outcome in asking.NOT_MET, next_try_at
    row.version += 1
    row.save()
    clocks.cancel_deadline(row.pk, at=at)
    if row.returned:
        due = next_try_at if next_try_at is not None and next_try_at > at else None
        set_follow_deadline(row, by=by, at=at, due=due)
    record(kinds.ENDED, row, by=by, at=at)


def set_follow_deadline(
    row: Request, *, by: Actor, at: datetime, due: datetime | None = None
) -> None:
    """Set when to ask who asked what is done now. Theirs: the desk that said no no longer sees it."""
    minutes = int(community.setting("follow_decline_min", at))
    due = due or at + timedelta(minutes=minutes)
    theirs = DeadlineFacts(FOLLOW, row.pk, due, row.episode_id, by.program_id, row.from_program_id)
    clocks.set_deadline(theirs, by=by, at=at)


def release_authority(row: Request, *, at: datetime) -> None:
    """The authority that does not come no longer sees the episode through this request."""
    others = Request.objects.filter(episode_id=row.episode_id, to_program_id=row.to_program_id)
    asked_too = any(
        each.accepted_at is not None or each.state in OPEN for each in others.exclude(pk=row.pk)
    )
    asks_itself = Request.objects.filter(
        episode_id=row.episode_id, from_program_id=row.to_program_id
    )
    if not asked_too and not asks_itself.exists():
        episodes.release_program(
            row.episode_id, row.to_program_id, from_program_id=row.from_program_id, at=at
        )


def set_choice_deadline(row: Request, *, by: Actor, at: datetime) -> None:
    steps = community.setting("queued_team_min", at)
    _number, due = asking.next_choice(row.queued_at or at, steps_min=steps, at=at)
    set_deadline(CHOICE, row.pk, due, row, by=by, at=at)
