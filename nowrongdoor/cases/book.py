"""The community's kinds of case, and how their clocks count. One query, or none."""

from datetime import datetime
from functools import lru_cache

from nowrongdoor.cases import reading
from nowrongdoor.cases.facts import Book, Kind, PlannedTask
from nowrongdoor.clocks import book as clocks
from nowrongdoor.community import queries as community
from nowrongdoor.rows.locks import missing

CASES = "cases"
"""The setting that holds the text of `cases.yaml`; '' where a community has none."""
NONE = Book("", "", {})


def book() -> Book:
    text = community.text_or_empty(CASES)
    return _read(text) if text else NONE


def kind(code: str) -> Kind:
    """Errors: NotFound for a kind that the community has no more."""
    found = book().kinds.get(code)
    if found is None:
        raise missing()
    return found


def window(
    task: PlannedTask, start: datetime, pauses: clocks.Pauses = ()
) -> tuple[datetime, datetime]:
    """When a task opens and when it is due, counted from the event that began the plan. Pauses do not run."""
    due = clocks.due(task.due, start, pauses)
    opens = clocks.due(task.opens, start, pauses) if task.opens else clocks.opens(task.due, start)
    return min(opens, due), due


@lru_cache(maxsize=4)
def _read(text: str) -> Book:
    return reading.read_text(text)
