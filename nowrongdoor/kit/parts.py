"""What a module shows on a desk, and how a desk reads all of its parts in one go."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar, cast
from uuid import UUID

from nowrongdoor.kernel.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")
_known: ContextVar[dict[object, object] | None] = ContextVar("known", default=None)


class Read(Protocol):
    """What a part is given to show about one subject, for one person. None: nothing to show here."""

    def __call__(
        self, by: Actor, subject_id: UUID, /, *, at: datetime
    ) -> Mapping[str, object] | None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a desk. Its module declares it in `parts.py`; whether to show it is the module's to say."""

    name: str
    template: str
    read: Read


@dataclass(frozen=True, slots=True)
class PartRead:
    """A part as it is now. Its template is given this and nothing else of the page."""

    name: str
    template: str
    given: Mapping[str, object]


def read_parts(
    parts: Iterable[Part], by: Actor, subject_id: UUID, *, at: datetime
) -> tuple[PartRead, ...]:
    """These parts in their order, without those that have nothing to show."""
    with reading():
        read = ((part, part.read(by, subject_id, at=at)) for part in parts)
        return tuple(
            PartRead(part.name, part.template, given) for part, given in read if given is not None
        )


@contextmanager
def reading() -> Iterator[None]:
    """One drawing of one page: what `once_a_page` queries answer is kept until it is read."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once_a_page(query: Callable[P, R]) -> Callable[P, R]:
    """A query that several parts of one page need: made once for all of them, and anew for the next page.

    Its arguments have to be hashable. Outside of `reading` it is made each time.
    """

    @wraps(query)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        known = _known.get()
        if known is None:
            return query(*args, **kwargs)
        key = (query, args, tuple(sorted(kwargs.items())))
        if key not in known:
            known[key] = query(*args, **kwargs)
        return cast("R", known[key])

    return asked
