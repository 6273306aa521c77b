"""Ending a call, and the clocks of the line when they ring. A clock ends nothing."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import kinds, rules
from nowrongdoor.calls.commands.legs import (
    end_legs,
    facts_of,
    open_legs,
    report_unattended,
    set_reminder,
)
from nowrongdoor.calls.commands.lines import owner_of
from nowrongdoor.calls.current_level import current_level
from nowrongdoor.calls.models import Leg, Participant
from nowrongdoor.cases.commands import open_cases
from nowrongdoor.dispatch import queries as dispatch
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import require
from nowrongdoor.web.fields import Version
from nowrongdoor.web.inputs import Group

CALL_CLOSED = "call_closed"
"""What opens a case, as `cases.yaml` names it."""


@command(needs=Action.CLOSE)
def close_call(
    *,
    by: Actor,
    at: datetime,
    episode_id: UUID,
    closing: Annotated[Closing, Group()],
    seen_version: Annotated[int | None, Version()] = None,
) -> UUID:
    """Close with an outcome, and somebody accountable or the person's own decline. Ends the lines.

    What the community owes after such a call is opened for the program that owes it, unless the person declined.
    Refused: as `calls.rules.may_end_call` and `may_close_over` say; as `episodes.commands.close_episode` does.
    Journal: calls.leg_ended for each line, cases.opened for each case, episodes.closed.
    """
    episodes.lock_episode(episode_id)
    legs = open_legs(episode_id)

    rose_steps = {leg.episode_id: current_level(by, leg.episode_id).rose_step for leg in legs}
    require(rules.may_end_call(by, [facts_of(leg) for leg in legs], rose_steps=rose_steps))
    require(rules.may_close_over(coming=dispatch.open_requests(episode_id)))

    for leg in legs:
        end_legs(leg.episode_id, by=by, at=at)
    if not closing.declined_by_person:
        level = current_level(by, episode_id).level
        open_cases(CALL_CLOSED, episode_id=episode_id, level=level, by=by, at=at)
    episodes.close_episode(
        by=by, at=at, episode_id=episode_id, closing=closing, seen_version=seen_version
    )
    return episode_id


@command
def alert_watch(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """Somebody still listens: ask whether they are needed.

    Journal: calls.watch_due.
    """
    _watch(subject_id, by=by, at=at, supervisor=0)


@command
def alert_watch_supervisor(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """Somebody has listened for long: ask their supervisor too.

    Journal: calls.watch_due.
    """
    _watch(subject_id, by=by, at=at, supervisor=1)


@command
def alert_reminder(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """What became of somebody who was released is not known yet: ask, and ask again later.

    Journal: calls.reminder_due.
    """
    row = Participant.objects.filter(pk=subject_id).first()
    if row is None or not owner_of(row.episode_id).open:
        return

    row.reminders += 1
    row.save(update_fields=["reminders"])
    set_reminder(row, by=by, at=at)
    record(kinds.REMINDER_DUE, row, by=by, at=at, reminder=row.reminders)


@command
def alert_alone(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """A caller is still alone: say so again.

    Journal: calls.caller_alone.
    """
    leg = Leg.objects.filter(pk=subject_id, ended_at=None, alone_since__isnull=False).first()
    if leg is not None:
        report_unattended(leg, by=by, at=at)


def _watch(subject_id: UUID, *, by: Actor, at: datetime, supervisor: int) -> None:
    row = Participant.objects.filter(pk=subject_id, until_at=None).first()
    if row is not None:
        record(kinds.WATCH_DUE, row, by=by, at=at, supervisor=supervisor)
