"""What a line of another system's file means. Pure: words and local times in, facts or a reject out."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import product
from zoneinfo import ZoneInfo

from nowrongdoor.exchange.facts import ClassRule, OutcomeRule
from nowrongdoor.kernel.hours import readings
from nowrongdoor.kernel.text import folded, plain

ISO = "iso"
"""ISO 8601, among the ways in which a profile says that times are written."""
_GUESSES = (
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%y %H:%M",
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M", "%Y-%m-%d %I:%M:%S %p", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S", "%b %d %Y %I:%M%p",
)  # fmt: skip


class Unreadable(ValueError):  # noqa: N818 - it becomes a reject
    """A value that cannot be what its column says. Carries the reason in words."""


def classify(
    rules: Sequence[ClassRule], *, problem: str, agency: str, reception: str
) -> ClassRule | None:
    """The first rule whose patterns all match the whole value, or None. An empty pattern matches all.

    Words are compared without regard to case, accents, spaces and what is invisible.
    Source: the profile; order decides, so that a narrow line can stand before a wide one.
    """
    values = (plain(problem), plain(agency), plain(reception))
    for rule in rules:
        pairs = zip((rule.problem, rule.agency, rule.reception), values, strict=True)
        if all(not each or re.fullmatch(each, value, re.IGNORECASE) for each, value in pairs):
            return rule
    return None


def outcome_of(rules: Sequence[OutcomeRule], end_point: str, disposition: str) -> str | None:
    """What came of a visit, by the first rule that fits both values, compared as in `classify`; or None.

    Source: the profile. What it does not name, or what contradicts itself, is not guessed.
    """
    values = (plain(end_point), plain(disposition))
    for rule in rules:
        pairs = zip((rule.end_point, rule.disposition), values, strict=True)
        if all(not each or re.fullmatch(each, value, re.IGNORECASE) for each, value in pairs):
            return rule.outcome
    return None


def has_hour(form: str) -> bool:
    return any(each in form for each in ("%H", "%I", "%X", "%c"))


def told(text: str, forms: Sequence[str] = (ISO,)) -> datetime | None:
    """A time as it is written, or None where it is a date alone, in whatever spelling.

    Shape: without a zone, unless an offset is written beside it.
    Errors: Unreadable where it is written in none of these ways.
    """
    for form in forms:
        try:
            if form != ISO:
                at = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the profile's
                return at if has_hour(form) else None
            return None if _is_date(text) else datetime.fromisoformat(text)
        except ValueError:
            continue
    raise Unreadable("this is not a time")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def looks_like(text: str) -> str:
    """How a time seems to be written that could not be read, or ''. Never the time itself."""
    for form in _GUESSES:
        try:
            datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the profile's
        except ValueError:
            continue
        return form
    return ""


def instants(at: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants that a time as it is written can mean, in UTC: one, or two when clocks went back.

    Errors: Unreadable for an hour that clocks skipped, and for what no calendar goes to.
    Source: sources, "Times that cannot be right".
    """
    try:
        if at.tzinfo is not None:
            return (at.astimezone(UTC),)
        real = readings(at, zone)
    except OverflowError:
        raise Unreadable("this is not a time") from None
    if not real:
        raise Unreadable("clocks skipped this hour")
    return real


def orders(
    possible: Mapping[str, Sequence[datetime]], after: Mapping[str, Collection[str]]
) -> tuple[tuple[dict[str, datetime], ...], str]:
    """Every way in which the times of a line can be meant without running backwards.

    Shape: each has one time for every name, in the order of `possible`. Where there is none, the name
        at which the least bad of all ways goes wrong.
    """
    names = list(possible)
    ways = [dict(zip(names, way, strict=True)) for way in product(*possible.values())]
    wrong = [(_backwards(way, after), way) for way in ways]
    if right := tuple(way for name, way in wrong if not name):
        return right, ""
    return (), max((name for name, _ in wrong), key=names.index)


def _backwards(times: Mapping[str, datetime], after: Mapping[str, Collection[str]]) -> str:
    for name, at in times.items():
        if any(each in times and at < times[each] for each in after.get(name, ())):
            return name
    return ""


def digest(row: Mapping[str, str], nothing: Collection[str]) -> str:
    """What stands for the number of a line that has none: so that the same line is entered once.

    `nothing`: the words, folded, that stand for nothing.
    """
    said = {key: "" if folded(cell) in nothing else cell for key, cell in row.items()}
    whole = "\x1f".join(f"{key}={said[key]}" for key in sorted(said))
    return "line:" + sha256(whole.encode(errors="surrogateescape")).hexdigest()[:32]


def gap_s(start: datetime | None, end: datetime | None, *, most_s: int = 6 * 3600) -> float | None:
    """Seconds between two stages, or None: a stage is missing, the order is wrong, or too long.

    Units: seconds; `most_s` is six hours.
    Source: sources, "Alexandria CAD file".
    """
    if start is None or end is None:
        return None
    gap = end - start
    return gap.total_seconds() if timedelta() <= gap <= timedelta(seconds=most_s) else None
