"""An episode's number, as somebody reads it over a radio. Pure."""

import re
from dataclasses import dataclass

from nowrongdoor.episodes.facts import DIGITS
from nowrongdoor.kernel.alike import digits
from nowrongdoor.kernel.text import folded

_YEAR = 2  # digits of the year
_MOST = 18  # digits that a counter can have
_PARTS = re.compile(r"([a-z]*)\W*(?:(\d\d)\W+)?(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said of a number: the counter, and what stands before it as far as that was said."""

    number: int
    year: str = ""
    prefix: str = ""

    def is_it(self, number: int, label: str) -> bool:
        """Whether the episode with this counter and label is the one that was said."""
        return self.number == number and self.is_of(label)

    def is_of(self, label: str) -> bool:
        """Whether the label of the episode with this counter agrees with what was said."""
        head = label.casefold().partition("-")[0]
        prefix, year = head[:-_YEAR], head[-_YEAR:]
        return self.prefix in ("", prefix) and self.year in ("", year)


def spoken(said: str) -> Spoken | None:
    """Prefix, year, zeros and dash may be missing: `T26-000095` is `26 95` and `95`. None where it is no number."""
    match = _PARTS.fullmatch(digits(folded(said)))
    if match is None:
        return None
    prefix, year, counter = match.groups(default="")
    if not year and len(counter) >= _YEAR + DIGITS:  # nothing stood between
        year, counter = counter[:_YEAR], counter[_YEAR:]
    return Spoken(int(counter), year, prefix) if len(counter) <= _MOST else None
