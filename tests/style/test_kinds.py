"""The house rules of kinds of journal entry. Each is tried against a kind that breaks it."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

from nowrongdoor.journal.kinds import Effect, Kind, Severity
from nowrongdoor.site.alerts import ALERTS
from nowrongdoor.site.modules import KINDS

HOUSE = Path(__file__).resolve().parents[2] / "nowrongdoor"
MODULES = sorted(
    file.parent.name for file in HOUSE.glob("*/kinds.py") if file.parent.name != "journal"
)
COUNTS = {"alerts", "count", "missed", "reminder", "step", "supervisor"}
"""What an entry may carry beside ids. Another count is named here with its first kind."""


def kinds_of(module: str) -> Mapping[str, object]:
    return vars(import_module(f"nowrongdoor.{module}.kinds"))


def faults(module: str, names: Mapping[str, object]) -> list[str]:
    """What is wrong with the kinds of one module, one sentence each."""
    all_: tuple[Kind, ...] = tuple(names["ALL"])  # type: ignore[arg-type]
    kinds = {name: kind for name, kind in names.items() if isinstance(kind, Kind)}
    found = [f"{name} is not in ALL" for name, kind in kinds.items() if kind not in all_]
    told = [kind.name for kind in all_]
    found += [f"{each} is named twice" for each in sorted(set(told)) if told.count(each) > 1]
    for kind in {*all_, *kinds.values()}:
        found += _faults_of(kind, module)
    return found


def _faults_of(kind: Kind, module: str) -> list[str]:
    found = [] if kind.name.startswith(f"{module}.") else [f"{kind.name} is not {module}'s"]
    found += [
        f"{kind.name} carries {id}"
        for id in kind.ids
        if not id.endswith("_id") and id not in COUNTS
    ]
    alerts = {bool(kind.severity), bool(kind.to), bool(kind.words)}
    found += [f"{kind.name} alerts by halves"] if len(alerts) > 1 else []
    member = kind.effects & {Effect.OWNED_BY_MEMBER, Effect.ENDS_STREAMS}
    return found + [f"{kind.name} names no member"] * bool(member and "member_id" not in kind.ids)


@pytest.mark.parametrize("module", MODULES)
def test_the_kinds_of_a_module_are_sound(module: str) -> None:
    assert faults(module, kinds_of(module)) == []


GOOD = Kind("tests.offered", ("offer_id", "alerts"))


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        ({"LOST": Kind("tests.lost")}, "LOST is not in ALL"),
        ({"ALL": (GOOD, Kind("tests.offered"))}, "tests.offered is named twice"),
        ({"ALL": (GOOD, Kind("calls.offered"))}, "calls.offered is not tests's"),
        ({"ALL": (GOOD, Kind("testsoffered"))}, "testsoffered is not tests's"),
        ({"ALL": (GOOD, Kind("tests.said", ("words",)))}, "tests.said carries words"),
        ({"ALL": (GOOD, Kind("tests.rang", severity=Severity.INBOX, to="to"))}, "tests.rang alerts by halves"),
        ({"ALL": (GOOD, Kind("tests.rang", words="It rang."))}, "tests.rang alerts by halves"),
        ({"ALL": (GOOD, Kind("tests.out", effects=frozenset({Effect.ENDS_STREAMS})))}, "tests.out names no member"),
    ],
)  # fmt: skip
def test_a_kind_that_is_not_sound_is_found(names: dict[str, object], fault: str) -> None:
    assert faults("tests", {"OFFERED": GOOD, "ALL": (GOOD,)}) == []

    assert faults("tests", {"OFFERED": GOOD, "ALL": (GOOD,)} | names) == [fault]


def test_the_kinds_of_every_module_are_collected_once() -> None:
    each = [kind for module in MODULES for kind in kinds_of(module)["ALL"]]  # type: ignore[attr-defined]

    assert len(each) == len({kind.name for kind in each}) == len(KINDS)
    assert set(each) == set(KINDS)


@pytest.mark.parametrize("module", MODULES)
def test_every_kind_is_recorded_somewhere(module: str) -> None:
    code = "".join(file.read_text() for file in (HOUSE / module).rglob("*.py"))
    named = [name for name, kind in kinds_of(module).items() if isinstance(kind, Kind)]

    assert [name for name in named if f"kinds.{name}" not in code] == []


def test_every_alert_has_its_own_words() -> None:
    words = [kind.words for kind in ALERTS.values()]

    assert len(words) == len(set(words)) > 0
