"""Holding a row until the transaction ends."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model

from nowrongdoor.kernel.verdict import NotFound, Refused, no

M = TypeVar("M", bound=Model)


def locked(model: type[M], id: UUID) -> M:
    """The row with this id, locked FOR UPDATE.

    Errors: NotFound where there is none, or none that row-level security lets
        the one acting see; the two cannot be told apart, on purpose.
    """
    row = model._default_manager.select_for_update(of=("self",)).filter(pk=id).first()
    if row is None:
        raise missing()
    return row


def missing() -> NotFound:
    return NotFound(no("row.missing", "There is no such record, or none that you may see."))


def require_version(row_version: int, seen_version: int | None) -> None:
    """Refuse to act on a row that changed since it was shown.

    `seen_version` None means that the caller did not look first (import, worker).
    """
    if seen_version is not None and row_version != seen_version:
        raise Refused(
            no("row.changed", "This changed while you were looking. Look again, then decide.")
        )
