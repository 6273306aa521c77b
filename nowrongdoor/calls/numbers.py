"""Another system's number for a call: how it is compared, and what it counts within. Pure.

A number alone is nobody's: the same one stands for another call at the next agency, and next year. It is
kept with its scope before it, each part after a `:`; what is written in a part itself cannot be one.
"""

from datetime import timedelta

from nowrongdoor.kernel.text import plain

MOST = 100
CLIP = "cad:"
"""How a number begins that this program's own CAD showed."""
TAKEN = timedelta(hours=24)
"""Two notes of one number this near to each other are of one call."""


def numbered(number: str) -> str:
    """A number as it is compared: in capitals, without what is invisible, `:` and `%` written otherwise."""
    return plain(number).upper().replace("%", "%25").replace(":", "%3A")


def scoped(scope: tuple[str, ...], number: str) -> str:
    """A number with whose and of which year it is. The first part is a code, and stays as it is."""
    return ":".join([*scope[:1], *map(numbered, scope[1:]), numbered(number)])


def from_clip(number: str, year: int) -> str:
    """A number as this program's own CAD showed it, in a year of this community's clock."""
    return f"{CLIP}{year}:{numbered(number)}"


def alone(reference: str) -> str:
    """The number without its scope, to be read; '' where the other system gave none."""
    before, _, number = reference.rpartition(":")
    if before.endswith("line") or reference == "":
        return ""
    return number.replace("%3A", ":").replace("%25", "%")
