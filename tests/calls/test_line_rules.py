"""Callers' lines, as tables: every answer a rule can give, and each rule's order of asking."""

import ast
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from nowrongdoor.calls import rules
from nowrongdoor.calls.facts import LegFacts, Medium, Mode, Need, ParticipantFacts, PlaceIs
from nowrongdoor.episodes.facts import EpisodeFacts
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict
from tests.makers import NOON, later

OURS, THEIRS, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
ME, MARIA, RUTH = UUID(int=11), UUID(int=12), UUID(int=13)
WHO = Actor(
    code="member:x", agency_id=UUID(int=99), program_id=OURS, role="call_taker", member_id=ME
)
TIMER = replace(WHO, member_id=None)
OTHER_EPISODE = UUID(int=22)
MINE = ParticipantFacts(UUID(int=41), UUID(int=31), OURS, ME, Mode.LISTENING, NOON)
HERS = ParticipantFacts(UUID(int=42), UUID(int=31), THEIRS, MARIA, Mode.JOINED, NOON)
RUTHS = ParticipantFacts(UUID(int=43), UUID(int=31), OURS, RUTH, Mode.LISTENING, NOON)
HELD = EpisodeFacts(UUID(int=21), THEIRS, MARIA, holder_via_id=UUID(int=51))
LEG = LegFacts(UUID(int=31), HELD.id, Medium.AUDIO, False, None, (MINE, HERS))
TEXT = replace(LEG, medium=Medium.TEXT)
YES = {
    "leg.may_join", "hop.allowed", "release.allowed", "line.on", "watch.may_relieve",
    "return.allowed", "close.lines_free", "pull.may_answer", "pull.may_ask", "pull.not_asked",
    "line.may_say", "search.allowed", "search.may_record_attempt", "leg.may_lose", "sent.allowed",
    "rescue.allowed", "rescue.may_confirm", "pull.possible",
    "close.nobody_comes", "call_back.allowed", "call_back.made",
}  # fmt: skip


def check(verdict: Verdict, rule: str) -> None:
    assert verdict.rule == rule
    assert verdict.allowed == (rule in YES)
    assert verdict.allowed or verdict.because


@pytest.mark.parametrize(
    ("by", "leg", "mode", "handed_on", "rule"),
    [
        (WHO, replace(LEG, on=()), Mode.JOINED, False, "leg.may_join"),
        (WHO, replace(LEG, on=()), Mode.LISTENING, True, "leg.may_join"),
        (WHO, replace(LEG, on=(HERS,)), Mode.LISTENING, True, "leg.may_join"),
        (WHO, replace(LEG, on=(HERS,)), Mode.LISTENING, False, "leg.not_handed_on"),
        (WHO, replace(TEXT, on=(HERS,)), Mode.JOINED, False, "leg.may_join"),
        (WHO, replace(TEXT, on=(HERS,)), Mode.LISTENING, True, "leg.text"),
        (WHO, LEG, Mode.JOINED, True, "leg.on_already"),
        (WHO, replace(LEG, ended=True, on=()), Mode.JOINED, True, "leg.ended"),
        (TIMER, replace(LEG, on=()), Mode.JOINED, True, "leg.no_name"),
    ],
)
def test_who_may_come_onto_a_line(
    by: Actor, leg: LegFacts, mode: Mode, handed_on: bool, rule: str
) -> None:
    check(rules.may_join_line(by, leg, mode, handed_on=handed_on), rule)


@pytest.mark.parametrize(
    ("told", "emergency", "rule"),
    [
        (1, False, "hop.allowed"),
        (2, False, "hop.allowed"),
        (3, False, "hop.too_many"),
        (4, False, "hop.too_many"),
        (4, True, "hop.allowed"),
    ],
)
def test_how_many_telecommunicators_one_caller_meets(told: int, emergency: bool, rule: str) -> None:
    check(rules.may_forward(telecommunicators=told, most=3, emergency=emergency), rule)


SPEAKING = replace(MINE, mode=Mode.JOINED)
SEEN = (replace(MINE, seen_step=3), replace(HERS, seen_step=3))
SOMEBODY = ParticipantFacts(UUID(int=44), UUID(int=31), THIRD, None, Mode.JOINED, NOON)
BEYOND = EpisodeFacts(HELD.id, THIRD, None, holder_via_id=UUID(int=51))
QUEUE = EpisodeFacts(HELD.id, OURS, None)
ROSE = Need("4", step=3, rose_step=3)
DUTY = Need("2", step=1, open_duties=("agree where the means are kept",))


@pytest.mark.parametrize(
    ("on", "need", "holder", "after_s", "rule"),
    [
        ((MINE, HERS), Need(), HELD, 30, "release.allowed"),
        ((MINE, HERS), Need("2", step=4), HELD, 30, "release.allowed"),
        ((HERS,), Need(), HELD, 30, "release.not_on"),
        ((MINE, HERS), Need(), replace(HELD, holder_program_id=OURS, holder_member_id=ME), 30, "release.holder"),
        # the same person at another desk does not hold them here
        ((MINE, HERS), Need(), replace(HELD, holder_member_id=ME), 30, "release.allowed"),
        ((MINE,), Need(), HELD, 30, "release.alone"),
        # two who only listen do not leave the caller to each other
        ((MINE, RUTHS), Need(), HELD, 30, "release.alone"),
        ((MINE,), Need(), QUEUE, 30, "release.alone"),
        ((MINE,), Need(), BEYOND, 30, "release.allowed"),
        ((MINE, HERS), Need(), HELD, 29.9, "release.early"),
        ((SPEAKING, HERS), Need(), HELD, 0, "release.allowed"),
        ((SPEAKING,), Need(), HELD, 0, "release.alone"),
        (SEEN, ROSE, HELD, 30, "release.allowed"),
        ((replace(MINE, seen_step=2), SEEN[1]), ROSE, HELD, 30, "release.level_rose"),
        ((SEEN[0], replace(HERS, seen_step=2)), ROSE, HELD, 30, "release.other_not_seen"),
        # a step after the rise asks nobody to look again
        (SEEN, replace(ROSE, step=5), HELD, 30, "release.allowed"),
        # somebody who is no user cannot press *seen*
        ((SEEN[0], SOMEBODY), ROSE, BEYOND, 30, "release.allowed"),
        # whoever only listens beside me is not the other side
        ((*SEEN, RUTHS), ROSE, HELD, 30, "release.allowed"),
        ((MINE, HERS), DUTY, HELD, 30, "release.duty"),
        ((MINE,), DUTY, BEYOND, 30, "release.duty"),
    ],
)  # fmt: skip
def test_who_may_leave_the_caller_to_the_holder(
    on: tuple[ParticipantFacts, ...], need: Need, holder: EpisodeFacts, after_s: float, rule: str
) -> None:
    leg = replace(LEG, on=on)

    verdict = rules.may_release(WHO, leg, need, holder=holder, least_s=30, at=later(after_s))

    check(verdict, rule)
    assert ("agree where the means are kept" in verdict.because) == (need is DUTY)


def test_whose_receiver_is_beyond_our_lines() -> None:
    assert rules.past_deadline(BEYOND)
    assert not rules.past_deadline(QUEUE)
    assert not rules.past_deadline(HELD)


def test_who_can_say_what_they_saw_or_lost_there() -> None:
    check(rules.may_see(MINE), "line.on")
    check(rules.may_see(None), "release.not_on")


def test_relief_of_listening() -> None:
    check(rules.may_relieve_watch(MINE, colleague=True), "watch.may_relieve")
    check(rules.may_relieve_watch(MINE, colleague=False), "relief.elsewhere")
    check(rules.may_relieve_watch(None, colleague=True), "release.not_on")


@pytest.mark.parametrize(
    ("place_is", "place", "new_place", "rule"),
    [
        (None, "12 Quiet Street", "", "return.place"),
        (PlaceIs.SAME, "12 Quiet Street", "", "return.allowed"),
        (PlaceIs.SAME, "", "", "return.no_place"),
        (PlaceIs.SAME, "", "3 Oak Lane", "return.no_place"),
        (PlaceIs.NEW, "12 Quiet Street", "3 Oak Lane", "return.allowed"),
        (PlaceIs.NEW, "12 Quiet Street", "", "return.new_place"),
        (PlaceIs.SOUGHT, "", "", "return.allowed"),
        (PlaceIs.SOUGHT, "12 Quiet Street", "", "return.allowed"),
    ],
)
def test_a_place_is_said_anew_and_never_needed(
    place_is: PlaceIs | None, place: str, new_place: str, rule: str
) -> None:
    check(rules.may_return(place_is, place=place, new_place=new_place), rule)


LISTENS = replace(HERS, mode=Mode.LISTENING)
SECOND = replace(
    LEG, id=UUID(int=32), episode_id=OTHER_EPISODE, on=(replace(LISTENS, seen_step=1),)
)


@pytest.mark.parametrize(
    ("legs", "rose_steps", "rule"),
    [
        ((), {}, "close.lines_free"),
        ((replace(LEG, on=(SPEAKING,)),), {}, "close.lines_free"),
        ((replace(LEG, on=(SPEAKING, LISTENS)),), {}, "close.lines_free"),
        ((LEG,), {}, "close.somebody_on"),
        ((replace(LEG, ended=True),), {}, "close.lines_free"),
        ((replace(LEG, on=(LISTENS,)),), {HELD.id: 1}, "release.other_not_seen"),
        ((replace(LEG, on=(replace(LISTENS, seen_step=1),)),), {HELD.id: 1}, "close.lines_free"),
        # what I have not seen myself is on my own screen as I close
        ((replace(LEG, on=(MINE,)),), {HELD.id: 1}, "close.lines_free"),
        # two callers about one person: each line by its own screening
        ((replace(LEG, on=()), SECOND), {HELD.id: 9, OTHER_EPISODE: 1}, "close.lines_free"),
        ((replace(LEG, on=()), SECOND), {HELD.id: 1, OTHER_EPISODE: 2}, "release.other_not_seen"),
    ],
)
def test_when_the_lines_may_end(
    legs: tuple[LegFacts, ...], rose_steps: dict[UUID, int], rule: str
) -> None:
    check(rules.may_end_call(WHO, legs, rose_steps=rose_steps), rule)


def test_a_call_is_not_closed_over_somebody_who_comes() -> None:
    check(rules.may_close_over(coming=0), "close.nobody_comes")
    check(rules.may_close_over(coming=1), "close.somebody_coming")


@pytest.mark.parametrize(
    ("open", "works", "promised", "rule"),
    [
        (True, True, False, "call_back.allowed"),
        (False, True, False, "episode.closed"),
        (True, False, False, "call_back.not_yours"),
        (True, True, True, "call_back.promised"),
    ],
)
def test_promising_a_call_back(open: bool, works: bool, promised: bool, rule: str) -> None:
    check(rules.may_promise_back(open=open, works=works, promised=promised), rule)


def test_making_a_call_back() -> None:
    check(rules.may_call_back(works=True, promised=True), "call_back.made")
    check(rules.may_call_back(works=True, promised=False), "call_back.none")
    check(rules.may_call_back(works=False, promised=True), "call_back.not_yours")


def test_asking_for_a_call_and_answering() -> None:
    ours = replace(HELD, holder_program_id=OURS)
    check(rules.may_hand_over(WHO, ours, waiting=True), "pull.may_answer")
    check(rules.may_hand_over(WHO, ours, waiting=False), "pull.answered")
    check(rules.may_hand_over(WHO, HELD, waiting=True), "holder.elsewhere")
    check(rules.may_request_call(WHO, HELD), "pull.may_ask")
    check(rules.may_request_call(WHO, ours), "pull.ours")
    check(rules.may_request_call(WHO, replace(HELD, closed=True)), "episode.not_open")
    check(
        rules.may_request_call(WHO, replace(HELD, joined_into_id=OTHER_EPISODE)), "episode.not_open"
    )
    check(rules.not_asked(asked=False), "pull.not_asked")
    check(rules.not_asked(asked=True), "pull.asked")


@pytest.mark.parametrize(
    ("level", "minutes"),
    [
        ("3B", [10, 20, 30, 40, 50]),
        ("2", [30, 60, 120, 180, 240]),
        ("", [30, 60, 120, 180, 240]),
    ],
)
def test_what_became_is_asked_by_level_and_never_falls_silent(
    level: str, minutes: list[int]
) -> None:
    plan = {"3B": [10, 20, 30], "other": [30, 60, 120]}

    asked = [rules.reminder_after_s(level, plan, reminders=n) for n in range(5)]

    assert asked == [60 * each for each in minutes]


def test_a_plan_of_one_interval_repeats_it() -> None:
    plan = {"other": [15]}

    assert [rules.reminder_after_s("2", plan, reminders=n) for n in range(3)] == [900, 1800, 2700]


def test_which_centre_answers_for_a_zone() -> None:
    zones = {THEIRS: ["north", "county"], THIRD: ["south"]}

    assert rules.psap_for("county", zones, own=OURS) == THEIRS
    assert rules.psap_for("south", zones, own=OURS) == THIRD
    assert rules.psap_for("west", zones, own=OURS) == OURS
    assert rules.psap_for("", {THEIRS: [""]}, own=OURS) == OURS  # the place is unknown


def test_saying_that_lines_do_not_answer() -> None:
    check(rules.may_report_line_down(down=False, own=False), "line.may_say")
    check(rules.may_report_line_down(down=True, own=False), "line.down")
    check(rules.may_report_line_down(down=False, own=True), "line.own")


def test_seeking_and_losing() -> None:
    check(rules.may_start_search(open=True, works=True), "search.allowed")
    check(rules.may_start_search(open=True, works=False), "search.not_working")
    check(rules.may_start_search(open=False, works=True), "search.not_working")
    check(rules.may_record_attempt(over=False), "search.may_record_attempt")
    check(rules.may_record_attempt(over=True), "search.over")
    check(rules.may_lose(ended=False), "leg.may_lose")
    check(rules.may_lose(ended=True), "leg.ended")


@pytest.mark.parametrize(
    ("works", "axis", "value", "rule"),
    [
        (True, "police", "staged", "sent.allowed"),
        (True, "ems", "now", "sent.allowed"),
        (True, "clinical", "team", "sent.allowed"),
        (False, "police", "staged", "sent.not_working"),
        (True, "police", "none", "sent.what"),
        (True, "ems", "aware", "sent.what"),
        (True, "fire", "now", "sent.what"),
    ],
)
def test_what_can_be_sent(works: bool, axis: str, value: str, rule: str) -> None:
    check(rules.may_record_dispatched(works=works, axis=axis, value=value), rule)


def test_a_rescue_says_whether_they_agreed_and_is_confirmed_once() -> None:
    for kind in ("", "voluntary", "involuntary"):
        check(rules.may_rescue(kind), "rescue.allowed")
    check(rules.may_rescue("forced"), "rescue.kind")
    check(rules.may_record_contact(met=False), "rescue.may_confirm")
    check(rules.may_record_contact(met=True), "rescue.met")


@pytest.mark.parametrize(
    ("level", "stop_yes", "stop_unknown", "rule"),
    [
        ("1", False, False, "pull.possible"),
        ("2", False, False, "pull.possible"),
        ("3A", False, False, "pull.possible"),
        ("3B", False, False, "pull.level"),
        ("4", False, False, "pull.level"),
        ("E", False, False, "pull.level"),
        ("X", False, False, "pull.level"),
        ("2", False, True, "pull.stop_unknown"),
        ("2", True, True, "pull.stop_yes"),
        ("", False, True, "pull.unscreened"),
    ],
)
def test_which_calls_a_clinician_could_take_from_the_queue(
    level: str, stop_yes: bool, stop_unknown: bool, rule: str
) -> None:
    check(rules.may_pull(level, stop_yes=stop_yes, stop_unknown=stop_unknown), rule)


def test_an_unknown_level_stands_high_in_a_list() -> None:
    levels = ["X", "1", "", "3A", "4", "2", "3B"]

    assert sorted(levels, key=rules.level_place) == ["4", "3B", "", "3A", "2", "1", "X"]
    assert rules.level_place("E") == rules.level_place("4")
    assert rules.level_place("new") == rules.level_place("")


def test_every_answer_a_rule_can_give_is_tested() -> None:
    """Reads the rules' own text, so that a new answer without a test fails here."""
    source = ast.parse(Path(rules.__file__).read_text())
    given = {
        call.args[0].value
        for call in ast.walk(source)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("yes", "no")
        and isinstance(call.args[0], ast.Constant)
    }
    here = Path(__file__)
    named = {
        node.value
        for file in (here, here.with_name("test_contacts.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert len(given) > 30
    assert given - named == set()
