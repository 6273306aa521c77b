"""Whoever calls, from the ring to the end: 911 screens and hands on, a counselor talks, somebody comes.

Each story is one caller. Where a person at a desk does the next thing first, the story ends there, and
what they then ask of a desk of the city is answered by `answering.py`.
"""

from collections.abc import Generator
from random import Random
from uuid import UUID

from nowrongdoor.agencies.facts import Role
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands
from nowrongdoor.calls import queries as calls
from nowrongdoor.calls.facts import CallerFacts as Caller
from nowrongdoor.calls.facts import Channel, ContactFacts, Medium, PlaceIs, SearchFor
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import CardFacts, Closing, Proposal
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.sandbox import known
from nowrongdoor.sandbox.arrivals import Arrival
from nowrongdoor.sandbox.received import comes_on
from nowrongdoor.sandbox.receivers import Help, came, thought_of
from nowrongdoor.sandbox.state import Story, Town
from nowrongdoor.triage import commands as triage
from nowrongdoor.triage import queries as needs
from nowrongdoor.triage import rules as screening

WORSE = {"SI": "active", "PLAN": "Y", "MEANS": "Y", "TIME": "day"}
PHONE_ENDS = ("stabilized_phone", "safety_plan", "stabilized_phone", "referral", "information")
OTHER_ENDS = {"walk_in": "crc_walkin", "rescue": "ems", "other": "referral"}
PAIRS = 0.5
"""How many at level 3B are answered by a pair at once, rather than by the line with police near."""
WISHES = 0.4
"""How many wish to be rung again [own]."""
LATE_S = 55.0
PLAN = "Agreed what helps tonight, who to call first, and that the line may be called again."


def contact(arrival: Arrival, town: Town) -> ContactFacts:
    """What whoever answers types: as it was heard, with a place only where one was said."""
    said, language = arrival.said, "es" if arrival.someone.spanish else ""
    return ContactFacts(
        at=town.at,
        class_code=arrival.class_code,
        behavioral=True,
        channel=Channel.CALL_911 if arrival.stream == "911" else Channel.LINE,
        card=CardFacts(
            place="" if arrival.sought else said.place,
            callback=said.telephone,
            name_given=said.name,
        ),
        zone_id=None if arrival.sought else town.zone_ids[arrival.someone.zone],
        medium=Medium.TEXT if arrival.text else Medium.AUDIO,
        caller=Caller(name=said.name, callback=said.telephone, language=language),
    )


def entered(town: Town, by: Actor, contact: ContactFacts) -> UUID:
    """A behavioral contact, and the episode that it opens."""
    row = commands.take_contact(by=by, at=town.at, contact=contact)
    if row.episode_id is None:
        raise LookupError("a behavioral contact opens an episode")
    return row.episode_id


def rings(town: Town, contact: ContactFacts) -> UUID:
    """Somebody rings 911 and waits for a person: the telephone enters them in the floor's queue."""
    like = town.staff.somebody(town.desks.floor, Role.CALL_TAKER, town.at)
    by = system(program_id=like.program_id, agency_id=like.agency_id, code="telephone")
    return entered(town, by, contact)


def calls_911(town: Town, arrival: Arrival) -> Story:
    """A behavioral call to 911."""
    random = arrival.random(town.seed)
    yield town.spell(random, "ring_s")
    by = town.staff.somebody(town.desks.floor, Role.CALL_TAKER, town.at)
    episode_id = entered(town, by, contact(arrival, town))
    town.told["911 calls"] += 1
    yield from taken(town, episode_id, by, arrival, random)


def taken(town: Town, episode_id: UUID, by: Actor, arrival: Arrival, random: Random) -> Story:
    """From the first question on: screened, and then what the level asks for."""
    town.staff.take(by)
    try:
        if arrival.sought:
            search = commands.start_search(
                by=by, at=town.at, episode_id=episode_id, seeking=SearchFor.PLACE
            )
            town.start(_found(town, episode_id, search.pk, by, arrival))
        yield from screened(town, episode_id, by, arrival.given, random)
        known.remember(town, episode_id, by)
        level = shown(by, episode_id)
        town.told[f"level {level}"] += 1
        if level == "E":
            yield from sent(town, episode_id, by, Help("ems", "ems"), random)
        elif level == "4":
            yield from sent(town, episode_id, by, Help("police_now", "cit"), random)
        elif level == "3B" and random.random() < PAIRS:
            yield from sent(town, episode_id, by, Help("pair", "co_response"), random)
        elif other := thought_of(town, episode_id, by, town.desks.floor, random):
            yield from sent(town, episode_id, by, other, random)
        elif town.happens(random, "other_county", town.rates.rare.other_county):
            yield from _moved_on(town, episode_id, by, random)
        else:
            yield from handed_on(town, episode_id, by, random)
    finally:
        town.staff.leave(by)


def screened(
    town: Town, episode_id: UUID, by: Actor, given: dict[str, str], random: Random
) -> Story:
    """The questions in the order of the protocol: hard stops at once, then one after another."""
    protocol = needs.protocol(by, at=town.at)
    spell_s = town.spell(random, "screening_s")
    yield spell_s / 3
    stops = screening.none_of_these(protocol)
    stops |= {key: value for key, value in given.items() if key in stops}
    commands.answer(by=by, at=town.at, episode_id=episode_id, given=stops, asked_together=True)
    yield spell_s / 3
    said = {key: value for key, value in given.items() if key not in stops}
    if said:
        commands.answer(by=by, at=town.at, episode_id=episode_id, given=said)
    yield spell_s / 3
    rest = {
        each.id: given.get(each.id, each.benign)
        for each in screening.open_questions(protocol, stops | said)
        if not each.external
    }
    if rest:
        commands.answer(by=by, at=town.at, episode_id=episode_id, given=rest)


def shown(by: Actor, episode_id: UUID) -> str:
    found = needs.needs(by, [episode_id]).get(episode_id)
    return "" if found is None else found.shown.value


def sent(town: Town, episode_id: UUID, by: Actor, help: Help, random: Random) -> Story:
    """Help that the floor sends itself, or asks another desk for, with the caller on the line till then."""
    met = yield from came(town, episode_id, by, help, random)
    yield 30
    closing = Closing(help.outcome if met else "unknown", accountable_member_id=by.member_id)
    yield from close(town, episode_id, by, closing)


def _moved_on(town: Town, episode_id: UUID, by: Actor, random: Random) -> Story:
    """It is another county's call: that county's 911 takes it, and hands it on to the line itself."""
    proposal = Proposal(episode_id, "to_other_psap", town.program_ids[town.desks.other_911])
    offer = commands.offer_transfer(by=by, at=town.at, proposal=proposal)
    yield town.spell(random, "ring_s")
    taker = town.staff.somebody(town.desks.other_911, Role.CALL_TAKER, town.at)
    commands.accept_transfer(by=taker, at=town.at, handoff_id=offer.id)
    town.told["moved to the other 911"] += 1
    town.start(passed_on(town, episode_id, taker, random))
    yield max(town.spell(random, "listen_s"), 31)
    let_go(town, episode_id, by)


def passed_on(town: Town, episode_id: UUID, by: Actor, random: Random) -> Story:
    """What another county's 911 does with somebody: the line, as everywhere."""
    town.staff.take(by)
    try:
        yield 20
        yield from handed_on(town, episode_id, by, random)
    finally:
        town.staff.leave(by)


def _offered(
    town: Town, episode_id: UUID, by: Actor, random: Random
) -> Generator[float, None, tuple[UUID, Actor]]:
    """Offer somebody to the line until a counselor is there for them; a no is followed at once."""
    while True:
        proposal = Proposal(episode_id, "warm_transfer", town.program_ids[town.desks.line])
        offer = commands.offer_transfer(by=by, at=town.at, proposal=proposal)
        town.told["transfers offered"] += 1
        answer = town.chosen(random, town.rates.transfers.share)
        yield town.spell(random, "line_answer_s") + (LATE_S if answer == "late" else 0)
        counselor = yield from _counselor(town)
        if answer != "declined":
            return offer.id, counselor
        episodes.decline_offer(by=counselor, at=town.at, handoff_id=offer.id, reason="capacity")
        town.told["transfers declined"] += 1
        yield 10


def _counselor(town: Town) -> Generator[float, None, Actor]:
    """Whoever of the line is free, once somebody is."""
    while True:
        free = town.staff.free(town.desks.line, Role.COUNSELOR, town.at)
        if free is not None:
            return free
        town.told["looks for a free counselor"] += 1
        yield 15


def handed_on(town: Town, episode_id: UUID, by: Actor, random: Random) -> Story:
    """The warm transfer: offered, answered by a counselor by name, listened to, let go."""
    handoff_id, counselor = yield from _offered(town, episode_id, by, random)
    try:
        commands.accept_transfer(by=counselor, at=town.at, handoff_id=handoff_id)
    except Refused:
        town.told["answered at a desk"] += 1  # a person was quicker
    else:
        town.told["transfers accepted"] += 1
        town.start(talks(town, episode_id, counselor, random, from_911=True))
    yield max(town.spell(random, "listen_s"), 31)
    let_go(town, episode_id, by)


def let_go(town: Town, episode_id: UUID, by: Actor) -> None:
    """Leave the line to whoever speaks there, once everything that holds one there is done."""
    need = needs.needs(by, [episode_id]).get(episode_id)
    blocks = {each.id for each in needs.protocol(by, at=town.at).duties if each.blocks_release}
    for duty in () if need is None else need.duties:
        if duty in blocks and duty not in need.done:  # type: ignore[union-attr]
            triage.do_duty(by=by, at=town.at, episode_id=episode_id, duty=duty)
    for leg in calls.legs(by, [episode_id]).get(episode_id, ()):
        mine = next((each for each in leg.on if each.member_id == by.member_id), None)
        if mine is None:
            continue
        if need is not None and mine.seen_step < need.rose_step:
            commands.acknowledge_level(by=by, at=town.at, leg_id=leg.id)
        commands.leave_line(by=by, at=town.at, leg_id=leg.id)


def calls_line(town: Town, arrival: Arrival) -> Story:
    """Somebody rings the crisis line itself."""
    random = arrival.random(town.seed)
    yield town.spell(random, "line_answer_s")
    by = yield from _counselor(town)
    episode_id = entered(town, by, contact(arrival, town))
    town.told["line calls"] += 1
    town.staff.take(by)
    try:
        yield from screened(town, episode_id, by, arrival.given, random)
    finally:
        town.staff.leave(by)
    yield from talks(town, episode_id, by, random, from_911=False)


def talks(town: Town, episode_id: UUID, by: Actor, random: Random, *, from_911: bool) -> Story:
    """A counselor with somebody, until they part or somebody else has taken the person on."""
    town.staff.take(by)
    try:
        talk_s = town.spell(random, "talk_s") + (240 if from_911 else 0)
        yield talk_s / 2
        known.remember(town, episode_id, by)
        known.warns(town, episode_id, by)
        transfers = town.rates.transfers
        if from_911 and town.happens(random, "returned", transfers.returned):
            yield from _given_back(town, episode_id, by, random)
            return
        lost = town.happens(random, "lost", transfers.lost)
        if lost and not (yield from _found_again(town, episode_id, by, random)):
            closing = Closing("caller_lost", accountable_member_id=by.member_id)
            yield from close(town, episode_id, by, closing)
            return
        if town.happens(random, "relief", town.rates.rare.relief):
            by = _relieved(town, by)
        yield talk_s / 2
        outcome = yield from _ended(town, episode_id, by, random)
        yield from _parted(town, episode_id, by, outcome, random)
    finally:
        town.staff.leave(by)


def _parted(town: Town, episode_id: UUID, by: Actor, outcome: str, random: Random) -> Story:
    """A plan, and the end; or, where a team brought them to somebody who holds them now, off the line."""
    if not outcome:
        let_go(town, episode_id, by)
        return
    wishes = random.random() < WISHES
    commands.write_plan(
        by=by, at=town.at, episode_id=episode_id, text=PLAN, wishes_follow_up=wishes
    )
    yield 20
    closing = Closing(outcome, accountable_member_id=by.member_id)
    yield from close(town, episode_id, by, closing)


def _ended(town: Town, episode_id: UUID, by: Actor, random: Random) -> Generator[float, None, str]:
    """What a talk comes to; with a team, when they have been there. '': others hold them now."""
    end = town.chosen(random, town.rates.line_ends.share)
    other = thought_of(town, episode_id, by, town.desks.line, random) if end == "phone" else None
    if other is not None:
        yield from came(town, episode_id, by, other, random)
        return other.outcome
    if end != "team":
        return OTHER_ENDS.get(end) or random.choice(PHONE_ENDS)
    team = Help("mobile_team", "cmt_sent", town.desks.teams)
    end = yield from came(town, episode_id, by, team, random)
    return "" if end in ("center", "ed") else team.outcome


def _given_back(town: Town, episode_id: UUID, by: Actor, random: Random) -> Story:
    """It grows worse: back to 911 with everything known, and a counselor who stays until they let go."""
    commands.answer(by=by, at=town.at, episode_id=episode_id, given=WORSE)
    yield 30
    proposal = Proposal(episode_id, "return_to_911", town.program_ids[town.desks.floor])
    offer = commands.return_person(
        by=by, at=town.at, proposal=proposal, place_is=PlaceIs.NEW, new_place="3 N Stone Ave"
    )
    town.told["returned to 911"] += 1
    yield town.spell(random, "ring_s") + 4
    taker = town.staff.somebody(town.desks.floor, Role.CALL_TAKER, town.at)
    commands.accept_transfer(by=taker, at=town.at, handoff_id=offer.id)
    comes_on(town, episode_id, taker)  # nobody listens in on a chat: into it, or it is never left
    town.start(sent(town, episode_id, taker, Help("police_now", "returned"), random))
    yield max(town.spell(random, "listen_s"), 31)
    let_go(town, episode_id, by)


def _found_again(
    town: Town, episode_id: UUID, by: Actor, random: Random
) -> Generator[float, None, bool]:
    """The line breaks. Answers whether three tries at their number reach the caller again."""
    for leg in calls.legs(by, [episode_id]).get(episode_id, ()):
        search = commands.lose_caller(by=by, at=town.at, leg_id=leg.id)
        town.told["callers lost"] += 1
        for _try in range(3):
            yield 90
            found = random.random() < town.rates.rare.called_back
            commands.record_attempt(by=by, at=town.at, search_id=search.pk, how="call", found=found)
            if found:
                town.told["callers found again"] += 1
                return True
    return False


def _relieved(town: Town, by: Actor) -> Actor:
    """A shift ends in the middle of a call: a colleague takes over by name everybody whom one holds."""
    other = town.staff.free(town.desks.line, Role.COUNSELOR, town.at)
    if other is None or other.member_id is None or other == by:
        return by
    batch = episodes.relieve(by=by, at=town.at, to_member_id=other.member_id)
    commands.accept_relief(by=other, at=town.at, batch_id=batch)
    town.staff.leave(by)
    town.staff.take(other)
    town.told["reliefs"] += 1
    return other


def _found(town: Town, episode_id: UUID, search_id: UUID, by: Actor, arrival: Arrival) -> Story:
    """A place that is sought is found after a while; whoever still holds the person writes it down."""
    yield 60
    commands.record_attempt(by=by, at=town.at, search_id=search_id, how="relocate", found=False)
    yield 60
    said = arrival.said
    card = CardFacts(place=said.place, callback=said.telephone, name_given=said.name)
    try:
        commands.change_card(by=by, at=town.at, episode_id=episode_id, card=card)
    except Refused:  # handed on meanwhile: told to whoever holds them
        commands.record_attempt(by=by, at=town.at, search_id=search_id, how="contact", found=True)
    town.told["places found"] += 1


def close(town: Town, episode_id: UUID, by: Actor, closing: Closing) -> Story:
    """Part. Where somebody is still on the line, they are waited for."""
    while True:
        try:
            commands.close_call(by=by, at=town.at, episode_id=episode_id, closing=closing)
        except Refused as refusal:
            if refusal.verdict.rule != "close.somebody_on":
                raise
            yield 60
        else:
            town.told["closed"] += 1
            return
