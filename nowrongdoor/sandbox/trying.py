"""What a newcomer tries first: a call that waits for them, a team that is wanted, a transfer to watch."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from nowrongdoor.agencies.facts import Role
from nowrongdoor.calls import commands
from nowrongdoor.desks import board
from nowrongdoor.desks.board import BoardRow
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.facts import Ask
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.episodes.queries import EpisodeRow, StepRow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotFound
from nowrongdoor.sandbox.arrivals import ANSWERS, Arrival, one_more
from nowrongdoor.sandbox.lines import contact, entered, rings
from nowrongdoor.sandbox.town import Town
from nowrongdoor.triage import queries as triage
from nowrongdoor.triage import rules as screening


def ringing(town: Town, by: Actor) -> UUID:
    """Somebody rings 911 now, and `by` answers."""
    episode_id = rings(town, contact(spoken(town, "911"), town))
    commands.take_from_queue(by=by, at=town.at, episode_id=episode_id)
    return episode_id


def wanted(town: Town) -> UUID:
    """A counselor of the city asks the line's own desk for a team now. Answers the request."""
    by = town.staff.somebody(town.desks.line, Role.COUNSELOR, town.at)
    arrival = spoken(town, "line")
    episode_id = entered(town, by, contact(arrival, town))
    stops = screening.none_of_these(triage.protocol(by, at=town.at))
    for given, together in ((stops, True), (ANSWERS["3A"][0], False)):
        commands.answer(
            by=by,
            at=town.at,
            episode_id=episode_id,
            given=given,
            asked_together=together,
        )
    asked = Ask(episode_id, "mobile_team", town.program_ids[town.desks.teams])
    return dispatch.ask(by=by, at=town.at, asked=asked).pk


def spoken(town: Town, stream: str) -> Arrival:
    """Somebody who rings now about themselves, says where they are, and speaks with a counselor."""
    for number in range(1000):
        at = town.at + timedelta(milliseconds=number)
        found = one_more(town.rates, town.zones, town.seed, stream, at)
        if not found.text and not found.sought and found.level == "2":
            return found
    raise LookupError("no such caller in this city")


@dataclass(frozen=True, slots=True)
class Side:
    """One call as one desk sees it."""

    desk: str
    row: BoardRow | None
    steps: tuple[StepRow, ...]


def newest(town: Town) -> UUID | None:
    """The call that 911 handed on last and that is still with the line or on its way there."""
    by = town.staff.somebody(town.desks.floor, Role.PSAP_SUPERVISOR, town.at)
    rows = [row for row in board.rows(by, at=town.at) if row.offer is not None or row.listening]
    newest_first = sorted(rows, key=lambda row: row.opened_at, reverse=True)
    return UUID(newest_first[0].key) if newest_first else None


def sides(town: Town, episode_id: UUID, *, language: str) -> tuple[Side, ...]:
    """The same call at 911 and at the line, each as its own program may see it."""
    desks = (
        (town.desks.floor, Role.PSAP_SUPERVISOR),
        (town.desks.line, Role.LINE_SUPERVISOR),
    )
    return tuple(
        _side(town.staff.somebody(program, role, town.at), episode_id, town.at, language)
        for program, role in desks
    )


def _side(by: Actor, episode_id: UUID, at: datetime, language: str) -> Side:
    who = replace(by, language=language)
    rows = board.rows(who, at=at, ids=frozenset({episode_id}))
    found = _episode(who, episode_id, at)
    steps = () if found is None else found.steps
    return Side(who.agency_kind, rows[0] if rows else None, steps)


def _episode(by: Actor, episode_id: UUID, at: datetime) -> EpisodeRow | None:
    try:
        return episodes.episode(by, episode_id, at=at)
    except NotFound:
        return None
