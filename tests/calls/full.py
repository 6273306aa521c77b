"""Rows in every table of `calls`: lines that go on, wait alone and are over, and what is known of them.

And how its acts are tried.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands
from nowrongdoor.calls.facts import SearchFor
from nowrongdoor.calls.models import CallRequest, ExternalResponder, Search
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.web.clock import now
from tests.calls.lines import ANNA, GLORIA, LUIS, MARIA, RUTH, leaving, the_leg
from tests.desks.sending import asked
from tests.dispatch.floor import ANA, CARL, an_assignment
from tests.makers import NOON, accepted, an_actor, an_episode, an_offer, later, program_id

JUDITH, GARZA = "judith.park", "luis.garza"
Tried = Iterator[tuple[str, str, dict[str, Any], dict[str, str]]]


def a_full_line() -> Episode:
    """An episode with a line, a search, a try, a sending, a question and a plan."""
    anna, gloria = an_actor(), an_actor(GLORIA)
    episode = an_episode(anna)
    accepted(episode, to=gloria)
    search = commands.start_search(
        by=anna, at=NOON, episode_id=episode.pk, seeking=SearchFor.CALLER
    )
    commands.record_attempt(by=anna, at=later(1), search_id=search.pk, how="call")
    commands.record_dispatched(
        by=anna, at=NOON, episode_id=episode.pk, axis="police", value="aware"
    )
    commands.write_plan(
        by=gloria, at=NOON, episode_id=episode.pk, text="Called.", wishes_follow_up=None
    )
    return episode


def full() -> None:
    maria = an_actor(MARIA)
    commands.request_call(by=maria, at=NOON, episode_id=a_full_line().pk)
    commands.report_line_down(by=an_actor("ruth.palmer"), at=NOON, program_id=maria.program_id)
    commands.lose_line(**leaving(an_episode()))
    commands.lose_caller(**leaving(an_episode()))


def tried() -> Tried:
    """Each act: who does it, on what, and what they type."""
    yield from _sought_and_sent()
    yield from _handed_on()
    yield from _taken()
    yield from _asked_for()
    yield from _in_danger()


def _call(by: str = ANNA) -> Episode:
    return an_episode(an_actor(by), at=now() - timedelta(minutes=5))


def _sought_and_sent() -> Tried:
    """What is known of a caller, what is sought and sent, until the call is over."""
    episode, again = _call(), _call()
    here, leg = {"episode_id": episode.pk}, the_leg(episode)
    yield ANNA, "change_card", here, {"place": "4 Loud Lane"}
    yield ANNA, "change_caller", {"contact_id": leg.contact_id}, {"name": "a neighbor"}
    yield ANNA, "start_search", here, {"seeking": "place"}
    with act_as(an_actor()):
        search = {"search_id": Search.objects.get(episode=episode).pk}
    yield ANNA, "record_attempt", search, {"how": "call"}
    yield ANNA, "record_dispatched", here, {"axis:value": "ems:now", "rescue": "voluntary"}
    with act_as(an_actor()):
        sent = {
            "external_responder_id": ExternalResponder.objects.filter(episode=episode)
            .latest("at")
            .pk
        }
    yield ANNA, "record_not_located", sent, {}
    yield ANNA, "record_contact_made", sent, {}
    yield ANNA, "escalate", here, {}
    yield ANNA, "promise_call_back", here, {}
    yield ANNA, "record_call_back", here, {}
    yield ANNA, "lose_line", {"leg_id": leg.pk}, {}
    yield ANNA, "join_line", {"leg_id": leg.pk}, {"mode": "joined"}
    yield ANNA, "acknowledge_level", {"leg_id": leg.pk}, {}
    yield ANNA, "reattach", {"episode_id": again.pk}, {"into_id": str(episode.pk)}
    yield ANNA, "lose_caller", {"leg_id": leg.pk}, {}
    over = {"outcome": "information", "declined_by_person": "yes"}
    yield ANNA, "close_call", {"episode_id": _call().pk}, over


def _handed_on() -> Tried:
    """Offered, accepted, taken back, handed on again, given back; and to somebody who is no user."""
    episode = _call()
    here = {"episode_id": episode.pk}
    counselors = f"warm_transfer:{program_id('line/counselors')}"
    yield ANNA, "offer_transfer", here, {"kind:to_program_id": counselors}
    yield MARIA, "accept_transfer", {"handoff_id": _offer(episode.pk)}, {}
    yield ANNA, "take_back", here, {}
    early = now() - timedelta(minutes=4)  # whoever leaves has listened for a while
    offer = an_offer(episode, at=early)
    commands.accept_transfer(by=an_actor(MARIA), at=early, handoff_id=offer.pk)
    yield MARIA, "write_plan", here, {"text": "Called."}
    yield ANNA, "leave_line", {"leg_id": the_leg(episode).pk}, {}
    floor = {"kind": "return_to_911", "to_program_id": str(program_id("911/floor"))}
    yield MARIA, "return_person", here, floor | {"place_is": "sought"}
    away = an_offer(_call(), to="sheriff911/floor", kind="to_other_psap", at=now())
    bell = {"name": "R. Bell", "operator": "PCSD 114"}
    yield ANNA, "attest_transfer", {"handoff_id": away.pk}, bell
    for act, name, typed in (("receive_person", JUDITH, {}), ("attest_arrival", GARZA, bell)):
        officer = replace(an_actor(GARZA), role="dispatcher")  # came to hold in whatever way
        brought = an_episode(officer, at=now())
        promise = accepted(brought, officer, to=an_actor(JUDITH), kind="drop_off", at=now())
        yield name, act, {"handoff_id": promise.id}, typed


def _offer(episode_id: UUID) -> UUID:
    with act_as(an_actor()):
        return Handoff.objects.filter(episode_id=episode_id).latest("offered_at").pk


def _taken() -> Tried:
    """From the queue, and from somebody whose desk is silent."""
    anna = an_actor()
    queue = system(program_id=anna.program_id, agency_id=anna.agency_id, code="telephone")
    yield ANNA, "take_from_queue", {"episode_id": an_episode(queue, at=now()).pk}, {}
    yield RUTH, "assume_call", {"episode_id": _call(LUIS).pk}, {"reason": "holder_unreachable"}


def _asked_for() -> Tried:
    """A clinician asks for two calls: one is given, one is kept."""
    for answer in ("decline_request", "hand_over"):
        here = {"episode_id": _call().pk}
        if answer == "decline_request":
            yield GLORIA, "request_call", here, {}
        else:
            commands.request_call(by=an_actor(GLORIA), at=now(), **here)
        with act_as(an_actor()):
            pull = {"call_request_id": CallRequest.objects.get(**here).pk}
        yield ANNA, answer, pull, {}


def _in_danger() -> Tried:
    """A team's alarm, which its desk acknowledges."""
    team = an_assignment(asked(), at=now())
    alarm = dispatch.activate_duress(by=an_actor(ANA), at=now(), assignment_id=team.pk)
    with act_as(an_actor(CARL)):
        clock = Deadline.objects.get(subject_id=alarm.pk, cancelled_at=None)
    yield CARL, "acknowledge_alarm", {"deadline_id": clock.pk}, {}
