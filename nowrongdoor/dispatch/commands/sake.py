"""What was asked for a crew's sake ends with its assignment. Steps of commands, never called alone."""

from datetime import datetime
from uuid import UUID

from nowrongdoor.dispatch import kinds
from nowrongdoor.dispatch.commands.requests import do_without, take_back
from nowrongdoor.dispatch.commands.shared import crew_ids, has_responders, lock_assignment
from nowrongdoor.dispatch.models import NOT_ENDED, NOT_FOLLOWED, Assignment, Duress, Request
from nowrongdoor.dispatch.rules import field
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.locks import locked

CREW_CLEAR = "crew_clear"
"""Why nobody else is asked after a no, where no person says so: the crew does not need it any more."""
_UNSETTLED = NOT_ENDED | NOT_FOLLOWED


def end_for_sake(row: Assignment, *, by: Actor, at: datetime) -> None:
    """End what was asked for the sake of a crew that is clear; its episode is locked.

    A no to it needs nobody else any more. Where somebody was sent, they are released, and their desk clears them. Where another crew of this
    episode still needs them, the request is for its sake from now on. While an alarm of the crew is
    open nothing ends by the crew's own word: whoever holds its phone may not be the team.
    """
    alarm = Duress.objects.filter(assignment=row, ended_at=None).exists()
    if not field.is_safe(alarm=alarm, said_by_crew=by.member_id in crew_ids(row)):
        return
    # by the episode, whose requests are few: a no is in no index of what is open
    asked = Request.objects.filter(_UNSETTLED, episode_id=row.episode_id, for_assignment=row)
    for request_id in list(asked.order_by("id").values_list("pk", flat=True)):
        request = locked(Request, request_id)
        other = _other_in_need(row)
        if other is not None:
            request.for_assignment = other
            request.save(update_fields=["for_assignment"])
        elif request.declined_at is not None or request.returned:
            do_without(request, CREW_CLEAR, by=by, at=at)
        elif has_responders(request):
            _release(request, by=by, at=at)
        else:
            take_back(request, by=by, at=at)


def end_for_crew(crew_id: UUID, *, by: Actor, at: datetime) -> None:
    """The same for all that a crew was sent to; each episode is locked, before unit and crew are."""
    went = Assignment.objects.filter(crew_id=crew_id).values("episode_id")
    seen = Request.objects.filter(_UNSETTLED, for_assignment__crew_id=crew_id, episode_id__in=went)
    for assignment_id in seen.order_by("episode_id").values_list("for_assignment_id", flat=True):
        row = lock_assignment(assignment_id)
        if row.cleared_at is not None:
            end_for_sake(row, by=by, at=at)


def _other_in_need(row: Assignment) -> Assignment | None:
    there = Assignment.objects.filter(episode_id=row.episode_id, cleared_at=None)
    for other in there.exclude(pk=row.pk).order_by("assigned_at", "id"):
        alarm = Duress.objects.filter(assignment=other, ended_at=None).exists()
        if alarm or field.asks_police(other.missed):
            return other
    return None


def _release(request: Request, *, by: Actor, at: datetime) -> None:
    if request.released_at is not None:
        return
    request.released_at, request.version = at, request.version + 1
    request.save()
    record(kinds.POLICE_RELEASED, request, by=by, at=at)
