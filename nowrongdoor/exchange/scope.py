"""Whose a foreign number is, and of which year: what it counts within, and other ways it may be kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from nowrongdoor.calls.facts import Entered
from nowrongdoor.calls.numbers import MOST, TAKEN, from_clip, scoped
from nowrongdoor.episodes.facts import Source
from nowrongdoor.exchange import rules
from nowrongdoor.exchange.facts import Line
from nowrongdoor.exchange.profiles import FileProfile
from nowrongdoor.exchange.stages import Refusal, filled, first


def reference(row: Mapping[str, str], profile: FileProfile, received_at: datetime) -> str:
    """The number of a line within its scope: the profile's code, whose, which year.

    Errors: Refusal where the number is too long to be one.
    """
    columns = profile.columns
    number = first(row, columns.numbers)
    if not number:
        return f"{profile.code}:{rules.digest(row, profile.none_words)}"
    for column in (filled(row, columns.numbers), *columns.whose):
        if len(row[column]) > MOST:
            raise Refusal(column, "this is too long for a number")
    whose = [first(row, (name,)) for name in columns.whose]
    year = [str(received_at.astimezone(profile.zone).year)] if columns.by_year else []
    return scoped((profile.code, *whose, *year), number)


def also(row: Mapping[str, str], profile: FileProfile, received_at: datetime) -> tuple[str, ...]:
    """The other numbers under which a call may be known: as the clip took it, and as it was once kept."""
    number = first(row, profile.columns.numbers)
    if not number:
        return (rules.digest(row, profile.none_words),)
    days = (received_at + off for off in (-TAKEN, timedelta(), TAKEN))
    years = sorted({day.astimezone(profile.zone).year for day in days})
    once = (number, f"{profile.code}:{number}") if number.isprintable() else ()
    return (*(from_clip(number, year) for year in years), *once)


def numbers(lines: Iterable[Line]) -> frozenset[str]:
    """Every number under which a call of these lines may be known."""
    return frozenset(
        ref for line in lines if line.contact for ref in (line.contact.external_ref, *line.also)
    )


def known(line: Line, entered: Mapping[str, tuple[Entered, ...]]) -> Entered | None:
    """The call of a line among those that are entered already, whatever they came from.

    By its own number first. By another it is the same call only where the time says so too: to the second
    where a file brought it, within a day where somebody here wrote it down.
    """
    if line.contact is None:
        return None
    at = line.contact.at
    mine = entered.get(line.contact.external_ref, ())
    same = [each for each in mine if each.received_at == at] or mine
    near = (
        each
        for ref in line.also
        for each in entered.get(ref, ())
        if (
            each.received_at == at
            if each.source is Source.IMPORT
            else abs(each.received_at - at) <= TAKEN
        )
    )
    found = (*same, *near)
    return next((each for each in found if each.episode_id), next(iter(found), None))
