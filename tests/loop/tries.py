"""Everything that can be tried in the loop, each as it would come from a page or a phone."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies import routes
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import ContactFacts, Medium, Mode, PlaceIs, SearchFor
from nowrongdoor.calls.queries import on_hand
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.community import queries as community
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.facts import (
    Answer,
    Ask,
    Clearing,
    QueueDecision,
    Signing,
    Stage,
    Transport,
)
from nowrongdoor.dispatch.models import Unit
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Attested, CardFacts, Closing, Proposal
from nowrongdoor.guests import commands as guests
from nowrongdoor.guests import queries as links
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.site.reactions import DEADLINES
from nowrongdoor.triage import commands as triage
from tests.loop.world import CAST, Step, Tried, World
from tests.makers import member_id, program_id

KINDS = ("warm_transfer", "return_to_911", "to_other_psap", "line_transfer", "drop_off")
TO = ("line/counselors", "911/floor", "911/in-center", "sheriff911/floor", "crc/adult")
ANSWERS = (
    {"SI": "active", "PLAN": "U"}, {"PLAN": "N", "MEANS": "N", "TIME": "none"}, {"TALK": "Y"},
    {"WPN": "in_hand"}, {"SI": "passive", "GUN": "Y"}, {"GUN": "N"}, {"MED": "Y"}, {"PSY": "Y", "TALK": "N"},
)  # fmt: skip
HELP = (
    ("mobile_team", "line/team-dispatch"), ("mobile_team", "line/team-dispatch"), ("pair", "911/floor"),
    ("pair", "tpd/mhst"), ("police_staged", "911/floor"), ("police_now", "911/floor"), ("ems", "911/floor"),
)  # fmt: skip
CREWS = {
    "CMT-A1": ("ana.ruiz", "samuel.price"),
    "CMT-B1": ("elena.vega", "jorge.rivera"),
    "MHST-1": ("luis.garza", "susan.kim"),
}
UNITS = (*CREWS, "2A31", "2A32", "M4")
STAGES = (Stage.EN_ROUTE, Stage.STAGED, Stage.ON_SCENE, Stage.ENGAGED, Stage.TRANSPORTING)
ENDS = ("resolved_scene", "not_found", "crc_vol", "police_took", "refused")
DUTIES = ("no_release_until_plan_asked", "means_safety_before_release", "counselor_on_the_phone")
NAMES = [*CAST]
GUEST = Attested("Dr. Wu", "ED desk 2")


def _call(world: World, step: Step) -> Tried:
    names = ("anna.miller", "luis.ortega", "maria.lopez", "walter.pena")
    by = world.who[names[step.who % len(names)]]
    contact = ContactFacts(
        at=world.at,
        class_code="psych_distress",
        behavioral=True,
        card=CardFacts(place="12 Quiet Street" if step.draw % 2 else "", callback="520 555 0100"),
        zone_id=community.zone_id("central"),
        medium=Medium.TEXT if step.draw % 5 == 0 else Medium.AUDIO,
    )
    if step.draw % 7 == 0:
        by = system(program_id=by.program_id, agency_id=by.agency_id, code="telephone")
    return partial(calls.take_contact, by=by, at=world.at, contact=contact)


def _of(
    kind: str, near: str, command: Callable[..., object], **asked: object
) -> Callable[..., Tried | None]:
    """A command about one row of a kind; `near` is the query that tells who has to do with it."""

    def tries(world: World, step: Step) -> Tried | None:
        id = world.pick(kind, step.row)
        if id is None:
            return None
        by = world.somebody(step, *world.ask(near, id))
        more = {
            name: value(world, step) if callable(value) else value for name, value in asked.items()
        }
        name = {"batch": "batch_id", "offer": "handoff_id"}.get(kind, f"{kind}_id")
        return lambda: command(by=by, at=world.at, **{name: id}, **more)

    return tries


HOLDER = """SELECT holder_member_id, holder_member_id, holder_program_id, (
  SELECT h.to_program_id FROM episodes_handoff h WHERE h.episode_id = e.id AND h.accepted_at IS NULL
  AND h.declined_at IS NULL AND h.withdrawn_at IS NULL LIMIT 1) FROM episodes_episode e WHERE id = %s"""
RECEIVER = "SELECT to_program_id FROM episodes_handoff WHERE id = %s"
SENDER = "SELECT from_program_id, from_member_id FROM episodes_handoff WHERE id = %s"
BATCH = "SELECT to_member_id FROM episodes_handoff WHERE batch_id = %s LIMIT 1"
LEG = """SELECT o.member_id, e.holder_program_id FROM calls_leg l JOIN episodes_episode e ON e.id = l.episode_id
LEFT JOIN calls_participant o ON o.leg_id = l.id AND o.until_at IS NULL WHERE l.id = %s ORDER BY o.since_at DESC"""
SEARCH = "SELECT program_id FROM calls_search WHERE id = %s"
SENT = "SELECT program_id, by_member_id FROM calls_external_responder WHERE id = %s"
ASKED = "SELECT to_program_id FROM dispatch_request WHERE id = %s"
ASKS = "SELECT from_program_id FROM dispatch_request WHERE id = %s"
TEAM = """SELECT m.member_id, a.authority_id FROM dispatch_assignment a
LEFT JOIN dispatch_crew_member m ON m.crew_id = a.crew_id WHERE a.id = %s"""
DURESS = "SELECT a.authority_id FROM dispatch_duress d JOIN dispatch_assignment a ON a.id = d.assignment_id WHERE d.id = %s"


def _proposal(world: World, step: Step, id: UUID, by: Actor) -> Proposal:
    """Three times in four along a way that there is from `by`'s program; else any kind, anywhere."""
    ways = [each for each in routes.routes_from(by, at=world.at) if each.kind in KINDS]
    if ways and step.draw % 4:
        way = ways[step.draw // 4 % len(ways)]
        return Proposal(id, way.kind, way.to_program_id)
    return Proposal(id, KINDS[step.draw % len(KINDS)], program_id(TO[step.draw // 8 % len(TO)]))


def _offer(world: World, step: Step) -> Tried | None:
    id = world.pick("episode", step.row)
    if id is None:
        return None
    by = world.somebody(step, *world.ask(HOLDER, id))
    asked = _proposal(world, step, id, by)
    if asked.kind == "return_to_911":
        place_is = [*PlaceIs, None][step.draw // 64 % 4]
        return lambda: calls.return_person(
            by=by, at=world.at, proposal=asked, place_is=place_is, new_place="3 Oak Lane"
        )
    return lambda: calls.offer_transfer(by=by, at=world.at, proposal=asked)


def _relieve(world: World, step: Step) -> Tried:
    by = world.who[NAMES[step.who % len(NAMES)]]
    other = world.who[NAMES[step.draw % len(NAMES)]].member_id or UUID(int=0)
    what = calls.relieve_all if step.row % 2 else calls.offer_watch
    return lambda: what(by=by, at=world.at, to_member_id=other)


def _accept_watch(world: World, step: Step) -> Tried:
    by = world.who[NAMES[step.who % len(NAMES)]]
    return lambda: calls.accept_watch(by=by, at=world.at)


def _assume(world: World, step: Step) -> Tried | None:
    id = world.pick("episode", step.row)
    if id is None:
        return None
    by = world.who[("ruth.palmer", "denise.wright", "judith.park", "brian.hale")[step.who % 4]]
    return lambda: calls.assume_all(
        by=by, at=world.at, episode_ids=(id,), reason="holder_unreachable"
    )


def _ask(world: World, step: Step) -> Tried | None:
    id = world.pick("episode", step.row)
    if id is None:
        return None
    by = world.somebody(step, *world.ask(HOLDER, id))
    kind, to = HELP[step.draw % len(HELP)]
    return lambda: dispatch.ask(by=by, at=world.at, asked=Ask(id, kind, program_id(to)))


def _assign(world: World, step: Step) -> Tried | None:
    id = world.pick("request", step.row)
    if id is None:
        return None
    by = world.somebody(step, *world.ask(ASKED, id))
    unit = Unit.objects.get(code=UNITS[step.draw % len(UNITS)]).pk
    return lambda: dispatch.assign(by=by, at=world.at, request_id=id, unit_id=unit)


def _sign_on(world: World, step: Step) -> Tried:
    code = [*CREWS][step.draw % len(CREWS)]
    by = world.who[CREWS[code][step.who % 2]]
    unit = Unit.objects.get(code=code).pk
    people = [Signing(member_id(name)) for name in CREWS[code]]
    return lambda: dispatch.sign_on(by=by, at=world.at, unit_id=unit, members=people)


def _sign_off(world: World, step: Step) -> Tried | None:
    [crew] = world.ask("SELECT min(id::text) FROM dispatch_crew WHERE until_at IS NULL") or [None]
    if crew is None:
        return None
    by = world.who[NAMES[step.who % len(NAMES)]]
    return lambda: dispatch.sign_off(by=by, at=world.at, crew_id=UUID(str(crew)))


def _opens(world: World, step: Step) -> Tried | None:
    id = world.pick("link", step.row)
    found = None if id is None else links.by_id(id)
    if found is None:
        return None
    by = found.guest()
    return lambda: guests.open_link(by=by, at=world.at, link_id=found.id)


def _guest(world: World, step: Step) -> Tried | None:
    id = world.pick("link", step.row)
    found = None if id is None else links.by_id(id)
    if found is None:
        return None
    asked: dict[str, object] = {"by": found.guest(), "link_id": found.id, "receiver": GUEST}
    if step.draw % 5 == 4:
        return lambda: guests.receive_by_link(at=world.at, **asked)  # type: ignore[arg-type]
    if step.draw % 3:
        return lambda: guests.accept_by_link(at=world.at, **asked)  # type: ignore[arg-type]
    return lambda: guests.decline_by_link(at=world.at, reason="capacity", **asked)  # type: ignore[arg-type]


def _sign_out(world: World, step: Step) -> Tried:
    by = world.who[NAMES[step.who % len(NAMES)]]
    if step.draw % 3:
        return lambda: agencies.occupy_desk(by=by, at=world.at)
    return lambda: agencies.vacate_desk(by=by, at=world.at, holding=on_hand(by))


def _clocks(world: World, _step: Step) -> Tried:
    return lambda: fire_due(at=world.at, reactions=DEADLINES)


def _answered(world: World, step: Step) -> Answer:
    rings = world.who[("carl.jensen", "david.chavez", "maria.lopez")[step.draw % 3]].member_id
    return Answer(world.at + timedelta(minutes=20 + step.draw % 40), rings or UUID(int=0))


def _clearing(world: World, step: Step) -> Clearing:
    outcome = ENDS[step.draw % len(ENDS)]
    took = outcome == "crc_vol"
    next_try = world.at + timedelta(hours=2) if step.draw % 3 else None
    return Clearing(outcome, ("nobody",) if took else (), took_somebody=took, next_try_at=next_try)


CLOSING = Closing("information", declined_by_person=True)
TRIES: dict[str, Callable[[World, Step], Tried | None]] = {
    "call": _call,
    "take": _of("episode", HOLDER, calls.take_from_queue),
    "screen": _of(
        "episode", HOLDER, calls.answer, given=lambda _w, s: ANSWERS[s.draw % len(ANSWERS)]
    ),
    "duty": _of("episode", HOLDER, triage.do_duty, duty=lambda _w, s: DUTIES[s.draw % len(DUTIES)]),
    "offer": _offer,
    "accept": _of("offer", RECEIVER, calls.accept_transfer),
    "arrive": _of("offer", RECEIVER, calls.receive_person),
    "attest_arrival": _of("offer", SENDER, calls.attest_arrival, receiver=GUEST),
    "decline": _of("offer", RECEIVER, episodes.decline_offer, reason="capacity"),
    "withdraw": _of("offer", SENDER, episodes.withdraw_offer),
    "attest": _of("offer", SENDER, calls.attest_transfer, receiver=GUEST),
    "link": _of("offer", SENDER, guests.make_link),
    "opens": _opens,
    "guest": _guest,
    "take_back": _of("episode", HOLDER, calls.take_back),
    "relieve": _relieve,
    "accept_relief": _of("batch", BATCH, calls.accept_relief),
    "accept_watch": _accept_watch,
    "assume": _assume,
    "join_line": _of("leg", LEG, calls.join_line, mode=lambda _w, s: [*Mode][s.draw % 2]),
    "leave_line": _of("leg", LEG, calls.leave_line),
    "lose_line": _of("leg", LEG, calls.lose_line),
    "lose_caller": _of("leg", LEG, calls.lose_caller),
    "acknowledge_level": _of("leg", LEG, calls.acknowledge_level),
    "start_search": _of(
        "episode", HOLDER, calls.start_search, seeking=lambda _w, s: [*SearchFor][s.draw % 2]
    ),
    "tried": _of(
        "search", SEARCH, calls.record_attempt, how="call", found=lambda _w, s: s.draw % 3 == 0
    ),
    "external_responder": _of(
        "episode",
        HOLDER,
        calls.record_dispatched,
        axis="police",
        value="aware",
        rescue=lambda _w, s: ("", "voluntary", "involuntary")[s.draw % 3],
    ),
    "met": _of("external_responder", SENT, calls.record_contact_made),
    "not_there": _of("external_responder", SENT, calls.record_not_located),
    "promise_back": _of("episode", HOLDER, calls.promise_call_back),
    "called_back": _of("episode", HOLDER, calls.record_call_back),
    "close": _of("episode", HOLDER, calls.close_call, closing=CLOSING),
    "ask": _ask,
    "accept_request": _of("request", ASKED, dispatch.accept_request),
    "queue": _of("request", ASKED, dispatch.queue_request, answer=_answered),
    "decline_request": _of("request", ASKED, dispatch.decline_request, reason="no_unit"),
    "withdraw_request": _of("request", ASKS, dispatch.withdraw_request),
    "choose": _of(
        "request",
        ASKS,
        dispatch.choose,
        choose=QueueDecision.KEEP,
        promised_at=lambda w, _s: w.at + timedelta(minutes=30),
    ),
    "without": _of("request", ASKS, dispatch.close_without_response, reason="settled_by_phone"),
    "keep_police": _of("request", ASKS, dispatch.keep_police),
    "release_police": _of("request", ASKS, dispatch.release_police),
    "sign_on": _sign_on,
    "sign_off": _sign_off,
    "assign": _assign,
    "step": _of(
        "assignment",
        TEAM,
        dispatch.step,
        to=lambda _w, s: STAGES[s.draw % len(STAGES)],
        way=lambda _w, s: [Transport.TAP, Transport.RADIO][s.draw // 8 % 2],
    ),
    "check_in": _of(
        "assignment",
        TEAM,
        dispatch.check_in,
        way=lambda _w, s: [Transport.TAP, Transport.RADIO][s.draw % 2],
    ),
    "call_off": _of("assignment", TEAM, dispatch.call_off, answer=_answered),
    "clear": _of(
        "assignment",
        TEAM,
        dispatch.clear,
        clearing=_clearing,
        way=lambda _w, s: [Transport.TAP, Transport.RADIO][s.draw // 8 % 2],
    ),
    "duress": _of("assignment", TEAM, dispatch.activate_duress),
    "end_duress": _of("duress", DURESS, dispatch.end_duress),
    "sign_out": _sign_out,
    "clocks": _clocks,
}
OFTEN = (
    "call",
    "offer",
    "accept",
    "screen",
    "ask",
    "assign",
    "step",
    "sign_on",
    "leave_line",
    "clocks",
)
"""What is tried three times as often: else few evenings get far."""
NAMES_OF_TRIES = [*TRIES, *OFTEN, *OFTEN]
