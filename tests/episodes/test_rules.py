"""Holding, as tables: every answer a rule can give, and each rule's order of asking."""

import ast
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from nowrongdoor.agencies.facts import RouteFacts
from nowrongdoor.episodes import rules
from nowrongdoor.episodes.facts import (
    Attested,
    Closing,
    EpisodeFacts,
    HandoffFacts,
    Moves,
    Purpose,
    Step,
)
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict

OURS, THEIRS = UUID(int=1), UUID(int=2)
ME, COLLEAGUE = UUID(int=11), UUID(int=12)
WHO = Actor(
    code="member:x", agency_id=UUID(int=99), program_id=OURS, role="call_taker", member_id=ME
)
HELD = EpisodeFacts(UUID(int=21), OURS, ME)
OFFER = HandoffFacts(UUID(int=31), HELD.id, Purpose.TRANSFER, THEIRS, OURS)
MINE = replace(OFFER, from_program_id=OURS, to_program_id=THEIRS, attestable=True)
ROUTE = RouteFacts("warm_transfer", OURS, THEIRS, "N", datetime(2020, 1, 1, tzinfo=UTC))
HALL = Attested("Deputy Hall", "4471")
OVER = Closing("stabilized_phone", accountable_member_id=ME)


def check(verdict: Verdict, rule: str) -> None:
    assert verdict.rule == rule
    assert verdict.allowed == (rule == "holder.self" or rule.split(".")[1] in YES)
    assert verdict.allowed or verdict.because


YES = {"allowed", "yours", "own_program", "unreachable", "open", "attested", "follows_file"}


@pytest.mark.parametrize(
    ("episode", "rule"),
    [
        (HELD, "holder.self"),
        (replace(HELD, holder_member_id=None), "holder.self"),
        (replace(HELD, holder_member_id=COLLEAGUE), "holder.another"),
        (replace(HELD, holder_program_id=THEIRS), "holder.elsewhere"),
        (replace(HELD, closed=True), "episode.closed"),
        (replace(HELD, joined_into_id=UUID(int=5)), "episode.joined"),
    ],
)
def test_who_holds(episode: EpisodeFacts, rule: str) -> None:
    check(rules.holds(WHO, episode), rule)


def test_who_may_offer() -> None:
    check(rules.may_offer(WHO, HELD, route=ROUTE), "offer.allowed")
    check(rules.may_offer(WHO, HELD, route=None), "route.none")
    check(rules.may_offer(WHO, replace(HELD, closed=True), route=ROUTE), "episode.closed")


@pytest.mark.parametrize(
    ("offer", "who", "supervises", "rule"),
    [
        (OFFER, WHO, False, "offer.yours"),
        (replace(OFFER, to_member_id=ME), WHO, False, "offer.yours"),
        (replace(OFFER, to_member_id=COLLEAGUE), WHO, False, "offer.another"),
        (replace(OFFER, to_member_id=COLLEAGUE), WHO, True, "offer.yours"),
        (replace(OFFER, to_program_id=THEIRS), WHO, True, "offer.not_yours"),
        (OFFER, replace(WHO, member_id=None), True, "offer.no_name"),
        (replace(OFFER, ended="accepted"), WHO, False, "offer.accepted"),
        (replace(OFFER, ended="declined"), WHO, False, "offer.ended"),
        (replace(OFFER, ended="withdrawn"), WHO, False, "offer.ended"),
    ],
)
def test_who_may_answer(offer: HandoffFacts, who: Actor, supervises: bool, rule: str) -> None:
    check(rules.may_answer(who, offer, supervises=supervises), rule)


def test_who_may_decline() -> None:
    check(rules.may_decline(WHO, OFFER, reason="capacity", supervises=False), "decline.allowed")
    check(rules.may_decline(WHO, OFFER, reason="", supervises=False), "decline.reason")
    check(
        rules.may_decline(WHO, replace(OFFER, ended="accepted"), reason="x", supervises=False),
        "offer.accepted",
    )


def test_who_may_withdraw() -> None:
    check(rules.may_withdraw(WHO, MINE, HELD), "withdraw.allowed")
    check(rules.may_withdraw(WHO, replace(MINE, ended="declined"), HELD), "offer.ended")
    check(
        rules.may_withdraw(WHO, MINE, replace(HELD, holder_member_id=COLLEAGUE)), "holder.another"
    )


ACCEPTED = replace(OFFER, moves=Moves.ON_CONTACT, ended="accepted")
STILL_THEIRS = replace(HELD, holder_program_id=THEIRS, holder_member_id=COLLEAGUE)


@pytest.mark.parametrize(
    ("offer", "episode", "who", "rule"),
    [
        (ACCEPTED, STILL_THEIRS, WHO, "contact.allowed"),
        (replace(ACCEPTED, by_team=True), STILL_THEIRS, WHO, "contact.arrival"),
        (replace(ACCEPTED, ended=""), STILL_THEIRS, WHO, "contact.not_accepted"),
        (replace(ACCEPTED, ended="declined"), STILL_THEIRS, WHO, "contact.not_accepted"),
        (ACCEPTED, replace(HELD, holder_via_id=OFFER.id), WHO, "contact.made"),
        (replace(ACCEPTED, moves=Moves.ON_ACCEPT), STILL_THEIRS, WHO, "contact.moved"),
        (replace(ACCEPTED, moves=Moves.NEVER), STILL_THEIRS, WHO, "contact.moved"),
        (ACCEPTED, replace(STILL_THEIRS, closed=True), WHO, "episode.not_open"),
        (ACCEPTED, replace(HELD, holder_program_id=UUID(int=3)), WHO, "contact.overtaken"),
        (ACCEPTED, STILL_THEIRS, replace(WHO, program_id=UUID(int=3)), "contact.not_yours"),
        (ACCEPTED, STILL_THEIRS, replace(WHO, member_id=None), "contact.not_yours"),
        (
            replace(ACCEPTED, attested=True, from_program_id=OURS, to_program_id=THEIRS),
            HELD,
            WHO,
            "contact.attested",
        ),
        (
            replace(ACCEPTED, attested=True, from_program_id=OURS, to_program_id=THEIRS),
            replace(HELD, holder_member_id=COLLEAGUE),
            WHO,
            "contact.not_yours",
        ),
    ],
)
def test_who_may_say_that_they_have_met(
    offer: HandoffFacts, episode: EpisodeFacts, who: Actor, rule: str
) -> None:
    check(rules.may_confirm_contact(who, offer, episode), rule)


@pytest.mark.parametrize(
    ("episode", "at_home", "role", "rule"),
    [
        (HELD, True, "", "pointer.allowed"),
        (HELD, True, "pointer", "pointer.allowed"),
        (HELD, False, "", "pointer.user"),
        (HELD, True, "informed", "pointer.party"),
        (HELD, True, "working", "pointer.party"),
        (replace(HELD, holder_member_id=COLLEAGUE), True, "", "holder.another"),
    ],
)
def test_who_may_point_at_a_record_kept_elsewhere(
    episode: EpisodeFacts, at_home: bool, role: str, rule: str
) -> None:
    check(rules.may_point(WHO, episode, at_home=at_home, role=role), rule)


@pytest.mark.parametrize(
    ("offer", "episode", "receiver", "rule"),
    [
        (MINE, HELD, HALL, "attest.allowed"),
        (MINE, HELD, Attested("Deputy Hall", " "), "attest.incomplete"),
        (MINE, HELD, Attested("", "4471"), "attest.incomplete"),
        (replace(MINE, attestable=False), HELD, HALL, "attest.user"),
        (MINE, replace(HELD, holder_program_id=THEIRS), HALL, "holder.elsewhere"),
        (replace(MINE, ended="accepted"), HELD, HALL, "offer.accepted"),
    ],
)
def test_who_may_attest(
    offer: HandoffFacts, episode: EpisodeFacts, receiver: Attested, rule: str
) -> None:
    check(rules.may_attest(WHO, offer, episode, receiver), rule)


def test_who_may_invite_a_guest() -> None:
    check(rules.may_invite(WHO, MINE, HELD), "invite.allowed")
    check(rules.may_invite(WHO, replace(MINE, attestable=False), HELD), "attest.user")
    check(rules.may_invite(WHO, MINE, replace(HELD, holder_member_id=COLLEAGUE)), "holder.another")
    check(rules.may_invite(WHO, replace(MINE, ended="withdrawn"), HELD), "offer.ended")


GUEST = Actor(code="guest:x", agency_id=UUID(int=99), program_id=OURS, role="guest")


@pytest.mark.parametrize(
    ("by", "offer", "receiver", "rule"),
    [
        (GUEST, MINE, HALL, "guest.allowed"),
        (WHO, MINE, HALL, "guest.only"),
        (replace(GUEST, code="timer"), MINE, HALL, "guest.only"),
        (GUEST, replace(MINE, attestable=False), HALL, "guest.not_asked"),
        (GUEST, replace(OFFER, attestable=True), HALL, "guest.not_asked"),
        (GUEST, replace(MINE, ended="accepted"), HALL, "offer.accepted"),
        (GUEST, replace(MINE, ended="withdrawn"), HALL, "offer.ended"),
        (GUEST, MINE, Attested("Deputy Hall", " "), "guest.incomplete"),
        (GUEST, MINE, Attested(" ", "4471"), "guest.incomplete"),
    ],
)
def test_who_may_accept_as_a_guest(
    by: Actor, offer: HandoffFacts, receiver: Attested, rule: str
) -> None:
    check(rules.may_accept_as_guest(by, offer, receiver), rule)


@pytest.mark.parametrize(
    ("by", "receiver", "reason", "rule"),
    [
        (GUEST, HALL, "capacity", "guest.allowed"),
        (GUEST, Attested("Deputy Hall", ""), "capacity", "guest.allowed"),
        (GUEST, Attested(" ", "4471"), "capacity", "guest.nameless"),
        (GUEST, HALL, "", "decline.reason"),
        (WHO, HALL, "capacity", "guest.only"),
    ],
)
def test_who_may_decline_as_a_guest(by: Actor, receiver: Attested, reason: str, rule: str) -> None:
    check(rules.may_decline_as_guest(by, MINE, receiver, reason=reason), rule)


@pytest.mark.parametrize(
    ("to_in_program", "to_self", "holding", "rule"),
    [
        (True, False, 2, "relief.allowed"),
        (True, True, 2, "relief.self"),
        (False, False, 2, "relief.elsewhere"),
        (True, False, 0, "relief.nothing"),
    ],
)
def test_relief(to_in_program: bool, to_self: bool, holding: int, rule: str) -> None:
    check(rules.may_relieve(to_in_program=to_in_program, to_self=to_self, holding=holding), rule)


def test_taking_from_the_queue() -> None:
    check(rules.may_take(WHO, replace(HELD, holder_member_id=None)), "take.allowed")
    check(rules.may_take(WHO, HELD), "take.held")
    check(rules.may_take(WHO, replace(HELD, holder_member_id=COLLEAGUE)), "holder.another")


@pytest.mark.parametrize(
    ("episode", "reason", "reachable", "held_before", "rule"),
    [
        (replace(HELD, holder_member_id=COLLEAGUE), "shift_gap", True, False, "assume.own_program"),
        (HELD, "shift_gap", True, False, "assume.self"),
        (replace(HELD, closed=True), "shift_gap", False, True, "episode.not_open"),
        (replace(HELD, joined_into_id=UUID(int=5)), "shift_gap", False, True, "episode.not_open"),
        (replace(HELD, holder_member_id=COLLEAGUE), "", False, True, "assume.reason"),
        (EpisodeFacts(HELD.id, THEIRS, COLLEAGUE), "line_down", False, True, "assume.unreachable"),
        (EpisodeFacts(HELD.id, THEIRS, None), "line_down", False, True, "assume.unreachable"),
        (EpisodeFacts(HELD.id, THEIRS, COLLEAGUE), "line_down", True, True, "assume.reachable"),
        (EpisodeFacts(HELD.id, THEIRS, COLLEAGUE), "line_down", False, False, "assume.never_ours"),
    ],
)
def test_assuming(
    episode: EpisodeFacts, reason: str, reachable: bool, held_before: bool, rule: str
) -> None:
    check(
        rules.may_assume(WHO, episode, reason=reason, reachable=reachable, held_before=held_before),
        rule,
    )


HANDED_ON = HandoffFacts(UUID(int=99), HELD.id, Purpose.TRANSFER, OURS, THEIRS, ended="accepted")


@pytest.mark.parametrize(
    ("who", "via", "listening", "rule"),
    [
        (WHO, HANDED_ON, True, "take_back.allowed"),
        (WHO, HANDED_ON, False, "take_back.released"),
        (WHO, None, True, "take_back.never_ours"),
        (WHO, replace(HANDED_ON, from_program_id=THEIRS), True, "take_back.never_ours"),
        (WHO, replace(HANDED_ON, purpose=Purpose.RELIEF), True, "take_back.never_ours"),
        (replace(WHO, member_id=None), HANDED_ON, True, "offer.no_name"),
    ],
)
def test_taking_back(who: Actor, via: HandoffFacts | None, listening: bool, rule: str) -> None:
    theirs = EpisodeFacts(HELD.id, THEIRS, COLLEAGUE)

    check(rules.may_take_back(who, theirs, via, listening=listening), rule)


def test_joining_and_separating() -> None:
    other = EpisodeFacts(UUID(int=22), THEIRS, COLLEAGUE)
    check(rules.may_join(WHO, HELD, other, carries=False), "join.allowed")
    check(rules.may_join(WHO, HELD, HELD, carries=False), "join.self")
    check(rules.may_join(WHO, HELD, replace(other, closed=True), carries=False), "join.not_open")
    check(rules.may_join(WHO, HELD, other, carries=True), "join.carries")
    check(rules.may_join(WHO, other, HELD, carries=False), "holder.elsewhere")
    joined = replace(other, joined_into_id=HELD.id)
    check(rules.may_separate(WHO, joined, HELD), "separate.allowed")
    check(rules.may_separate(WHO, other, HELD), "separate.not_joined")
    check(
        rules.may_separate(WHO, joined, replace(HELD, holder_member_id=COLLEAGUE)), "holder.another"
    )


@pytest.mark.parametrize(
    ("closing", "offers", "historical", "rule"),
    [
        (OVER, 0, False, "close.allowed"),
        (Closing("information", declined_by_person=True), 0, False, "close.allowed"),
        (OVER, 1, False, "close.offered"),
        (replace(OVER, outcome=""), 0, False, "close.outcome"),
        (Closing("information"), 0, False, "close.nobody"),
        (Closing("information"), 0, True, "close.allowed"),
    ],
)
def test_closing(closing: Closing, offers: int, historical: bool, rule: str) -> None:
    check(rules.may_close(WHO, HELD, closing, offers=offers, historical=historical), rule)


def test_the_next_step_of_waiting_comes_by_time_and_the_last_repeats() -> None:
    steps = [Step(60, "supervisor"), Step(20, "receiver")]

    assert [rules.next_wait_s(steps, alerts=n) for n in range(5)] == [20, 60, 120, 180, 240]
    assert rules.next_wait_s([], alerts=0) is None
    assert rules.moves_now(Moves.ON_ACCEPT)
    assert not rules.moves_now(Moves.NEVER)


@pytest.mark.parametrize(
    ("number", "label"), [(1, "T27-000001"), (999999, "T27-999999"), (1000000, "T27-1000000")]
)
def test_a_number_for_the_radio_grows_and_never_wraps(number: int, label: str) -> None:
    assert rules.label("T", 2027, number) == label


@pytest.mark.parametrize(
    ("episode", "untouched", "rule"),
    [
        (HELD, True, "episode.follows_file"),
        (replace(HELD, closed=True), True, "episode.follows_file"),
        (HELD, False, "episode.touched"),
        (replace(HELD, holder_program_id=THEIRS), True, "holder.elsewhere"),
    ],
)
def test_an_episode_follows_its_file_until_somebody_acts(
    episode: EpisodeFacts, untouched: bool, rule: str
) -> None:
    check(rules.may_follow_file(WHO, episode, untouched=untouched), rule)


def test_every_answer_a_rule_can_give_is_tested() -> None:
    """Reads the rules' own text, so that a new answer without a test fails here."""
    source = ast.parse(Path(rules.__file__).read_text())
    given = {
        call.args[0].value
        for call in ast.walk(source)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("yes", "no")
        and isinstance(call.args[0], ast.Constant)
    }  # fmt: skip
    mine = ast.parse(Path(__file__).read_text())
    named = {
        node.value
        for node in ast.walk(mine)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert given - named - {"offer.open"} == set()
