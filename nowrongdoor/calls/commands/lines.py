"""Marks a program's phone lines down or up, and decides which program a timer alerts."""

from datetime import datetime
from uuid import UUID

from nowrongdoor.agencies.acting import command, named
from nowrongdoor.agencies.facts import Action
from nowrongdoor.calls import kinds, rules
from nowrongdoor.calls.models import LineStatus
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.clocks.facts import DeadlineFacts
from nowrongdoor.episodes import lookup
from nowrongdoor.episodes.facts import EpisodeFacts
from nowrongdoor.journal.kinds import record
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotFound, require
from nowrongdoor.rows.ids import new_id


@command(needs=Action.ASSUME)
def report_line_down(*, by: Actor, at: datetime, program_id: UUID) -> LineStatus:
    """Say that a program's lines do not answer: a supervisor may then assume what it holds.

    Refused: to whoever does not supervise; as `calls.rules.may_report_line_down` says.
    Journal: calls.line_down.
    """
    down = LineStatus.objects.filter(program_id=program_id, up_at=None).exists()

    require(rules.may_report_line_down(down=down, own=program_id == by.program_id))

    row = LineStatus.objects.create(
        id=new_id(at),
        program_id=program_id,
        said_by_program_id=by.program_id,
        down_at=at,
        down_by_id=named(by),
    )

    record(kinds.LINES_REPORTED_DOWN, by=by, at=at, line_program_id=program_id)
    return row


@command(needs=Action.ASSUME)
def report_line_up(*, by: Actor, at: datetime, program_id: UUID) -> LineStatus | None:
    """Say that a program's lines answer again.

    Refused: to whoever does not supervise.
    Journal: calls.line_up, where they were down.
    """
    row = LineStatus.objects.select_for_update().filter(program_id=program_id, up_at=None).first()

    if row is None:
        return None

    row.up_at, row.up_by_id = max(at, row.down_at), named(by)
    row.save(update_fields=["up_at", "up_by"])

    record(kinds.LINES_REPORTED_UP, by=by, at=at, line_program_id=program_id)
    return row


def owner_of(episode_id: UUID) -> EpisodeFacts:
    """Who holds this person: of a joined episode, whoever holds the one it was joined to.

    Where the one acting cannot see that one, the episode itself is all there is to go by.
    """
    own = lookup.facts(episode_id)
    if own.joined_into_id is None:
        return own
    try:
        return lookup.facts(own.joined_into_id)
    except NotFound:
        return own


def set_deadline(
    kind: str, subject_id: UUID, due: datetime, episode_id: UUID, *, by: Actor, at: datetime
) -> None:
    """Set a clock about somebody, who is dropped if it rings where nobody sees them any more.

    So it rings where they are held, whoever sets it: whoever is offered them may be gone by then.
    The other side is whoever set it, or handed them on.
    """
    holder = owner_of(episode_id)
    via = lookup.via(holder)
    where = holder.holder_program_id
    others = (by.program_id, None if via is None else via.from_program_id)
    other = next((each for each in others if each != where), None)
    clocks.set_deadline(
        DeadlineFacts(kind, subject_id, due, episode_id, other, where), by=by, at=at
    )
