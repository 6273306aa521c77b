"""Each number of a file once: of several lines of one call, the newest."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from nowrongdoor.exchange.facts import Line, Reject


class _Newest(NamedTuple):
    """How new a line is, by its own times; then how much it knows; then the earlier in the file."""

    newest: float
    known: int
    before: int

    @property
    def number(self) -> int:
        return -self.before


def each_once(read: Callable[[], Iterator[Line]], received: str) -> Iterator[Line]:
    """The lines of a file, which is read twice. Of those that share a number the newest is entered.

    Newest is what was written last by the profile's `updated_at`, else what was closed last. The others
    are known by it. One that was received at another time is another call, and a reject, never known:
    `received` is the column to name.
    """
    best: dict[str, dict[datetime, _Newest]] = {}
    for line in read():
        if line.contact is not None:
            lines = best.setdefault(line.contact.external_ref, {})
            new = _newest(line)
            lines[line.contact.at] = max(lines.get(line.contact.at, new), new)
    for line in read():
        yield line if line.contact is None else _once(line, line.contact.at, best, received)


def _once(
    line: Line, at: datetime, best: dict[str, dict[datetime, _Newest]], received: str
) -> Line:
    lines = best[line.contact.external_ref] if line.contact else {}
    first = min(each.number for each in lines.values())
    mine = lines[at].number
    if first not in (mine, line.number):
        because = f"this number stands in line {first} too, received at another time"
        nothing = replace(line, contact=None, visit=None, known={})
        return replace(nothing, reject=Reject(received, because))
    return (
        line
        if line.number == mine
        else replace(line, contact=None, visit=None, known={}, same=mine)
    )


def _newest(line: Line) -> _Newest:
    at = line.updated_at or (line.contact.closed_at if line.contact else None)
    at = at or line.known.get("cleared_at")
    return _Newest(at.timestamp() if at else 0.0, len(line.known), -line.number)
