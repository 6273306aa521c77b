"""Answering a person: what somebody at a desk offers to, or asks of, a desk that the city plays.

Where a person sits at that desk too, the city leaves them time to be first.
"""

from random import Random
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.facts import Role
from nowrongdoor.calls import commands
from nowrongdoor.dispatch.facts import Transport
from nowrongdoor.journal.feed import FedEntry
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sandbox.call_taking import passed_on, sent, talks
from nowrongdoor.sandbox.received import discharged
from nowrongdoor.sandbox.receivers import Help
from nowrongdoor.sandbox.repairs import finished
from nowrongdoor.sandbox.sampling import seeded
from nowrongdoor.sandbox.state import Story, Town
from nowrongdoor.sandbox.teams import Sent, comes_for, desk, requested, way

FOR_A_PERSON_S = 60.0
"""How long a desk of the city waits where a person sits beside it."""
MEMBER = "member:"
TIMER = "timer"


def answers(town: Town, entry: FedEntry) -> Story | None:
    """What the city does about something that a person did; None where it has no part in it."""
    by_timer = entry.by == TIMER and entry.kind == "dispatch.asked"  # for a crew's sake
    if entry.episode_id is None or not (by_timer or is_manual(town, entry)):
        return None
    names = {id: name for name, id in town.program_ids.items()}
    to = names.get(_id(entry, "to_program_id"), "")
    random = seeded(town.seed, entry.seq)
    if by_timer:
        return comes_for(town, entry.episode_id, random)
    if entry.kind == "episodes.offered" and to in _roles(town):
        return _offered(town, _id(entry, "handoff_id"), entry.episode_id, to, random)
    if entry.kind == "dispatch.assigned":
        return _goes(town, entry, random)
    if entry.kind == "dispatch.asked" and to in town.senders:
        return _asked(town, _id(entry, "request_id"), entry.episode_id, to, random)
    return None


def _roles(town: Town) -> dict[str, Role]:
    """The desks of the city that accept somebody, and who sits there."""
    desks = town.desks
    return {
        desks.line: Role.COUNSELOR,
        desks.floor: Role.CALL_TAKER,
        desks.other_911: Role.CALL_TAKER,
        desks.center: Role.CHARGE_NURSE,
        desks.youth: Role.CHARGE_NURSE,
    }


def is_manual(town: Town, entry: FedEntry) -> bool:
    """Whether somebody who signed in did it: a member whom the city does not play."""
    if not entry.by.startswith(MEMBER):
        return False
    return UUID(entry.by.removeprefix(MEMBER)) not in town.staff.ids


def _offered(town: Town, handoff_id: UUID, episode_id: UUID, to: str, random: Random) -> Story:
    """Accept somebody whom a person offers, and go on with them."""
    by = town.staff.somebody(to, _roles(town)[to], town.at)
    yield town.spell(random, "line_answer_s" if to == town.desks.line else "ring_s")
    if _sits_there(town, by):
        yield FOR_A_PERSON_S
    commands.accept_transfer(by=by, at=town.at, handoff_id=handoff_id)
    if to == town.desks.line:
        yield from talks(town, episode_id, by, random, from_911=True)
    elif to == town.desks.other_911:
        yield from passed_on(town, episode_id, by, random)
    elif to == town.desks.floor:
        yield from sent(town, episode_id, by, Help("police_now", "returned"), random)
    else:
        yield from discharged(town, episode_id, by, random)


def _asked(town: Town, request_id: UUID, episode_id: UUID, to: str, random: Random) -> Story:
    """Send whoever a person asks for."""
    if _sits_there(town, desk(town, to)):
        yield FOR_A_PERSON_S
    yield from requested(town, request_id, episode_id, to, random)


def _goes(town: Town, entry: FedEntry, random: Random) -> Story:
    """Go where a person sends a crew of the city; whoever of the city holds the caller parts then."""
    unit_id = _id(entry, "unit_id")
    crew = town.crews.get(unit_id)
    if crew is None or entry.episode_id is None:
        return
    sent_out = Sent(_id(entry, "assignment_id"), entry.episode_id, crew[0], Transport.TAP, "team")
    yield 20
    yield from way(town, sent_out, random)
    yield from finished(town, entry.episode_id)


def _sits_there(town: Town, like: Actor) -> bool:
    rows = agencies.colleagues(like, at=town.at)
    return any(row.present and row.member_id not in town.staff.ids for row in rows)


def _id(entry: FedEntry, name: str) -> UUID:
    return UUID(str(entry.ids.get(name, UUID(int=0))))
