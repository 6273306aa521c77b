"""The privacy officer's bench: what would change an answer, and a changed table tried on what was told."""

from dataclasses import replace

import pytest

from nowrongdoor.sharing import bench
from nowrongdoor.sharing.bench import Changed, Line, Other
from nowrongdoor.sharing.rules import may_disclose
from tests.sharing.examples import EXAMPLES, read_example
from tests.sharing.tables import TUCSON, asked, changed

STATUS = asked("clinical", "crc", "le_mhst", "close_loop")


def named(found: tuple[Other, ...]) -> dict[str, tuple[bool, str]]:
    return {each.fact: (each.added, each.answer.row) for each in found}


def test_what_would_open_it_is_named_and_what_would_not_is_left_out() -> None:
    found = named(bench.others(TUCSON, STATUS))

    assert found == {
        "agreement": (True, "A09"),
        "authorization": (True, "A07"),
        "named": (True, "A07"),
    }


def test_what_it_rests_on_now_comes_first() -> None:
    found = bench.others(TUCSON, replace(STATUS, facts=frozenset({"named", "minor"})))

    assert (found[0].fact, found[0].added, found[0].answer.row) == ("named", False, "none")
    assert "minor" not in named(found)
    assert "authorization" not in named(found)  # the same row already


@pytest.mark.parametrize(("row", "text"), EXAMPLES[::6])
def test_each_that_is_named_changes_the_answer_and_no_other_fact_does(row: str, text: str) -> None:
    now = read_example(text)
    before = may_disclose(TUCSON, now)
    found = named(bench.others(TUCSON, now))

    assert before.row == row
    for fact in TUCSON.facts:
        after = may_disclose(TUCSON, replace(now, facts=now.facts ^ {fact}))
        differs = (after.row, after.fields) != (before.row, before.fields)
        assert (fact in found) is differs, fact


def line(row: str, text: str) -> Line:
    it = read_example(text)
    return Line(it, row, may_disclose(TUCSON, it).fields)


def test_a_table_as_it_was_answers_each_line_as_it_was_told() -> None:
    told = [line(row, text) for row, text in EXAMPLES if row.startswith("A")]

    assert len(told) > 50
    assert bench.replay(TUCSON, told) == ()


def test_a_changed_table_says_which_lines_it_would_not_tell_the_most_first() -> None:
    without = changed("signed_off: [A09, A14, A19]", "signed_off: [A14, A19]")
    status = Line(replace(STATUS, facts=frozenset({"agreement"})), "A09", ("status",))
    pointer = line("A14", "court_order: le_mhst > le_patrol, respond: agreement order")

    assert bench.replay(without, [pointer, status, status]) == (Changed("A09", "none", False, 2),)


def test_a_line_that_another_row_would_tell_is_named_with_it() -> None:
    told = Line(replace(STATUS, facts=frozenset({"agreement", "named"})), "A09", ("status",))

    assert bench.replay(TUCSON, [told]) == (Changed("A09", "A07", True, 1),)


def test_a_line_in_words_that_a_table_has_no_more_is_a_no() -> None:
    gone = Line(asked("gossip", "crc", "le_mhst", "close_loop"), "A09", ("status",))

    assert bench.replay(TUCSON, [gone]) == (Changed("A09", "none", False, 1),)
