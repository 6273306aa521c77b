"""Random calls, decided a second time by a reading that shares no line with ours.

It takes the file's own text: YAML, then Python's `eval` of each condition over a plain dictionary,
after settling answers in its own way (round after round, until nothing is left).
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from nowrongdoor.kernel.conditions import holds
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


def naive_decision(answers: dict[str, str]) -> tuple[str, str, list[str], list[str] | None]:
    """PROTOCOL 1.2, "How it is read", once more: the greatest on each axis of all that counts."""
    settled = naive_settle(answers)
    matching = [each for each in RAW["levels"] if true(each["if"], settled)]
    exits = [n for n, each in enumerate(matching) if each["level"] == "X"]
    before_exit = matching[: exits[0]] if exits else matching
    counts = [each for n, each in enumerate(before_exit) if n == 0 or not each.get("floor")]
    if before_exit and before_exit[0].get("floor"):
        counts = before_exit[:1] + [each for each in before_exit[1:] if not each.get("floor")]
    table, adds = RAW["responses"]["levels"], RAW["responses"]["duties"]
    sends = [table[each["level"]] for each in counts]
    duties = []
    for each in RAW["duties"]:
        if each.get("joins_when_safe"):
            helps = any(sent["clinical"] in ("team", "pair") for sent in sends)
            due = matching[0]["level"] in ("4", "E") and helps
        else:
            due = true(each["if"], settled)
        if due:
            duties.append(each["id"])
    sends += [adds[duty] for duty in duties if duty in adds]
    goes = [
        max((o.index(s.get(axis, o[0])) for s in sends), default=0) for axis, o in ORDERS.items()
    ]
    found = [order[place] for order, place in zip(ORDERS.values(), goes, strict=True)]
    first = matching[0]
    return first["level"], first["id"], duties, None if first["level"] == "X" else found


ORDERS = {
    "police": ["none", "aware", "staged", "now"],
    "ems": ["none", "staged", "now"],
    "clinical": ["refer", "line", "team", "pair"],
}


@pytest.mark.parametrize("calls", [WHOLE, SOME, CALM], ids=["whole", "some", "calm"])
def test_random_calls_are_decided_as_the_naive_reading_does(
    calls: st.SearchStrategy[dict[str, str]],
) -> None:
    @settings(max_examples=200, deadline=None)
    @given(calls)
    def agree(answers: dict[str, str]) -> None:
        finding = decide(TUCSON, answers)

        assert settle(TUCSON, answers) == naive_settle(answers)
        goes = finding.response
        axes = None if goes.standard else [goes.police, goes.ems, goes.clinical]
        assert (finding.level, finding.rule, list(finding.duties), axes) == naive_decision(answers)

    agree()


@settings(max_examples=200, deadline=None)
@given(CALM)
def test_the_tree_walked_and_the_function_compiled_are_one(answers: dict[str, str]) -> None:
    settled = settle(TUCSON, answers)
    matching = [rule.id for rule in TUCSON.levels if holds(rule.when, settled)]
    finding = decide(TUCSON, answers)

    assert finding.rule == matching[0]
    called_for = [duty.id for duty in TUCSON.duties if duty.when and holds(duty.when, settled)]
    assert [each for each in finding.duties if each != "clinical_joins_when_safe"] == called_for


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
