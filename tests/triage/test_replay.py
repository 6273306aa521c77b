"""The dry run's comparison: pure, and it starts without any framework."""

import subprocess
import sys

import pytest

from nowrongdoor.triage.facts import Level, Response
from nowrongdoor.triage.reading import read_text
from nowrongdoor.triage.replay import Change, Outcome, outcome, replay, understood
from tests.conftest import ROOT
from tests.triage.drafts import TEXT, changed

OLD = read_text(TEXT, "old.yaml")
STOPS = {stop.id: stop.benign for stop in OLD.hard_stops}
SOFTER = read_text(changed(('L16, level: "3B"', 'L16, level: "3A"')), "new.yaml")
UNRULY = read_text(changed(("L99, level: \"3A\", floor: true, if: 'True'", "L99, level: \"3A\", floor: true, if: 'TALK==\"N\"'")), "new.yaml")  # fmt: skip


def change(was: str, now: str, *, had: str = "", has: str = "") -> Change:
    def side(level: str, duties: str) -> Outcome:
        return Outcome(Level(level) if level else None, "L01", tuple(duties.split()), Response())

    return Change("T26-000001", side(was, had), side(now, has))


@pytest.mark.parametrize(
    ("was", "now", "turn"),
    [
        ("3B", "3A", "lower"),
        ("2", "4", "higher"),
        ("E", "4", "across"),
        ("4", "E", "across"),
        ("3B", "X", "lower"),
        ("X", "1", "higher"),
        ("1", "", "lower"),
        ("", "X", "higher"),
        ("X", "", "lower"),
        ("", "", "same"),
        ("2", "2", "same"),
    ],
)
def test_which_way_a_change_goes(was: str, now: str, turn: str) -> None:
    assert change(was, now).turn == turn


def test_duties_are_compared_by_name() -> None:
    told = change("2", "2", had="a b", has="b c")

    assert (told.added, told.dropped) == (("c",), ("a",))


def test_calls_that_would_be_decided_otherwise_come_lower_first() -> None:
    draft = read_text(
        changed(
            ("L16, level: \"3B\"", "L16, level: \"3A\""),
            ("L23, level: \"2\"", "L23, level: \"3A\""),
            ("{id: offer_deflection_pair, if: 'CRM==\"drug\"'", "{id: offer_deflection_pair, if: 'CRM==\"minor\"'"),
        ),
        "new.yaml",
    )  # fmt: skip
    calls = (
        ("T1", STOPS),
        ("T2", STOPS | {"CRM": "drug", "TALK": "N"}),
        ("T3", STOPS | {"WPN": "in_reach"}),
        ("T4", STOPS | {"MED": "Y"}),
    )

    found = replay(OLD, draft, calls)

    assert [(each.number, each.turn) for each in found.changes] == [
        ("T3", "lower"),
        ("T1", "higher"),
        ("T2", "same"),
    ]
    assert found.changes[2].dropped == ("offer_deflection_pair",)
    assert found.looked_at == 4
    assert found.counts[Level.PAIR, Level.TEAM] == found.counts[Level.LINE, Level.TEAM] == 1
    assert found.counts[Level.MEDICAL, Level.MEDICAL] == 1
    assert found.levels == (Level.LINE, Level.TEAM, Level.PAIR, Level.MEDICAL)


def test_the_same_level_by_another_rule_is_counted_and_not_listed() -> None:
    draft = read_text(changed(("L17", "L77")), "new.yaml")
    call = STOPS | {"CRM": "minor", "TALK": "N", "SCN": "Y"}

    found = replay(OLD, draft, [("T1", call), ("T2", STOPS)])

    assert (found.changes, found.other_rule) == ((), 1)


def test_a_draft_that_gives_a_call_no_level_is_shown_not_raised() -> None:
    found = replay(OLD, UNRULY, [("T1", STOPS | {"TALK": "U"})])

    assert outcome(UNRULY, STOPS | {"TALK": "U"}).level is None
    assert [each.turn for each in found.changes] == ["lower"]
    assert found.levels == (None, Level.TEAM)


def test_a_protocol_against_itself_changes_nothing() -> None:
    calls = [(story.id, OLD.benign | dict(story.answers)) for story in OLD.stories]

    found = replay(OLD, OLD, calls)

    assert (found.looked_at, found.changes, found.other_rule) == (len(OLD.stories), (), 0)


def test_an_answer_that_a_version_does_not_know_is_not_asked_there() -> None:
    renamed = read_text(changed(("in_hand", "held")), "new.yaml")
    given = STOPS | {"WPN": "in_hand", "GHOST": "Y"}

    assert understood(renamed, given) == {id: STOPS[id] for id in STOPS if id != "WPN"}
    assert outcome(renamed, given).level is Level.PAIR  # a hard stop not asked is a risk


def test_it_starts_without_any_framework() -> None:
    program = "import sys, nowrongdoor.triage.replay\nassert 'django' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
