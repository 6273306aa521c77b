"""Who is of age on a day. Pure."""

from datetime import date

OF_AGE = 18
"""Years: A.R.S. 1-215, adult."""


def age(born: date, on: date) -> int:
    """Whole years. Whoever was born on February 29 is a year older on March 1 of other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def minor(born: date | None, on: date) -> bool:
    """Whether somebody is under age; unknown is."""
    return born is None or age(born, on) < OF_AGE
