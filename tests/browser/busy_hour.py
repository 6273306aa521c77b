"""Fills a running city with a busy hour. Runs in a process of its own, in the city's environment.

Everybody and everything here is made up. Every sort of row is among them: held, in the queue,
offered, unanswered, declined, attested, joined, closed, with and without a place.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.facts import ContactFacts, SearchFor
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import commands
from nowrongdoor.episodes.facts import Attested, CardFacts, Closing, Proposal
from nowrongdoor.episodes.known import person_of
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonHeard, PersonTyped, Says
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.triage import commands as triage
from nowrongdoor.web.clock import now
from tests.browser import teams
from tests.cases import full as cases_full
from tests.makers import an_actor, an_episode, member_id, program_id, received
from tests.sharing import full as sharing_full

PLACES = (
    "Bus stop, Speedway and Alvernon",
    "1420 E Prince Rd, apt 12",
    "",
    "Parking lot behind the library on Stone",
    "5th floor, parking garage, Pennington St",
    "",
    "Motel on Benson Hwy, room 31",
    "2203 N Fontana Ave",
    "Reid Park, by the pond",
    "3310 S Park Ave",
    "Dollar store, 22nd and Craycroft",
    "Under the bridge, Santa Cruz path at Grant",
)
CLASSES = (
    "psych_distress", "suicide_threat", "welfare_check", "disturbance_bh", "intoxicated",
    "psych_distress", "suicide_threat", "psych_distress", "welfare_check", "psych_distress",
    "intoxicated", "suicide_threat",
)  # fmt: skip
TAKERS = ("anna.miller", "luis.ortega", "karen.hughes", "david.chavez")
NONE = {"MED": "N", "ACT": "N", "WPN": "none", "VIO": "N", "CRM": "none", "HAZ": "none", "ABU": "N"}
MINIMUM = {"SI": "none", "HI": "none", "AGE": "adult", "TALK": "Y", "PSY": "N", "SCN": "N", "BHN": "Y"}  # fmt: skip
SCREENED: dict[int, dict[str, str]] = {
    0: {"SI": "active", "PLAN": "N", "MEANS": "N", "TIME": "none", "TALK": "Y"},
    1: {"SI": "passive", "TALK": "Y"},
    2: {"PSY": "Y", "TALK": "N"},
    3: {"WPN": "in_reach", **MINIMUM},
    4: {"SI": "active", "PLAN": "Y", "MEANS": "Y", "TIME": "day", "TALK": "Y"},
    7: {"MED": "Y"},
    8: {"VIO": "Y"},
    11: {"NEED": "Y"},
}
PLACE = "Santa Rosa library, mornings"
"""Where Thomas can be found: the center knows it."""
ZONES = ("central", "", "", "central")


def _people(by: Actor, episode_id: UUID) -> None:
    """Three records that may be two people, one of them somebody's whose name is not known."""
    made = [
        identity.keep_person(by=by, at=now(), typed=PersonTyped(**each))
        for each in (
            {"given": "Rosa", "family": "Villa Soto", "born": "3/4/1980", "phone": "520-555-0119"},
            {"given": "Rosita", "family": "Villa", "born": "4/3/1980", "address": "12 Quiet St"},
            {"given": "Rosalba", "family": "Villa-Soto", "born": "46", "phone": "555-0119"},
            {"moniker": "Blue Jacket", "usual_place": "Library on Stone", "description": "Limps"},
        )
    ]
    of = {"by": by, "person_id": made[0].pk}
    identity.say_contact(**of, at=now(), safe_contact=("no_voicemail",), protections=("victim",))
    identity.judge(**of, at=now(), other_id=made[2].pk, says=Says.LATER)
    commands.identify_person(by=by, at=now(), episode_id=episode_id, person_id=made[0].pk)


def _thomas() -> None:
    """Known to the support team that brought him and to the center, which know nothing of each other's record."""
    luis, nurse = an_actor("luis.garza"), an_actor("judith.park")
    brings = replace(luis, role="dispatcher")
    call = an_episode(brings, at=now(), name="Thomas Arnett")
    received(call, brings, nurse, at=now())
    heard = PersonHeard(given="Thomas", family="Arnett", born="1980-03-14")
    for by in (luis, nurse):
        commands.new_person(by=by, at=now(), episode_id=call.pk, heard=heard)
    theirs = person_of(nurse, call.pk)
    assert theirs is not None
    identity.change_person(by=nurse, at=now(), person_id=theirs, usual_place=PLACE)


def main() -> None:
    known = {one.code for one in community.codes("incident_classes", "en")}
    held = [
        _call(index, place, code if code in known else "psych_distress")
        for index, (place, code) in enumerate(zip(PLACES, CLASSES, strict=True))
    ]
    anna, luis, karen = (an_actor(name) for name in TAKERS[:3])
    maria = an_actor("maria.lopez")
    at = now()
    for by in (anna, luis, maria, an_actor("ruth.palmer")):
        agencies.occupy_desk(by=by, at=at)
    for index, answers in SCREENED.items():
        taker = an_actor(TAKERS[index % len(TAKERS)])
        triage.screen(by=taker, at=at, episode_id=held[index], given=NONE | answers)  # type: ignore[arg-type]
    triage.screen(by=karen, at=at, episode_id=held[10], given={"SI": "passive"})  # type: ignore[arg-type]
    calls.record_dispatched(by=anna, at=at, episode_id=held[4], axis="police", value="staged")  # type: ignore[arg-type]
    calls.start_search(by=karen, at=at, episode_id=held[2], seeking=SearchFor.PLACE)  # type: ignore[arg-type]
    ruth = an_actor("ruth.palmer")
    triage.lower(by=ruth, at=now(), episode_id=held[3], to="2", reason="new_facts")  # type: ignore[arg-type]
    _accept(_offer(held[0], anna), maria)
    _offer(held[4], anna, minutes=1)
    declined = _offer(held[1], luis)
    commands.decline_offer(by=maria, at=now(), handoff_id=declined, reason="capacity")
    psap = _offer(held[2], karen, to="sheriff911/floor", kind="to_other_psap")
    who = Attested("R. Bell", "PCSD 114", "26-110482")
    calls.attest_transfer(by=karen, at=now(), handoff_id=psap, receiver=who)
    commands.join_episode(by=luis, at=now(), episode_id=held[5], into_id=held[9])
    _people(anna, held[4])  # type: ignore[arg-type]
    note = "The caller's daughter holds the door open. Two dogs, both tied up in the yard."
    for by, to_program_id in ((maria, anna.program_id), (anna, None)):
        narrative.write_note(
            by=by,
            at=now(),
            episode_id=held[0],  # type: ignore[arg-type]
            text=note,
            to_program_id=to_program_id,
        )
    for signs in (sharing_full.a_draft, sharing_full.a_release):
        signs(an_actor("ruth.palmer"), at=now())
    _thomas()
    cases_full.a_case(now(), name="Zenobia Quill")
    teams.fill(held)  # type: ignore[arg-type]
    closing = Closing("information", accountable_member_id=member_id("karen.hughes"))
    calls.close_call(by=karen, at=now(), episode_id=held[6], closing=closing)


def _call(index: int, place: str, code: str) -> object:
    by = an_actor(TAKERS[index % len(TAKERS)])
    at = now() - timedelta(minutes=47 - 4 * index)
    zone = ZONES[index % len(ZONES)]
    contact = ContactFacts(
        at=at,
        class_code=code,
        behavioral=True,
        card=CardFacts(place=place, callback="520 555 01" + f"{index:02d}"),
        zone_id=community.zone_id(zone) if zone else None,
    )
    return calls.take_contact(by=by, at=now(), contact=contact).episode_id


def _offer(
    episode_id: object,
    by: Actor,
    *,
    to: str = "line/counselors",
    kind: str = "warm_transfer",
    minutes: int = 0,
) -> object:
    proposal = Proposal(episode_id, kind, program_id(to))  # type: ignore[arg-type]
    at = now() - timedelta(minutes=minutes)
    return calls.offer_transfer(by=by, at=at, proposal=proposal).id


def _accept(handoff_id: object, by: Actor) -> None:
    calls.accept_transfer(by=by, at=now(), handoff_id=handoff_id)  # type: ignore[arg-type]
