"""What becomes of answers that are missing, of a level that stands, and of what is sent."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nowrongdoor.agencies.facts import Role
from nowrongdoor.kernel import json_lines
from nowrongdoor.kernel.verdict import BadInput, Refused, Verdict
from nowrongdoor.triage import rules
from nowrongdoor.triage.facts import (
    Clinical,
    CurrentLevel,
    Ems,
    Level,
    NoAnswer,
    Police,
    Protocol,
    Response,
)
from nowrongdoor.triage.reading import read
from tests.conftest import ROOT

TUCSON = read(ROOT / "communities/tucson/protocol.yaml")
SMALL = read(Path(__file__).parent / "small.yaml")
STOPS = ("MED", "ACT", "WPN", "VIO", "CRM", "HAZ", "ABU")
MINIMUM = ("SI", "HI", "AGE", "TALK", "PSY", "SCN")
VALUES = {question.id: question.values for question in TUCSON.questions}
WHOLE = st.fixed_dictionaries({id: st.sampled_from(values) for id, values in VALUES.items()})
RESPONSES = st.builds(
    Response, st.sampled_from(Police), st.sampled_from(Ems), st.sampled_from(Clinical)
)
STANDINGS = st.builds(CurrentLevel, st.sampled_from(Level), RESPONSES)


def level(protocol: Protocol, **answers: str) -> str:
    return rules.decide(protocol, answers).level.value


def ids(protocol: Protocol, **answers: str) -> list[str]:
    return [question.id for question in rules.open_questions(protocol, answers)]


def test_a_level_is_provisional_until_every_hard_stop_has_been_asked() -> None:
    nothing = rules.decide(TUCSON, {})
    most = rules.decide(TUCSON, {id: TUCSON.benign[id] for id in STOPS[:-1]})
    all_of_them = rules.decide(TUCSON, {**rules.none_of_these(TUCSON), "MED": "U"})

    assert (nothing.level, nothing.provisional, nothing.unasked) == (
        Level.MEDICAL,
        True,
        STOPS + MINIMUM,
    )
    assert (most.level, most.provisional, most.unasked) == (Level.PAIR, True, ("ABU", *MINIMUM))
    assert (all_of_them.level, all_of_them.provisional) == (Level.MEDICAL, True)
    assert all_of_them.unasked == MINIMUM
    whole = rules.decide(TUCSON, {**rules.none_of_these(TUCSON), **dict.fromkeys(MINIMUM, "U")})
    assert (whole.provisional, whole.unasked) == (False, ())


def test_one_key_denies_every_hard_stop() -> None:
    denied = rules.none_of_these(TUCSON)

    assert denied == dict(zip(STOPS, ("N", "N", "none", "N", "none", "none", "N"), strict=True))
    assert not rules.hard_stop_unknown(TUCSON, denied)
    assert rules.hard_stop_unknown(TUCSON, {**denied, "VIO": "U"})
    assert rules.hard_stop_unknown(TUCSON, {**denied, "MED": "Y"}) is False
    assert rules.hard_stop_unknown(TUCSON, {})
    assert level(TUCSON, **denied) == "2"


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"MED": "Y"}, "E"),  # whatever else is still to ask
        ({"WPN": "in_hand"}, "4"),
        ({"SI": "active"}, "E"),  # hard stops unknown
        ({"BHN": "N"}, "X"),
    ],
)
def test_some_answers_are_enough_for_a_level(answers: dict[str, str], found: str) -> None:
    finding = rules.decide(TUCSON, answers)

    assert finding.level == found
    assert finding.provisional


def test_active_thoughts_with_nothing_asked_about_them_are_not_taken_lightly() -> None:
    answers = {**rules.none_of_these(TUCSON), "SI": "active", "TALK": "N"}

    assert rules.decide(TUCSON, answers).rule == "L09"
    assert rules.decide(TUCSON, {**answers, "PLAN": "N", "MEANS": "N"}).rule == "L21"


def test_a_call_that_no_rule_takes_is_refused_not_guessed() -> None:
    broken = replace(SMALL, levels=SMALL.levels[:-1])

    with pytest.raises(Refused) as refusal:
        rules.decide(broken, {"HURT": "N", "MOOD": "calm"})

    assert refusal.value.verdict.rule == "protocol.no_level"
    assert level(broken, HURT="Y") == "E"


def test_questions_are_asked_in_the_order_of_the_file_as_they_are_called_for() -> None:
    always = ["BHN", "SI", "HI", "PSY", "CARE", "TALK", "SCN", "POL", "NEED"]
    denied = rules.none_of_these(TUCSON)

    assert ids(TUCSON) == ["REL", "AGE", *STOPS, *always]
    assert ids(TUCSON, **denied) == ["REL", "AGE", *always]
    assert ids(TUCSON, **denied, REL="self", AGE="adult", SI="active") == [
        *("BHN", "PLAN", "MEANS", "TIME", "TRY", "GUN", "HI", "PSY", "DEP", "CARE", "INTOX"),
        *("TALK", "SCN", "POL", "NEED"),
    ]
    assert ids(TUCSON, MED="U", REL="family")[:3] == ["SEE", "AGE", "ACT"]
    assert "HEAT" in ids(TUCSON, HOT="Y")
    assert "HOT" not in ids(TUCSON)
    assert ids(TUCSON, **TUCSON.benign) == []


@settings(max_examples=50, deadline=None)
@given(WHOLE)
def test_asking_what_is_open_always_comes_to_an_end(will_say: dict[str, str]) -> None:
    answers: dict[str, str] = {"HOT": will_say["HOT"]}
    while open := rules.open_questions(TUCSON, answers):
        answers[open[0].id] = will_say[open[0].id]

    finding = rules.decide(TUCSON, answers)

    # what nobody had to ask would have changed nothing
    assert not finding.provisional
    unasked = {id: TUCSON.benign[id] for id in VALUES if id not in answers}
    assert rules.decide(TUCSON, {**unasked, **answers}) == finding


@pytest.mark.parametrize(
    ("given_", "field", "rule", "because"),
    [
        ({"PULSE": "Y"}, "PULSE", "answer.question", "This protocol has no question PULSE."),
        ({7: "Y"}, "7", "answer.question", "This protocol has no question 7."),
        ({"MED": "yes"}, "MED", "answer.value", "MED is answered with one of Y, N, U."),
        ({"MED": True}, "MED", "answer.value", "MED is answered with one of Y, N, U."),
        ({"HOT": "U"}, "HOT", "answer.value", "HOT is answered with one of Y, N."),
        ({"SI": ["active"]}, "SI", "answer.value", "SI is answered with one of none, passive, active, U."),
        ("MED=Y", "answers", "answers.shape", "Answers are given as question and value."),
        (None, "answers", "answers.shape", "Answers are given as question and value."),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_is_named(
    given_: object, field: str, rule: str, because: str
) -> None:
    with pytest.raises(BadInput) as bad:
        rules.read_answers(TUCSON, given_)

    assert (bad.value.field, bad.value.verdict.rule) == (field, rule)
    assert bad.value.verdict.because == because


def test_answers_are_read_and_nothing_is_no_answer() -> None:
    assert rules.read_answers(TUCSON, {"MED": "N", "VIO": None}) == {"MED": "N"}


def test_axes_are_ordered_by_what_they_send_not_by_the_alphabet() -> None:
    assert sorted(Police) == ["none", "aware", "staged", "now"]
    assert sorted(Ems) == ["none", "staged", "now"]
    assert sorted(Clinical) == ["refer", "line", "team", "pair"]
    assert Police.NOW > Police.STAGED >= Police.STAGED > Police.AWARE
    assert Clinical.LINE <= Clinical.LINE < Clinical.TEAM


ORDERED = ["1", "2", "3A", "3B"]


@pytest.mark.parametrize("standing", list(Level))
@pytest.mark.parametrize("found", list(Level))
def test_a_level_rises_by_itself_and_never_falls(standing: Level, found: Level) -> None:
    rank = {level: n for n, level in enumerate([*ORDERED, "4"])} | {"E": 4}
    now = rules.raised(CurrentLevel(standing, Response()), CurrentLevel(found, Response())).level

    if standing is Level.STANDARD:
        assert now is found
    elif found is Level.STANDARD:
        assert now is standing
    elif {standing, found} <= {Level.MEDICAL, Level.DANGER}:
        assert now is found  # not ordered: what was found last
    else:
        assert now == (found if rank[found] > rank[standing] else standing)


@given(STANDINGS, STANDINGS)
def test_what_is_asked_for_never_shrinks_on_any_axis(
    standing: CurrentLevel, found: CurrentLevel
) -> None:
    now = rules.raised(standing, found)

    for axis in ("police", "ems", "clinical"):
        was, asked = getattr(standing.response, axis), getattr(found.response, axis)
        assert getattr(now.response, axis) == (was if was >= asked else asked)
    assert rules.raised(now, found) == now
    assert rules.raised(now, standing).response == now.response
    assert not rules.above(standing.level, now.level)


def test_the_first_finding_stands_and_only_x_follows_the_standard_protocol() -> None:
    leaves = CurrentLevel(Level.STANDARD, Response(standard=True))
    danger = CurrentLevel(Level.DANGER, Response(Police.NOW, Ems.STAGED, Clinical.LINE))
    medical = CurrentLevel(Level.MEDICAL, Response(ems=Ems.NOW, clinical=Clinical.LINE))

    assert rules.raised(None, leaves) == leaves
    assert rules.raised(leaves, leaves) == leaves
    assert rules.raised(leaves, danger) == danger
    assert rules.raised(danger, leaves) == danger
    assert rules.raised(danger, medical) == CurrentLevel(
        Level.MEDICAL, Response(Police.NOW, Ems.NOW, Clinical.LINE)
    )


UNKNOWABLE = [id for id, values in VALUES.items() if "U" in values]


@settings(max_examples=400, deadline=None)
@given(WHOLE, st.sampled_from(UNKNOWABLE))
def test_an_unknown_is_never_lower_than_a_benign_answer(
    answers: dict[str, str], question: str
) -> None:
    """True while neither medical question is unknown, and of calls that do not leave by X."""
    assume(question not in ("MED", "HEAT"))
    calm = {**answers, "MED": "N", "HEAT": "N", "BHN": "Y", question: TUCSON.benign[question]}
    if question == "BHN":
        calm["BHN"] = "Y"

    known = rules.decide(TUCSON, calm).level
    unknown = rules.decide(TUCSON, {**calm, question: "U"}).level

    assert not rules.above(known, unknown)


def test_a_second_unknown_beside_a_medical_one_keeps_the_ambulance_and_brings_police() -> None:
    """By 1.1 it was 3B, and the ambulance only staged."""
    medical = {**TUCSON.benign, "MED": "U"}
    both = rules.decide(TUCSON, {**medical, "VIO": "U"})

    assert rules.decide(TUCSON, medical).rule == "L14"
    assert (both.level, both.rule) == (Level.MEDICAL, "L14")
    assert (both.response.police, both.response.ems) == ("now", "now")


@pytest.mark.parametrize(
    ("role", "standing", "to", "reason", "rule"),
    [
        ("call_taker", "3A", "2", "new_facts", "lower.allowed"),
        ("call_taker", "2", "1", "new_facts", "lower.allowed"),
        ("call_taker", "3A", "2", "", "lower.reason"),
        ("call_taker", "3B", "3A", "new_facts", "lower.role"),
        ("call_taker", "4", "2", "new_facts", "lower.role"),
        ("call_taker", "E", "1", "new_facts", "lower.role"),
        ("call_taker", "3B", "X", "new_facts", "lower.role"),
        ("call_taker", "2", "X", "new_facts", "lower.allowed"),
        ("officer", "4", "3B", "new_facts", "lower.role"),
        ("peer_supervisor", "4", "3B", "new_facts", "lower.role"),
        ("wizard", "3B", "2", "new_facts", "lower.role"),
        ("counselor", "3B", "2", "", "lower.reason"),
        ("counselor", "2", "3B", "new_facts", "lower.not_lower"),
        ("counselor", "3A", "3A", "new_facts", "lower.not_lower"),
        ("counselor", "E", "4", "new_facts", "lower.not_lower"),
        ("counselor", "4", "E", "new_facts", "lower.not_lower"),
        ("counselor", "X", "1", "new_facts", "lower.not_lower"),
        ("counselor", "X", "X", "new_facts", "lower.not_lower"),
        *((role, "4", "2", "new_facts", "lower.allowed") for role in (
            "in_center_clinician", "counselor", "team_clinician", "center_clinician", "charge_nurse",
            "psap_supervisor", "line_supervisor", "program_supervisor", "mhst_sergeant",
        )),
    ],
)  # fmt: skip
def test_lowering_is_a_named_act_with_a_reason(
    role: str, standing: str, to: str, reason: str, rule: str
) -> None:
    verdict: Verdict = rules.may_lower(role, Level(standing), Level(to), reason)

    assert (verdict.rule, verdict.allowed) == (rule, rule == "lower.allowed")


def test_the_roles_that_lower_are_roles_of_the_house() -> None:
    assert set(Role) >= rules.CLINICIANS | rules.SUPERVISORS
    assert not rules.CLINICIANS & rules.SUPERVISORS


@pytest.mark.parametrize(
    ("level", "unknown", "keep", "recommend"),
    [
        ("1", False, True, False),
        ("2", False, True, False),
        ("2", True, False, True),
        ("1", True, False, True),
        ("3A", False, False, True),
        ("3B", False, False, True),
        ("4", False, False, True),
        ("E", False, False, True),
        ("E", True, False, True),
        ("X", False, False, False),
        ("X", True, False, True),
    ],
)
def test_a_caller_whom_the_line_does_not_answer_is_kept_or_police_are_recommended(
    level: str, unknown: bool, keep: bool, recommend: bool
) -> None:
    assert rules.no_answer(Level(level), hard_stop_unknown=unknown) == NoAnswer(keep, recommend)


def test_every_answer_a_rule_can_give_is_tested() -> None:
    """Reads the rules' own text, so that a new answer without a test fails here."""
    given_codes = set()
    for module in (rules, json_lines):
        for call in ast.walk(ast.parse(Path(str(module.__file__)).read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                place = {"yes": 0, "no": 0, "BadInput": 1}.get(call.func.id)
                if place is not None and isinstance(call.args[place], ast.Constant):
                    given_codes.add(call.args[place].value)
    tests = Path(__file__).parent
    named = {
        node.value
        for file in ("test_rules.py", "test_vectors.py")
        for node in ast.walk(ast.parse((tests / file).read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert len(given_codes) == 10
    assert given_codes - named == set()
