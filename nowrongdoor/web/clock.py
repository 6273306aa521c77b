"""The only reader of the clock. Views, the command line and the worker ask here."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
