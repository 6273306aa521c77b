"""Who comes: a desk that sends, a crew on its way, at the door, and where they take somebody.

Each story is one request from its answer to its end, by the desk and the crew that it needs.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

from nowrongdoor.agencies.facts import Role
from nowrongdoor.calls import commands as calls
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import board, commands
from nowrongdoor.dispatch import queries as units
from nowrongdoor.dispatch.facts import (
    Answer,
    Ask,
    Clearing,
    Point,
    QueueDecision,
    Signing,
    Stage,
    Transport,
)
from nowrongdoor.dispatch.rules.asking import NOT_MET
from nowrongdoor.episodes.facts import Closing, Proposal
from nowrongdoor.guests import commands as guests
from nowrongdoor.guests import queries as links
from nowrongdoor.guests.facts import Accepts
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sandbox.state import Story, Town

CHECK_IN_S = 900.0
LOOK_AGAIN_S = 240.0
LONGEST_WAIT = 30  # looks for a free unit before the desk says no
PACE = {"team": "team", "police": "police", "visit": "team"}
"""Whose times each kind of unit keeps: a visit is outreach, deflection, or the center's own team."""
CAME_TO = {
    "resolved": "resolved_scene",
    "center": "crc_vol",
    "ed": "ed",
    "not_found": "not_found",
    "police": "police_took",
    "other": "refused",
}


def desk(town: Town, to_program: str) -> Actor:
    """Whoever sends for a program: the team dispatcher of the line, the floor's own, a supervisor."""
    return town.staff.somebody(to_program, town.senders[to_program], town.at)


def requested(
    town: Town, request_id: UUID, episode_id: UUID, to_program: str, random: Random
) -> Generator[float, None, str]:
    """Answer a request and see it through. Answers what came of it, '' where nobody could be sent."""
    teams = to_program == town.desks.teams
    kind = "team" if teams else "police" if to_program == town.desks.floor else "visit"
    by = desk(town, to_program)
    yield town.spell(random, f"{PACE[kind]}_dispatch_s") / 4
    queued = teams and town.happens(random, "queued", town.rates.rare.queued)
    if queued:
        queue(town, request_id, by, minutes=40)
        yield 25 * 60.0  # past the first forced choice
    for _look in range(LONGEST_WAIT):
        keep_waiting(town, request_id, episode_id, by)
        unit_id = free_unit(town, request_id, by)
        if unit_id is not None:
            break
        if not queued:
            queue(town, request_id, by, minutes=40)
            queued = True
        yield LOOK_AGAIN_S
    else:
        commands.decline_request(by=by, at=town.at, request_id=request_id, reason="capacity")
        return ""
    row = commands.assign(by=by, at=town.at, request_id=request_id, unit_id=unit_id)
    crew = town.crews.get(unit_id, ())
    if not crew and unit_id in _crewed_by_people(town):
        return (yield from _until_over(request_id, episode_id, by))
    says, how = (crew[0], Transport.TAP) if crew else (by, Transport.RADIO)
    one = Sent(row.pk, episode_id, says, how, kind)
    return (yield from way(town, one, random))


def _crewed_by_people(town: Town) -> set[UUID]:
    return {each.id for each in units.all_unit_facts(at=town.at) if each.crew and not each.cad}


def _until_over(request_id: UUID, episode_id: UUID, by: Actor) -> Generator[float, None, str]:
    """People go: wait until they have said what came of it."""
    while True:
        yield LOOK_AGAIN_S / 4
        rows = board.requests(by, episode_ids=[episode_id])
        if any(each.id == request_id and each.outcome for each in rows):
            return "resolved"


def queue(town: Town, request_id: UUID, by: Actor, *, minutes: int) -> None:
    """Promise a time, and that the desk rings the caller until then."""
    if by.member_id is None:
        return
    answer = Answer(town.at + timedelta(minutes=minutes), by.member_id)
    commands.queue_request(by=by, at=town.at, request_id=request_id, answer=answer)
    town.told["queued"] += 1


def keep_waiting(town: Town, request_id: UUID, episode_id: UUID, by: Actor) -> None:
    """Where a choice is forced on a queued team: wait on, with a new promise."""
    for each in board.requests(by, episode_ids=[episode_id], open_only=True):
        if each.id == request_id and each.choose_step:
            promised_at = town.at + timedelta(minutes=30)
            commands.choose(
                by=by,
                at=town.at,
                request_id=request_id,
                choose=QueueDecision.KEEP,
                promised_at=promised_at,
            )
            town.told["choices"] += 1


def free_unit(town: Town, request_id: UUID, by: Actor) -> UUID | None:
    """The first unit in order that may go; one on which people have signed on before the city's own."""
    free = [each.unit for each in board.ranked(by, request_id, at=town.at) if each.verdict.allowed]
    people = [each for each in free if not each.cad and each.id not in town.crews]
    return next((each.id for each in [*people, *free]), None)


@dataclass(frozen=True, slots=True)
class Sent:
    """One unit on its way. A crew taps its own phone; for CAD's cars the desk speaks, by radio."""

    id: UUID
    episode_id: UUID
    says: Actor
    how: Transport
    kind: str

    def step(self, town: Town, to: Stage) -> None:
        commands.step(by=self.says, at=town.at, assignment_id=self.id, to=to, way=self.how)

    def clear(self, town: Town, clearing: Clearing) -> None:
        commands.clear(
            by=self.says, at=town.at, assignment_id=self.id, clearing=clearing, way=self.how
        )


def way(town: Town, one: Sent, random: Random) -> Generator[float, None, str]:
    """A unit from the order to go until it is clear. Answers what came of it."""
    yield town.spell(random, "team_dispatch_s") / 8
    one.step(town, Stage.EN_ROUTE)
    yield town.spell(random, f"{PACE[one.kind]}_travel_s")
    one.step(town, Stage.ON_SCENE)
    yield 90
    one.step(town, Stage.ENGAGED)
    police = yield from _police_kept(town, one, random)
    yield from _at_scene(town, one, town.spell(random, f"{PACE[one.kind]}_scene_s"), random)
    if police is not None:
        commands.release_police(by=one.says, at=town.at, request_id=police)
    end = town.chosen(random, town.rates.team_ends.share) if one.kind == "team" else "resolved"
    if end in ("center", "ed"):
        yield from _transport(town, one, end, random)
        clearing = Clearing(CAME_TO[end], took_somebody=True, left_behind=("nobody",))
    else:
        next_try_at = town.at + timedelta(hours=4) if CAME_TO[end] in NOT_MET else None
        clearing = Clearing(CAME_TO[end], next_try_at=next_try_at)
    one.clear(town, clearing)
    town.told[f"{one.kind} {end}"] += 1
    return end


def _at_scene(town: Town, one: Sent, stay_s: float, random: Random) -> Story:
    """With the person, with a sign of life in time; now and then one is late, and once in long, danger."""
    rare = town.rates.rare
    while stay_s > CHECK_IN_S:
        late = town.happens(random, "check_in_missed", rare.check_in_missed)
        yield 1500.0 if late else CHECK_IN_S
        commands.check_in(by=one.says, at=town.at, assignment_id=one.id, way=one.how)
        stay_s -= CHECK_IN_S
    if one.how is Transport.TAP and town.happens(random, "duress", rare.duress):
        alarm = commands.activate_duress(by=one.says, at=town.at, assignment_id=one.id)
        yield 240.0
        by = desk(town, town.desks.teams)
        commands.end_duress(by=by, at=town.at, duress_id=alarm.pk)
        town.told["duress"] += 1
    yield stay_s


def _police_kept(town: Town, one: Sent, random: Random) -> Generator[float, None, UUID | None]:
    """A team that asks for police, and keeps them until it says that it does not need them."""
    if one.kind != "team" or not town.happens(random, "police_kept", town.rates.rare.police_kept):
        return None
    asked = Ask(one.episode_id, "police_staged", town.program_ids[town.desks.floor])
    row = commands.ask(by=one.says, at=town.at, asked=asked)
    by = desk(town, town.desks.floor)
    unit_id = free_unit(town, row.pk, by)
    if unit_id is None:
        commands.decline_request(by=by, at=town.at, request_id=row.pk, reason="no_unit")
        commands.close_without_response(
            by=one.says, at=town.at, request_id=row.pk, reason="others_there"
        )
        return None
    car = commands.assign(by=by, at=town.at, request_id=row.pk, unit_id=unit_id)
    near = Sent(car.pk, one.episode_id, by, Transport.RADIO, "police")
    town.start(_stays(town, near, random))
    yield 600.0
    commands.keep_police(by=one.says, at=town.at, request_id=row.pk)
    town.told["police kept"] += 1
    return row.pk


def _stays(town: Town, one: Sent, random: Random) -> Story:
    """A patrol car near a team, until it is clear."""
    for to in (Stage.EN_ROUTE, Stage.STAGED):
        yield town.spell(random, "police_travel_s") / 2
        one.step(town, to)
    for _ in range(4):
        yield CHECK_IN_S
        commands.check_in(by=one.says, at=town.at, assignment_id=one.id, way=one.how)
    one.clear(town, Clearing("resolved_scene"))


def _transport(town: Town, one: Sent, end: str, random: Random) -> Story:
    """Take somebody to the center, where a nurse accepts them, or to an ED, which answers by its link."""
    desks = town.desks
    code, kind, to = (
        (desks.center_place, "drop_off", desks.center)
        if end == "center"
        else (desks.ed_place, "ed_transfer", desks.ed)
    )
    driver = one.says
    commands.name_destination(by=driver, at=town.at, assignment_id=one.id, facility_code=code)
    proposal = Proposal(one.episode_id, kind, town.program_ids[to])
    offer = calls.offer_transfer(by=driver, at=town.at, proposal=proposal)
    link = guests.make_link(by=driver, at=town.at, handoff_id=offer.id) if end == "ed" else None
    yield town.spell(random, "transport_s")
    if link is None:
        nurse = town.staff.somebody(town.desks.center, Role.CHARGE_NURSE, town.at)
        calls.accept_transfer(by=nurse, at=town.at, handoff_id=offer.id)
        town.start(discharged(town, one.episode_id, nurse, random))
    else:
        found = links.by_token(link.token)
        if found is not None:
            who = Accepts("J. Alder", "ED desk 4")
            guests.open_link(by=found.guest("en"), at=town.at, link_id=found.id)
            guests.accept_by_link(by=found.guest("en"), at=town.at, link_id=found.id, receiver=who)
    yield town.spell(random, "handover_s")


def discharged(town: Town, episode_id: UUID, nurse: Actor, random: Random) -> Story:
    """The center's part in this episode ends once its own record of the stay has begun."""
    yield random.uniform(3600, 4 * 3600)
    closing = Closing("referral", accountable_member_id=nurse.member_id)
    calls.close_call(by=nurse, at=town.at, episode_id=episode_id, closing=closing)


def sign_on(town: Town, unit_id: UUID, crew: tuple[Actor, ...], zone: str) -> None:
    """A crew at roll-call, with a place from which drives are reckoned."""
    people = [Signing(each.member_id) for each in crew if each.member_id is not None]
    by = crew[0]
    commands.sign_on(by=by, at=town.at, unit_id=unit_id, members=people)
    town.crews[unit_id] = crew
    [(lat, lon)] = community.zone_centres([town.zone_ids[zone]]).values()
    commands.report_position(by=by, at=town.at, unit_id=unit_id, point=Point(lat, lon))
