"""What an earlier run of the city left open: its stories are gone, its people are not dropped.

Each is finished by whoever holds them, a few minutes apart, as a colleague who comes back would.
"""

from uuid import UUID

from nowrongdoor.agencies.facts import Role
from nowrongdoor.dispatch import board, commands
from nowrongdoor.dispatch.board import RequestRow
from nowrongdoor.dispatch.facts import Clearing, Transport
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes import queries as holding
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.sandbox.call_taking import close
from nowrongdoor.sandbox.state import Story, Town

APART_S = 45.0


def left_open(town: Town) -> list[Story]:
    """One story for each open person whom the city's staff hold, and for each of its requests."""
    found: dict[UUID, Story] = {}
    asked: dict[UUID, tuple[Actor, RequestRow]] = {}
    for program, role in _desks(town):
        by = town.staff.somebody(program, role, town.at)
        for row in holding.board(by, at=town.at):
            if row.holder_member_id and town.staff.named(row.holder_member_id) is not None:
                found.setdefault(row.id, finished(town, row.id))
        for request in board.requests(by, open_only=True):
            if request.to_program_id == by.program_id:
                asked[request.id] = (by, request)
    return [*(_answered(town, *each) for each in asked.values()), *found.values()]


def people_holding(town: Town) -> frozenset[UUID]:
    """Whoever holds somebody now and is not of the city's staff."""
    held = (
        row.holder_member_id
        for program, role in _desks(town)
        for row in holding.board(town.staff.somebody(program, role, town.at), at=town.at)
        if row.holder_member_id
    )
    return frozenset(held) - town.staff.ids


def _desks(town: Town) -> tuple[tuple[str, Role], ...]:
    desks = town.desks
    return (
        *town.senders.items(),
        (desks.other_911, Role.CALL_TAKER),
        (desks.line, Role.COUNSELOR),
        (desks.center, Role.CHARGE_NURSE),
    )


def _answered(town: Town, by: Actor, request: RequestRow) -> Story:
    """A request that somebody of the city was answering: whoever of them is out comes back."""
    yield 5
    for team in request.teams:
        if not team.outcome and all(town.staff.named(each.member_id) for each in team.people):
            clearing = Clearing("resolved_scene")
            commands.clear(
                by=by, at=town.at, assignment_id=team.id, clearing=clearing, way=Transport.RADIO
            )
    if not request.teams:
        commands.decline_request(by=by, at=town.at, request_id=request.id, reason="no_unit")


def finished(town: Town, episode_id: UUID) -> Story:
    """Part from somebody whom one of the city's staff holds, once nothing is open any more."""
    yield 3 * APART_S
    holder = _holder(town, episode_id)
    if holder is None:
        return
    for row in holding.board(holder, at=town.at, ids=frozenset({episode_id})):
        for offer in row.offers:
            if offer.from_program_id == holder.program_id:
                episodes.withdraw_offer(by=holder, at=town.at, handoff_id=offer.id)
    for request in board.requests(holder, episode_ids=frozenset({episode_id})):
        try:
            commands.close_without_response(
                by=holder, at=town.at, request_id=request.id, reason="settled_by_phone"
            )
        except Refused:
            continue  # it came to its end, or was followed
    closing = Closing("information", accountable_member_id=holder.member_id)
    yield from close(town, episode_id, holder, closing)


def _holder(town: Town, episode_id: UUID) -> Actor | None:
    """Whoever of the staff holds them now; None where a person does, or nobody any more."""
    for program, role in _desks(town):
        by = town.staff.somebody(program, role, town.at)
        for row in holding.board(by, at=town.at, ids=frozenset({episode_id})):
            return town.staff.named(row.holder_member_id) if row.holder_member_id else None
    return None
