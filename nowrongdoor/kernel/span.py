"""From one instant to another, or still open."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open: `start` belongs to it, `end` does not; `end` None is still open.

    Errors: ValueError where a time has no zone, or the end lies before the start.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or (self.end is not None and self.end.tzinfo is None):
            raise ValueError("a time without a zone")
        if self.end is not None and self.end < self.start:
            raise ValueError("the end lies before the start")

    def holds(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)

    def seconds(self, at: datetime) -> float:
        """How long it has lasted by `at`; never below zero."""
        end = at if self.end is None else min(self.end, at)
        return max((end - self.start).total_seconds(), 0.0)
