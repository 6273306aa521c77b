"""Attacks on the command `clocks`: lines that are meant to hang it, or to be answered as something else than they say."""

import json
from datetime import datetime, timedelta
from random import Random
from time import process_time

import pytest

from nowrongdoor.clocks.counting.asked import MOST
from nowrongdoor.clocks.counting.commandline import clocks
from nowrongdoor.clocks.counting.rules import _without, joined
from tests.clocks.books import TUCSON, row, small

START = datetime(1900, 1, 1)
SLOWEST_S = 8
BOOK = small(
    row(id="hours", unit="hours", amount="30", calendar="", excluded="town", pausable="true"),
    row(
        id="shop",
        unit="business_hours",
        amount="20000",
        open='["08:00", "09:00"]',
        pausable="true",
    ),
)


def asked(line: object) -> dict[str, object]:
    told: list[str] = []
    clocks(TUCSON, [json.dumps(line)], told.append)
    return dict(json.loads(told[0]))


def rule_of(line: object) -> object:
    error = asked(line).get("error")
    return error["rule"] if isinstance(error, dict) else ""


@pytest.mark.parametrize("clock", ["hours", "shop"])
def test_thousands_of_pauses_over_three_centuries_are_counted_in_seconds(clock: str) -> None:
    """Each pause was looked at again for each day: one line took half a minute."""
    paused = [
        [f"{START + timedelta(days=54 * n):%Y-%m-%d %H:%M}", f"{START + timedelta(days=54 * n + 53):%Y-%m-%d} 23:59"]
        for n in range(MOST)
    ]  # fmt: skip
    line = {"clock": clock, "start": "1900-01-01 00:00", "facts": {"paused": paused}}
    told: list[str] = []
    begun = process_time()

    assert clocks(BOOK, [json.dumps(line)], told.append) == 0

    assert process_time() - begun < SLOWEST_S


def test_what_is_in_no_pause_is_the_same_as_minute_by_minute() -> None:
    chance = Random(7)

    def spans(most: int) -> list[tuple[int, int]]:
        begins = [chance.randrange(60) for _ in range(chance.randrange(most))]
        return joined((each, each + chance.randrange(1, 9)) for each in begins)

    for _ in range(2000):
        runs, pauses = spans(8), spans(8)
        found = [minute for begin, end in _without(runs, pauses) for minute in range(begin, end)]
        assert found == [
            minute
            for begin, end in runs
            for minute in range(begin, end)
            if not any(first <= minute < after for first, after in pauses)
        ]


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"zone": 0}, "clock.zone"),
        ({"zone": False}, "clock.zone"),
        ({"zone": []}, "clock.zone"),
        ({"zone": {}}, "clock.zone"),
        ({"facts": 0}, "clock.shape"),
        ({"facts": False}, "clock.shape"),
        ({"facts": []}, "clock.shape"),
        ({"start": "2026-01-01 10:00:99"}, "clock.time"),
        ({"start": "2026-01-01 10:00:٣٣"}, "clock.time"),
        ({"start": "2026-01-01 24:00"}, "clock.time"),
        ({"zone": None, "facts": None}, ""),
        ({"zone": "", "facts": ""}, ""),
    ],
)
def test_what_is_of_another_sort_is_refused_and_not_taken_for_nothing(
    said: dict[str, object], rule: str
) -> None:
    line = {"clock": "emergency_detention", "start": "2026-01-09 16:10"}

    assert rule_of(line | said) == rule


@pytest.mark.parametrize("depth", [900, 975, 990, 20_000])
@pytest.mark.parametrize("key", ["clock", "start", "zone", "facts"])
def test_deep_lines_are_answered_one_by_one(key: str, depth: int) -> None:
    good = {"clock": '"emergency_detention"', "start": '"2026-01-09 16:10"'}
    for opens, closes in (("[", "]"), ('{"a": ', "}")):
        deep = good | {key: opens * depth + "1" + closes * depth}
        line = "{" + ", ".join(f'"{name}": {value}' for name, value in deep.items()) + "}"
        told: list[str] = []

        assert clocks(TUCSON, [line, line], told.append) == 1
        assert len(told) == 2
