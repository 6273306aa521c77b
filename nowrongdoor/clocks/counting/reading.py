"""Reading a community's clocks. All that is wrong is named at once: file, line, key, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nowrongdoor.clocks.counting import calendars, schema
from nowrongdoor.clocks.counting.checks import amounts, shapes
from nowrongdoor.clocks.counting.facts import (
    DAY_ENDS,
    Book,
    Calendar,
    Clock,
    Holiday,
    Terms,
    Version,
)
from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.community.written import Written, file_of, text_of

FILE = "clocks.yaml"
LONGEST, MOST_MARKS = 500_000, 100_000
"""Bytes of a text and marks in it: ten times the community's own."""
Place = tuple[str | int, ...]


def book_of(community: str) -> Book:
    """The clocks of a community: its folder, its name under communities/, or the file. As `read`."""
    file = Path(community)
    return read(file if file.is_file() else file_of(community, FILE))


def read(file: Path) -> Book:
    """Read a file of clocks. Errors: BadCommunity with every problem found."""
    return read_text(text_of(file), file.name)


def read_text(text: str, name: str = FILE) -> Book:
    """Read clocks from a text; `name` is what problems call the file. Errors: as `read`."""
    written = Written(text, name, schema.ClocksFile, longest=LONGEST, most_marks=MOST_MARKS)
    built = _Build(written)
    book = built.book()
    found = [*built.problems, *(written.at(*each) for each in _checks(written.rows))]
    if not found:
        found = [written.at(*each) for each in _observed(written.rows, book)]
    if found:
        raise BadCommunity(sorted(found, key=lambda each: each.line))
    return book


class _Build:
    """Rows to facts. What cannot be read becomes a problem, and counts as nothing."""

    def __init__(self, written: Written[schema.ClocksFile]) -> None:
        self.written, self.rows = written, written.rows
        self.problems: list[Problem] = []
        plain = {name: row for name, row in self.rows.calendars.items() if not row.both}
        self.calendars = {name: _calendar(name, row) for name, row in plain.items()}
        for name, row in self.rows.calendars.items():
            if row.both:
                path = ("calendars", name, "both")
                parts = [self.calendar(each, path, plain=plain) for each in row.both]
                known = tuple(each for each in parts if each is not None)
                self.calendars[name] = Calendar(name, both=known)

    def book(self) -> Book:
        rows = self.rows
        clocks = {row.id: self.clock(n, row) for n, row in enumerate(rows.clocks)}
        return Book(
            id=rows.clocks_file,
            version=rows.version,
            zone=rows.zone,
            calendars=self.calendars,
            clocks=clocks,
            adopted=frozenset(rows.adopted),
            events=rows.events,
        )

    def clock(self, n: int, row: schema.ClockRow) -> Clock:
        path: Place = ("clocks", n)
        whole = self.terms(row, path)
        return Clock(
            id=row.id,
            name=row.name,
            group=row.group,
            kind=row.kind,
            starts_on=row.starts_on,
            versions=tuple(self.versions(row, whole, path)),
            statute=row.statute,
            certainty=row.certainty,
            lapse=row.lapse,
            acts=row.acts,
            stops_on=row.stops_on,
            before=row.direction == "before",
            setting=row.setting,
            pausable=row.pausable,
            tolled=row.tolled_by is not None,
            cap=row.cap or "",
            pending=row.pending or "",
            opens_after=row.opens_after,
            note=row.note,
            warn=row.warn,
        )

    def terms(self, row: schema.ClockRow, path: Place) -> Terms:
        opens, closes = row.open or ("00:00", "00:00")
        return Terms(
            amount=row.amount or 0,
            unit=row.unit,
            excluded=self.calendar(row.excluded, (*path, "excluded")),
            calendar=self.calendar(row.calendar, (*path, "calendar")),
            first_counted=row.first_day is not None,
            tolled=row.tolled_by is not None,
            roll=row.roll,
            roll_calendar=self.calendar(row.roll_calendar, (*path, "roll_calendar")),
            ends=_minutes(row.ends),
            opens_at=_minutes(opens),
            closes_at=_minutes(closes),
        )

    def versions(self, row: schema.ClockRow, whole: Terms, path: Place) -> Iterator[Version]:
        if not row.versions:
            yield self.version(row, whole, path)
        for n, each in enumerate(row.versions):
            at: Place = (*path, "versions", n)
            terms = replace(
                whole,
                amount=whole.amount if each.amount is None else each.amount,
                unit=each.unit or whole.unit,
                excluded=self.calendar(each.excluded, (*at, "excluded")) or whole.excluded,
                calendar=self.calendar(each.calendar, (*at, "calendar")) or whole.calendar,
            )
            made = self.version(row, terms, at)
            since, until = each.since or date.min, each.until or date.max
            yield replace(made, since=since, until=until, law=each.law)

    def version(self, row: schema.ClockRow, terms: Terms, path: Place) -> Version:
        beside: Place = (*path[:2], "cautious")
        cautious = self.cautious(row.cautious, terms, beside) if row.cautious else None
        for each, at in ((terms, path), (cautious, beside)):
            if each is not None:
                self.problems += [self.written.at(at, said) for said in shapes(row, each)]
        return Version(terms, cautious)

    def cautious(self, row: schema.CautiousRow, terms: Terms, path: Place) -> Terms:
        said = row.model_fields_set
        values: dict[str, object] = {
            "unit": row.unit,
            "excluded": self.calendar(row.excluded, (*path, "excluded")),
            "calendar": self.calendar(row.calendar, (*path, "calendar")),
            "first_day": row.first_day is not None,
            "tolled_by": row.tolled_by is not None,
            "roll": row.roll,
            "roll_calendar": self.calendar(row.roll_calendar, (*path, "roll_calendar")),
            "ends": _minutes(row.ends),
        }
        for key in ("unit", "roll"):
            if key in said and values[key] is None:
                self.problems.append(self.written.at((*path, key), "this cannot be null"))
                said = said - {key}
        named = {"first_day": "first_counted", "tolled_by": "tolled"}
        return replace(terms, **{named.get(key, key): values[key] for key in said})  # type: ignore[arg-type]

    def calendar(
        self, name: str | None, path: Place, *, plain: Mapping[str, object] | None = None
    ) -> Calendar | None:
        if name is None:
            return None
        if plain is not None and name in self.rows.calendars and name not in plain:
            self.problems.append(self.written.at(path, f"{name} is made of others itself"))
            return None
        if name not in self.calendars:
            self.problems.append(self.written.at(path, f"there is no calendar {name} here"))
        return self.calendars.get(name)


def _calendar(name: str, row: schema.CalendarRow) -> Calendar:
    holidays = tuple(
        Holiday(
            name=each.name,
            month=each.month,
            day=each.day or 0,
            weekday=each.weekday or 0,
            nth=each.nth or 0,
            plus=each.plus,
            saturday=each.saturday,
            sunday=each.sunday,
            since=each.since or 0,
            until=each.until or date.max.year,
        )
        for each in row.days
    )
    return Calendar(name, frozenset(row.weekend), holidays, row.court)


def _minutes(text: str | None) -> int:
    if text is None:
        return DAY_ENDS
    hour, minute = map(int, text.split(":"))
    return hour * 60 + minute


def _checks(rows: schema.ClocksFile) -> Iterator[tuple[Place, str]]:
    """What no single key can say of itself."""
    if not _zone(rows.zone):
        yield ("zone",), "no such time zone"
    seen: set[str] = set()
    for n, row in enumerate(rows.clocks):
        if row.id in seen:
            yield ("clocks", n, "id"), f"{row.id} stands here twice"
        seen.add(row.id)
        for path, because in (*_versions(row), *amounts(row)):
            yield ("clocks", n, *path), because
    yield from _names(rows)


def _zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _names(rows: schema.ClocksFile) -> Iterator[tuple[Place, str]]:
    """Bills and events are those of rows."""
    bills = {row.pending for row in rows.clocks}
    for n, bill in enumerate(rows.adopted):
        if bill not in bills:
            yield ("adopted", n), f"no clock waits for {bill}"
    events = {row.starts_on for row in rows.clocks}
    for event in rows.events:
        if event not in events:
            yield ("events", event), f"no clock starts on {event}"


def _versions(row: schema.ClockRow) -> Iterator[tuple[Place, str]]:
    """One after the other, and never two at once."""
    free: date | None = date.min
    for n, each in enumerate(row.versions):
        since, until = each.since or date.min, each.until or date.max
        if until < since:
            yield ("versions", n), "it ends before it begins"
        if free is None or since < free:
            yield ("versions", n), "it begins before the one above has ended"
        free = until + timedelta(days=1) if until < date.max else None


def _observed(rows: schema.ClocksFile, book: Book) -> Iterator[tuple[Place, str]]:
    """What the file says that its calendars come to, as a check on them and on us."""
    for name, years in rows.observed.items():
        if name not in book.calendars:
            yield ("observed", name), f"there is no calendar {name} here"
            continue
        for year, said in years.items():
            if not 1 < year < date.max.year:
                yield ("observed", name, year), "no such year"
                continue
            found = [f"{day:%m-%d}" for day in calendars.observed(book.calendars[name], year)]
            if differ := _differ(said, found):
                yield ("observed", name, year), differ


def _differ(said: Sequence[str], found: Sequence[str]) -> str:
    more, fewer = sorted(set(found) - set(said)), sorted(set(said) - set(found))
    parts = [f"the calendar also leaves out {', '.join(more)}"] if more else []
    parts += [f"the calendar does not leave out {', '.join(fewer)}"] if fewer else []
    return "; ".join(parts)
