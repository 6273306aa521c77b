"""Accepting from afar is a promise: the owner moves when the person is received by name at the door."""

import ast
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands as calls
from nowrongdoor.calls.holding import holding_row
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.episodes import arriving, queries
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import (
    Attested,
    EpisodeFacts,
    HandoffFacts,
    Moves,
    Proposal,
    Purpose,
)
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused, Verdict
from nowrongdoor.site.reactions import DEADLINES
from tests.dispatch.floor import ANA, an_assignment, marias
from tests.episodes.test_rules import HALL, HELD, ME, OURS, THEIRS, WHO
from tests.makers import an_actor, later, member_id, program_id, seen

CREW = UUID(int=3)
PROMISE = HandoffFacts(
    UUID(int=41), HELD.id, Purpose.TRANSFER, CREW, OURS, ended="accepted", moves=Moves.ON_CONTACT,
    attestable=True, by_team=True,
)  # fmt: skip
LINES = replace(HELD, holder_program_id=THEIRS, holder_member_id=UUID(int=12))
TEAM = replace(WHO, program_id=CREW)
GUEST = replace(TEAM, code="guest:1", member_id=None)


def check(verdict: Verdict, rule: str) -> None:
    assert (verdict.rule, verdict.allowed) == (
        rule,
        rule in {"arrival.received", "arrival.attested"},
    )
    assert verdict.allowed or verdict.because


@pytest.mark.parametrize(
    ("promise", "episode", "stands", "rule"),
    [
        (PROMISE, LINES, True, "arrival.received"),
        (replace(PROMISE, ended=""), LINES, True, "arrival.not_accepted"),
        (replace(PROMISE, ended="declined"), LINES, True, "arrival.not_accepted"),
        (replace(PROMISE, moves=Moves.ON_ACCEPT), LINES, True, "arrival.no_promise"),
        (replace(PROMISE, by_team=False), LINES, True, "arrival.no_promise"),
        (PROMISE, replace(LINES, closed=True), True, "episode.not_open"),
        (PROMISE, LINES, False, "arrival.over"),
        (replace(PROMISE, to_program_id=THEIRS), LINES, True, "arrival.not_yours"),
    ],
)
def test_who_may_receive(
    promise: HandoffFacts, episode: EpisodeFacts, stands: bool, rule: str
) -> None:
    check(arriving.may_receive(WHO, promise, episode, stands=stands), rule)


@pytest.mark.parametrize(
    ("by", "receiver", "rule"),
    [
        (TEAM, HALL, "arrival.attested"),
        (replace(WHO, program_id=THEIRS, member_id=UUID(int=12)), HALL, "arrival.attested"),
        (replace(WHO, program_id=THEIRS, member_id=ME), HALL, "arrival.not_with_them"),
        (WHO, HALL, "arrival.not_with_them"),  # they receive, and are not written down by others
        (TEAM, Attested("Deputy Hall", " "), "arrival.nameless"),
        (TEAM, Attested(" ", "4471"), "arrival.nameless"),
    ],
)
def test_who_may_write_down_who_received(by: Actor, receiver: Attested, rule: str) -> None:
    check(arriving.may_attest_arrival(by, PROMISE, LINES, receiver, stands=True), rule)
    over = arriving.may_attest_arrival(by, PROMISE, LINES, receiver, stands=False)
    assert over.rule == "arrival.over"


@pytest.mark.parametrize(
    ("by", "promise", "rule"),
    [
        (GUEST, PROMISE, "arrival.attested"),
        (TEAM, PROMISE, "guest.only"),
        (GUEST, replace(PROMISE, from_program_id=THEIRS), "guest.not_asked"),
        (GUEST, replace(PROMISE, attestable=False), "guest.not_asked"),
    ],
)
def test_a_guest_receives_whom_the_link_is_about(
    by: Actor, promise: HandoffFacts, rule: str
) -> None:
    check(arriving.may_receive_as_guest(by, promise, LINES, HALL, stands=True), rule)


def test_every_answer_is_tested() -> None:
    def words(path: str) -> set[object]:
        every = ast.walk(ast.parse(Path(path).read_text()))
        return {node.value for node in every if isinstance(node, ast.Constant)}

    calls_of = ast.walk(ast.parse(Path(arriving.__file__).read_text()))
    given = {
        call.args[0].value
        for call in calls_of
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in ("yes", "no") and isinstance(call.args[0], ast.Constant)
    }
    assert given <= words(__file__) | {
        "arrival" + ".awaited"
    }  # a step inside, which nobody is told
    assert len(given) == 12


def promised(to: str = "crc/adult", kind: str = "drop_off", *, at: int = 60) -> HandoffFacts:
    """A team at the scene of Maria's call asks a place to receive the person, and it says yes."""
    row = an_assignment()
    return _yes(row.episode_id, to, kind, at=at)


def _yes(episode_id: UUID, to: str, kind: str, *, at: int) -> HandoffFacts:
    ana = an_actor(ANA)
    asked = Proposal(episode_id, kind, program_id(to))
    offer = calls.offer_transfer(by=ana, at=later(at), proposal=asked)
    who = Attested("P. Ortiz", "desk 2")
    if to == "crc/adult":
        calls.accept_transfer(by=an_actor("judith.park"), at=later(at + 5), handoff_id=offer.id)
    else:
        episodes.attest_offer(by=ana, at=later(at + 5), handoff_id=offer.id, receiver=who)
    return offer


def holder(episode_id: UUID) -> tuple[UUID, UUID | None]:
    row = seen(an_actor(ANA), episode_id)
    assert row is not None
    return row.holder_program_id, row.holder_member_id


def overdue() -> int:
    """How often it was said that nobody arrived."""
    with act_as(an_actor("judith.park")):
        return Entry.objects.filter(kind="episodes.contact_overdue").count()


def may(name: str, episode_id: UUID, at: int) -> frozenset[str]:
    by = an_actor(name)
    [held] = queries.board(by, at=later(at), ids=frozenset({episode_id}))
    row = holding_row(held, by, class_name="", legs=())
    return row.may & {"receive_person", "attest_arrival", "confirm_contact", "accept_transfer"}


@pytest.mark.usefixtures("db")
def test_the_owner_stays_until_the_person_is_received_by_name() -> None:
    promise = promised()
    episode_id = promise.episode_id
    assert holder(episode_id) == marias()
    assert may("judith.park", episode_id, 70) == {"receive_person"}
    assert may(ANA, episode_id, 70) == {"attest_arrival"}

    # nobody arrives: both sides are told, again and again, and nothing moves
    for n in (1, 2):
        fire_due(at=later(65 + 1800 * n), reactions=DEADLINES)
        assert overdue() == n
    assert holder(episode_id) == marias()

    calls.receive_person(by=an_actor("judith.park"), at=later(4000), handoff_id=promise.id)
    assert holder(episode_id) == (program_id("crc/adult"), member_id("judith.park"))
    assert may("judith.park", episode_id, 4001) == frozenset()
    fire_due(at=later(65 + 1800 * 9), reactions=DEADLINES)
    assert overdue() == 2
    with pytest.raises(Refused) as twice:
        calls.receive_person(by=an_actor("judith.park"), at=later(4002), handoff_id=promise.id)
    assert twice.value.verdict.rule == "arrival.over"


@pytest.mark.usefixtures("db")
def test_on_the_way_the_place_is_changed_and_the_crew_says_who_received() -> None:
    first = promised()
    episode_id = first.episode_id
    second = _yes(episode_id, "ed/intake", "ed_transfer", at=300)

    assert may("judith.park", episode_id, 310) == frozenset()
    moss = Attested("T. Moss", "ED desk 1")
    with pytest.raises(Refused):
        calls.attest_arrival(by=an_actor(ANA), at=later(400), handoff_id=first.id, receiver=moss)
    assert holder(episode_id) == marias()

    calls.attest_arrival(by=an_actor(ANA), at=later(900), handoff_id=second.id, receiver=moss)
    assert holder(episode_id) == (program_id("ed/intake"), None)
    [held] = queries.board(an_actor(ANA), at=later(901), ids=frozenset({episode_id}))
    assert (held.attested_name, held.in_queue, held.offers) == ("T. Moss", False, ())


@pytest.mark.usefixtures("db")
def test_a_promise_outlives_a_change_of_the_owner_on_the_way() -> None:
    promise = promised()
    denise = an_actor("denise.wright")
    calls.assume_call(
        by=denise, at=later(100), episode_id=promise.episode_id, reason="supervisor_decision"
    )
    assert may("judith.park", promise.episode_id, 110) == {"receive_person"}
    fire_due(at=later(65 + 1800), reactions=DEADLINES)
    assert overdue() == 1

    calls.receive_person(by=an_actor("judith.park"), at=later(2000), handoff_id=promise.id)
    assert holder(promise.episode_id)[0] == program_id("crc/adult")
