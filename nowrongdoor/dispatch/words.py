"""Stages, states and reasons of those who come, in words. And what of it needs a supervisor."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from nowrongdoor.dispatch.board import RequestRow
from nowrongdoor.dispatch.facts import RequestState, Stage

_STAGES = {
    Stage.ASSIGNED: _("sent"),
    Stage.EN_ROUTE: _("on the way"),
    Stage.STAGED: _("staged near"),
    Stage.ON_SCENE: _("on scene"),
    Stage.ENGAGED: _("with the person"),
    Stage.TRANSPORTING: _("taking them"),
    Stage.CLEARED: _("clear"),
}


_STATES = {
    RequestState.ASKED: _("not answered yet"),
    RequestState.QUEUED: _("nobody is coming yet"),
    RequestState.ACCEPTED: _("taken on"),
    RequestState.DECLINED: _("declined"),
    RequestState.WITHDRAWN: _("withdrawn"),
    RequestState.DONE: _("finished"),
    RequestState.RETURNED: _("not met, back with you"),
}


def stage_words(stage: Stage) -> str:
    return gettext(_STAGES[stage])


def state_words(state: RequestState) -> str:
    return gettext(_STATES[state])


def reason_words(code: str) -> str:
    return {
        "crew.few": gettext("one person alone"),
        "crew.clinician": gettext("has a clinician"),
        "crew.no_clinician": gettext("no clinician"),
        "crew.gap": gettext("course missing: {names}"),
        "crew.language": gettext("speaks the language"),
        "crew.no_language": gettext("does not speak the language"),
        "crew.separate_cars": gettext("comes in separate cars"),
        "cad.stale": gettext("CAD has said nothing for long"),
        "work.done": gettext("{count} today"),
        "eta.missing": gettext("time to drive not known"),
    }[code]


def trouble(request: RequestRow, program_id: UUID) -> str:
    """What of a request needs somebody's eyes now, for a program that asked or was asked; '' where nothing."""
    if any(team.duress_id is not None for team in request.teams):
        return gettext("DURESS")
    if any(team.missed for team in request.teams):
        return gettext("no sign of life from the team")
    if request.choose_step:
        return gettext("a queued team: choose")
    if request.state is RequestState.ASKED and request.alerts:
        return gettext("nobody has answered the request")
    if request.loose and request.from_program_id == program_id:
        return gettext("declined or not met, and nobody else was asked")
    return ""


def troubled(requests: Iterable[RequestRow], program_id: UUID) -> tuple[RequestRow, ...]:
    return tuple(each for each in requests if trouble(each, program_id))
