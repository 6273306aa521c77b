"""The city itself: its phones ring, its crews change, and time goes by, fast or as the clock does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from nowrongdoor.agencies import queries as agencies
from nowrongdoor.agencies.facts import Role
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch import queries as units
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sandbox import call_taking, schema, staff, teams
from nowrongdoor.sandbox.arrivals import HOUR, Arrival, in_hour
from nowrongdoor.sandbox.following import follow_ups
from nowrongdoor.sandbox.sampling import seeded
from nowrongdoor.sandbox.staff import pairs
from nowrongdoor.sandbox.state import Story, Town

LONGEST_SILENCE = timedelta(seconds=30)
"""How long deadlines may wait to be fired while time goes by fast."""
SHIFTS_AT = (7, 19)


def found(
    folder: Path, *, seed: int, at: datetime, clock: Callable[[], datetime] | None = None
) -> Town:
    """The city of a community's folder. Errors: FileNotFoundError where it has none; NotHired."""
    rates, here = schema.read(folder), community.community()
    zones = schema.populations(folder)
    programs = agencies.programs("en")
    return Town(
        rates=rates,
        zones=zones,
        zone_ids={code: _zone(code) for code in zones},
        program_ids={f"{each.agency_code}/{each.code}": each.id for each in programs},
        seed=seed,
        staff=staff.employed(rates, here, at=at),
        at=at,
        clock=clock,
    )


def wake(town: Town) -> None:
    """Everybody comes to work: crews sign on, patrol cars say that they are free, phones ring."""
    _crews(town)
    for code in town.rates.cad_units:
        unit_id = units.unit_id(code)
        if unit_id is not None:
            by = town.staff.somebody(town.desks.floor, Role.DISPATCHER, town.at)
            dispatch.report_cad_status(by=by, at=town.at, unit_id=unit_id, state="AVL", busy=False)
    town.start(phones(town))
    town.start(shifts(town), at=_next_shift(town))
    town.start(follow_ups(town))


def phones(town: Town) -> Story:
    """Hour by hour, whoever calls."""
    hour = town.at.replace(minute=0, second=0, microsecond=0)
    while True:
        for each in in_hour(town.rates, town.zones, town.seed, hour, zone=town.staff.zone):
            if each.at >= town.at:
                town.start(story(town, each), at=each.at)
        hour += HOUR
        yield (hour - town.at).total_seconds()


def story(town: Town, arrival: Arrival) -> Story:
    """Somebody calls, unless the phones are silent when it is time."""
    if town.quiet:
        return
    tell = call_taking.calls_911 if arrival.stream == "911" else call_taking.calls_line
    yield from tell(town, arrival)


def shifts(town: Town) -> Story:
    """Twice a day the other half comes: a crew that is out stays until it is clear."""
    while True:
        _crews(town)
        yield (_next_shift(town) - town.at).total_seconds() + 1


def fast(
    town: Town,
    until: datetime,
    *,
    fire: Callable[..., object],
    say: Callable[[datetime], None],
) -> None:
    """Let time go by until then, telling every story at its time and firing what falls due."""
    fired = town.at
    while town.at < until:
        upto = min(fired + LONGEST_SILENCE, until)
        while town.step(upto):
            pass
        town.at = fired = upto
        fire(at=upto)
        say(upto)


def _crews(town: Town) -> None:
    """Whoever does not work now goes home; whoever does takes a unit that is free."""
    busy = units.stages()
    ours = {
        unit_id: (each.program, number)
        for each in town.rates.units
        for number in range(each.number)
        if (unit_id := units.unit_id(f"{each.prefix}{each.first + number}")) is not None
    }
    wanted: dict[UUID, tuple[Actor, ...]] = {}
    for unit_id, (program, number) in ours.items():
        crews = _pairs(town, program)
        if unit_id not in busy and number < len(crews):
            wanted[unit_id] = crews[number]
    for unit_id in ours.keys() - busy.keys():
        if town.crews.get(unit_id) != wanted.get(unit_id, ()):
            _sign_off(town, unit_id)
    out = {each for unit_id in busy for each in town.crews.get(unit_id, ())}
    for unit_id, crew in wanted.items():
        if unit_id not in town.crews and not out & set(crew):
            teams.sign_on(town, unit_id, crew, _stands(town, unit_id))


def _pairs(town: Town, program: str) -> list[tuple[Actor, Actor]]:
    sends = None if program == town.desks.floor else town.senders.get(program)
    roles = [role for at, role in town.staff.by_role if at == program and role != sends]
    groups = [list(town.staff.on_duty(program, role, town.at)) for role in roles]
    if len(groups) == 1:
        return pairs(groups[0])
    return list(zip(*groups, strict=False))  # an officer with a clinician


def _sign_off(town: Town, unit_id: UUID) -> None:
    """Also a crew that an earlier run of the city left there."""
    crew_id, crew = units.crew_of(unit_id), units.crew_facts({unit_id}).get(unit_id, ())
    town.crews.pop(unit_id, None)
    by = next((town.staff.named(each.member_id) for each in crew), None)
    if crew_id is not None and by is not None:
        dispatch.sign_off(by=by, at=town.at, crew_id=crew_id)


def _stands(town: Town, unit_id: UUID) -> str:
    return seeded(town.seed, "stands", unit_id).choice(list(town.zones))


def _next_shift(town: Town) -> datetime:
    local = town.at.astimezone(town.staff.zone)
    for day in (0, 1):
        for hour in SHIFTS_AT:
            due = (local + timedelta(days=day)).replace(
                hour=hour, minute=0, second=0, microsecond=0
            )
            if due > local:
                return due.astimezone(town.at.tzinfo)
    raise LookupError("there is a shift every day")


def _zone(code: str) -> UUID:
    id = community.zone_id(code)
    if id is None:
        raise LookupError(f"zone {code} is not loaded")
    return id
