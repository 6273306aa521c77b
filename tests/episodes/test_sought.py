"""What somebody typed to find a call, and which cards are like it. Nothing but a table."""

import pytest

from nowrongdoor.episodes import sought
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.episodes.numbers import Spoken
from nowrongdoor.episodes.sought import Matched, Sought, read

CARD = CardFacts(
    place="2641 E Glenn St, Apt 4 / Château Ñuñoa",
    callback="(520) 555-0142 x12; mom 555.0199",
    name_given="Samuel O'Brien",
)
NOTHING: tuple[Matched, ...] = ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("61", Sought(Spoken(61), words=("61",))),
        ("t26-000061", Sought(Spoken(61, "26", "t"), words=("t26", "000061"))),
        ("0142", Sought(Spoken(142), "0142", ("0142",))),
        ("(520) 555-0142", Sought(phone="5205550142")),
        ("+1 520.555.0142 ext. 9", Sought(phone="5205550142")),
        ("555 0142", Sought(phone="5550142")),
        ("Speedway & Park", Sought(words=("speedway", "park"))),
        ("Núñez", Sought(words=("nunez",))),
        ("CMT-A12", Sought(words=("cmt", "a12"))),
    ],
)
def test_what_is_typed_is_read_as_all_that_it_may_be(typed: str, meant: Sought) -> None:
    found = read(typed)

    assert (found.phone, found.words) == (meant.phone, meant.words)
    assert meant.number in (None, found.number)
    assert not found.nothing


@pytest.mark.parametrize("typed", ["", " ", "a", "'", "& |", "('*:A')"])
def test_too_little_is_looked_for_nowhere(typed: str) -> None:
    assert read(typed).nothing


@pytest.mark.parametrize(
    ("typed", "matched"),
    [
        ("glenn street", (Matched.PLACE,)),
        ("2641 east gle", (Matched.PLACE,)),
        ("chateau nunoa", (Matched.PLACE,)),
        ("st", (Matched.PLACE,)),
        ("sa", (Matched.NAME,)),
        ("Sam Glenn", (Matched.PLACE, Matched.NAME)),
        ("brien", (Matched.NAME,)),
        ("0142", (Matched.PHONE,)),
        ("520 555 0142", (Matched.PHONE,)),
        ("5550199", (Matched.PHONE,)),
        ("928 555 0199", (Matched.PHONE,)),  # told without an area: it may be this one
        ("928 555 0142", NOTHING),
        ("0012", NOTHING),
        ("sam speedway", NOTHING),
        ("lenn", NOTHING),
    ],
)
def test_a_card_says_what_of_it_is_like_what_was_typed(
    typed: str, matched: tuple[Matched, ...]
) -> None:
    assert sought.matched(read(typed), CARD) == matched


def test_a_member_is_found_by_names_and_a_unit_by_its_code() -> None:
    assert sought.named(read("maria lo"), "María López")
    assert not sought.named(read("maria marsh"), "María López")
    for typed in ("cmt a12", "CMT-A1", "cmta12"):
        assert sought.called(read(typed), "CMT-A12")
    assert not sought.called(read("a12"), "CMT-A12")
