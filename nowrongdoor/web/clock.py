"""The only reader of the clock. Views, the command line and the worker ask here."""

from datetime import UTC, datetime
from time import monotonic


def now() -> datetime:
    return datetime.now(UTC)


def running_s() -> float:
    """Seconds on a clock that only runs forward: for how long something took, never for when."""
    return monotonic()
