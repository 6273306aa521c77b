"""A row that looks as it did when it was last drawn is not drawn again: for pages and streams of many rows.

What a row looks like follows from what its template is given, the language and the time zone. It is
given the row and `given` and nothing else of the page, and both are compared whole: so whatever decides
what is shown decides what is drawn anew, and no token or member can be in it. Rows are read anew each time.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.safestring import SafeString

MOST = 8_000
"""How many rows a process keeps, of all pages together: some 35 MB."""
KEPT = timedelta(minutes=10)
"""For how long after its last page was drawn."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The rows of a page as they were last drawn, each with what it was drawn from."""

    given: Mapping[str, object]
    at: datetime
    rows: dict[str, tuple[Any, SafeString]]


_sheets: dict[Hashable, _Sheet] = {}
_lock = Lock()


def draw_rows(
    template: str,
    rows: Sequence[Any],
    given: Mapping[str, object],
    *,
    whose: Hashable,
    at: datetime,
    whole: bool = True,
) -> list[SafeString]:
    """Each row as this template draws it. `whose` finds the last drawing; it is not trusted for more.

    `whole`: these are all rows of the page, and no other is kept. Else some of them, changed.
    """
    place = (template, whose, translation.get_language(), timezone.get_current_timezone_name())
    last = _sheets.get(place)
    before = {} if last is None or last.given != given else last.rows
    drawing = get_template(template)
    drawn: dict[str, tuple[Any, SafeString]] = {}
    for row in rows:
        kept = before.get(row.key)
        same = kept is not None and kept[0] == row
        drawn[row.key] = kept if same else (row, drawing.render({**given, "row": row}))  # type: ignore[assignment]
    with _lock:
        if whole:
            _keep(place, _Sheet(given, at, drawn))
        elif before:
            before.update(drawn)
    return [html for _row, html in drawn.values()]


def _keep(place: Hashable, sheet: _Sheet) -> None:
    """As the latest; what is old goes, and the oldest where there is too much."""
    _sheets.pop(place, None)
    _sheets[place] = sheet
    room = MOST
    for each, kept in reversed(list(_sheets.items())):
        room -= len(kept.rows)
        if room < 0 or kept.at < sheet.at - KEPT:
            del _sheets[each]
