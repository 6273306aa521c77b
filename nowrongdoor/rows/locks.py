"""Holding rows until the transaction ends, and what happens where two wait for each other."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import OperationalError, connection
from django.db.models import Model, QuerySet
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from nowrongdoor.kernel.verdict import NotFound, Refused, no

M = TypeVar("M", bound=Model)
P = ParamSpec("P")
R = TypeVar("R")
TRIES = 3
"""How often a transaction is begun that the database ends for another's sake."""
_CONTENDED = no(
    "row.contended",
    "Someone else was working on this at the same moment. Nothing was changed. Try again.",
)


def locked(model: type[M], id: UUID) -> M:
    """The row with this id, locked: others may still refer to it, since its id stays.

    Errors: NotFound where there is none, or none that row-level security lets
        the one acting see; the two cannot be told apart, on purpose.
    """
    row = model._default_manager.select_for_update(of=("self",), no_key=True).filter(pk=id).first()
    if row is None:
        raise missing()
    return row


def locked_all(rows: "QuerySet[M]") -> list[M]:
    """These rows, locked in the order of their ids: whoever locks several waits in that order."""
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))


def in_turn(*key: object) -> None:
    """Wait for whoever else does what this key names, to the end of this transaction: what they wrote is then seen."""
    with connection.cursor() as cursor:
        said = "".join(str(each) for each in key)
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [said])


def retried(act: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run what is one whole transaction; again where it was the victim of a deadlock: nothing of it was done.

    Errors: Refused where it was the victim each time, or waited too long for a lock. That is not asked
        again: whoever acts has waited long enough.
    """
    for left in reversed(range(TRIES)):
        try:
            return act(*args, **kwargs)
        except OperationalError as error:
            if not isinstance(
                error.__cause__, DeadlockDetected | SerializationFailure | LockNotAvailable
            ):
                raise
            if left == 0 or isinstance(error.__cause__, LockNotAvailable):
                raise Refused(_CONTENDED) from error
    raise AssertionError("the last try answers or raises")


def missing() -> NotFound:
    return NotFound(no("row.missing", "No such record, or you don't have access to it."))


def require_version(row_version: int, seen_version: int | None) -> None:
    """Refuse to act on a row that changed since it was shown.

    `seen_version` None means that the caller did not look first (import, worker).
    """
    if seen_version is not None and row_version != seen_version:
        raise Refused(no("row.changed", "This call was just updated. Review it and try again."))
