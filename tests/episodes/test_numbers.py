"""A number as it is read over a radio."""

import pytest

from nowrongdoor.episodes.numbers import spoken

LABEL = "T26-000095"


def found(said: str, label: str = LABEL, number: int = 95) -> bool:
    heard = spoken(said)
    return heard is not None and heard.number == number and heard.is_of(label)


@pytest.mark.parametrize(
    "said",
    [
        "T26-000095",
        "t26-000095",
        "T26-95",
        "T26 000095",
        "T26–000095",
        "T26\u2011000095",
        "T26000095",
        "T 26 95",
        "26-95",
        "26 000095",
        "26000095",
        "000095",
        "95",
        "T95",
        " 95 ",
        "٩٥",
        "T26-\u200b000095",
        "Ｔ２６－０００095",
    ],
)
def test_what_is_said_of_a_number_is_understood(said: str) -> None:
    assert found(said)


@pytest.mark.parametrize(
    "said",
    ["", "T", "T26-", "T25-95", "C26-95", "T26-96", "9", "950", "T26-95 or 96", "95x", "9" * 19],
)
def test_another_number_and_no_number_are_not_found(said: str) -> None:
    assert not found(said)


def test_a_counter_that_outgrew_its_zeros_is_found_with_its_year() -> None:
    assert found("T26-1000095", "T26-1000095", 1000095)
    assert found("1000095", "T26-1000095", 1000095)
    assert found("261000095", "T26-1000095", 1000095)
