"""How much a clock can count. Pure."""

from nowrongdoor.clocks.counting.facts import Unit

MOST = {
    Unit.MINUTES: 5_270_400,
    Unit.HOURS: 87_840,
    Unit.BUSINESS_HOURS: 20_000,
    Unit.COURT_DAYS: 2_600,
    Unit.BUSINESS_DAYS: 2_600,
    Unit.CALENDAR_DAYS: 36_600,
    Unit.CALENDAR_YEARS: 120,
}
"""The most of each unit that a clock counts: ten years of what is counted step by step."""


def most_of(unit: Unit) -> tuple[int, int]:
    """The least and the most that may be counted of a unit. Only of calendar days none is a count: the same date."""
    return (0 if unit is Unit.CALENDAR_DAYS else 1), MOST[unit]
