"""Random calls, decided a second time by a reading that shares no line with ours.

It takes the file's own text: YAML, then Python's `eval` of each condition over a plain dictionary,
after settling answers in its own way (round after round, until nothing is left).
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from nowrongdoor.triage.conditions import holds
from nowrongdoor.triage.reading import read
from nowrongdoor.triage.rules import decide, settle
from tests.conftest import ROOT

FILE = ROOT / "communities/tucson/protocol.yaml"
TUCSON = read(FILE)
RAW: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE)
QUESTIONS: list[dict[str, Any]] = RAW["questions"]
VALUES = {each["id"]: each.get("values", ["Y", "N", "U"]) for each in QUESTIONS}
WHOLE = st.fixed_dictionaries({id: st.sampled_from(values) for id, values in VALUES.items()})
SOME = st.fixed_dictionaries(
    {}, optional={id: st.sampled_from(values) for id, values in VALUES.items()}
)
# most answers of a real call are benign; then rules far down the list are reached, too
CALM = st.fixed_dictionaries(
    {}, optional={id: st.sampled_from(values) for id, values in VALUES.items()}
).map(lambda odd: {**TUCSON.benign, **dict(list(odd.items())[:6])})


def true(condition: str, settled: dict[str, str]) -> bool:
    return bool(eval(condition, {"__builtins__": {}}, dict(settled)))


def naive_settle(answers: dict[str, str]) -> dict[str, str]:
    settled = dict(answers)
    while len(settled) < len(QUESTIONS):
        for each in QUESTIONS:
            if each["id"] in settled:
                continue
            if each.get("hard_stop"):
                settled[each["id"]] = "U"
            elif "ask_when" not in each:
                settled[each["id"]] = each.get("benign", "N")
            else:
                try:
                    called_for = true(each["ask_when"], settled)
                except NameError:
                    continue  # it looks at a question that is not settled yet
                settled[each["id"]] = "U" if called_for else each.get("benign", "N")
    return settled


def naive_decision(answers: dict[str, str]) -> tuple[str, str, list[str]]:
    settled = naive_settle(answers)
    duties = [each["id"] for each in RAW["duties"] if true(each["if"], settled)]
    for each in RAW["levels"]:
        if true(each["if"], settled):
            return each["level"], each["id"], duties
    raise AssertionError("no level")


@pytest.mark.parametrize("calls", [WHOLE, SOME, CALM], ids=["whole", "some", "calm"])
def test_random_calls_are_decided_as_the_naive_reading_does(
    calls: st.SearchStrategy[dict[str, str]],
) -> None:
    @settings(max_examples=200, deadline=None)
    @given(calls)
    def agree(answers: dict[str, str]) -> None:
        finding = decide(TUCSON, answers)

        assert settle(TUCSON, answers) == naive_settle(answers)
        assert (finding.level, finding.rule, list(finding.duties)) == naive_decision(answers)

    agree()


@settings(max_examples=200, deadline=None)
@given(CALM)
def test_the_tree_walked_and_the_function_compiled_are_one(answers: dict[str, str]) -> None:
    settled = settle(TUCSON, answers)
    matching = [rule.id for rule in TUCSON.levels if holds(rule.when, settled)]
    finding = decide(TUCSON, answers)

    assert finding.rule == matching[0]
    assert finding.duties == tuple(duty.id for duty in TUCSON.duties if holds(duty.when, settled))


@pytest.mark.parametrize(
    ("answers", "question", "value"),
    [
        ({}, "MED", "U"),
        ({}, "WPN", "U"),
        ({}, "BHN", "Y"),
        ({}, "SI", "none"),
        ({}, "PLAN", "N"),
        ({"SI": "active"}, "PLAN", "U"),
        ({"SI": "active", "PLAN": "N"}, "PLAN", "N"),
        ({"SI": "U"}, "TIME", "U"),
        ({"SI": "passive"}, "TIME", "none"),
        ({"SI": "passive"}, "GUN", "U"),
        ({"REL": "family"}, "DV", "U"),
        ({"REL": "family"}, "GUN", "U"),  # through DV, which was not asked either
        ({"REL": "family", "DV": "N"}, "GUN", "N"),
        ({"REL": "bystander"}, "SEE", "U"),
        ({}, "SEE", "Y"),
        ({"HOT": "Y"}, "HEAT", "U"),
        ({}, "HOT", "N"),
        ({"REL": "professional"}, "ORD", "U"),
        ({"PSY": "U"}, "ONSET", "U"),
        ({"CARE": "U"}, "INTOX", "U"),
    ],
)
def test_what_was_not_asked_counts_as_unknown_only_where_it_had_to_be(
    answers: dict[str, str], question: str, value: str
) -> None:
    assert settle(TUCSON, answers)[question] == value
    assert naive_settle(answers)[question] == value
