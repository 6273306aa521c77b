"""What stands is what was said, in whatever order; and what E and 4 owe for it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nowrongdoor.triage import rules
from nowrongdoor.triage.facts import Clinical, CurrentLevel, Ems, Level, Police, Response
from nowrongdoor.triage.reading import read
from tests.triage.test_rules import MINIMUM, TUCSON, VALUES

SOME = st.fixed_dictionaries(
    {}, optional={id: st.sampled_from(values) for id, values in VALUES.items()}
)


def stands(
    answers: Sequence[tuple[str, str]], *, at_once: int
) -> tuple[CurrentLevel, CurrentLevel]:
    """What stands and what is shown once these were answered in this order, so many at a time."""
    known: dict[str, str] = {}
    firm = None
    for n in range(0, len(answers), at_once):
        known |= dict(answers[n : n + at_once])
        firm = rules.raised(firm, rules.said(TUCSON, known))
    firm = firm or rules.raised(None, rules.said(TUCSON, known))
    return firm, rules.shown(TUCSON, firm, rules.decide(TUCSON, known))


@settings(max_examples=300, deadline=None)
@given(st.data(), st.booleans())
def test_what_stands_does_not_depend_on_the_order_of_the_answers(
    data: st.DataObject, screened: bool
) -> None:
    calm = {each.id: each.benign for each in TUCSON.screened_by} if screened else {}
    answers = list({**calm, **data.draw(SOME)}.items())
    other = data.draw(st.permutations(answers))
    at_once = data.draw(st.integers(1, 5))

    assert stands(answers, at_once=len(answers) or 1) == stands(other, at_once=at_once)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("MED=U", "POL=Y"),  # the ambulance is not lost by whoever asks for police first
        ("TALK=N", "MED=Y"),  # a floor's team is no more than that
        ("ACT=Y", "ACTK=taken"),
        ("BHN=N", "SI=none"),
        ("NEED=Y", "BHN=Y"),
        ("SI=active", "PLAN=N"),
    ],
)
def test_two_answers_stand_alike_in_either_order(first: str, then: str) -> None:
    (q1, v1), (q2, v2) = (each.split("=") for each in (first, then))
    one, other = (q1, v1), (q2, v2)
    calm = [(each.id, each.benign) for each in TUCSON.screened_by if each.id not in (q1, q2)]

    assert stands([*calm, one, other], at_once=1) == stands([other, one, *calm], at_once=1)


def test_what_the_ratchet_holds_is_what_was_said_and_not_what_was_not() -> None:
    said = rules.said(TUCSON, {"WPN": "U", "ACT": "N"})
    partly = rules.said(TUCSON, {"WPN": "U", "BHN": "Y"})  # it may be asked once more
    whole = rules.said(
        TUCSON,
        {**rules.none_of_these(TUCSON), **dict.fromkeys(MINIMUM, "U"), "WPN": "U", "BHN": "Y"},
    )

    assert (said.level, partly.level) == (Level.STANDARD, Level.REFERRAL)
    assert whole.level is Level.PAIR


def test_a_clinician_is_owed_where_a_rule_that_counts_asks_for_one_at_the_top() -> None:
    def owed(**answers: str) -> Clinical | None:
        known = {**TUCSON.benign, **answers}
        firm = rules.raised(None, rules.said(TUCSON, known))
        return rules.owed(rules.shown(TUCSON, firm, rules.decide(TUCSON, known)), firm)

    assert owed(MED="Y", TALK="N") is None  # W205: only a floor would ask for a team
    assert owed(MED="Y", PSY="Y", TALK="N") is Clinical.TEAM
    assert owed(VIO="Y") is Clinical.PAIR
    assert owed(WPN="in_reach") is None  # 3B: the pair goes at once


def test_a_protocol_of_one_response_is_read_as_it_was_meant() -> None:
    """1.1 says nothing of floors nor of what is worse: only the rule that gives the level sends."""
    before = read(Path(__file__).parent / "tucson-1.1.0.yaml")
    finding = rules.decide(before, {**before.benign, "MED": "Y", "POL": "Y"})

    assert (finding.level, finding.rule) == (Level.MEDICAL, "L01")
    assert finding.response == Response(Police.NONE, Ems.NOW, Clinical.LINE)
    assert rules.decide(before, before.benign).response.clinical is Clinical.LINE
