"""Asking for somebody's work, and the authority's answers. An assist never moves the holder.

Source of every rule here, where none is named: sources, "Asking and sending", "A queued team" and
"Transfers and assists": a request is accepted, queued, or declined with a reason.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from nowrongdoor.agencies.facts import RouteFacts
from nowrongdoor.dispatch.facts import (
    OPEN,
    WAITING,
    QueueDecision,
    RequestFacts,
    RequestState,
)
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes

CALLED_OFF = "called_off"
NOT_MET = frozenset({"not_found", "refused", "unsafe_staged", "cancelled"})
"""Outcomes after which nobody was helped: the person goes back to who asked, never out of sight."""


def may_ask(*, open: bool, works: bool, route: RouteFacts | None) -> Verdict:
    """Say whether a program may ask another's authority for this kind of help.

    Errors: no route is an answer: whose work may be asked for, by whom, is dated data.
    Source: sources, "Who may send whom".
    """
    if not open:
        return no("episode.closed", "This call is closed.")
    if not works:
        return no("ask.not_working", "Your program does not work on this call.")
    if route is None:
        return no("ask.no_route", "No agreement lets your program request this from that program.")
    return yes("ask.allowed")


def may_answer(by: Actor, request: RequestFacts, *, sent: bool = True) -> Verdict:
    """Say whether `by` may accept, queue or decline: the authority that was asked, by name.

    Units: `sent` False says that a request that was accepted has nobody on the way: its desk may
        still put it in a queue, or decline it.
    """
    if request.to_program_id != by.program_id:
        return no("request.not_yours", "This request went to another desk.")
    if by.member_id is None:
        return no("request.no_name", "Only a named person can answer a request.")
    if not _waits(request, sent=sent):
        return no("request.answered", "This request has already been answered.")
    return yes("request.yours")


def _waits(request: RequestFacts, *, sent: bool) -> bool:
    return request.state in WAITING or (request.state is RequestState.ACCEPTED and not sent)


def may_wait(*, promised_at: datetime, at: datetime, caller_contact_known: bool) -> Verdict:
    """Say whether a request may wait: with a time to come by, and a person who rings the caller.

    Units: `caller_contact_known` says that the person named is one of the authority's or the asker's.
    """
    if promised_at <= at:
        return no("queue.past", "Enter an ETA in the future.")
    if not caller_contact_known:
        return no("queue.nobody_rings", "Choose who calls the caller until the team arrives.")
    return yes("queue.allowed")


def may_withdraw(by: Actor, request: RequestFacts, *, sent: bool) -> Verdict:
    """Say whether who asked may take it back: until it ended; a unit on its way is cleared by its desk.

    Units: `sent` as in `may_answer`.
    """
    if request.from_program_id != by.program_id:
        return no("request.not_yours_to_withdraw", "Another program made this request.")
    if request.state is RequestState.ACCEPTED and sent:
        return no("request.on_its_way", "A unit is on the way. Ask its desk to clear it.")
    if not _waits(request, sent=sent):
        return no("request.answered", "This request has already been answered.")
    return yes("withdraw.allowed")


def may_choose(
    by: Actor,
    request: RequestFacts,
    choose: QueueDecision,
    *,
    promised_at: datetime | None,
    at: datetime,
) -> Verdict:
    """Say whether `by` may choose what becomes of a queued request: whoever asked, or was asked.

    To keep waiting needs a new promise: nobody waits on the old one.
    """
    if by.program_id not in (request.from_program_id, request.to_program_id):
        return no("choose.not_yours", "Only the two programs on this request can decide.")
    if request.state is not RequestState.QUEUED:
        return no("choose.not_queued", "This request is not waiting for a unit.")
    kept_without = choose is QueueDecision.KEEP and promised_at is None
    if kept_without or (promised_at is not None and promised_at <= at):
        return no("queue.past", "Enter an ETA in the future.")
    return yes("choose.allowed")


def next_choice(
    queued_at: datetime, *, steps_min: Sequence[int], at: datetime
) -> tuple[int, datetime]:
    """When somebody is next asked to choose, and as which step, counted from 1.

    Shape: after the last step it goes on in steps of the last distance, until it has rung often enough (`clocks.rules`).
    Units: `steps_min` are whole minutes after `queued_at`, rising.
    Source: sources, "A queued team": after 20, 40 and 60 minutes.
    """
    for number, minutes in enumerate(steps_min, start=1):
        due = queued_at + timedelta(minutes=minutes)
        if due > at:
            return number, due
    last = steps_min[-1]
    apart = last - steps_min[-2] if len(steps_min) > 1 else last
    over = int((at - queued_at).total_seconds() // 60) - last
    more = over // apart + 1
    return len(steps_min) + more, queued_at + timedelta(minutes=last + more * apart)


def outcome_of(outcomes: Sequence[str]) -> str:
    """What a request's work came to, of what each of its teams said at its end, in that order.

    Shape: the last team that met the person; else the last that was not called off; '' where none.
    Source: our choice: a second car that is cancelled does not undo what the first one did.
    """
    ended = [each for each in outcomes if each != CALLED_OFF]
    met = [each for each in ended if each not in NOT_MET]
    return (met or ended or [""])[-1]


def may_follow(request: RequestFacts, *, same_episode: bool, followed: bool) -> Verdict:
    """Say whether a new request may say that it follows this one: one does, the next follows that."""
    if not same_episode:
        return no("follow.elsewhere", "That request was for another call.")
    if request.state in OPEN:
        return no("follow.open", "That request is still open.")
    if followed:
        return no("follow.already", "Another request already follows that one.")
    return yes("follow.allowed")


def may_close_without_response(by: Actor, request: RequestFacts) -> Verdict:
    """Say whether who asked may leave a decline, or a return, at that: with a reason, by name."""
    if request.from_program_id != by.program_id:
        return no("request.not_yours_to_withdraw", "Another program made this request.")
    if request.state not in (RequestState.DECLINED, RequestState.RETURNED):
        return no("follow.not_needed", "Nothing needs follow-up here.")
    return yes("follow.without")


def may_keep_or_release(
    request: RequestFacts, *, police: bool, on_scene_team: bool, holds: bool
) -> Verdict:
    """Say whether police who stand by may be kept or released: by the team, or whoever holds.

    Source: sources, "Police staged".
    """
    if not police:
        return no("police.not", "This is not a request for police.")
    if request.state not in OPEN:
        return no("request.answered", "This request has already been answered.")
    if not (on_scene_team or holds):
        return no("police.not_yours", "Only the team or the call's owner keeps or releases police.")
    return yes("police.allowed")
