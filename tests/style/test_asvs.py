"""The page that goes through ASVS 5.0.0 has every requirement of levels 1 and 2 once, and what it names exists."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.conftest import ROOT

PAGE = (ROOT / "docs/security/asvs.md").read_text()
ROW = re.compile(r"^\| ([\d.]+(?:–\d+)?) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)(?:::(\w+))?`")
WRITTEN = re.compile(r"`([\w/.-]+\.(?:md|txt))`")
STATES = ("tested", "written", "not tested", "not met", "none here")
# How many requirements of levels 1 and 2 each section has; they are the first ones of each.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
ALL = [f"{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)]


def rows() -> Iterator[tuple[list[str], str, str]]:
    """Each line: the numbers it is about, how things stand, and what shows it."""
    for numbers, _asks, state, shown in ROW.findall(PAGE):
        first, _, last = numbers.partition("–")
        section, _, number = first.rpartition(".")
        about = [f"{section}.{each}" for each in range(int(number), int(last or number) + 1)]
        yield about, state, shown


def test_every_requirement_stands_once_in_order() -> None:
    assert len(ALL) == 253

    assert [number for about, _state, _shown in rows() for number in about] == ALL


def test_the_counts_are_right() -> None:
    counts: Counter[str] = Counter()
    for about, state, _shown in rows():
        counts[state] += len(about)

    assert set(counts) == set(STATES)
    told = ". ".join(f"{state.capitalize()}: {counts[state]}" for state in STATES)
    assert f"**{told}.**" in PAGE


def test_what_is_tested_names_a_test_that_exists() -> None:
    for about, state, shown in rows():
        named = NAMED.findall(shown)
        assert bool(named) == (state == "tested"), about
        for file, test in named:
            source = (ROOT / "tests" / file).read_text()
            wanted = rf"^def {test}\(" if test else "^def test_"
            assert re.search(wanted, source, re.MULTILINE), (file, test)


def test_what_is_written_names_a_page_that_exists() -> None:
    for about, state, shown in rows():
        pages = WRITTEN.findall(shown)
        assert pages or state != "written", about
        for page in pages:
            assert (ROOT / page).exists(), page
