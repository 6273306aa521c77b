"""Stages, states and reasons of those who come, in words. And what of it needs a supervisor."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext

from nowrongdoor.dispatch.board import RequestRow
from nowrongdoor.dispatch.facts import RequestState, Stage


def stage_words(stage: Stage) -> str:
    return {
        Stage.ASSIGNED: gettext("sent"),
        Stage.EN_ROUTE: gettext("on the way"),
        Stage.STAGED: gettext("staged near"),
        Stage.ON_SCENE: gettext("on scene"),
        Stage.ENGAGED: gettext("with the person"),
        Stage.TRANSPORTING: gettext("taking them"),
        Stage.CLEARED: gettext("clear"),
    }[stage]


def state_words(state: RequestState) -> str:
    return {
        RequestState.ASKED: gettext("not answered yet"),
        RequestState.QUEUED: gettext("nobody is coming yet"),
        RequestState.ACCEPTED: gettext("taken on"),
        RequestState.DECLINED: gettext("declined"),
        RequestState.WITHDRAWN: gettext("withdrawn"),
        RequestState.DONE: gettext("finished"),
        RequestState.RETURNED: gettext("not met, back with you"),
    }[state]


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
