"""The API of requests and units: CAD says what its units do; other systems ask, answer and send.

A token stands for one position, and is refused what that position would be.
"""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from nowrongdoor.agencies.doors import api_actor
from nowrongdoor.agencies.facts import Action
from nowrongdoor.desks.api_shapes import REFUSALS, WRITES, Done, actor_of, writes
from nowrongdoor.desks.team_shapes import (
    AskIn,
    AssignIn,
    ClearIn,
    DeclineIn,
    HeardIn,
    PositionIn,
    PromiseIn,
    RequestOut,
    SaidIn,
    StepIn,
    UnitOut,
    request_out,
    unit_out,
)
from nowrongdoor.dispatch import board, commands
from nowrongdoor.dispatch.facts import Answer, Ask, Clearing, Point, Stage
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.web.clock import now

router = Router()


@router.get(
    "/requests", auth=api_actor(Action.REQUEST), response={200: list[RequestOut], **REFUSALS}
)
def requests(request: HttpRequest) -> list[RequestOut]:
    """The requests that your program may see and that still wait for something."""
    return [request_out(each) for each in board.requests(actor_of(request), open_only=True)]


@router.get("/units", auth=api_actor(Action.REQUEST), response={200: list[UnitOut], **REFUSALS})
def units(request: HttpRequest) -> list[UnitOut]:
    """The units that your desk may send, and those of your own program."""
    return [unit_out(each) for each in board.units(actor_of(request), at=now())]


@router.post("/units/{unit_id}/said", auth=api_actor(Action.DISPATCH), response=WRITES)
@writes
def said(request: HttpRequest, unit_id: UUID, how: SaidIn) -> Done:
    """What CAD shows of a unit of its own. Older than what is known, it changes nothing."""
    at = _not_ahead(how.at)
    commands.say_cad(by=actor_of(request), at=at, unit_id=unit_id, state=how.state, busy=how.busy)
    return Done(id=unit_id, episode_id=None)


@router.post("/units/{unit_id}/position", auth=api_actor(Action.REQUEST), response=WRITES)
@writes
def position(request: HttpRequest, unit_id: UUID, where: PositionIn) -> Done:
    """Where a unit is. Older than what is known, it changes nothing."""
    point = Point(where.lat, where.lon)
    commands.say_position(
        by=actor_of(request), at=_not_ahead(where.at), unit_id=unit_id, point=point
    )
    return Done(id=unit_id, episode_id=None)


@router.post("/episodes/{episode_id}/requests", auth=api_actor(Action.REQUEST), response=WRITES)
@writes
def ask(request: HttpRequest, episode_id: UUID, what: AskIn) -> Done:
    """Ask a desk for help of a kind. Moves nobody."""
    asked = Ask(
        episode_id, what.kind, what.to_program_id, what.note, what.language, what.follows_id
    )
    row = commands.ask(by=actor_of(request), at=now(), asked=asked)
    return Done(id=row.pk, episode_id=episode_id)


@router.post("/requests/{request_id}/queue", auth=api_actor(Action.DISPATCH), response=WRITES)
@writes
def queue(request: HttpRequest, request_id: UUID, promise: PromiseIn) -> Done:
    """Nobody is free: promise a time, and name who rings the caller until then."""
    answer = Answer(_aware(promise.promised_at, "promised_at"), promise.rings_member_id)
    row = commands.queue_request(
        by=actor_of(request), at=now(), request_id=request_id, answer=answer
    )
    return Done(id=row.pk, episode_id=row.episode_id)


@router.post("/requests/{request_id}/decline", auth=api_actor(Action.DISPATCH), response=WRITES)
@writes
def decline(request: HttpRequest, request_id: UUID, why: DeclineIn) -> Done:
    """Say no, with a reason."""
    row = commands.decline_request(
        by=actor_of(request), at=now(), request_id=request_id, reason=why.reason
    )
    return Done(id=row.pk, episode_id=row.episode_id)


@router.post("/requests/{request_id}/withdraw", auth=api_actor(Action.REQUEST), response=WRITES)
@writes
def withdraw(request: HttpRequest, request_id: UUID) -> Done:
    """Take back what was asked for, before somebody was sent."""
    row = commands.withdraw_request(by=actor_of(request), at=now(), request_id=request_id)
    return Done(id=row.pk, episode_id=row.episode_id)


@router.post("/requests/{request_id}/assign", auth=api_actor(Action.DISPATCH), response=WRITES)
@writes
def assign(request: HttpRequest, request_id: UUID, who: AssignIn) -> Done:
    """Order a unit to go."""
    row = commands.assign(
        by=actor_of(request),
        at=now(),
        request_id=request_id,
        unit_id=who.unit_id,
        override=who.override,
    )
    return Done(id=row.pk, episode_id=row.episode_id)


@router.post("/assignments/{assignment_id}/step", auth=api_actor(Action.REQUEST), response=WRITES)
@writes
def step(request: HttpRequest, assignment_id: UUID, how: StepIn) -> Done:
    """Where a unit is on its way now."""
    row = commands.step(
        by=actor_of(request),
        at=now(),
        assignment_id=assignment_id,
        to=Stage(how.stage),
        way=how.way,
    )
    return Done(id=row.pk, episode_id=row.episode_id)


@router.post(
    "/assignments/{assignment_id}/check-in", auth=api_actor(Action.REQUEST), response=WRITES
)
@writes
def check_in(request: HttpRequest, assignment_id: UUID, how: HeardIn) -> Done:
    """A sign of life of a team."""
    row = commands.check_in(
        by=actor_of(request), at=now(), assignment_id=assignment_id, way=how.way
    )
    return Done(id=row.pk, episode_id=row.episode_id)


@router.post("/assignments/{assignment_id}/duress", auth=api_actor(Action.REQUEST), response=WRITES)
@writes
def duress(request: HttpRequest, assignment_id: UUID, how: HeardIn) -> Done:
    """A team is in danger: a radio's emergency button, say. Rings its desk, and asks for police."""
    row = commands.ring_duress(
        by=actor_of(request), at=now(), assignment_id=assignment_id, way=how.way
    )
    return Done(id=row.pk, episode_id=row.episode_id)


@router.post("/assignments/{assignment_id}/clear", auth=api_actor(Action.REQUEST), response=WRITES)
@writes
def clear(request: HttpRequest, assignment_id: UUID, how: ClearIn) -> Done:
    """End an assignment, with what came of it."""
    next_try = None if how.next_try_at is None else _aware(how.next_try_at, "next_try_at")
    clearing = Clearing(how.outcome, tuple(how.left_behind), how.took_somebody, next_try)
    row = commands.clear(
        by=actor_of(request), at=now(), assignment_id=assignment_id, clearing=clearing, way=how.way
    )
    return Done(id=row.pk, episode_id=row.episode_id)


def _aware(at: datetime, field: str) -> datetime:
    if at.tzinfo is None:
        raise BadInput(field, "time.zone", "Say the time with its zone, as 2027-03-01T19:40:00Z.")
    return at


def _not_ahead(at: datetime) -> datetime:
    """When another system saw something: with its zone, and not later than now."""
    return min(_aware(at, "at"), now())
