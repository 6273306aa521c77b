"""The API of callers' lines: a telephone system posts what it notices of the lines at a named desk.

A key is no person. What it says of a line it says of somebody of its own program who is at a desk
now, named each time; it moves nobody else, and nothing but lines.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from nowrongdoor.agencies import actors
from nowrongdoor.agencies.access import api_actor
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import commands
from nowrongdoor.calls.facts import Mode
from nowrongdoor.desks.api_shapes import example, writes
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.shapes import WRITES, Body, Done
from nowrongdoor.web.clock import now

router = Router()


class DeskIn(Body):
    """Whose desk, by the id of the member who is signed in there."""

    model_config = example(member_id="019364c0-0000-7000-8000-000000000002")

    member_id: UUID


class JoinIn(DeskIn):
    """The same, and how they are on the line."""

    model_config = example(member_id="019364c0-0000-7000-8000-000000000002", mode="joined")

    mode: Mode = Mode.JOINED


def _at_desk(
    command: Callable[..., Any], request: HttpRequest, leg_id: UUID, desk: DeskIn, **more: object
) -> Done:
    by = actors.for_desk(actor_of(request), desk.member_id)
    done = command(by=by, at=now(), leg_id=leg_id, **more)
    return Done(id=done.pk, episode_id=getattr(done, "episode_id", None))


_LINE = "/lines/{leg_id}"
_posts: dict[str, Any] = {"auth": api_actor(Action.POST_LEGS), "response": WRITES}


@router.post(f"{_LINE}/join", **_posts)
@writes
def join_line(request: HttpRequest, leg_id: UUID, desk: JoinIn) -> Done:
    """Somebody came onto the line."""
    return _at_desk(commands.join_line, request, leg_id, desk, mode=desk.mode)


@router.post(f"{_LINE}/leave", **_posts)
@writes
def leave_line(request: HttpRequest, leg_id: UUID, desk: DeskIn) -> Done:
    """Somebody hung up, and the caller stays. Refused while that is not allowed: do not cut them off."""
    return _at_desk(commands.leave_line, request, leg_id, desk)


@router.post(f"{_LINE}/lost", **_posts)
@writes
def lose_line(request: HttpRequest, leg_id: UUID, desk: DeskIn) -> Done:
    """A desk's own connection broke."""
    return _at_desk(commands.lose_line, request, leg_id, desk)


@router.post(f"{_LINE}/caller-lost", **_posts)
@writes
def lose_caller(request: HttpRequest, leg_id: UUID, desk: DeskIn) -> Done:
    """The caller hung up, or broke off. Answers the id of the search that begins."""
    return _at_desk(commands.lose_caller, request, leg_id, desk)
