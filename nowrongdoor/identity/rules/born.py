"""A birth date or an age, as somebody says it: one field takes either, since a caller knows one of them."""

import re
from datetime import date

from nowrongdoor.identity.facts import NOT_KNOWN, Born
from nowrongdoor.kernel.alike import digits
from nowrongdoor.kernel.text import folded

OLDEST = 125
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_US = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS = re.compile(r"((?:19|20)\d\d) ?[-–] ?((?:19|20)\d\d)")
_AGE = re.compile(r"(\d{1,3})")
_AGES = re.compile(r"(\d{1,3})(?: ?- ?| to | a )(\d{1,3})")
_ABOUT = re.compile(r"^(about|around|approx|aprox|ca|como|unos|unas|age|aged|edad|~)\.? ?")
ABOUT = 5
"""How many years an age may be off that was said with "about"."""


def read_born(text: str, *, on: date) -> Born | None:
    """What was said, `on` this day: 3/14/1980, 1980-03-14, 1980, 1975-1985, 46, 40-50, about 45. None: unreadable.

    Units: years. An age on a day leaves two years of birth open.
    Errors: a day that is not in the calendar, or to come, or of nobody alive, is unreadable.
    """
    said = " ".join(digits(folded(text)).split())
    if not said:
        return NOT_KNOWN
    day = _day(said, on)
    if day is not None:
        return Born(day=day) if on.year - OLDEST <= day.year and day <= on else None
    return _around(said, on)


def _around(said: str, on: date) -> Born | None:
    about = _ABOUT.match(said)
    rest = said[about.end() :] if about else said
    slack = ABOUT if about and about[1] not in ("age", "aged", "edad") else 0
    if _YEAR.fullmatch(rest):
        return _years(int(rest) - slack, min(int(rest) + slack, on.year), on)
    if found := _YEARS.fullmatch(rest):
        return _years(int(found[1]), int(found[2]), on)
    if found := _AGES.fullmatch(rest):
        return _aged(int(found[1]), int(found[2]), on)
    if found := _AGE.fullmatch(rest):
        return _aged(max(int(found[1]) - slack, 0), int(found[1]) + slack, on)
    return None


def _aged(least: int, most: int, on: date) -> Born | None:
    if least > most or most > OLDEST:
        return None
    return _years(on.year - most - 1, on.year - least, on)


def _years(first: int, last: int, on: date) -> Born | None:
    return Born(from_year=first, until_year=last) if first <= min(last, on.year) else None


def _day(said: str, on: date) -> date | None:
    """A whole date. A year of two digits is the latest that is not to come."""
    if found := _ISO.fullmatch(said):
        parts = int(found[1]), int(found[2]), int(found[3])
    elif found := _US.fullmatch(said):
        year = int(found[3])
        if len(found[3]) == 2:  # noqa: PLR2004 - digits
            year += 2000 if 2000 + year <= on.year else 1900
        parts = year, int(found[1]), int(found[2])
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def written(born: Born) -> str:
    """As it is typed again: a date, a year, or two years."""
    if born.day is not None:
        return f"{born.day:%m/%d/%Y}"
    if born.from_year is None:
        return ""
    if born.from_year == born.until_year:
        return str(born.from_year)
    return f"{born.from_year}-{born.until_year}"
