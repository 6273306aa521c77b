"""Calls that were found, in words: their type, and what came of them as far as the one who looks may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nowrongdoor.calls import line
from nowrongdoor.community import queries as community
from nowrongdoor.episodes.finding import FoundRow
from nowrongdoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One call in words. `outcome_name` is '' while it is open, and where its outcome is not told."""

    row: FoundRow
    class_name: str
    outcome_name: str


def in_words(by: Actor, rows: Iterable[FoundRow], *, at: datetime) -> tuple[FoundLine, ...]:
    classes = community.code_names("incident_classes", by.language)
    return tuple(
        FoundLine(
            row=row,
            class_name=classes.get(row.incident_class, row.incident_class),
            outcome_name=_outcome(by, row, at=at),
        )
        for row in rows
    )


def _outcome(by: Actor, row: FoundRow, *, at: datetime) -> str:
    if row.closed_at is None:
        return ""
    return line.outcomes(by, row.holder_program_id, at=at).get(row.outcome, "")
