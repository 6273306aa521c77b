"""What a newcomer tries first: a call that waits for them, a team that is wanted, a transfer to watch."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from nowrongdoor.agencies.facts import Role
from nowrongdoor.calls import commands, queries
from nowrongdoor.calls.holding import HoldingRow, holding_row
from nowrongdoor.community.queries import code_names
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.cautions import units_en_route
from nowrongdoor.dispatch.facts import Ask
from nowrongdoor.dispatch.words import stage_words
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.episodes.queries import EpisodeRow, StepRow
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotFound
from nowrongdoor.sandbox.arrivals import ANSWERS, Arrival, one_more
from nowrongdoor.sandbox.call_taking import contact, entered, rings
from nowrongdoor.sandbox.state import Town
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
    """One call as one desk sees it; `row` is None where it is not on that desk's board."""

    desk: str
    row: HoldingRow | None
    level: str
    coming: tuple[str, ...]
    steps: tuple[StepRow, ...]


def newest(town: Town) -> UUID | None:
    """The call that 911 handed on last and that is still with the line or on its way there."""
    by = town.staff.somebody(town.desks.floor, Role.PSAP_SUPERVISOR, town.at)
    held = episodes.board(by, at=town.at)
    legs = queries.legs(by, [row.id for row in held])
    handed_on = [
        row
        for row in held
        if row.offers
        or any(one.mode == "listening" for leg in legs.get(row.id, ()) for one in leg.on)
    ]
    newest_first = sorted(handed_on, key=lambda row: row.opened_at, reverse=True)
    return newest_first[0].id if newest_first else None


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
    names, legs = code_names("incident_classes", language), queries.legs(who, [episode_id])
    rows = [
        holding_row(
            held,
            who,
            class_name=names.get(held.incident_class, held.incident_class),
            legs=legs.get(episode_id, ()),
        )
        for held in episodes.board(who, at=at, ids=frozenset({episode_id}))
    ]
    level, found = triage.levels(who, [episode_id]).get(episode_id), _episode(who, episode_id, at)
    return Side(
        desk=who.agency_kind,
        row=rows[0] if rows else None,
        level="" if level is None else level.shown.value,
        coming=tuple(
            f"{unit} {stage_words(stage)}"
            for unit, stage in units_en_route(who, [episode_id]).get(episode_id, ())
        ),
        steps=() if found is None else found.steps,
    )


def _episode(by: Actor, episode_id: UUID, at: datetime) -> EpisodeRow | None:
    try:
        return episodes.episode(by, episode_id, at=at)
    except NotFound:
        return None
