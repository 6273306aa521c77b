"""A new version against the one in force: what it lowers is refused, with the call that shows it."""

from dataclasses import replace

import pytest

from nowrongdoor.triage.comparing import check, compare
from nowrongdoor.triage.facts import Protocol
from nowrongdoor.triage.reading import read
from nowrongdoor.triage.solver import Limit
from tests.conftest import ROOT
from tests.triage.test_proof import TEXT, TUCSON, changed

BEFORE = read(ROOT / "tests/triage/tucson-1.1.0.yaml")
NEXT = ("version: 1.2.1", "version: 1.3.0")


def lowered(protocol: Protocol) -> dict[str, str]:
    return {each.id: each.because for each in compare(TUCSON, protocol) if not each.holds}


def test_1_2_lowers_nothing_of_1_1_but_what_it_names() -> None:
    unsaid = [each for each in compare(BEFORE, replace(TUCSON, lowers=())) if not each.holds]

    assert [each.id for each in compare(BEFORE, TUCSON) if not each.holds] == []
    assert [each.id for each in unsaid] == ["police"]
    assert (
        "swallowed something, or cut themselves. -> level E by L27 (staged / now / pair)"
        in unsaid[0].because
    )
    assert "level 4 by L03 (now / now / line)" in unsaid[0].because


@pytest.mark.parametrize(
    ("edits", "id", "told"),
    [
        ([("- id: MED\n  type: ynu\n  hard_stop: true", "- id: MED\n  type: ynu\n  always: true")], "asked", "MED is no hard stop and not in `minimum` any more"),
        ([("- id: MED\n  type: ynu\n  hard_stop: true", "- id: MED\n  type: ynu\n  always: true")], "level", "Not asked: MED. -> level 2"),
        ([("minimum: [SI, HI,", "minimum: [HI,")], "asked", "SI is no hard stop"),
        ([('3A: {police: none, ems: none, clinical: team}', '3A: {police: none, ems: none, clinical: line}')], "clinical", "none / none / team"),
        ([("3B: {police: staged,", "3B: {police: aware,")], "police", "(aware / none / pair)"),
        ([("L28, level: \"3A\"", "L28, level: \"2\"")], "level", "in the last 3 months"),
        ([("- {id: no_release_until_plan_asked, blocks_release: true,", "- {id: no_release_until_plan_asked,")], "release", "no_release_until_plan_asked"),
        ([("police_near_crew: {police: staged}", "police_near_crew: {police: aware}")], "police", "police_near_crew"),
    ],
)  # fmt: skip
def test_a_version_that_lowers_something_is_refused_with_the_call_that_shows_it(
    edits: list[tuple[str, str]], id: str, told: str
) -> None:
    found = lowered(changed(TEXT, NEXT, *edits))

    assert id in found
    assert told in found[id]


def test_rules_in_a_worse_order_are_refused() -> None:
    rules = {rule.id: rule for rule in TUCSON.levels}
    order = [rule for rule in TUCSON.levels if rule.id != "L07"]
    first = replace(TUCSON, version="1.3.0", levels=(rules["L07"], *order))

    assert "level X by L07" in lowered(first)["level"]


def test_what_a_version_names_it_may_lower_and_nothing_else() -> None:
    softer = ('L16, level: "3B"', 'L16, level: "3A"')
    said = (
        "lowers:\n",
        "lowers:\n- {than: 1.2.1, when: 'WPN==\"in_reach\"', because: asked for by the four}\n",
    )
    other = (said[0], said[1].replace("in_reach", "in_hand"))

    assert "level" in lowered(changed(TEXT, NEXT, softer))
    assert lowered(changed(TEXT, NEXT, softer, said)) == {}
    assert "level" in lowered(changed(TEXT, NEXT, softer, other))


def test_another_town_s_protocol_is_not_compared() -> None:
    assert check(replace(TUCSON, id="elsewhere"), BEFORE).holds
    assert not check(replace(TUCSON, lowers=()), BEFORE).holds


def test_a_comparison_that_reaches_its_limit_is_none() -> None:
    assert [each.kind for each in compare(BEFORE, TUCSON, Limit(steps=1))] == ["limit"]
