"""The API of callers' lines and of screening: a telephone system posts what happens on its legs.

A token stands for one position. What it says of a line it says of that position's own place there,
as a key at the desk does; it moves nobody else.
"""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from nowrongdoor.agencies.access import api_actor
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import commands
from nowrongdoor.desks.api_shapes import Flag, example, writes
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.shapes import WRITES, Body, Done
from nowrongdoor.web.clock import now

router = Router()


class Count(Schema):
    """On how many lines that was done."""

    lines: int


class AnswersIn(Body):
    """Questions of the protocol in force and their answers. `asked_together`: as one question."""

    model_config = example(answers={"WPN": "none", "SI": "passive"}, asked_together=False)

    answers: dict[str, str]
    asked_together: Flag = False


class WatchIn(Body):
    """A colleague in the own program."""

    model_config = example(to_member_id="019364c0-0000-7000-8000-000000000002")

    to_member_id: UUID


COUNTS = WRITES | {200: Count}


@router.post("/episodes/{episode_id}/answers", auth=api_actor(Action.SCREEN), response=WRITES)
@writes
def answers(request: HttpRequest, episode_id: UUID, said: AnswersIn) -> Done:
    """Write answers down. The need rises by itself, and never falls by an answer; see `need`."""
    commands.answer(
        by=actor_of(request),
        at=now(),
        episode_id=episode_id,
        given=said.answers,
        asked_together=said.asked_together,
    )
    return Done(id=episode_id, episode_id=episode_id)


@router.post("/watch/offer", auth=api_actor(Action.RELIEVE), response=COUNTS)
@writes
def offer_watch(request: HttpRequest, to: WatchIn) -> Count:
    """Ask a colleague to listen on, on every line you listen to; you stay on until they accept."""
    lines = commands.offer_watch(by=actor_of(request), at=now(), to_member_id=to.to_member_id)
    return Count(lines=lines)


@router.post("/watch/accept", auth=api_actor(Action.ACCEPT), response=COUNTS)
@writes
def accept_watch(request: HttpRequest) -> Count:
    """Listen on, by name, on every line on which a colleague asks you to."""
    return Count(lines=commands.accept_watch(by=actor_of(request), at=now()))
