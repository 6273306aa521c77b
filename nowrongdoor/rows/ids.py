"""New ids. Chance enters here and nowhere else below the edge."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from nowrongdoor.kernel.ids import uuid7

_bits: ContextVar[Callable[[int], int]] = ContextVar("bits", default=secrets.randbits)


def new_id(at: datetime) -> UUID:
    return uuid7(at, _bits.get()(74))


@contextmanager
def chance_from(randbits: Callable[[int], int]) -> Iterator[None]:
    """Let a seeded source make the ids, so that the same seed gives the same city."""
    token = _bits.set(randbits)
    try:
        yield
    finally:
        _bits.reset(token)
