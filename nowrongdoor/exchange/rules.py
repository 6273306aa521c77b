"""What a line of another system's file means. Pure: words and local times in, facts or a reject out."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from nowrongdoor.exchange.facts import ClassRule, OutcomeRule

DATE_ONLY = re.compile(r"\d{4}-\d\d-\d\d")


class Unreadable(ValueError):  # noqa: N818 - it becomes a reject
    """A value that cannot be what its column says. Carries the reason in words."""


def classify(
    rules: Sequence[ClassRule], *, problem: str, agency: str, reception: str
) -> ClassRule | None:
    """The first rule whose patterns all match the whole value, or None. An empty pattern matches all.

    Source: the profile; order decides, so that a narrow line can stand before a wide one.
    """
    for rule in rules:
        pairs = ((rule.problem, problem), (rule.agency, agency), (rule.reception, reception))
        if all(not pattern or re.fullmatch(pattern, value) for pattern, value in pairs):
            return rule
    return None


def folded(value: str) -> str:
    """A word as it is compared: without regard to case, and to how many spaces stand in it."""
    return " ".join(value.split()).casefold()


def outcome_of(rules: Sequence[OutcomeRule], end_point: str, disposition: str) -> str:
    """What came of a visit, by the first rule that fits both values; else `unknown`.

    Source: the profile. What it does not name, or what contradicts itself, is not guessed.
    """
    values = (folded(end_point), folded(disposition))
    for rule in rules:
        pairs = zip((rule.end_point, rule.disposition), values, strict=True)
        if all(not each or re.fullmatch(each, value, re.IGNORECASE) for each, value in pairs):
            return rule.outcome
    return "unknown"


def instants(text: str, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants that a local time can mean, in UTC: one, two when clocks went back, or none.

    Shape: ISO 8601 without an offset; a date without a time of day is no instant (empty).
    Errors: Unreadable for anything else, and for an hour that clocks skipped.
    Source: sources, "Times that cannot be right".
    """
    if not text or DATE_ONLY.fullmatch(text):
        return ()
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable("this is not a time") from None
    if local.tzinfo is not None:
        return (local.astimezone(UTC),)
    both = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    real = [each for each in both if each.astimezone(zone).replace(tzinfo=None) == local]
    if not real:
        raise Unreadable("clocks skipped this hour")
    return tuple(sorted(real))


def in_order(before: datetime, possible: Sequence[datetime]) -> datetime | None:
    """The one instant that a later stage can mean, or None: missing, or not to be told.

    Where clocks went back an hour and both readings come after `before`, none is chosen: never a
    guess. Where only one does, it is that one. Where none does, the last: the caller refuses it.
    """
    if len(possible) <= 1:
        return possible[0] if possible else None
    after = [each for each in possible if each >= before]
    return after[0] if len(after) == 1 else (None if after else possible[-1])


def reference(number: str, row: Mapping[str, str]) -> str:
    """The other system's number; where it gave none, a digest of the whole line.

    So that the same line read twice is entered once, numbered or not.
    """
    if number:
        return number
    whole = "\x1f".join(f"{key}={row[key]}" for key in sorted(row))
    return "line:" + sha256(whole.encode()).hexdigest()[:32]


def gap_s(start: datetime | None, end: datetime | None, *, most_s: int = 6 * 3600) -> float | None:
    """Seconds between two stages, or None: a stage is missing, the order is wrong, or too long.

    Units: seconds; `most_s` is six hours.
    Source: sources, "Alexandria CAD file".
    """
    if start is None or end is None:
        return None
    gap = end - start
    return gap.total_seconds() if timedelta() <= gap <= timedelta(seconds=most_s) else None
