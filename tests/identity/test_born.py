"""A birth date or an age as it is said."""

from datetime import date

import pytest

from nowrongdoor.identity.facts import Born
from nowrongdoor.identity.rules.born import read_born, written

TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("", Born()),
        ("3/14/1980", Born(date(1980, 3, 14))),
        ("03-14-80", Born(date(1980, 3, 14))),
        ("3.14.26", Born(date(2026, 3, 14))),
        ("2/14/27", Born(date(2027, 2, 14))),
        ("1980-03-14", Born(date(1980, 3, 14))),
        ("1980", Born(None, 1980, 1980)),
        ("1975-1985", Born(None, 1975, 1985)),
        ("46", Born(None, 1980, 1981)),
        ("40-50", Born(None, 1976, 1987)),
        ("40 to 50", Born(None, 1976, 1987)),
        ("about 45", Born(None, 1976, 1987)),
        ("age 46", Born(None, 1980, 1981)),
        ("unos 45", Born(None, 1976, 1987)),
        ("٤٦", Born(None, 1980, 1981)),
        ("0", Born(None, 2026, 2027)),
    ],
)
def test_a_date_a_year_or_an_age_is_read(text: str, born: Born) -> None:
    assert read_born(text, on=TODAY) == born


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2/30/1980",
        "13/13/1980",
        "1/1/2030",
        "1/1/1850",
        "300",
        "50-40",
        "2040",
        "1985-1975",
    ],
)
def test_what_is_nobodys_birth_is_unreadable(text: str) -> None:
    assert read_born(text, on=TODAY) is None


@pytest.mark.parametrize("text", ["3/14/1980", "1980", "46", "40-50", ""])
def test_what_is_written_is_read_back(text: str) -> None:
    born = read_born(text, on=TODAY)

    assert born is not None
    assert read_born(written(born), on=date(2030, 1, 1)) == born
