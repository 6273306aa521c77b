"""Who comes: a desk that sends, a crew on its way, at the door, and where they take somebody.

Each story is one request from its answer to its end, by the desk and the crew that it needs.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from random import Random
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Role
from nowrongdoor.calls import commands as calls
from nowrongdoor.clocks import queries as clocks
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import board, commands
from nowrongdoor.dispatch import queries as units
from nowrongdoor.dispatch.facts import (
    DURESS,
    OPEN,
    Answer,
    Ask,
    Clearing,
    Point,
    QueueDecision,
    RequestState,
    Signing,
    Stage,
    Transport,
)
from nowrongdoor.dispatch.ranked import ranked
from nowrongdoor.dispatch.rules.asking import NOT_MET
from nowrongdoor.episodes.facts import Proposal
from nowrongdoor.guests import commands as guests
from nowrongdoor.guests import queries as links
from nowrongdoor.guests.facts import Accepts, Receives
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sandbox.received import comes_on, discharged
from nowrongdoor.sandbox.sampling import CHECK_IN_S, signs, waits
from nowrongdoor.sandbox.state import Story, Town

LOOK_AGAIN_S = 240.0
ANSWER_S = 15.0
"""How soon a desk that cannot send at once says so [own]; police who are to come at once are asked for 20 s."""
ACKNOWLEDGE_S = 12.0
"""How soon a desk says by name that it has seen a team's alarm [own]: before it repeats at 30 s."""
SHOWN_WAIT_S = 1500.0
"""A team that is to be shown in a queue waits so long, past the first forced choice."""
SETTLE_S = 90.0
TURNOUT_S = 60.0
"""From the door to the person, and from the order to the road [own]: parts of the published lengths."""
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
    town: Town,
    request_id: UUID,
    episode_id: UUID,
    to_program: str,
    random: Random,
    *,
    wait_s: float | None = None,
) -> Generator[float, None, str]:
    """Answer a request and see it through. Answers what came of it, '' where nobody could be sent.

    `wait_s` None: it waits as long as published until somebody is sent.
    """
    teams = to_program == town.desks.teams
    kind = "team" if teams else "police" if to_program == town.desks.floor else "visit"
    by = desk(town, to_program)
    if wait_s is None:
        wait_s = town.spell(random, f"{PACE[kind]}_dispatch_s")
    if teams and town.happens(random, "queued", 0.0):
        wait_s = max(wait_s, SHOWN_WAIT_S)
    unit_id = yield from _free(town, request_id, episode_id, by, wait_s)
    if unit_id is None:
        return ""
    row = commands.assign(by=by, at=town.at, request_id=request_id, unit_id=unit_id)
    crew = town.crews.get(unit_id, ())
    if not crew and unit_id in _crewed_by_people(town):
        return (yield from _until_over(request_id, episode_id, by))
    says, how = (crew[0], Transport.TAP) if crew else (by, Transport.RADIO)
    one = Sent(row.pk, episode_id, says, how, kind)
    return (yield from way(town, one, random))


def _free(
    town: Town, request_id: UUID, episode_id: UUID, by: Actor, wait_s: float
) -> Generator[float, None, UUID | None]:
    """A unit that may go, once it has waited so long. None: nobody could be sent, or it was taken back."""
    if not (yield from _waited(town, request_id, episode_id, by, wait_s)):
        return None
    queued = wait_s > ANSWER_S
    for _look in range(LONGEST_WAIT):
        unit_id = free_unit(town, request_id, by)
        if unit_id is not None:
            return unit_id
        if not queued:
            queue(town, request_id, by, minutes=40)
            queued = True
        yield LOOK_AGAIN_S
        if not keep_waiting(town, request_id, episode_id, by):
            return None
    commands.decline_request(by=by, at=town.at, request_id=request_id, reason="capacity")
    return None


def _waited(
    town: Town, request_id: UUID, episode_id: UUID, by: Actor, wait_s: float
) -> Generator[float, None, bool]:
    """Whether it still waits, so long after. Whoever cannot send at once says so: a queue, with a promise."""
    yield min(wait_s, ANSWER_S)
    if wait_s <= ANSWER_S:
        return keep_waiting(town, request_id, episode_id, by)
    if keep_waiting(town, request_id, episode_id, by):
        queue(town, request_id, by, minutes=10 * ceil(wait_s / 600))
    for pause_s in waits(wait_s - ANSWER_S):
        yield pause_s
        if not keep_waiting(town, request_id, episode_id, by):
            return False
    return True


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


def keep_waiting(town: Town, request_id: UUID, episode_id: UUID, by: Actor) -> bool:
    """Whether it still waits. Where a choice is forced on a queued team: wait on, with a new promise."""
    rows = board.requests(by, episode_ids=[episode_id], open_only=True)
    waiting = [each for each in rows if each.id == request_id]
    for each in waiting:
        if each.choose_step:
            promised_at = town.at + timedelta(minutes=30)
            commands.choose(
                by=by,
                at=town.at,
                request_id=request_id,
                choose=QueueDecision.KEEP,
                promised_at=promised_at,
            )
            town.told["choices"] += 1
    return any(not each.teams for each in waiting)


def free_unit(town: Town, request_id: UUID, by: Actor) -> UUID | None:
    """The first unit in order that may go; one on which people have signed on before the city's own."""
    free = [each.unit for each in ranked(by, request_id, at=town.at) if each.verdict.allowed]
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

    def sign(self, town: Town) -> None:
        commands.check_in(by=self.says, at=town.at, assignment_id=self.id, way=self.how)

    def clear(self, town: Town, clearing: Clearing) -> None:
        commands.clear(
            by=self.says, at=town.at, assignment_id=self.id, clearing=clearing, way=self.how
        )


def way(town: Town, one: Sent, random: Random) -> Generator[float, None, str]:
    """A unit from the order to go until it is clear. Answers what came of it."""
    yield from _drives(town, one, random)
    stay_s = town.spell(random, f"{PACE[one.kind]}_scene_s")
    settle_s = min(SETTLE_S, stay_s / 4)
    yield settle_s
    one.step(town, Stage.ENGAGED)
    yield from _at_scene(town, one, stay_s - settle_s, random)
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


def _drives(town: Town, one: Sent, random: Random) -> Story:
    """To the scene. What is published of teams is from the order to go on; of police, from the road on."""
    travel_s = town.spell(random, f"{PACE[one.kind]}_travel_s")
    if one.kind == "police":
        yield town.spell(random, "police_turnout_s")
        one.step(town, Stage.EN_ROUTE)
        yield travel_s
    else:
        turnout_s = min(TURNOUT_S, travel_s / 4)
        yield turnout_s
        one.step(town, Stage.EN_ROUTE)
        yield travel_s - turnout_s
    one.step(town, Stage.ON_SCENE)


def _at_scene(town: Town, one: Sent, left_s: float, random: Random) -> Story:
    """With the person so long in all: now and then police are kept near, and once in long, danger."""
    police = None
    if one.kind == "team" and town.happens(random, "police_kept", town.rates.rare.police_kept):
        police = _ask_to_stand_by(town, one, random)
        with_police_s = min(600.0, left_s / 2)
        yield from _signs(town, one, with_police_s, random)
        one.sign(town)
        commands.keep_police(by=one.says, at=town.at, request_id=police)
        town.told["police kept"] += 1
        left_s -= with_police_s
    danger = one.how is Transport.TAP and town.happens(random, "duress", town.rates.rare.duress)
    danger_s = min(240.0, left_s / 3) if danger else 0.0
    yield from _signs(town, one, left_s - danger_s, random)
    if danger:
        yield from _in_danger(town, one, danger_s, random)
    if police is not None:
        _let_go(town, one, police)


def _signs(town: Town, one: Sent, stay_s: float, random: Random) -> Story:
    """So long, with a sign of life in time; now and then one is late."""
    rate = town.rates.rare.check_in_missed
    pauses = signs(stay_s, lambda: town.happens(random, "check_in_missed", rate))
    for number, pause_s in enumerate(pauses):
        if number:
            one.sign(town)
        yield pause_s


def _in_danger(town: Town, one: Sent, for_s: float, random: Random) -> Story:
    alarm = commands.activate_duress(by=one.says, at=town.at, assignment_id=one.id)
    town.start(comes_for(town, one.episode_id, random))
    yield min(ACKNOWLEDGE_S, for_s)
    _acknowledge(town, alarm.pk)
    yield for_s - min(ACKNOWLEDGE_S, for_s)
    by = desk(town, town.desks.teams)
    commands.end_duress(by=by, at=town.at, duress_id=alarm.pk)
    town.told["duress"] += 1


def _acknowledge(town: Town, duress_id: UUID) -> None:
    """Their desk says by name that it has seen the alarm, unless a person was quicker."""
    by = desk(town, town.desks.teams)
    with act_as(by):
        clock = clocks.running(duress_id, DURESS, at=town.at)
    if clock is not None and clock.acknowledged_at is None:
        calls.acknowledge_alarm(by=by, at=town.at, deadline_id=clock.id)


def comes_for(town: Town, episode_id: UUID, random: Random) -> Story:
    """The floor answers what was asked for the sake of a crew in danger, at once."""
    yield ANSWER_S / 3
    by = desk(town, town.desks.floor)
    for each in board.requests(by, episode_ids=[episode_id], open_only=True):
        if each.to_program_id == by.program_id and each.state is RequestState.ASKED:
            floor = town.desks.floor
            yield from requested(town, each.id, episode_id, floor, random, wait_s=ANSWER_S / 3)
            return


def _ask_to_stand_by(town: Town, one: Sent, random: Random) -> UUID:
    asked = Ask(one.episode_id, "police_staged", town.program_ids[town.desks.floor])
    row = commands.ask(by=one.says, at=town.at, asked=asked)
    town.start(_stays(town, row.pk, one.episode_id, random))
    return row.pk


def _let_go(town: Town, one: Sent, request_id: UUID) -> None:
    """A team that needs police no longer: released, taken back before anybody came, or a no left at that."""
    for each in board.requests(one.says, episode_ids=[one.episode_id]):
        if each.id != request_id:
            continue
        if each.state is RequestState.DECLINED:
            commands.close_without_response(
                by=one.says, at=town.at, request_id=request_id, reason="others_there"
            )
        elif each.teams and each.state in OPEN:
            commands.release_police(by=one.says, at=town.at, request_id=request_id)
        elif each.state in OPEN:
            commands.withdraw_request(by=one.says, at=town.at, request_id=request_id)


def _stays(town: Town, request_id: UUID, episode_id: UUID, random: Random) -> Story:
    """A patrol car near a team, until it is clear."""
    by = desk(town, town.desks.floor)
    wait_s = town.spell(random, "police_dispatch_s")
    unit_id = yield from _free(town, request_id, episode_id, by, wait_s)
    if unit_id is None:
        return
    car = commands.assign(by=by, at=town.at, request_id=request_id, unit_id=unit_id)
    one = Sent(car.pk, episode_id, by, Transport.RADIO, "police")
    yield town.spell(random, "police_turnout_s")
    one.step(town, Stage.EN_ROUTE)
    yield town.spell(random, "police_travel_s")
    one.step(town, Stage.STAGED)
    for _ in range(4):
        yield CHECK_IN_S
        one.sign(town)
    one.clear(town, Clearing("resolved_scene"))


def _transport(town: Town, one: Sent, end: str, random: Random) -> Story:
    """To the center, or an ED by its link: they say yes on the way, and receive them at the door."""
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
    if end == "center":
        yield from _to_center(town, one, offer.id, random)
    else:
        yield from _to_ed(town, one, offer.id, random)
    yield from _signs(town, one, town.spell(random, "handover_s"), random)


def _to_center(town: Town, one: Sent, offer_id: UUID, random: Random) -> Story:
    nurse = town.staff.somebody(town.desks.center, Role.CHARGE_NURSE, town.at)
    calls.accept_transfer(by=nurse, at=town.at, handoff_id=offer_id)
    yield from _signs(town, one, town.spell(random, "transport_s"), random)
    one.sign(town)
    nurse = town.staff.somebody(town.desks.center, Role.CHARGE_NURSE, town.at)
    calls.receive_person(by=nurse, at=town.at, handoff_id=offer_id)
    comes_on(town, one.episode_id, nurse)
    town.start(discharged(town, one.episode_id, nurse, random))


def _to_ed(town: Town, one: Sent, offer_id: UUID, random: Random) -> Story:
    link = guests.make_link(by=one.says, at=town.at, handoff_id=offer_id)
    found = links.by_token(link.token)
    if found is None:
        return
    guest = found.guest("en")
    guests.open_link(by=guest, at=town.at, link_id=link.link_id)
    who = Accepts("J. Alder", "ED desk 4")
    guests.accept_by_link(by=guest, at=town.at, link_id=link.link_id, receiver=who)
    yield from _signs(town, one, town.spell(random, "transport_s"), random)
    one.sign(town)
    here = Receives("T. Moss", "ED desk 1")
    guests.receive_by_link(by=guest, at=town.at, link_id=link.link_id, receiver=here)


def sign_on(town: Town, unit_id: UUID, crew: tuple[Actor, ...], zone: str) -> None:
    """A crew at roll-call, with a place from which drives are reckoned."""
    people = [Signing(each.member_id) for each in crew if each.member_id is not None]
    by = crew[0]
    commands.sign_on(by=by, at=town.at, unit_id=unit_id, members=people)
    town.crews[unit_id] = crew
    [(lat, lon)] = community.zone_centres([town.zone_ids[zone]]).values()
    commands.report_position(by=by, at=town.at, unit_id=unit_id, point=Point(lat, lon))
