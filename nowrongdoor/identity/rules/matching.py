"""How much speaks for two records being of one person, field by field, in bits. It never decides.

The model is that of Fellegi and Sunter: each field that both records have adds the logarithm of how much
more often records of one person agree so than records of two. What is missing adds nothing.
Source: sources, "Who it is".
"""

import re
from collections.abc import Iterable
from datetime import date
from itertools import product

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from nowrongdoor.identity.facts import Born, Compared, Described, Likely, NameFacts, Reason, Weights
from nowrongdoor.identity.rules.sounds import families_of, given_of, heard, phone_end, swapped
from nowrongdoor.kernel.alike import Likeness, numbers_alike, same_place

CLOSE = 0.9
"""Jaro and Winkler's likeness of two words from which on they are called close."""
_NUMBERS = re.compile(r"\d+")
FIELDS = ("given", "family", "born", "phone", "address")
LEVELS = {
    "given": ("same", "nickname", "close", "other"),
    "family": ("both", "same", "close", "other"),
    "born": ("same", "swapped", "close", "year", "other"),
    "phone": ("same", "end", "other"),
    "address": ("same", "other"),
}
"""The levels of each field, the most alike first."""
CONTRADICTS = frozenset({("given", "other"), ("born", "other")})
"""What keeps two records from being called very likely, whatever else agrees: twins share all but one name."""


def compare(one: Described, other: Described, weights: Weights) -> Compared:
    """Set two records side by side.

    Units: bits, to one decimal.
    """
    levels = levels_of(one, other, weights)
    reasons = tuple(
        Reason(field, level, round(_weight(weights, field, level), 1))
        for field in FIELDS
        if (level := levels[field])
    )
    bits = round(sum(each.bits for each in reasons), 1)
    return Compared(reasons, bits, _likely(reasons, bits, weights))


def levels_of(one: Described, other: Described, weights: Weights) -> dict[str, str]:
    """How each field agrees; '' where one of the two does not have it."""
    return {
        **_names(one.names, other.names, weights),
        "born": _born(one.born, other.born),
        "phone": _phones(one.phones, other.phones),
        "address": _address(one.address, other.address),
    }


def _weight(weights: Weights, field: str, level: str) -> float:
    return weights.bits.get(field, {}).get(level, 0.0)


def _likely(reasons: Iterable[Reason], bits: float, weights: Weights) -> Likely:
    if bits < weights.possible:
        return Likely.UNLIKELY
    against = any((each.field, each.level) in CONTRADICTS for each in reasons)
    return Likely.VERY if bits >= weights.likely and not against else Likely.POSSIBLE


def _names(
    ones: Iterable[NameFacts], others: Iterable[NameFacts], weights: Weights
) -> dict[str, str]:
    """The pair of names that agree best: an alias is one name, not a choice of parts."""
    pairs = [_pair(*pair, weights) for pair in product(ones, others)]
    best = max(pairs, key=lambda pair: _bits(pair, weights), default=("", ""))
    return {"given": best[0], "family": best[1]}


def _bits(levels: tuple[str, str], weights: Weights) -> float:
    named = zip(("given", "family"), levels, strict=True)
    return sum(_weight(weights, field, level) for field, level in named if level)


def _pair(one: NameFacts, other: NameFacts, weights: Weights) -> tuple[str, str]:
    given = _given(given_of(one), given_of(other), weights)
    family = _family(families_of(one), families_of(other))
    if given == family == "other" and _exchanged(one, other):
        return "close", "close"
    if "" in (given, family):
        return _one_name(one, other) or (given, family)
    return given, family


def _exchanged(one: NameFacts, other: NameFacts) -> bool:
    """Given and family name in each other's field."""
    return given_of(one) in families_of(other) and given_of(other) in families_of(one)


def _one_name(one: NameFacts, other: NameFacts) -> tuple[str, str] | None:
    """Where one record has a single name: it may stand in either field. None: as the fields compare."""
    ones, others = ({given_of(each), *families_of(each)} - {""} for each in (one, other))
    if not ones or not others or min(len(ones), len(others)) > 1:
        return None
    if ones & others:
        return "same", ""
    if any(_close(*pair) for pair in product(ones, others)):
        return "close", ""
    fields_meet = (one.given and other.given) or (families_of(one) and families_of(other))
    return None if fields_meet else ("other", "")


def _given(one: str, other: str, weights: Weights) -> str:
    if not one or not other:
        return ""
    if one == other:
        return "same"
    if other in weights.nicknames.get(one, ()):
        return "nickname"
    initial = min(len(one), len(other)) == 1 and one[0] == other[0]
    return "close" if initial or _close(one, other) else "other"


def _family(ones: tuple[str, ...], others: tuple[str, ...]) -> str:
    if not ones or not others:
        return ""
    common = set(ones) & set(others)
    if len(common) > 1:
        return "both"
    if common or "".join(ones) == "".join(others):
        return "same"
    return "close" if any(_close(*pair) for pair in product(ones, others)) else "other"


def _close(one: str, other: str) -> bool:
    return heard(one) == heard(other) or JaroWinkler.similarity(one, other) >= CLOSE


def _born(one: Born, other: Born) -> str:
    if not one.known or not other.known:
        return ""
    if one.day is None or other.day is None:
        return "year" if _years_meet(one, other) else "other"
    if one.day == other.day:
        return "same"
    if swapped(one).day == other.day:
        return "swapped"
    if DamerauLevenshtein.distance(f"{one.day:%Y%m%d}", f"{other.day:%Y%m%d}") == 1:
        return "close"
    return "year" if one.day.year == other.day.year else "other"


def _years_meet(one: Born, other: Born) -> bool:
    (first, last), (first_2, last_2) = _years(one), _years(other)
    return first <= last_2 and first_2 <= last


def _years(born: Born) -> tuple[int, int]:
    if isinstance(born.day, date):
        return born.day.year, born.day.year
    return born.from_year or 0, born.until_year or 9999


def _phones(ones: Iterable[str], others: Iterable[str]) -> str:
    """What is too short to be a number says nothing."""
    pairs = list(product(filter(phone_end, ones), filter(phone_end, others)))
    if not pairs:
        return ""
    ends = [pair for pair in pairs if phone_end(pair[0]) == phone_end(pair[1])]
    if not ends:
        return "other"
    return "same" if any(numbers_alike(*pair) is Likeness.SAME for pair in ends) else "end"


def _address(one: str, other: str) -> str:
    if not (any(map(str.isalnum, one)) and any(map(str.isalnum, other))):
        return ""
    if one.isascii() and other.isascii() and _NUMBERS.findall(one) != _NUMBERS.findall(other):
        return "other"  # most pairs, and known without reading their streets
    return "same" if same_place(one, other) else "other"
