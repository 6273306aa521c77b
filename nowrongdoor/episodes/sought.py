"""What somebody typed to find a call, read as whatever it may be: its number, a telephone number, words. Pure.

How the database looks for it stands in `SOUGHT` (`safeguards.py`): each word of a place and of a name, and each
telephone number as `p` with its digits backwards, so that its last digits are a beginning.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.episodes.numbers import Spoken, spoken
from nowrongdoor.kernel.alike import digits, numbers_in, writings, written_shortly
from nowrongdoor.kernel.text import folded

LEAST = 2
"""How many letters a search needs: one letter begins a word of nearly every call."""
MOST = 100
_LAST = 4  # digits that find a telephone number by its end
_AREA, _LOCAL = 10, 7  # digits of a number with and without its area
_PREFIX = 3  # letters from which a word of streets finds longer words: `st` is no Stone Avenue
_WORD = re.compile(r"[^\W_]+")
_PHONE = re.compile(r"([\d\s().+\-]+)(?:(?:ext|x|#).*)?")
_BETWEEN = frozenset({"and", "at", "y"})  # two streets that cross


class Matched(StrEnum):
    """What of a call is like what was typed."""

    NUMBER = "number"
    PHONE = "phone"
    PLACE = "place"
    NAME = "name"
    OWNER = "owner"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Sought:
    """`phone`: the last digits of a telephone number, 4 to 10 of them; '' where it can be none.

    `words`: folded; a call has to have the beginning of each. Empty where it is only a telephone number.
    """

    number: Spoken | None = None
    phone: str = ""
    words: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether too little was typed to look for."""
        return self.number is None and not self.phone and len("".join(self.words)) < LEAST


def read(typed: str) -> Sought:
    """What this may be; it may be several: `0142` ends a number of a call, a telephone's, and a house has it."""
    said = digits(folded(typed))
    phone = _phone(said)
    whole = len(phone) >= _LOCAL
    words = tuple(word for word in _WORD.findall(said) if word not in _BETWEEN)
    return Sought(number=spoken(said), phone=phone, words=() if whole else words)


def _phone(said: str) -> str:
    number = _PHONE.fullmatch(said)
    end = re.sub(r"\D", "", number[1]) if number else ""
    return end[-_AREA:] if len(end) >= _LAST else ""


def query(sought: Sought) -> str:
    """The same as a `tsquery` over `SOUGHT`; '' where no card can have it."""
    ways = [_all(_beginning(word) for word in sought.words)] if sought.words else []
    if sought.phone:
        ways.append(_ends_in(sought.phone))
    return " | ".join(f"({way})" for way in ways)


def alike_query(card: CardFacts) -> str:
    """Every card that may be of the same place or telephone number, as a `tsquery`; '' where it has neither."""
    place = written_shortly(card.place).split()
    telling = [word for word in place if not writings(word)] or place
    ways = [_all(f"'{word}'" for word in telling)] if telling else []
    ways += [_ends_in(number) for number in sorted(numbers_in(card.callback))]
    return " | ".join(f"({way})" for way in ways)


def _all(words: Iterable[str]) -> str:
    return " & ".join(words)


def _beginning(word: str) -> str:
    """A word of a place or a name that begins so, or a street's word however it is written."""
    others = writings(word)
    begins = len(word) >= (_PREFIX if others else LEAST)
    also = (f"'{each}'" for each in sorted(others - {word}))
    found = [f"'{word}'{':*' if begins else ''}", *also]
    return f"({' | '.join(found)})"


def _ends_in(number: str) -> str:
    """A telephone number by its last digits; one with an area is also found where it was told without."""
    back = number[::-1]
    return f"'p{back}':*" if len(number) <= _LOCAL else f"'p{back}':* | 'p{back[:_LOCAL]}'"


def matched(sought: Sought, card: CardFacts) -> tuple[Matched, ...]:
    """What of a card is like what was typed. Empty where all of it together was not on this card."""
    phones = {number[-len(sought.phone) :] for number in numbers_in(card.callback)}
    found = [Matched.PHONE] if sought.phone and _one_ends(sought.phone, phones) else []
    place, name = _WORD.findall(folded(card.place)), _WORD.findall(folded(card.name_given))
    has = {Matched.PLACE: place, Matched.NAME: name}
    if sought.words and all(begins_one(word, [*place, *name]) for word in sought.words):
        found += [what for what, of in has.items() if any(begins_one(w, of) for w in sought.words)]
    return tuple(found)


def _one_ends(phone: str, numbers: Collection[str]) -> bool:
    return any(phone.endswith(each) if len(each) == _LOCAL else each == phone for each in numbers)


def begins_one(word: str, words: Iterable[str]) -> bool:
    """Whether one of these folded words begins so, or is the same word of a street."""
    same = writings(word)
    begins = len(word) >= (_PREFIX if same else LEAST)
    return any(each == word or each in same or (begins and each.startswith(word)) for each in words)


def named(sought: Sought, name: str) -> bool:
    """Whether a person's name has the beginning of each word."""
    its = _WORD.findall(folded(name))
    return bool(sought.words) and all(begins_one(word, its) for word in sought.words)


def called(sought: Sought, code: str) -> bool:
    """Whether a unit's code begins so, hyphens and spaces aside."""
    typed = "".join(sought.words)
    return len(typed) >= LEAST and "".join(_WORD.findall(folded(code))).startswith(typed)
