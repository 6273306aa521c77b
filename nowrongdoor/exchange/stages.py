"""The columns of one line: what stands in them, and its times in their order."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from nowrongdoor.exchange import rules
from nowrongdoor.exchange.facts import Reject
from nowrongdoor.exchange.profiles import FileProfile
from nowrongdoor.kernel.text import plain

Row = Mapping[str, str]
Columns = tuple[str, ...]
FUTURE = "This time is in the future."


class Refusal(Exception):  # noqa: N818 - it becomes a reject
    def __init__(self, column: str, because: str, *, no_time: bool = False) -> None:
        super().__init__(because)
        self.reject = Reject(column, because, no_time=no_time)


class Chain:
    """The times of one line: `times` as instants, `written` as they stand in the file.

    The first name is when it began; `after` says what each name cannot come before. `missing` are the
    names whose time is not known: blank, a date only, a placeholder, or told twice by the clock and by
    nothing else. Of the last sort `either` has both; the first of them is kept of the beginning, which
    must have one. `at` is now: nothing happened later.
    """

    def __init__(
        self,
        profile: FileProfile,
        columns: Mapping[str, Columns],
        *,
        after: Mapping[str, Collection[str]],
        at: datetime,
    ) -> None:
        self._profile = profile
        self._columns = columns
        self._after = after
        self._at = at
        self.times: dict[str, datetime] = {}
        self.written: dict[str, datetime] = {}
        self.missing: list[str] = []
        self.either: dict[str, tuple[datetime, ...]] = {}

    @property
    def repeated(self) -> int:
        return len(self.either)

    def read(self, row: Row) -> None:
        """Read what can be told; refuse a chain that cannot be, after reading all of it."""
        possible: dict[str, tuple[datetime, ...]] = {}
        late = ""
        for name, columns in self._columns.items():
            column = filled(row, columns)
            found = self._possible(name, column, row.get(column, ""))
            past = tuple(each for each in found if each <= self._at)
            late = late or (column if found and not past else "")
            if past:
                possible[name] = past
            else:
                self.missing.append(name)
        if late:
            raise Refusal(late, FUTURE)
        self._settle(possible, row)
        self._require_short(row)

    def instant(self, row: Row, columns: Columns) -> datetime | None:
        """Another time of the line, by itself: its last reading. None where it is none."""
        column = filled(row, columns)
        return max(self._possible("", column, row.get(column, "")), default=None)

    def _possible(self, name: str, column: str, text: str) -> tuple[datetime, ...]:
        text = plain(text)
        if not text:
            return ()
        try:
            at = rules.told(text, self._profile.times)
        except rules.Unreadable as error:
            looks = rules.looks_like(text)
            more = f"; it looks like {looks}: say times" if looks else ""
            raise Refusal(column, f"{error}{more}", no_time=True) from None
        if at is None:
            return ()
        try:
            local = at if at.tzinfo is None else at.astimezone(self._profile.zone)
            return self._instants(name, column, at, local.replace(tzinfo=None))
        except OverflowError:
            raise Refusal(column, "this is not a time") from None
        except rules.Unreadable as error:
            raise Refusal(column, str(error)) from None

    def _instants(
        self, name: str, column: str, at: datetime, local: datetime
    ) -> tuple[datetime, ...]:
        if name:
            self.written[name] = local
        if self._profile.no_time(local):
            return ()
        if local - self._at.replace(tzinfo=None) > timedelta(days=2):  # past what a zone can do
            raise Refusal(column, FUTURE)
        return rules.instants(at, self._profile.zone)

    def _settle(self, possible: Mapping[str, tuple[datetime, ...]], row: Row) -> None:
        """Choose among the readings of a repeated hour by the order of the line's own times."""
        ways, wrong = rules.orders(possible, self._after)
        if not ways:
            column = filled(row, self._columns[wrong])
            raise Refusal(column, "this is earlier than the stage before it")
        for name in possible:
            readings = tuple(sorted({way[name] for way in ways}))
            if len(readings) > 1:
                self.either[name] = readings
            if len(readings) == 1 or name == next(iter(self._columns)):
                self.times[name] = readings[0]
            else:
                self.missing.append(name)

    def _require_short(self, row: Row) -> None:
        began, most = self.times.get(next(iter(self._columns))), self._profile.longest_h
        if began is None or most is None:
            return
        for name, at in self.times.items():
            if at - began > timedelta(hours=most):
                column = filled(row, self._columns[name])
                raise Refusal(column, f"this is more than {most} hours after it was received")


def no_beginning(row: Row, columns: Columns) -> Refusal:
    """Why a line has no time at which it was received, which it needs."""
    column = filled(row, columns)
    if row.get(column, "").strip():
        return Refusal(column, "this is a date alone, or a placeholder, and no time")
    return Refusal(column, "it does not say when it was received")


def filled(row: Row, columns: Columns) -> str:
    """The first of these columns that is filled, or the first."""
    return next((name for name in columns if row.get(name, "").strip()), columns[0])


def first(row: Row, columns: Columns) -> str:
    return row.get(filled(row, columns), "").strip()
