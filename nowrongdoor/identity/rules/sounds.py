"""How a name sounds, and the keys by which records are found: written differently, heard alike.

Source: sources, "Who it is"; NYSIIS, and our own folding of Spanish spelling.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from itertools import product

import jellyfish

from nowrongdoor.identity.facts import Born, Described, NameFacts
from nowrongdoor.kernel.alike import digits
from nowrongdoor.kernel.text import folded

PHONE_END = 7
"""Digits of a phone number that are compared first: whoever is in a hurry leaves the area out."""
_EXTENSION = re.compile(r"ext|x|#", re.IGNORECASE)
_APART = re.compile(r"[^\w]+|_")
_LITTLE = frozenset(
    {
        "de",
        "del",
        "la",
        "las",
        "los",
        "el",
        "y",
        "da",
        "dos",
        "do",
        "van",
        "von",
        "der",
        "den",
        "di",
    }
)
_JOINED = re.compile(r"\b(mc|mac|o|d|st|san|santa) (?=\w)")
# Heard alike in Spanish and in English spelling of it: h is silent, b is v, s is z and soft c, j is soft g and x.
_SPANISH = (
    (r"ch", "S"), (r"sh", "S"), (r"ph", "f"), (r"qu", "k"), (r"ll", "y"), (r"h", ""), (r"v", "b"), (r"w", "u"),
    (r"g(?=[ei])", "j"), (r"x", "j"), (r"c(?=[eiy])", "s"), (r"z", "s"), (r"c", "k"), (r"q", "k"),
    (r"gu(?=[ei])", "g"), (r"y", "i"), (r"m(?=[bp])", "n"),
)  # fmt: skip
_SOUNDS = tuple((re.compile(of), to) for of, to in _SPANISH)
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name without accents, marks and little words: O'Brien is obrien, de la Cruz is cruz."""
    plain = folded(name).replace("'", "").replace("’", "").replace("`", "")
    spaced = _JOINED.sub(r"\1", " ".join(_APART.sub(" ", plain).split()))
    words = tuple(spaced.split())
    return tuple(each for each in words if each not in _LITTLE) or words


def families_of(name: NameFacts) -> tuple[str, ...]:
    """Each family name by itself, whether written in two fields, with a hyphen or with a blank."""
    return tuple(dict.fromkeys((*words_of(name.family), *words_of(name.second_family))))


def given_of(name: NameFacts) -> str:
    """The first given name: further ones are often left out, or stand alone."""
    return next(iter(words_of(name.given)), "")


@lru_cache(maxsize=8192)
def heard(word: str) -> str:
    """A word as it is heard in Spanish: two that are heard alike are written alike."""
    for of, to in _SOUNDS:
        word = of.sub(to, word)
    return _TWICE.sub(r"\1", word)


def phone_end(phone: str) -> str:
    """The last seven digits of a number, without its extension; '' where it has fewer."""
    plain = phone if phone.isascii() else digits(folded(phone))
    said = _EXTENSION.split(plain, maxsplit=1)[0]
    found = re.sub(r"\D", "", said)
    return found[-PHONE_END:] if len(found) >= PHONE_END else ""


def keys_of(person: Described) -> frozenset[int]:
    """The keys under which a record is found."""
    return _hashed({*_of_pairs(person.names), *_of_words(person.names), *_of_rest(person)})


def sought(person: Described, nicknames: Mapping[str, frozenset[str]]) -> frozenset[int]:
    """The keys by which to look for somebody: with nicknames, and the date read the other way around.

    One word alone is looked for as any word of a name; beside anything else it would find too many.
    """
    said = {word for name in person.names for word in (*words_of(name.given), *families_of(name))}
    alone = len(said) == 1 and not (person.phones or person.born.day)
    found = {*_of_pairs(person.names, nicknames), *_of_rest(person, swapped=True)}
    found |= (
        {f"W {heard(word)}" for word in said} if alone else {f"1 {heard(word)}" for word in said}
    )
    return _hashed(found)


def swapped(born: Born) -> Born:
    """The same date with day and month exchanged, where that is one."""
    if born.day is None or born.day.day > 12:  # noqa: PLR2004 - months
        return Born()
    return Born(day=born.day.replace(month=born.day.day, day=born.day.month))


def _of_pairs(
    names: Iterable[NameFacts], nicknames: Mapping[str, frozenset[str]] | None = None
) -> Iterator[str]:
    """A given and a family name together, by two ways of hearing; the other way around is the same key."""
    for name in names:
        given, families = given_of(name), families_of(name)
        others = nicknames.get(given, ()) if nicknames else ()
        for first, family in product((given, *others), families):
            if first:
                yield f"N {' '.join(sorted((heard(first), heard(family))))}"
                yield f"Y {' '.join(sorted((jellyfish.nysiis(first), jellyfish.nysiis(family))))}"


def _of_words(names: Iterable[NameFacts]) -> Iterator[str]:
    for name in names:
        words = {heard(each) for each in (*words_of(name.given)[:1], *families_of(name))}
        yield from (f"W {each}" for each in words)
        if len(words) == 1:  # whoever has one name only is found by it beside any other
            yield from (f"1 {each}" for each in words)


def _of_rest(person: Described, *, swapped: bool = False) -> Iterator[str]:
    if (day := person.born.day) is not None:
        yield f"B {day:%Y%m%d}"
        if swapped and (other := _swapped(person.born)):
            yield f"B {other}"
        for name in person.names:
            yield from (f"F {heard(each)} {day.year}" for each in families_of(name))
    yield from (f"P {end}" for end in map(phone_end, person.phones) if end)


def _swapped(born: Born) -> str:
    day = swapped(born).day
    return "" if day is None else f"{day:%Y%m%d}"


def _hashed(keys: set[str]) -> frozenset[int]:
    """Whole numbers of 64 bits: no name stands in the table of keys, and its index is small."""
    return frozenset(
        int.from_bytes(sha256(each.encode()).digest()[:8], "big", signed=True) for each in keys
    )
