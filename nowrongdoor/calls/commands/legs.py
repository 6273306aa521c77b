"""Callers' lines: who is on them, who stays on and listens, who leaves. Facts, said by a desk's key
or by a telephone system over the API.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from django.db.models import QuerySet

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import kinds, rules
from nowrongdoor.calls.commands.lines import owner_of, set_deadline
from nowrongdoor.calls.current_level import current_level
from nowrongdoor.calls.facts import MODE_WORDS, Left, LegFacts, Medium, Mode
from nowrongdoor.calls.models import Contact, Leg, Participant
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks.facts import DeadlineFacts
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes.facts import Purpose
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require
from nowrongdoor.kernel.words import _
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.inserts import insert
from nowrongdoor.rows.locks import locked, locked_all, missing
from nowrongdoor.web.fields import OneOf

WATCH_CHECK = "calls.watch_check"
"""The deadline of asking whether whoever stayed on is still needed."""
WATCH_SUPERVISOR = "calls.watch_supervisor"
REMINDER = "calls.reminder"
"""The deadline of asking what became of somebody who was released."""
ALONE = "calls.alone"
"""The deadline of saying again that a caller is alone."""


def answer_line(contact: Contact, *, by: Actor, at: datetime, medium: Medium) -> Leg:
    """Begin the leg of a live contact, with whoever took it on it. A step of `take_contact`, which
    has just opened the episode.

    Taken by no named person (a queue, a token), the caller is alone at once, and said to be.
    """
    if contact.episode_id is None:
        raise missing()
    alone = by.member_id is None
    leg = insert(
        Leg,
        id=new_id(at),
        contact_id=contact.pk,
        episode_id=contact.episode_id,
        medium=medium.value,
        began_at=at,
        alone_since=at if alone else None,
    )
    # nobody can have said anything of a need, be on a line, or have handed it on, that begins here
    mine = None if alone else _on_line(leg, by=by, at=at, mode=Mode.JOINED, seen_step=0)
    participant_id = None if mine is None else mine.pk
    record(kinds.ANSWERED, leg, by=by, at=at, participant_id=participant_id)
    if alone:
        ours = DeadlineFacts(ALONE, leg.pk, _said_again_at(at), leg.episode_id)
        clocks.set_deadline(ours, by=by, at=at)
        record(kinds.CALLER_UNATTENDED, leg, by=by, at=at)
    return leg


@command(needs=(Action.ACCEPT, Action.POST_LEGS))
def join_line(
    *,
    by: Actor,
    at: datetime,
    leg_id: UUID,
    mode: Annotated[Mode, OneOf(label=_("How"), words=MODE_WORDS, example="joined")] = Mode.JOINED,
) -> Participant:
    """Come onto a caller's line.

    Refused: as `calls.rules.may_join_line` says.
    Journal: calls.joined_line, or calls.listening.
    """
    leg = lock_leg(leg_id)

    handed_on = _handed_on(leg, by)
    require(rules.may_join_line(by, facts_of(leg), mode, handed_on=handed_on))

    return join_conference(leg, by=by, at=at, mode=mode)


@command(needs=(Action.ACCEPT, Action.POST_LEGS))
def leave_line(*, by: Actor, at: datetime, leg_id: UUID) -> Participant:
    """Leave a caller's line to whoever is on it: how somebody who stayed on lets go.

    Left to a receiver who is no user, the line goes on elsewhere; here it has ended.
    Refused: as `calls.rules.may_release` says.
    Journal: calls.released (calls.left_line for one who was speaking), and calls.leg_ended then.
    """
    leg = lock_leg(leg_id)
    facts = facts_of(leg)

    holder = owner_of(leg.episode_id)
    least_s = int(community.setting("watch_check_s", at)[0])
    need = current_level(by, leg.episode_id)
    require(rules.may_release(by, facts, need, holder=holder, least_s=least_s, at=at))

    row = own_place(leg, by)
    listened = row.mode == Mode.LISTENING
    leave_conference(row, Left.RELEASED if listened else Left.LEFT, at=at)
    if listened:
        set_reminder(row, by=by, at=at)
    record(kinds.RELEASED if listened else kinds.LEFT, row, by=by, at=at)
    if rules.past_deadline(holder) and not facts_of(leg).on:
        end_leg(leg, lost=False, by=by, at=at)
    else:
        watch_unattended_caller(leg, by=by, at=at)
    return row


@command(needs=Action.RELIEVE)
def offer_watch(*, by: Actor, at: datetime, to_member_id: UUID) -> int:
    """Ask a colleague to listen on, on every line that `by` listens to. Answers how many.

    Refused: as `calls.rules.may_relieve_watch` says.
    Journal: calls.watch_offered, one for each line.
    """
    mine = _listening(by)
    legs = lock_legs(mine.values_list("leg_id", flat=True))
    rows = list(mine.filter(leg__in=legs).order_by("leg_id"))  # as they are now, held

    other = to_member_id != by.member_id
    colleague = other and agencies.position_in(to_member_id, by.program_id, at=at)
    for row in rows:
        require(rules.may_relieve_watch(row.facts(), colleague=colleague))

    for row in rows:
        row.relief_to_id = to_member_id
        row.save(update_fields=["relief_to"])
        ours = {"from_program_id": by.program_id, "to_program_id": by.program_id}
        record(kinds.WATCH_OFFERED, row, by=by, at=at, **ours)
    return len(rows)


def listening_to(by: Actor) -> list[UUID]:
    """The episodes on whose lines `by` listens."""
    return list(_listening(by).values_list("episode_id", flat=True))


def _listening(by: Actor) -> "QuerySet[Participant]":
    rows = Participant.objects.filter(until_at=None, mode=Mode.LISTENING.value)
    return rows.filter(member_id=named(by), program_id=by.program_id)


@command(needs=Action.ACCEPT)
def accept_watch(*, by: Actor, at: datetime) -> int:
    """Listen on, by name, on every line that a colleague asked one to. Answers how many.

    Refused: to roles that accept nobody.
    Journal: calls.watch_relieved, one for each line.
    """
    asked = Participant.objects.filter(
        relief_to_id=named(by), program_id=by.program_id, until_at=None
    )
    legs = {leg.pk: leg for leg in lock_legs(asked.values_list("leg_id", flat=True))}

    done = 0
    for earlier in asked.filter(leg__in=legs).order_by("leg_id"):
        leg = legs[earlier.leg_id]
        if facts_of(leg).ended:
            continue  # released or taken back meanwhile
        leave_conference(earlier, Left.RELIEVED, at=at)
        row = Participant.objects.filter(leg=leg, member_id=named(by), until_at=None).first()
        if row is None:  # else they were on it already, and stay as they are
            row = _come_on(leg, by=by, at=at, mode=Mode(earlier.mode))
            row.seen_step = earlier.seen_step
            row.save(update_fields=["seen_step"])
            set_watch_deadline(row, by=by, at=at)
        record(kinds.WATCH_RELIEVED, row, by=by, at=at)
        done += 1
    return done


@command(needs=(Action.ACCEPT, Action.POST_LEGS))
def lose_line(*, by: Actor, at: datetime, leg_id: UUID) -> Participant:
    """Say that one's own connection broke; where nobody else is on it, the caller is alone.

    Refused: to roles that accept nobody, and to whoever is not on the line.
    Journal: calls.lost, and calls.caller_alone where nobody is left.
    """
    leg = lock_leg(leg_id)

    require(rules.may_see(facts_of(leg).of(by.member_id)))

    row = own_place(leg, by)
    leave_conference(row, Left.LOST, at=at)
    watch_unattended_caller(leg, by=by, at=at)
    record(kinds.CONNECTION_LOST, row, by=by, at=at)
    return row


def end_legs(episode_id: UUID, *, by: Actor, at: datetime) -> None:
    """End every open line of an episode. A step of closing it, or of a caller's hanging up."""
    for leg in Leg.objects.filter(episode_id=episode_id, ended_at=None).order_by("id"):
        end_leg(leg, lost=False, by=by, at=at)


def end_leg(leg: Leg, *, lost: bool, by: Actor, at: datetime) -> None:
    for row in Participant.objects.filter(leg=leg, until_at=None):
        leave_conference(row, Left.LOST if lost else Left.LEFT, at=at)
    leg.alone_s += _alone_for(leg, at)
    leg.alone_since, leg.ended_at = None, max(at, leg.began_at)
    leg.ended_as = "lost" if lost else "ended"
    leg.save(update_fields=["alone_since", "alone_s", "ended_at", "ended_as"])
    clocks.cancel_deadline(leg.pk, at=at)
    record(kinds.CALLER_LOST if lost else kinds.LEG_ENDED, leg, by=by, at=at)


def lock_leg(leg_id: UUID) -> Leg:
    """Lock a leg's episode, then the leg. NotFound where unseen."""
    episode_id = Leg.objects.filter(pk=leg_id).values_list("episode_id", flat=True).first()
    if episode_id is None:
        raise missing()
    episodes.lock_episode(episode_id)
    return locked(Leg, leg_id)


def lock_legs(ids: Collection[UUID]) -> list[Leg]:
    """Lock the episodes of several legs, then the legs, in one order. NotFound where an episode is unseen."""
    legs = Leg.objects.filter(pk__in=ids)
    episodes.lock_episodes(*legs.values_list("episode_id", flat=True))
    return locked_all(legs)


def open_legs(episode_id: UUID) -> tuple[Leg, ...]:
    """The open lines of an episode and of those joined to it, which are one person's."""
    whole = lookup.joined_group(episode_id)
    return tuple(Leg.objects.filter(episode_id__in=whole, ended_at=None).order_by("id"))


def facts_of(leg: Leg) -> LegFacts:
    rows = Participant.objects.filter(leg=leg, until_at=None).order_by("since_at", "id")
    return leg.facts(tuple(row.facts() for row in rows))


def join_conference(leg: Leg, *, by: Actor, at: datetime, mode: Mode) -> Participant:
    """Bring `by` onto a line, and say so; whoever was alone there no longer is."""
    row = _come_on(leg, by=by, at=at, mode=mode)
    record(kinds.LISTENING_STARTED if mode is Mode.LISTENING else kinds.JOINED, row, by=by, at=at)
    return row


def start_talking(leg: Leg, *, by: Actor, at: datetime, how: Left) -> None:
    """Bring `by` onto a line to speak. Who listened there ends that (`how`) and speaks."""
    mine = mine_on([leg], by.member_id)
    if not mine:
        join_conference(leg, by=by, at=at, mode=Mode.JOINED)
    for row in mine:
        if row.mode == Mode.LISTENING:
            change_mode(row, Mode.JOINED, how, by=by, at=at)


def leave_conference(row: Participant, how: Left, *, at: datetime) -> None:
    """End somebody's time on a line. The line itself goes on."""
    row.until_at, row.ended_as = max(at, row.since_at), how.value
    row.save(update_fields=["until_at", "ended_as"])
    clocks.cancel_deadline(row.pk, at=at)


def change_mode(row: Participant, mode: Mode, how: Left, *, by: Actor, at: datetime) -> Participant:
    """The same person, from speaking to listening or back: one time on the line ends, one begins."""
    leave_conference(row, how, at=at)
    new = Participant.objects.create(
        id=new_id(at),
        leg_id=row.leg_id,
        episode_id=row.episode_id,
        medium=row.medium,
        program_id=row.program_id,
        member_id=row.member_id,
        mode=mode.value,
        since_at=at,
        seen_step=row.seen_step,
    )
    record(kinds.LISTENING_STARTED if mode is Mode.LISTENING else kinds.JOINED, new, by=by, at=at)
    return new


def watch_unattended_caller(leg: Leg, *, by: Actor, at: datetime) -> None:
    """Hold true since when nobody of ours is on an open line; the first moment of it alarms."""
    anybody = Participant.objects.filter(leg=leg, until_at=None).exists()
    if anybody and leg.alone_since is not None:
        leg.alone_s += _alone_for(leg, at)
        leg.alone_since = None
        leg.save(update_fields=["alone_since", "alone_s"])
        clocks.cancel_deadline(leg.pk, at=at)
    elif not anybody and leg.alone_since is None and leg.ended_at is None:
        leg.alone_since = at
        leg.save(update_fields=["alone_since"])
        report_unattended(leg, by=by, at=at)


def report_unattended(leg: Leg, *, by: Actor, at: datetime) -> None:
    """Say that a caller is alone, and set when to say it again."""
    set_deadline(ALONE, leg.pk, _said_again_at(at), leg.episode_id, by=by, at=at)
    record(kinds.CALLER_UNATTENDED, leg, by=by, at=at)


def _said_again_at(at: datetime) -> datetime:
    return at + timedelta(seconds=int(community.setting("alone_again_s", at)))


def set_watch_deadline(row: Participant, *, by: Actor, at: datetime) -> None:
    """Set when to ask whoever listens whether they are still needed, and their supervisor."""
    _least, check_s, supervisor_s = community.setting("watch_check_s", at)
    for kind, after_s in ((WATCH_CHECK, check_s), (WATCH_SUPERVISOR, supervisor_s)):
        due = at + timedelta(seconds=int(after_s))
        other = by.program_id if by.program_id != row.program_id else None
        watch = DeadlineFacts(kind, row.pk, due, row.episode_id, other, row.program_id)
        clocks.set_deadline(watch, by=by, at=at)


def set_reminder(row: Participant, *, by: Actor, at: datetime) -> None:
    """Set when to ask what became of somebody who was released, by what they needed then."""
    level = current_level(by, row.episode_id).level
    plan = community.setting("remind_released_min", at)
    after_s = rules.reminder_after_s(level, plan, reminders=row.reminders)
    due = (row.until_at or at) + timedelta(seconds=after_s)
    if due <= at:  # nobody was there to tell: no flood afterwards
        due = at + timedelta(seconds=rules.reminder_after_s(level, plan, reminders=0))
    set_deadline(REMINDER, row.pk, due, row.episode_id, by=by, at=at)


def mine_on(legs: Iterable[Leg], member_id: UUID | None) -> tuple[Participant, ...]:
    """Where this member is on these lines now."""
    if member_id is None:
        return ()
    return tuple(Participant.objects.filter(leg__in=list(legs), until_at=None, member_id=member_id))


def own_place(leg: Leg, by: Actor) -> Participant:
    return Participant.objects.get(leg=leg, member_id=named(by), until_at=None)


def _handed_on(leg: Leg, by: Actor) -> bool:
    """Whether `by`'s program handed this person on last, or has listened on this line."""
    via = lookup.via(owner_of(leg.episode_id))
    handed_on = via is not None and via.from_program_id == by.program_id
    if handed_on and via is not None and via.purpose is Purpose.TRANSFER:
        return True
    listened = Participant.objects.filter(leg=leg, mode=Mode.LISTENING.value)
    return listened.filter(program_id=by.program_id).exists()


def _come_on(leg: Leg, *, by: Actor, at: datetime, mode: Mode) -> Participant:
    step = current_level(by, leg.episode_id).step
    row = _on_line(leg, by=by, at=at, mode=mode, seen_step=step)
    watch_unattended_caller(leg, by=by, at=at)
    return row


def _on_line(leg: Leg, *, by: Actor, at: datetime, mode: Mode, seen_step: int) -> Participant:
    return insert(
        Participant,
        id=new_id(at),
        leg_id=leg.pk,
        episode_id=leg.episode_id,
        medium=leg.medium,
        program_id=by.program_id,
        member_id=by.member_id,
        mode=mode.value,
        since_at=at,
        seen_step=seen_step,
    )


def _alone_for(leg: Leg, at: datetime) -> int:
    return 0 if leg.alone_since is None else max(int((at - leg.alone_since).total_seconds()), 0)
