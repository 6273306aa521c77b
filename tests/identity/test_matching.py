"""How much speaks for two records being of one person: what is written otherwise, what is missing, who is alike."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nowrongdoor.identity.facts import Born, Described, Likely, NameFacts, Weights
from nowrongdoor.identity.rules.matching import FIELDS, LEVELS, compare, levels_of
from nowrongdoor.identity.rules.sounds import keys_of, sought
from nowrongdoor.identity.trained import nicknames, read

TUCSON = Path(__file__).parent.parent.parent / "communities/tucson"
FILE = read(TUCSON / "linkage.json")
WEIGHTS = Weights(
    bits={field: each.bits for field, each in FILE.fields.items()},
    likely=FILE.likely,
    possible=FILE.possible,
    nicknames={k: frozenset(v) for k, v in nicknames(TUCSON / "nicknames.csv").items()},
)
MARCH = date(1980, 3, 4)


def somebody(
    given: str = "José",
    family: str = "García López",
    *,
    born: Born | date | None = MARCH,
    phone: str = "520-555-0119",
    address: str = "1833 S 10th Ave",
) -> Described:
    names = (NameFacts(given, family),) if given or family else ()
    known = born if isinstance(born, Born) else Born(born)
    return Described(names, known, (phone,) if phone else (), address)


JOSE = somebody()
OTHER = somebody(
    "Thomas", "Arnett", born=date(1951, 7, 30), phone="602-555-7788", address="9 E 1st St"
)


def level(field: str, one: Described, other: Described) -> str:
    return levels_of(one, other, WEIGHTS)[field]


def meet(one: Described, other: Described) -> bool:
    """Whether one is found by what is typed of the other."""
    return bool(keys_of(one) & sought(other, WEIGHTS.nicknames))


@pytest.mark.parametrize(
    ("other", "field", "expected"),
    [
        (somebody("JOSE", "GARCIA LOPEZ"), "given", "same"),
        (somebody("Jose"), "given", "same"),
        (somebody("Pepe"), "given", "nickname"),
        (somebody("Josse"), "given", "close"),
        (somebody("J."), "given", "close"),
        (somebody("Maria"), "given", "other"),
        (somebody(family="García-López"), "family", "both"),
        (somebody(family="Lopez Garcia"), "family", "both"),
        (somebody(family="Garcia"), "family", "same"),
        (somebody(family="López"), "family", "same"),
        (somebody(family="Garsia"), "family", "close"),
        (somebody(family="Arnett"), "family", "other"),
        (somebody("Garcia", "Jose"), "given", "close"),
        (somebody(born=date(1980, 4, 3)), "born", "swapped"),
        (somebody(born=date(1980, 3, 14)), "born", "close"),
        (somebody(born=date(1981, 3, 4)), "born", "close"),
        (somebody(born=date(1980, 11, 27)), "born", "year"),
        (somebody(born=Born(None, 1975, 1985)), "born", "year"),
        (somebody(born=Born(None, 1990, 1995)), "born", "other"),
        (somebody(born=date(1951, 7, 30)), "born", "other"),
        (somebody(phone="(520) 555 0119"), "phone", "same"),
        (somebody(phone="+1 520 555 0119 ext 3"), "phone", "same"),
        (somebody(phone="555-0119"), "phone", "end"),
        (somebody(phone="602-555-0119"), "phone", "end"),
        (somebody(phone="520-555-0118"), "phone", "other"),
        (somebody(address="1833 South Tenth Ave"), "address", "other"),
        (somebody(address="1833 south 10TH avenue"), "address", "same"),
        (somebody(address="1834 S 10th Ave"), "address", "other"),
    ],
)
def test_each_field_agrees_as_far_as_it_was_written(
    other: Described, field: str, expected: str
) -> None:
    assert level(field, JOSE, other) == level(field, other, JOSE) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "OBrien"),
        ("O’Brien", "o brien"),
        ("de la Cruz", "Cruz"),
        ("Muñoz", "Munoz"),
        ("Peña-Ruiz", "Pena Ruiz"),
        ("McDonald", "Mc Donald"),
        ("Núñez", "NUNEZ"),
    ],
)
def test_marks_accents_and_little_words_part_nobody(one: str, other: str) -> None:
    agreed = level("family", somebody(family=one), somebody(family=other))

    assert agreed in ("same", "both")
    assert meet(
        somebody(family=one, born=None, phone=""), somebody(family=other, born=None, phone="")
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ximénez", "Jimenez"),
        ("Hernandez", "Ernandes"),
        ("Vega", "Bega"),
        ("Zepeda", "Cepeda"),
        ("Vásquez", "Basques"),
        ("Yañez", "Llanez"),
    ],
)
def test_who_is_heard_alike_is_found(one: str, other: str) -> None:
    bare = {"born": None, "phone": "", "address": ""}

    assert meet(somebody(family=one, **bare), somebody(family=other, **bare))
    assert level("family", somebody(family=one), somebody(family=other)) == "close"


@pytest.mark.parametrize(
    "typed",
    [
        somebody(born=date(1980, 4, 3), phone="", address=""),
        somebody("Pepe", "Garcia", born=None, phone="", address=""),
        somebody("", "", phone="", address=""),
        somebody("", "", born=None, phone="5550119", address=""),
        somebody("Maria", "López", phone="", address=""),  # one family name and the year
        somebody("José", "", born=None, phone="", address=""),
        somebody("Garcia", "José", born=None, phone="", address=""),
    ],
)
def test_one_detail_is_enough_to_be_found_by(typed: Described) -> None:
    assert meet(JOSE, typed)
    assert not meet(OTHER, typed)


def test_a_place_alone_finds_nobody() -> None:
    assert sought(Described(address="1833 S 10th Ave"), WEIGHTS.nicknames) == frozenset()


def test_what_is_missing_says_nothing() -> None:
    bare = Described(names=JOSE.names)

    assert [each.field for each in compare(JOSE, bare, WEIGHTS).reasons] == ["given", "family"]
    assert compare(Described(), JOSE, WEIGHTS).bits == 0
    assert compare(Described(), JOSE, WEIGHTS).likely is Likely.UNLIKELY


def test_twins_are_shown_and_never_called_very_likely() -> None:
    twin = replace(JOSE, names=(NameFacts("Julián", "García López"),))
    itself, sibling = compare(JOSE, JOSE, WEIGHTS), compare(JOSE, twin, WEIGHTS)

    assert sibling.bits > WEIGHTS.likely  # all but one name is theirs too
    assert sibling.likely is Likely.POSSIBLE
    assert itself.likely is Likely.VERY
    assert meet(JOSE, twin)


def test_who_shares_a_phone_is_not_very_likely_by_it() -> None:
    neighbor = somebody("Thomas", "Arnett", born=None, address="")

    assert level("phone", JOSE, neighbor) == "same"
    assert compare(JOSE, neighbor, WEIGHTS).likely is Likely.UNLIKELY


def test_who_is_born_on_another_day_is_not_very_likely() -> None:
    assert compare(JOSE, somebody(born=date(1951, 7, 30)), WEIGHTS).likely is Likely.POSSIBLE


def test_a_person_of_one_name_is_found_by_it_beside_another() -> None:
    sukarno = Described(names=(NameFacts("Sukarno"),))
    typed = somebody("Ali", "Sukarno", born=None, phone="", address="")

    assert meet(sukarno, typed)
    assert [(each.field, each.level) for each in compare(sukarno, typed, WEIGHTS).reasons] == [
        ("given", "same")
    ]


@pytest.mark.parametrize(
    ("given", "family", "expected"),
    [
        ("Jose", "", ("same", "")),
        ("Josse", "", ("close", "")),
        ("Pepe", "", ("nickname", "")),
        ("Thomas", "", ("other", "")),
        ("", "Garsia", ("close", "")),
        ("", "Arnett", ("", "other")),
        ("Garcia", "", ("same", "")),
    ],
)
def test_one_part_of_a_name_is_compared_with_either(
    given: str, family: str, expected: tuple[str, str]
) -> None:
    levels = levels_of(JOSE, somebody(given, family), WEIGHTS)

    assert (levels["given"], levels["family"]) == expected


def test_the_name_that_agrees_best_counts_and_an_alias_is_one_name() -> None:
    known = replace(JOSE, names=(NameFacts("Thomas", "Arnett"), NameFacts("José", "García")))

    assert level("given", known, JOSE) == level("family", known, JOSE) == "same"
    mixed = somebody("Thomas", "García")
    assert {level("given", known, mixed), level("family", known, mixed)} == {"same", "other"}


def test_weights_fall_as_fields_agree_less() -> None:
    for field, levels in LEVELS.items():
        bits = [WEIGHTS.bits[field][each] for each in levels if each != "swapped"]
        assert bits == sorted(bits, reverse=True), field
        assert bits[0] > 0 > bits[-1]


def test_the_trained_file_says_how_often_it_errs() -> None:
    assert FILE.measured["two_people_very_likely"] < 1e-5
    assert FILE.measured["one_person_shown"] > 0.98


_WORDS = st.text(alphabet="abcdeéíñ' -ABCgjxz", max_size=12)
_PEOPLE = st.builds(
    Described,
    names=st.lists(st.builds(NameFacts, _WORDS, _WORDS, _WORDS), max_size=3).map(tuple),
    born=st.one_of(
        st.just(Born()),
        st.builds(Born, st.dates(date(1900, 1, 1), date(2026, 1, 1))),
        st.integers(1900, 2000).map(lambda year: Born(None, year, year + 5)),
    ),
    phones=st.lists(st.from_regex(r"\A[0-9 +x-]{0,14}\Z"), max_size=2).map(tuple),
    address=_WORDS,
)


@given(_PEOPLE, _PEOPLE)
def test_it_is_the_same_from_either_side_and_adds_up(one: Described, other: Described) -> None:
    here, there = compare(one, other, WEIGHTS), compare(other, one, WEIGHTS)

    assert here == there
    assert here.bits == round(sum(each.bits for each in here.reasons), 1)
    assert {each.field for each in here.reasons} <= set(FIELDS)


@given(_PEOPLE, _PEOPLE)
def test_no_value_stands_in_a_reason(one: Described, other: Described) -> None:
    said = {each.level for each in compare(one, other, WEIGHTS).reasons}

    assert said <= {level for levels in LEVELS.values() for level in levels}


@given(_PEOPLE)
def test_nothing_speaks_against_oneself_and_one_is_found_by_what_one_says(one: Described) -> None:
    assert all(each.bits > 0 for each in compare(one, one, WEIGHTS).reasons)
    if len({word for name in one.names for word in (name.given, name.family)}) > 0 and keys_of(one):
        assert meet(one, one)
