"""Stages, states and reasons of those who come, in words. And what of it needs a supervisor."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from nowrongdoor.dispatch.board import RequestRow
from nowrongdoor.dispatch.facts import RequestState, Stage

_STAGES = {
    Stage.ASSIGNED: _("Dispatched"),
    Stage.EN_ROUTE: _("En route"),
    Stage.STAGED: _("Staged"),
    Stage.ON_SCENE: _("On scene"),
    Stage.ENGAGED: _("Contact made"),
    Stage.TRANSPORTING: _("Transporting"),
    Stage.CLEARED: _("Cleared"),
}


_STATES = {
    RequestState.ASKED: _("Requested, not yet accepted"),
    RequestState.QUEUED: _("No unit assigned"),
    RequestState.ACCEPTED: _("Accepted"),
    RequestState.DECLINED: _("Declined"),
    RequestState.WITHDRAWN: _("Canceled"),
    RequestState.DONE: _("Completed"),
    RequestState.RETURNED: _("No contact - returned to you"),
}


def stage_words(stage: Stage) -> str:
    return gettext(_STAGES[stage])


def state_words(state: RequestState) -> str:
    return gettext(_STATES[state])


def reason_words(code: str) -> str:
    return {
        "crew.few": gettext("Only one person"),
        "crew.clinician": gettext("Clinician on board"),
        "crew.no_clinician": gettext("No clinician"),
        "crew.gap": gettext("Missing course: {names}"),
        "crew.language": gettext("Speaks the language"),
        "crew.no_language": gettext("Does not speak the language"),
        "crew.separate_cars": gettext("Separate vehicles"),
        "cad.stale": gettext("CAD status is old"),
        "work.done": gettext("{count} calls today"),
        "eta.missing": gettext("Drive time unknown"),
    }[code]


def trouble(request: RequestRow, program_id: UUID) -> str:
    """What of a request needs somebody's eyes now, for a program that asked or was asked; '' where nothing."""
    if any(team.duress_id is not None for team in request.teams):
        return gettext("DURESS")
    if any(team.missed for team in request.teams):
        return gettext("Team missed its check-in")
    if request.choose_step:
        return gettext("No team on the way: decide")
    if request.state is RequestState.ASKED and request.alerts:
        return gettext("Request not answered")
    if request.loose and request.from_program_id == program_id:
        return gettext("Declined or no contact, and not reassigned")
    return ""


def troubled(requests: Iterable[RequestRow], program_id: UUID) -> tuple[RequestRow, ...]:
    return tuple(each for each in requests if trouble(each, program_id))
