"""Opening hours: what can be read, and when a place is open."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nowrongdoor.community import hours
from nowrongdoor.directory.rules import open_at

WEEK, NIGHT = "Mo-Fr 08:00-12:00,13:00-17:00; Sa 09:00-13:00", "Mo-Su 18:00-07:00"
MONDAY = 1  # of March 2027


@pytest.mark.parametrize(
    ("text", "day", "clock", "open"),
    [
        (WEEK, MONDAY, "07:59", False),
        (WEEK, MONDAY, "08:00", True),
        (WEEK, MONDAY, "11:59", True),
        (WEEK, MONDAY, "12:00", False),
        (WEEK, MONDAY, "13:00", True),
        (WEEK, MONDAY + 5, "12:59", True),
        (WEEK, MONDAY + 5, "13:00", False),
        (WEEK, MONDAY + 6, "10:00", False),
        (NIGHT, MONDAY, "17:59", False),
        (NIGHT, MONDAY, "18:00", True),
        (NIGHT, MONDAY, "06:59", True),
        (NIGHT, MONDAY, "07:00", False),
        ("Su 18:00-07:00", MONDAY, "06:59", True),
        ("Su 18:00-07:00", MONDAY + 1, "06:59", False),
        ("Mo 18:00-07:00", MONDAY, "06:59", False),
        ("Fr-Mo 10:00-11:00", MONDAY, "10:30", True),
        ("Fr-Mo 10:00-11:00", MONDAY + 1, "10:30", False),
        ("Mo 08:00-08:00", MONDAY + 1, "07:59", True),
        ("Mo 00:00-24:00", MONDAY, "23:59", True),
        ("Mo 00:00-24:00", MONDAY + 1, "00:00", False),
        ("Mo 24:00-01:00", MONDAY + 1, "00:00", True),
    ],
)
def test_when_a_place_is_open(text: str, day: int, clock: str, open: bool) -> None:
    local = datetime.fromisoformat(f"2027-03-{day:02} {clock}")

    assert open_at(text, local) is open


@given(st.datetimes())
def test_day_and_night_is_always(local: datetime) -> None:
    assert open_at("24/7", local)


@pytest.mark.parametrize(
    "text",
    ["", "always", "Mo", "Mo 8-17", "Mo-Fr 08:00-25:00", "Mo 08:60-09:00", "Xx 08:00-09:00", "Mo 24:01-01:00", "Mo-Fr 08:00-17:00;"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hours|no such time"):
        hours.spans(text)
