"""One person whom many programs meet, so that a newcomer can compare what each of them sees.

911 answers, patrol stands near, the line talks, the support team brings them to the center, deflection and outreach
look in; each makes its own record. At the center they sign that the police may know how it ended.
"""

from collections.abc import Callable, Generator
from uuid import UUID

from nowrongdoor.agencies.facts import Role
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import CallerFacts, Channel, ContactFacts
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.facts import Ask, Clearing, Stage, Transport
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import CardFacts, Closing, Proposal
from nowrongdoor.episodes.known import person_of
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonHeard
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.sandbox.arrivals import ANSWERS
from nowrongdoor.sandbox.call_taking import close, entered, let_go, screened
from nowrongdoor.sandbox.received import comes_on
from nowrongdoor.sandbox.sampling import CHECK_IN_S, seeded
from nowrongdoor.sandbox.state import Story, Town
from nowrongdoor.sandbox.teams import Sent, desk, free_unit
from nowrongdoor.sharing import commands as sharing
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.release_said import digest
from nowrongdoor.sharing.release_wishes import Wish
from nowrongdoor.sharing.shelves import number_of

Look = Callable[..., object]
"""Reads a record's page as `by`: what it shows is in the ledger."""
STAYS_S = 12 * 3600.0
LOOK_AGAIN_S = 60.0


def known_to_all(town: Town, look: Look) -> Story:
    """From the call until the center parts from them. Afterwards the police and the line have looked."""
    one, random = town.rates.shown, seeded(town.seed, "shown")
    by = town.staff.somebody(town.desks.floor, Role.CALL_TAKER, town.at)
    episode_id = entered(town, by, _contact(town))
    town.staff.take(by)
    yield from screened(town, episode_id, by, ANSWERS["3B"][0], random)
    _writes(town, episode_id, by)
    for kind, to in one.asked_by_911.items():
        _asks(town, episode_id, by, kind, to)
    counselor = yield from _to_line(town, episode_id, by)
    town.staff.leave(by)
    _writes(town, episode_id, counselor)
    for kind, to in one.asked_by_line.items():
        _asks(town, episode_id, counselor, kind, to)
    nurse = yield from _brought(town, episode_id, by, counselor)
    _writes(town, episode_id, nurse)
    lets_police_know(town, episode_id, nurse)
    yield 60
    officer = town.staff.somebody(one.police, Role.OFFICER, town.at)
    for each in (officer, counselor, nurse):
        _looks(town, episode_id, each, look)
    yield STAYS_S
    closing = Closing("referral", accountable_member_id=nurse.member_id)
    yield from close(town, episode_id, nurse, closing)


def _contact(town: Town) -> ContactFacts:
    one = town.rates.shown
    name = f"{one.given} {one.family}"
    return ContactFacts(
        at=town.at,
        class_code=one.class_code,
        behavioral=True,
        channel=Channel.CALL_911,
        card=CardFacts(place=one.place, callback=one.phone, name_given=name),
        zone_id=town.zone_ids[one.zone],
        caller=CallerFacts(name=name, callback=one.phone),
    )


def _writes(town: Town, episode_id: UUID, by: Actor) -> None:
    """The program's own record of them, and a note that stays in it."""
    one = town.rates.shown
    if person_of(by, episode_id) is None:
        heard = PersonHeard(
            given=one.given, family=one.family, born=one.born.isoformat(), phone=one.phone
        )
        episodes.new_person(by=by, at=town.at, episode_id=episode_id, heard=heard)
        town.told["people new to a program"] += 1
        identity.change_person(
            by=by, at=town.at, person_id=_known(episode_id, by), usual_place=one.usual_place
        )
    if note := one.notes.get(_program(town, by)):
        narrative.write_note(by=by, at=town.at, episode_id=episode_id, text=note, ours=True)


def _known(episode_id: UUID, by: Actor) -> UUID:
    found = person_of(by, episode_id)
    if found is None:
        raise LookupError("their program has said who it is")
    return found


def _program(town: Town, by: Actor) -> str:
    return next(name for name, id in town.program_ids.items() if id == by.program_id)


def _asks(town: Town, episode_id: UUID, by: Actor, kind: str, to: str) -> None:
    """Ask a desk for help: it goes by itself, beside the call."""
    asked = Ask(episode_id, kind, town.program_ids[to])
    row = dispatch.ask(by=by, at=town.at, asked=asked)
    town.told[f"{kind} asked"] += 1
    town.start(_comes(town, row.pk, episode_id, to))


def _comes(town: Town, request_id: UUID, episode_id: UUID, to: str) -> Story:
    """A unit stands near or looks in, and says who it is."""
    yield 10
    unit_id = yield from _unit(town, request_id, to)
    sent_by, crew = desk(town, to), town.crews.get(unit_id, ())
    row = dispatch.assign(by=sent_by, at=town.at, request_id=request_id, unit_id=unit_id)
    patrol = town.staff.somebody(town.rates.shown.police, Role.OFFICER, town.at)
    says, how = (crew[-1], Transport.TAP) if crew else (sent_by, Transport.RADIO)
    one = Sent(row.pk, episode_id, says, how, "visit" if crew else "police")
    yield from _road(town, one, (Stage.ON_SCENE, Stage.ENGAGED) if crew else (Stage.STAGED,))
    _writes(town, episode_id, crew[-1] if crew else patrol)
    yield CHECK_IN_S
    one.sign(town)
    yield CHECK_IN_S
    one.clear(town, Clearing("resolved_scene"))


def _unit(town: Town, request_id: UUID, to: str) -> Generator[float, None, UUID]:
    while (found := free_unit(town, request_id, desk(town, to))) is None:
        yield LOOK_AGAIN_S
    return found


def _road(town: Town, one: Sent, there: tuple[Stage, ...]) -> Story:
    for each in (Stage.EN_ROUTE, *there):
        yield 90
        one.step(town, each)


def _to_line(town: Town, episode_id: UUID, by: Actor) -> Generator[float, None, Actor]:
    """The warm transfer to a counselor."""
    proposal = Proposal(episode_id, "warm_transfer", town.program_ids[town.desks.line])
    offer = calls.offer_transfer(by=by, at=town.at, proposal=proposal)
    yield 12
    counselor = town.staff.somebody(town.desks.line, Role.COUNSELOR, town.at)
    calls.accept_transfer(by=counselor, at=town.at, handoff_id=offer.id)
    town.staff.take(counselor)
    yield 60
    let_go(town, episode_id, by)
    return counselor


def _brought(
    town: Town, episode_id: UUID, floor: Actor, counselor: Actor
) -> Generator[float, None, Actor]:
    """The support team comes and takes them to the center, where a nurse receives them. Answers who."""
    one = yield from _support_team(town, episode_id, floor)
    driver, desks = one.says, town.desks
    place = desks.center_place
    dispatch.name_destination(by=driver, at=town.at, assignment_id=one.id, facility_code=place)
    proposal = Proposal(episode_id, "drop_off", town.program_ids[desks.center])
    offer = calls.offer_transfer(by=driver, at=town.at, proposal=proposal)
    nurse = town.staff.somebody(desks.center, Role.CHARGE_NURSE, town.at)
    yield 60
    calls.accept_transfer(by=nurse, at=town.at, handoff_id=offer.id)
    yield CHECK_IN_S
    one.sign(town)
    calls.receive_person(by=nurse, at=town.at, handoff_id=offer.id)
    comes_on(town, episode_id, nurse)
    let_go(town, episode_id, counselor)
    town.staff.leave(counselor)
    yield 120
    one.clear(town, Clearing("crc_vol", took_somebody=True, left_behind=("nobody",)))
    return nurse


def _support_team(town: Town, episode_id: UUID, floor: Actor) -> Generator[float, None, Sent]:
    """The floor asks for the pair; it is with the person, and has said who it is."""
    to = town.desks.floor
    asked = Ask(episode_id, "pair", town.program_ids[to])
    request = dispatch.ask(by=floor, at=town.at, asked=asked)
    yield 10
    unit_id = yield from _unit(town, request.pk, to)
    row = dispatch.assign(by=desk(town, to), at=town.at, request_id=request.pk, unit_id=unit_id)
    one = Sent(row.pk, episode_id, town.crews[unit_id][0], Transport.TAP, "police")
    yield from _road(town, one, (Stage.ON_SCENE, Stage.ENGAGED))
    _writes(town, episode_id, one.says)
    yield CHECK_IN_S
    one.sign(town)
    return one


def lets_police_know(town: Town, episode_id: UUID, by: Actor) -> None:
    """They sign at the center that patrol and the support team may know how it ended, and what helps them."""
    one, person_id = town.rates.shown, _known(episode_id, by)
    name = f"{one.given} {one.family}"
    identity.say_what_helps(by=by, at=town.at, person_id=person_id, what_helps=one.what_helps)
    wish = Wish(
        plan=Plan.STATUS,
        person_name=name,
        born=one.born.isoformat(),
        told_program_id=town.program_ids[one.police],
        also_told_id=town.program_ids[town.rates.practice.program],
        teller_id=by.program_id,
        person_id=person_id,
    )
    row = sharing.draft_release(by=by, at=town.at, wish=wish)
    sharing.sign_release(
        by=by,
        at=town.at,
        release_id=row.pk,
        read=digest(row),
        typed=name,
        witness_name=by.name,
    )
    town.told["releases signed"] += 1


def _looks(town: Town, episode_id: UUID, by: Actor, look: Look) -> None:
    """Somebody opens their own program's record of them."""
    person_id = _known(episode_id, by)
    sharing.looked(
        by=by,
        at=town.at,
        page="person",
        label=number_of(person_id),
        record_id=person_id,
        person_id=person_id,
        of_agency_id=by.agency_id,
        basis="own",
    )
    look(by, person_id, at=town.at)
