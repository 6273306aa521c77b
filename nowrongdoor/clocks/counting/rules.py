"""When a clock is due. Pure, and in whole numbers (`instants`): dates are ordinals, times are seconds.

Source of every rule here, where none is named: the community's `clocks.yaml`, whose rows each name their own; how the
law of one place counts is in the notes of its file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nowrongdoor.clocks.counting.calendars import LeftOut, left_out
from nowrongdoor.clocks.counting.facts import (
    TIMES,
    WORKING_DAYS,
    Answer,
    Book,
    Case,
    Clock,
    Count,
    Counted,
    Kind,
    Roll,
    Terms,
    Unit,
    Version,
)
from nowrongdoor.clocks.counting.instants import at, instant, seconds_of, time_of, zone_of

NOT_IN_FORCE = Count(Answer.NOT_IN_FORCE)
EVER = 1 << 50
IN_SECONDS = {Unit.MINUTES: 60, Unit.HOURS: 3600, Unit.BUSINESS_HOURS: 3600}
Span = tuple[int, int]


def count(book: Book, clock: Clock, case: Case) -> Counted:
    """Say when a clock is due in a case, in each of its readings.

    Units: the start and the answer are aware times, to the minute; what is counted is the row's amount of its unit.
    Shape: the version in force on the local date of the start; *not in force* where there is none, or where the row
        waits for a bill that neither the book nor the case says is adopted.
    Errors: TypeError where the start carries no zone of the tz database; OverflowError past the year 9999.
        What a row has no use for is not looked at here: `asked.read_line` refuses it.
    """
    if clock.pending and clock.pending not in book.adopted and clock.pending not in case.adopted:
        return Counted(clock, case, NOT_IN_FORCE)
    version = in_force(clock, case.start)
    if version is None:
        return Counted(clock, case, NOT_IN_FORCE)
    ordinary = _count(clock, _of_case(version.ordinary, case), case)
    if version.cautious is None:
        return Counted(clock, case, ordinary, law=version.law)
    cautious = _count(clock, _of_case(version.cautious, case), case)
    return Counted(clock, case, ordinary, cautious, version.law)


def in_force(clock: Clock, start: datetime) -> Version | None:
    """The version that a start uses: the one in force on its local date.

    Units: a local time. Shape: None before the first version and after the last.
    """
    if len(clock.versions) == 1 and clock.versions[0].since == date.min:
        return clock.versions[0]
    day = start.date()
    return next((each for each in clock.versions if each.since <= day <= each.until), None)


def window_opens(clock: Clock, case: Case) -> datetime | None:
    """When an act begins to count as inside the window; None for a row without one.

    Units: `opens_after` is days after the local date of the start; the answer is midnight of that date.
    """
    if clock.opens_after is None:
        return None
    return at(zone_of(case), case.start.toordinal() + clock.opens_after, 0)


def warned_at(counted: Counted) -> tuple[datetime, ...]:
    """When to warn of a clock, the first warning first: so many minutes before the earliest of its readings.

    Units: aware times, real minutes. Shape: none where the row asks for none, or nothing is due.
    """
    by = counted.warned_by
    if by is None:
        return ()
    end, zone = seconds_of(by), zone_of(counted.case)
    minutes = sorted(counted.clock.warn, reverse=True)
    return tuple(time_of(end - 60 * each, zone) for each in minutes)


def shut(clock: Clock, case: Case) -> frozenset[int]:
    """The dates on which the court is specially shut, as far as they move this clock; as ordinals.

    A special closure moves court days. It never lengthens power over a person.
    """
    if not case.closures or clock.kind is Kind.AUTHORITY:
        return frozenset()
    return frozenset(day.toordinal() for day in case.closures)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans of numbers in their order, those that touch made one. Shape: first, and the first after. Empty ones go."""
    found: list[Span] = []
    for begin, end in sorted(each for each in spans if each[0] < each[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def whole_days_away(case: Case) -> list[Span]:
    """The whole dates of absence, in spans of ordinals: the day of leaving and the day of return both run."""
    return joined((left.toordinal() + 1, back.toordinal()) for left, back in case.absences)


def _of_case(terms: Terms, case: Case) -> Terms:
    """The terms with the amount and the calendar that the case puts in their place."""
    if case.amount is not None:
        terms = replace(terms, amount=case.amount)
    if case.calendar is None:
        return terms
    return replace(
        terms,
        excluded=terms.excluded and case.calendar,
        calendar=terms.calendar and case.calendar,
        roll_calendar=terms.roll_calendar and case.calendar,
    )


def _count(clock: Clock, terms: Terms, case: Case) -> Count:
    zone, used, rolled = zone_of(case), 0, False
    if terms.unit in TIMES:
        due = time_of(_in_time(clock, terms, case, zone), zone)
        last = due.date()
    else:
        if clock.kind is Kind.COUNTER:
            used = _used(case)
            if used >= terms.amount:
                return Count(Answer.NONE_LEFT, terms, used=used)
        day = _last_day(clock, terms, case, used)
        last = date.fromordinal(day)
        day, rolled = _rolled(day, clock, terms, case)
        due = at(zone, day, 0 if clock.kind is Kind.OPENS else terms.ends)
    cap = case.caps.get(clock.cap) if clock.cap else None
    capped = _as_time(cap, terms, zone) if cap is not None else None
    if capped is not None and capped < due:
        return Count(Answer.TIME, terms, capped, last, capped=True)
    return Count(Answer.TIME, terms, due, last, rolled, used=used)


def _as_time(cap: date | datetime, terms: Terms, zone: ZoneInfo) -> datetime:
    """A date on the face of an order ends when the row's own last day does."""
    if isinstance(cap, datetime):
        return time_of(seconds_of(cap), zone)
    return at(zone, cap.toordinal(), terms.ends)


def _in_time(clock: Clock, terms: Terms, case: Case, zone: ZoneInfo) -> int:
    """The instant at which the last minute has run; counted backwards, the last minute that may still be used."""
    start, amount = seconds_of(case.start), terms.amount * IN_SECONDS[terms.unit]
    if clock.before:
        return start - amount
    pauses = joined((seconds_of(begin), seconds_of(end)) for begin, end in case.paused)
    if terms.unit is Unit.BUSINESS_HOURS and terms.calendar is not None:
        out = left_out(terms.calendar, shut(clock, case))
        day = case.start.toordinal()
        return _run_out(_open(zone, out, terms, day, start), amount, pauses)
    if terms.excluded is not None:
        out = left_out(terms.excluded)
        return _run_out(_days(zone, out, case.start.toordinal(), start), amount, pauses)
    return _run_out([(start, EVER)], amount, pauses) if pauses else start + amount


def _days(zone: ZoneInfo, out: LeftOut, day: int, start: int) -> Iterator[Span]:
    """What runs: each date that is not left out, whole, from the start on."""
    while True:
        if not out(day):
            yield max(start, instant(zone, day)), instant(zone, day + 1)
        day += 1


def _open(zone: ZoneInfo, out: LeftOut, terms: Terms, day: int, start: int) -> Iterator[Span]:
    """What runs: the hours of business of each date that is not left out."""
    while True:
        if not out(day):
            yield (
                max(start, instant(zone, day, terms.opens_at)),
                instant(zone, day, terms.closes_at),
            )
        day += 1


def _run_out(spans: Iterable[Span], left: int, pauses: Sequence[Span]) -> int:
    """When so many seconds have run within these spans and outside of the pauses."""
    for begin, end in _without(spans, pauses) if pauses else spans:
        if left <= end - begin:
            return begin + left
        if begin < end:
            left -= end - begin
    raise OverflowError("it never runs out")


def _without(spans: Iterable[Span], pauses: Sequence[Span]) -> Iterator[Span]:
    """What of the spans is in no pause. Both stand in their order, and none touches another of its sort."""
    place = 0
    for span in spans:
        begin, end = span
        while place < len(pauses) and pauses[place][0] < end:
            first, after = pauses[place]
            if begin < first:
                yield begin, first
            begin = max(begin, after)
            if after > end:
                break  # it goes on within the next span
            place += 1
        yield begin, end


def _last_day(clock: Clock, terms: Terms, case: Case, used: int) -> int:
    """The date on which the count ends, before it rolls."""
    start, sign = case.start.toordinal(), -1 if clock.before else 1
    if terms.unit in WORKING_DAYS and terms.calendar is not None:
        return _working_day(start, sign, terms.amount, left_out(terms.calendar, shut(clock, case)))
    if terms.unit is Unit.CALENDAR_YEARS:
        return _years(case.start.date(), sign * terms.amount, opens=clock.kind is Kind.OPENS)
    if clock.kind is Kind.COUNTER:
        return start + terms.amount - used - 1
    days = max(terms.amount - terms.first_counted, 0)
    if not (terms.tolled and case.absences and terms.amount):
        return start + sign * days
    return _tolled(start, days, whole_days_away(case), first_counted=terms.first_counted)


def _working_day(day: int, sign: int, left: int, out: LeftOut) -> int:
    while left:
        day += sign
        if not out(day):
            left -= 1
    return day


def _years(day: date, years: int, *, opens: bool) -> int:
    """The same month and day; from 29 February the day before, or the day after where a right begins."""
    try:
        return day.replace(year=day.year + years).toordinal()
    except ValueError:
        return date(day.year + years, 3, 1).toordinal() - (0 if opens else 1)


def _tolled(start: int, days: int, away: Sequence[Span], *, first_counted: bool) -> int:
    """The last of so many dates, those within the spans left out."""
    first, last = start + (not first_counted), start + days
    for begin, after in away:
        if after <= first:
            continue
        if begin > last:
            break
        last += after - max(begin, first)
    return last


def _used(case: Case) -> int:
    """Dates of earlier stays before this one, each once; this one's own dates count from its start on."""
    stays = joined((begin.toordinal(), end.toordinal() + 1) for begin, end in case.stays)
    start = case.start.toordinal()
    return sum(min(after, start) - begin for begin, after in stays if begin < start)


def _rolled(day: int, clock: Clock, terms: Terms, case: Case) -> tuple[int, bool]:
    if terms.roll is Roll.NONE or terms.roll_calendar is None:
        return day, False
    out, step = (
        left_out(terms.roll_calendar, shut(clock, case)),
        1 if terms.roll is Roll.FORWARD else -1,
    )
    rolled = day
    while out(rolled):
        rolled += step
    return rolled, rolled != day
