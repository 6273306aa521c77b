"""The columns of one line: what stands in them, and its times in their order."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from nowrongdoor.exchange import rules
from nowrongdoor.exchange.facts import Reject

Row = Mapping[str, str]
Columns = tuple[str, ...]


class Refusal(Exception):  # noqa: N818 - it becomes a reject
    def __init__(self, column: str, because: str) -> None:
        super().__init__(because)
        self.reject = Reject(column, because)


class Chain:
    """The times of one line: `times` as instants, `written` as they stand in the file.

    The first name is when it began; those in `chained` cannot come before any that is before them,
    the others not before the beginning. `no_time` says of a local time that it is none. `missing`
    are the names whose time is not known: blank, a date only, no time, or told twice by the clock.
    """

    def __init__(
        self,
        columns: Mapping[str, Columns],
        zone: ZoneInfo,
        *,
        chained: Collection[str],
        no_time: Callable[[datetime], bool] = lambda _local: False,
    ) -> None:
        self._columns = columns
        self._zone = zone
        self._chained = chained
        self._no_time = no_time
        self.times: dict[str, datetime] = {}
        self.written: dict[str, datetime] = {}
        self.missing: list[str] = []
        self.repeated = 0

    def read(self, row: Row) -> None:
        """Read what can be told; refuse a chain that runs backwards, after reading all of it."""
        wrong: Refusal | None = None
        for name, columns in self._columns.items():
            column = filled(row, columns)
            try:
                possible = rules.instants(row.get(column, "").strip(), self._zone)
            except rules.Unreadable as error:
                raise Refusal(column, str(error)) from None
            if not self._add(name, possible):
                wrong = wrong or Refusal(column, "this is earlier than the stage before it")
        if wrong is not None:
            raise wrong

    def _add(self, name: str, possible: tuple[datetime, ...]) -> bool:
        """Keep one time. False where it lies before what must come before it."""
        found = self._told(name, possible)
        if found is None:
            self.missing.append(name)
            return True
        before = self._before(name)
        self.times[name] = found
        return before is None or found >= before

    def _told(self, name: str, possible: tuple[datetime, ...]) -> datetime | None:
        if not possible:
            return None
        local = possible[0].astimezone(self._zone).replace(tzinfo=None)
        self.written[name] = local
        if self._no_time(local):
            return None
        before = self._before(name)
        found = possible[0] if before is None else rules.in_order(before, possible)
        self.repeated += found is None
        return found

    def _before(self, name: str) -> datetime | None:
        if name in self._chained:
            return max(self.times.values(), default=None)
        return self.times.get(next(iter(self._columns)))


def filled(row: Row, columns: Columns) -> str:
    """The first of these columns that is filled, or the first."""
    return next((name for name in columns if row.get(name, "").strip()), columns[0])


def first(row: Row, columns: Columns) -> str:
    return row.get(filled(row, columns), "").strip()
