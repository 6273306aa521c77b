"""A program's lines are down, or back: said by a key at a desk. And who else is told of an episode."""

from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may
from nowrongdoor.calls import rules
from nowrongdoor.calls.events import LineDown, LineUp
from nowrongdoor.calls.models import LineStatus
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import standing
from nowrongdoor.journal import entries
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotPermitted, require
from nowrongdoor.rows.ids import new_id


@command
def say_line_down(*, by: Actor, at: datetime, program_id: UUID) -> LineStatus:
    """Say that a program's lines do not answer: a supervisor may then assume what it holds.

    Refused: to whoever does not supervise; as `calls.rules.may_say_down` says.
    Journal: calls.line_down.
    """
    down = LineStatus.objects.filter(program_id=program_id, up_at=None).exists()

    require(may(by, Action.ASSUME), NotPermitted)
    require(rules.may_say_down(down=down, own=program_id == by.program_id))

    row = LineStatus.objects.create(
        id=new_id(at),
        program_id=program_id,
        said_by_program_id=by.program_id,
        down_at=at,
        down_by_id=named(by),
    )

    entries.write(LineDown(line_program_id=program_id), by=by, at=at)
    return row


@command
def say_line_up(*, by: Actor, at: datetime, program_id: UUID) -> LineStatus | None:
    """Say that a program's lines answer again.

    Refused: to whoever does not supervise.
    Journal: calls.line_up, where they were down.
    """
    row = LineStatus.objects.select_for_update().filter(program_id=program_id, up_at=None).first()

    require(may(by, Action.ASSUME), NotPermitted)
    if row is None:
        return None

    row.up_at, row.up_by_id = max(at, row.down_at), named(by)
    row.save(update_fields=["up_at", "up_by"])

    entries.write(LineUp(line_program_id=program_id), by=by, at=at)
    return row


@command
def assume_all(*, by: Actor, at: datetime, episode_ids: tuple[UUID, ...], reason: str) -> int:
    """Take over several at once, the ones a supervisor chose. All of them or none.

    Refused: as `episodes.commands.assume_episode` says of any of them.
    Journal: episodes.assumed, one for each.
    """
    for episode_id in sorted(episode_ids):
        assume(by=by, at=at, episode_id=episode_id, reason=reason)
    return len(episode_ids)


def assume(*, by: Actor, at: datetime, episode_id: UUID, reason: str) -> None:
    """Take over one: from a holder whose desk is silent, or whose lines were said to be down."""
    held = standing.facts(episode_id)
    down = LineStatus.objects.filter(program_id=held.holder_program_id, up_at=None).exists()
    episodes.assume_episode(by=by, at=at, episode_id=episode_id, reason=reason, said_down=down)


def told_of(episode_id: UUID, by: Actor) -> UUID | None:
    """The other program that a clock of this episode rings in: who holds it, or who handed it on."""
    held = standing.facts(episode_id)
    if held.holder_program_id != by.program_id:
        return held.holder_program_id
    via = standing.via(held)
    if via is not None and via.from_program_id != by.program_id:
        return via.from_program_id
    return None
