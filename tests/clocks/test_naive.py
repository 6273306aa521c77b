"""A line for every day of twenty years, counted a second time by a slow reading that shares no line with ours."""

from datetime import date

from nowrongdoor.clocks.counting.facts import Book
from nowrongdoor.clocks.counting.reading import read_text
from tests.clocks.books import TEXT, TUCSON, WIDE_TEXT, due
from tests.clocks.naive import Line, Naive
from tests.conftest import ROOT

SHARED = ROOT.parent / "shared/domain/clocks.yaml"
FIRST, YEARS = date(2016, 1, 1), 20


def ours(book: Book, line: Line) -> str:
    return due(book, line["clock"], line["start"], line["zone"], **line["facts"])


def differing(book: Book, naive: Naive, lines: list[Line]) -> list[tuple[Line, str, str]]:
    told = [(line, naive.answer(line), ours(book, line)) for line in lines]
    return [each for each in told if each[1] != each[2]]


def test_every_day_of_twenty_years_is_counted_as_the_slow_reading_counts_it() -> None:
    naive = Naive(TEXT)
    lines = list(naive.lines(17, FIRST, YEARS))

    assert differing(TUCSON, naive, lines) == []
    assert len(lines) > 7_290  # a day in a thousand begins at a minute that clocks skip there
    assert {line["clock"] for line in lines} == set(TUCSON.clocks)
    assert {"not in force", "none left"} <= {ours(TUCSON, line) for line in lines}


def test_what_the_community_has_no_row_for_is_counted_so_too() -> None:
    naive = Naive(WIDE_TEXT)
    lines = list(naive.lines(18, FIRST, YEARS))

    assert differing(read_text(WIDE_TEXT), naive, lines) == []
    assert len(lines) > 7_290


def test_the_file_that_is_shipped_says_what_was_drawn_up() -> None:
    """Where the draft lies beside the project: every row and calendar, but for how a public text is cited."""
    if SHARED.exists():
        drawn, ours = (Naive(each.replace("[found: ", "[")).file for each in (SHARED.read_text(), TEXT))  # fmt: skip
        shipped = {row["id"]: row for row in ours["clocks"]}
        assert {row["id"]: shipped.get(row["id"]) for row in drawn["clocks"]} == {row["id"]: row for row in drawn["clocks"]}  # fmt: skip
        assert {key: ours[key] for key in drawn if key != "clocks"} == {key: drawn[key] for key in drawn if key != "clocks"}  # fmt: skip
