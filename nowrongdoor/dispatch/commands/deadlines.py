"""The clocks of requests when they ring. A clock ends nothing; how often it rings again is the community's."""

from datetime import datetime, timedelta
from uuid import UUID

from nowrongdoor.agencies.acting import command
from nowrongdoor.clocks import queries as waits
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import kinds
from nowrongdoor.dispatch.commands.requests import (
    set_choice_deadline,
    set_follow_deadline,
    unassigned,
)
from nowrongdoor.dispatch.commands.shared import (
    request_of_clock,
    set_deadline,
)
from nowrongdoor.dispatch.facts import CHOICE, FOLLOW, UNANSWERED, RequestState
from nowrongdoor.dispatch.models import Request
from nowrongdoor.dispatch.rules import asking
from nowrongdoor.episodes import lookup
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor


@command
def alert_unanswered(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """Nobody has answered a request, or accepted and sent nobody: say so, then up its line.

    Ends nothing.
    Journal: dispatch.unanswered.
    """
    row = request_of_clock(subject_id)
    if row is None or not (row.state is RequestState.ASKED or unassigned(row)):
        return

    row.alerts += 1
    row.save(update_fields=["alerts"])
    again = at + timedelta(seconds=row.kind.answer_s)
    set_deadline(UNANSWERED, row.pk, again, row, by=by, at=at)
    supervisor = waits.climbed(row.pk, UNANSWERED, at)
    record(kinds.UNANSWERED, row, by=by, at=at, supervisor=supervisor)


@command
def alert_choice(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """A queued team is nobody coming: somebody has to choose. Ends nothing.

    Journal: dispatch.choice_due.
    """
    row = request_of_clock(subject_id)
    if row is None or row.state is not RequestState.QUEUED:
        return

    steps = community.setting("queued_team_min", at)
    number, _due = asking.next_choice(row.queued_at or at, steps_min=steps, at=at)
    row.choose_step = max(1, number - 1)
    row.save(update_fields=["choose_step"])
    set_choice_deadline(row, by=by, at=at)
    supervisor = waits.climbed(row.pk, CHOICE, at)
    record(kinds.CHOICE_DUE, row, by=by, at=at, step=row.choose_step, supervisor=supervisor)


@command
def alert_follow(*, by: Actor, at: datetime, subject_id: UUID) -> None:
    """A no, or a person who was not met, and nothing was done about it yet: say so.

    Journal: dispatch.not_followed.
    """
    row = request_of_clock(subject_id)
    if row is None or row.without or Request.objects.filter(follows_id=row.pk).exists():
        return
    if not lookup.facts(row.episode_id).open:
        return

    set_follow_deadline(row, by=by, at=at)
    record(kinds.NOT_FOLLOWED, row, by=by, at=at, supervisor=waits.climbed(row.pk, FOLLOW, at))
