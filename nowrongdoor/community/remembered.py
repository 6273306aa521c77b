"""Reference rows kept in a process's memory: what is told is never older than the transaction that asks.

Whatever changes a reference row changes `community_version` in the same transaction, by a trigger.
`agencies.acting` reads that value with the statement that begins every transaction; what was read
while another value stood is read again. Outside such a transaction nothing is kept.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

P = ParamSpec("P")
R = TypeVar("R")

VERSION = "(SELECT value FROM community_version)"
_version: ContextVar[Callable[[], UUID] | None] = ContextVar("version", default=None)


@contextmanager
def at_version(version: Callable[[], UUID]) -> Iterator[None]:
    """While this stands, reference rows that were read under the same value are told from memory."""
    token = _version.set(version)
    try:
        yield
    finally:
        _version.reset(token)


def remembered(read: Callable[P, R]) -> Callable[P, R]:
    """Decorate a read of reference rows. What it answers is shared: nobody may change it.

    It is kept for each of its arguments, so these have to be few: codes of our own, ids that exist.
    """
    kept: tuple[UUID | None, dict[object, R]] = (None, {})

    @wraps(read)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        nonlocal kept
        asks = _version.get()
        if asks is None:
            return read(*args, **kwargs)
        version = asks()
        here = kept  # another thread may put its own in place meanwhile
        if here[0] != version:
            here = kept = (version, {})
        rows, asked = here[1], (args, tuple(sorted(kwargs.items())))
        if asked not in rows:
            rows[asked] = read(*args, **kwargs)
        return rows[asked]

    return run
