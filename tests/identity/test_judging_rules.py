"""Judgments never contradict: chains, splits, and what undoes them."""

from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nowrongdoor.identity import rules
from nowrongdoor.identity.facts import JudgmentFacts, Says
from nowrongdoor.identity.rules.judging import linked_with

A, B, C, D = (UUID(int=n) for n in range(1, 5))


def said(*judgments: tuple[UUID, UUID, Says]) -> list[JudgmentFacts]:
    return [
        JudgmentFacts(UUID(int=90 + n), one, other, says, "Anna Miller", "2027-03-01")
        for n, (one, other, says) in enumerate(judgments)
    ]


SAME, NOT, LATER = Says.SAME, Says.NOT_SAME, Says.LATER


@pytest.mark.parametrize(
    ("standing", "judged", "rule"),
    [
        ([], (A, B, SAME), "judge.may"),
        ([], (A, A, SAME), "judge.itself"),
        ([(A, B, SAME), (B, C, NOT)], (A, C, SAME), "judge.split"),
        ([(A, B, SAME), (B, C, NOT)], (C, A, SAME), "judge.split"),
        ([(A, B, SAME), (C, D, SAME), (A, D, NOT)], (B, C, SAME), "judge.split"),
        ([(A, B, SAME), (B, C, SAME)], (A, C, NOT), "judge.joined"),
        ([(A, B, SAME), (B, C, SAME)], (A, C, SAME), "judge.may"),
        ([(A, B, NOT), (B, C, NOT)], (A, C, SAME), "judge.may"),
        ([(A, B, NOT)], (A, B, NOT), "judge.may"),
        ([(A, B, NOT)], (A, B, SAME), "judge.split"),
        ([(A, B, NOT)], (A, B, LATER), "judge.judged"),
        ([(A, B, SAME)], (A, C, LATER), "judge.may"),
    ],
)
def test_may_judge(
    standing: list[tuple[UUID, UUID, Says]], judged: tuple[UUID, UUID, Says], rule: str
) -> None:
    one, other, says = judged

    assert rules.may_judge(one, other, says, said(*standing)).rule == rule


def test_a_no_names_the_judgment_that_stands_against_it() -> None:
    verdict = rules.may_judge(A, C, SAME, said((A, B, SAME), (B, C, NOT)))

    assert verdict.because == (
        "Anna Miller judged on 2027-03-01 that these are not the same person. Undo that judgment first."
    )


@pytest.mark.parametrize(
    ("verdict", "rule"),
    [
        (rules.may_merge(one_merged=False, into_merged=False, same_program=True), "merge.may"),
        (rules.may_merge(one_merged=True, into_merged=False, same_program=True), "merge.merged"),
        (rules.may_merge(one_merged=False, into_merged=True, same_program=True), "merge.merged"),
        (
            rules.may_merge(one_merged=False, into_merged=False, same_program=False),
            "merge.elsewhere",
        ),
        (rules.may_separate(merged=True), "separate.may"),
        (rules.may_separate(merged=False), "separate.whole"),
        (rules.may_undo(undone=False, merged=False), "undo.may"),
        (rules.may_undo(undone=True, merged=False), "undo.undone"),
        (rules.may_undo(undone=False, merged=True), "undo.merged"),
        (rules.may_identify(identified=False), "identify.may"),
        (rules.may_identify(identified=True), "identify.known"),
        (rules.may_forget(identified=True), "identify.may_forget"),
        (rules.may_forget(identified=False), "identify.nobody"),
    ],
)
def test_the_rest(verdict: object, rule: str) -> None:
    assert verdict.rule == rule  # type: ignore[attr-defined]


_PAIRS = list(combinations((A, B, C, D), 2))


@given(st.lists(st.tuples(st.sampled_from(_PAIRS), st.sampled_from([SAME, NOT])), max_size=20))
def test_whatever_is_allowed_one_after_the_other_never_contradicts(
    asked: list[tuple[tuple[UUID, UUID], Says]],
) -> None:
    standing: list[JudgmentFacts] = []
    for (one, other), says in asked:
        if rules.may_judge(one, other, says, standing).allowed:
            standing = [each for each in standing if {each.one_id, each.other_id} != {one, other}]
            standing += said((one, other, says))

    for each in standing:
        if each.says is NOT:
            assert each.other_id not in linked_with(each.one_id, standing)
