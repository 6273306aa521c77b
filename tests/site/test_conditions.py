"""What PostgreSQL writes of one condition before and after a dump and restore is compared as one."""

import pytest

from nowrongdoor.site import safeguards


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(((a) OR (b)) OR (c))", "((a) OR (b) OR (c))"),
        ("((x) AND (((a) OR (b)) OR (EXISTS ( SELECT 1))))", "((x) AND ((a) OR (b) OR (EXISTS ( SELECT 1))))"),
        ("((a) OR ((b) OR (c)))", "((a) OR (b) OR (c))"),
    ],
)  # fmt: skip
def test_what_a_dump_writes_otherwise_is_one_condition(before: str, after: str) -> None:
    assert safeguards.flat(before) == safeguards.flat(after) == after


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(((a) OR (b)) AND (c))", "((a) OR ((b) AND (c)))"),
        ("(NOT ((a) OR (b)))", "((NOT (a)) OR (b))"),
        ("(a = ') OR (')", "(a = ' OR ')"),
        ("((a) OR (b))", "((a) OR (b) OR (c))"),
    ],
)
def test_what_is_another_condition_stays_another(one: str, other: str) -> None:
    assert safeguards.flat(one) != safeguards.flat(other)
