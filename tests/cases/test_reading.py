"""A file of cases that cannot be right is refused with file, line and one sentence; another community needs no code."""

from pathlib import Path

import pytest

from nowrongdoor.cases import reading
from nowrongdoor.cases.facts import Need, Then
from nowrongdoor.community.files import BadCommunity
from tests.conftest import ROOT

FILE = ROOT / "communities/tucson/cases.yaml"
TEXT = FILE.read_text()


def problems(text: str) -> list[str]:
    with pytest.raises(BadCommunity) as bad:
        reading.read_text(text)
    return [str(each) for each in bad.value.problems]


def test_the_community_s_own_is_read_whole() -> None:
    kind = reading.read(FILE).kinds["follow_up"]

    assert (kind.first, set(kind.states)) == ("active", {"active", "jail", "hospital"})
    assert kind.results["deceased"].then is Then.STOP
    assert kind.outcomes["unreachable"].needs == {Need.TRIES}
    assert [each.due for each in kind.plans["safe_transition"].tasks] == [
        f"safe_transition_{n}" for n in (1, 2, 3, 4)
    ]
    assert {each.to for each in kind.opened_by} == {"line/follow-up", "crc/follow-up"}


def test_no_name_of_a_kind_stands_in_the_code() -> None:
    """The kinds are data: another community's file replaces them."""
    text = "".join(path.read_text() for path in Path(reading.__file__).parent.glob("*.py"))
    kind = reading.read(FILE).kinds["follow_up"]
    for code in ("follow_up", *kind.plans, *kind.outcomes, "jail", "hospital"):
        assert f'"{code}"' not in text, code


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("first: active", "first: awake", "kinds.0.first: there is no state awake here"),
        ("to: jail}\n  - {from: [active, jail]", "to: prison}\n  - {from: [active, jail]", "moves.0.to: there is no state prison here"),
        ("then: again, to: hospital", "then: again, to: home", "there is no state home here"),
        ("  - {from: [jail, hospital], to: active}\n", "", "kinds.0.moves: jail pauses the case, and no move leads out of that"),
        ("then: done}\n  - {code: declined", "then: finished}\n  - {code: declined", "then: this is 'done', 'again'"),
        ("needs: [tries]", "needs: [patience]", "this is 'reason', 'done'"),
        ("tries: 3}\n    source: \"Arizona", "tries: 0}\n    source: \"Arizona", "tries: this is at least 1"),
        ("event: call_closed, from: [line", "event: call_lost, from: [line", "nothing tells of call_lost; what opens a case is call_closed"),
        ("to: line/follow-up, plan", "to: tpd/patrol, plan", "tpd/patrol may not own this"),
        ("plan: after_contact, basis", "plan: after_lunch, basis", "there is no plan after_lunch here"),
        ("code: days_7_10", "code: days_1_3", "days_1_3 stands here twice"),
        ("untaken: case_untaken", "untaken_after: case_untaken", "nothing is called that here"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_key(old: str, new: str, told: str) -> None:
    assert old in TEXT
    found = problems(TEXT.replace(old, new, 1))

    assert any(told in each for each in found), found
    assert all(each.startswith("cases.yaml, line ") for each in found)
