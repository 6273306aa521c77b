"""A practice call against its story: pure, for every story of the community's own protocol."""

import pytest

from nowrongdoor.sandbox.debrief import compare, due
from nowrongdoor.sandbox.practice import practice_calls
from nowrongdoor.triage import reading, rules
from nowrongdoor.triage.facts import Story
from tests.conftest import ROOT

PROTOCOL = reading.read(ROOT / "communities/tucson/protocol.yaml")
STORIES = practice_calls(PROTOCOL)
BY_ID = {story.id: story for story in PROTOCOL.stories}


def told(story: Story) -> dict[str, str]:
    """What somebody has written down who asks everything that is due, and writes what is said."""
    says = {**PROTOCOL.benign, **story.answers}
    return {each.id: says[each.id] for each in due(PROTOCOL, story)}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_whoever_asks_what_is_due_comes_to_the_level_and_duties_of_the_story(story: Story) -> None:
    written = told(story)
    found = rules.decide(PROTOCOL, written)
    assert not found.provisional
    result = compare(
        PROTOCOL,
        story,
        written=written,
        level=found.level.value,
        raised=found.duties,
        done=found.duties,
    )
    assert (result.missing, result.wrong) == ((), ())
    assert result.as_expected
    assert {each.id for each in result.duties if each.expected} == set(story.duties)


def test_only_callers_who_bring_everything_themselves_are_practiced() -> None:
    left_out = {story.id for story in PROTOCOL.stories} - {story.id for story in STORIES}
    heat = {story.id for story in PROTOCOL.stories if "HOT" in story.answers}
    assert left_out == heat  # a day of dangerous heat is the community's to say
    assert "W33" in heat


@pytest.mark.parametrize(
    ("change", "missing", "wrong"),
    [
        ({"PLAN": "N"}, (), ("PLAN",)),
        ({"PLAN": ""}, ("PLAN",), ()),
        ({"MED": "", "TIME": "none"}, ("MED",), ("TIME",)),
    ],
)
def test_what_was_not_asked_and_what_was_heard_otherwise_are_told_apart(
    change: dict[str, str], missing: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    story = BY_ID["W03"]
    written = {key: value for key, value in {**told(story), **change}.items() if value}
    result = compare(PROTOCOL, story, written=written, level="3B", raised=(), done=())
    assert tuple(each.question.id for each in result.missing) == missing
    assert tuple(each.question.id for each in result.wrong) == wrong
    assert not result.as_expected


def test_a_duty_that_was_raised_and_left_is_no_good_end() -> None:
    story = BY_ID["W02"]
    raised = ("counselor_on_the_phone",)
    left = compare(PROTOCOL, story, written=told(story), level="2", raised=raised, done=())
    [duty] = left.duties
    assert (duty.expected, duty.raised, duty.done, left.as_expected) == (True, True, False, False)


def test_another_level_is_no_good_end() -> None:
    story = BY_ID["W01"]
    result = compare(PROTOCOL, story, written=told(story), level="3A", raised=(), done=story.duties)
    assert (result.level_expected, result.as_expected) == ("2", False)


def test_hard_stops_are_due_first() -> None:
    asked = due(PROTOCOL, BY_ID["W01"])
    hard = [each.hard_stop for each in asked]
    assert hard == sorted(hard, reverse=True)
    assert sum(hard) == len(PROTOCOL.hard_stops)
