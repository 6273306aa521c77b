"""What different hands write of one number and of one place."""

import pytest

from nowrongdoor.kernel.alike import Likeness, numbers_alike, same_place

NUMBER, PLACE = "(520) 555-0199", "1 N Main Ave"


@pytest.mark.parametrize(
    "other",
    [
        "520.555.0199",
        "5205550199",
        "+1 520 555 0199",
        "+15205550199",
        "1-520-555-0199",
        "001 520 555 0199",
        "520\u2011555\u20110199",
        "520-555-0199 x12",
        "520-555-0199x12",
        "520 555 0199 ext. 4",
        "520-555-0199 #4",
        "520-555-0199 / 520-555-0100",
        "520-555-0100 or 520-555-0199 after nine",
        "٥٢٠٥٥٥٠١٩٩",
        "५२०-५५५-०१९९",
        "５２０ ５５５ ０１９９",
        "520\u200b-555-0199",
    ],
)
def test_one_number_is_one_however_it_is_written(other: str) -> None:
    assert numbers_alike(NUMBER, other) is Likeness.SAME
    assert numbers_alike(other, NUMBER) is Likeness.SAME


@pytest.mark.parametrize("other", ["555-0199", "555 0199", "5550199", "555-0199 x3"])
def test_a_number_without_its_area_may_be_one(other: str) -> None:
    assert numbers_alike(NUMBER, other) is numbers_alike(other, NUMBER) is Likeness.MAYBE
    assert numbers_alike(other, other) is Likeness.MAYBE


@pytest.mark.parametrize(
    "other",
    [
        "",
        "none",
        "520-555-0198",
        "602-555-0199",
        "555-0198",
        "0199",
        "520",
        "520555019",
        "52055501999",
        "5550199520",
        "520-555-0100 x5550199",
    ],
)
def test_another_number_is_another(other: str) -> None:
    assert numbers_alike(NUMBER, other) is numbers_alike(other, NUMBER) is Likeness.OTHER


def test_a_number_from_abroad_is_compared_whole() -> None:
    assert numbers_alike("+41 44 668 18 00", "0041446681800") is Likeness.OTHER
    assert numbers_alike("+41 44 668 18 00", "+41446681800") is Likeness.SAME
    assert numbers_alike("", "") is numbers_alike("911", "911") is Likeness.OTHER


@pytest.mark.parametrize(
    "other",
    [
        "1 N. Main Ave",
        "1 N Main Ave.",
        "1  N MAIN AVE",
        "1 N\u200b Main Ave\u200b",
        "1 North Main Avenue",
        "1 n main av",
        "1 N Máin Ave",
        "1, N Main Ave",
        "1\u00a0N Main Ave",
    ],
)
def test_one_place_is_one_however_it_is_written(other: str) -> None:
    assert same_place(PLACE, other)
    assert same_place(other, PLACE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9 NE 5th St", "9 Northeast 5th Street"),
        ("9 NE 5th St", "9 N.E. 5th Str."),
        ("Oak St & 5th Ave", "oak street and 5th avenue"),
        ("Oak St & 5th Ave", "OAK ST/5TH AVE"),
        ("12 Oak St Apt 4", "12 Oak Street #4"),
        ("St. Mary's Rd", "St Mary’s Road"),
        ("Calle Unión 5", "CALLE UNION 5"),
    ],
)
def test_words_of_streets_and_signs_are_one(one: str, other: str) -> None:
    assert same_place(one, other)


@pytest.mark.parametrize(
    "other",
    [
        "",
        "\u200b",
        "1 S Main Ave",
        "1 N Main St",
        "11 N Main Ave",
        "1 Main Ave",
        "1 N Main Ave #4",
        "N Main Ave",
    ],
)
def test_another_place_is_another(other: str) -> None:
    assert not same_place(PLACE, other)
    assert not same_place(other, other) or other not in ("", "\u200b")
