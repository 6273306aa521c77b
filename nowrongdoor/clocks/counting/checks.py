"""What goes with what in a row of the clocks: each check answers in words what is wrong."""

from collections.abc import Iterator

from nowrongdoor.clocks.counting.facts import TIMES, WORKING_DAYS, Kind, Roll, Terms, Unit
from nowrongdoor.clocks.counting.limits import most_of
from nowrongdoor.clocks.counting.schema import ClockRow

_Wrong = tuple[bool, str]


def amounts(row: ClockRow) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every version has an amount, of its own or the row's, and none past what is counted."""
    given = [(("amount",), row.amount, row.unit)] if row.amount is not None else []
    if row.amount is None and not row.versions:
        yield ("amount",), "this is missing"
    more = [
        (("versions", n, "amount"), e.amount, e.unit or row.unit)
        for n, e in enumerate(row.versions)
    ]
    for path, amount, unit in (*given, *more):
        least, most = most_of(unit)
        if amount is None and row.amount is None:
            yield path, "this is missing"
        elif amount is not None and not least <= amount <= most:
            yield path, f"of {unit} there are {least} to {most}"


def shapes(row: ClockRow, terms: Terms) -> Iterator[str]:
    """What of a row, in one reading of one version, does not go together."""
    before, unit = row.direction == "before", terms.unit
    yield from (
        said for wrong, said in (*_units(row, terms), *_days(row, terms, before=before)) if wrong
    )
    if before and (unit is Unit.BUSINESS_HOURS or terms.excluded or row.pausable or terms.tolled):
        yield "before an event hours are counted exactly, and no day is left out of calendar days"
    if row.kind is Kind.COUNTER and (unit is not Unit.CALENDAR_DAYS or before):
        yield "a counter counts calendar days, after its event"


def _units(row: ClockRow, terms: Terms) -> Iterator[_Wrong]:
    unit, working = terms.unit, terms.unit in WORKING_DAYS or terms.unit is Unit.BUSINESS_HOURS
    yield working and terms.calendar is None, f"{unit} want a calendar"
    yield not working and terms.calendar is not None, f"calendar does not go with {unit}"
    yield unit is not Unit.HOURS and terms.excluded is not None, f"excluded does not go with {unit}"
    yield (
        (unit is Unit.BUSINESS_HOURS) is (row.open is None),
        "open goes with business_hours, which want it",
    )
    yield row.open is not None and terms.opens_at >= terms.closes_at, "it closes before it opens"
    yield row.pausable and unit not in TIMES, f"pausable does not go with {unit}"


def _days(row: ClockRow, terms: Terms, *, before: bool) -> Iterator[_Wrong]:
    unit, rolls = terms.unit, terms.roll is not Roll.NONE
    days = unit not in TIMES
    yield (
        terms.first_counted and unit is not Unit.CALENDAR_DAYS,
        f"first_day does not go with {unit}",
    )
    yield terms.tolled and unit is not Unit.CALENDAR_DAYS, f"tolled_by does not go with {unit}"
    yield (
        row.ends is not None and not (days and row.kind is not Kind.OPENS),
        "ends goes with a last day",
    )
    yield (
        row.opens_after is not None and (not days or before),
        "opens_after goes with days after an event",
    )
    yield rolls and not days, f"roll does not go with {unit}"
    yield rolls and terms.roll_calendar is None, "roll wants a roll_calendar"
    yield (
        rolls and row.kind is Kind.AUTHORITY,
        "power over a person never rolls: a weekend lengthens no hold",
    )
    yield before and terms.roll is Roll.FORWARD, "what is measured before an event rolls back"
