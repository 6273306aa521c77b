"""Kinds of journal entry: what can have happened, what is written of it, and whom it alerts.

A module lists its kinds in its own `kinds.py`, one line each, and writes entries with `record`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Model

from nowrongdoor.journal import entries
from nowrongdoor.journal.vouching import covered
from nowrongdoor.kernel.actor import Actor

Value = UUID | int | None
_HUMP = re.compile(r"(?<!^)(?=[A-Z])")


class Severity(StrEnum):
    """How loudly an entry alerts those it is for."""

    INTERRUPT = "interrupt"
    INBOX = "inbox"


class Effect(StrEnum):
    """What an entry does to open screens, beside drawing the rows that changed."""

    UNITS = "units"  # pages that show units draw themselves again
    SHARED = "shared"  # and those that show what other programs tell of a person
    OWNED_BY_MEMBER = "owned_by_member"  # what the member named holds is drawn again
    ENDS_STREAMS = "ends_streams"  # every open stream of the member named ends


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry, in the past tense.

    `name` is what the journal stores ("dispatch.declined"); it never changes once written.
    `ids` names what the entry carries: ids and whole numbers, never text. `severity` and `to` say
    how it alerts and whom; without a severity it alerts nobody. `words` is the alert's sentence on
    screen, for gettext.
    """

    name: str
    ids: tuple[str, ...] = ()
    severity: Severity | None = None
    to: str = ""
    words: str = ""
    effects: frozenset[Effect] = frozenset()


def record(
    kind: Kind,
    row: object = None,
    *also: Model,
    by: Actor,
    at: datetime,
    **more: Value,
) -> UUID:
    """Write the entry of what was done to `row`; answers the entry's id.

    Where its model names columns as `COVERED`, the entry vouches for what they now say, and for those
    of the rows in `also`, which the command wrote besides (`journal.vouching`).

    The kind's ids are taken from `more`, else from the row: `handoff_id` of a Handoff is its own
    key, any other is its attribute of that name. So is `episode_id`, which an entry need not have.

    Errors: TypeError where an id is neither given nor the row's, where `more` names one that the
        kind does not carry, and where a value is text: nothing that names or describes a person
        is written down.
    """
    if unknown := set(more) - {*kind.ids, "episode_id"}:
        raise TypeError(f"{kind.name} carries no {', '.join(sorted(unknown))}")
    ids = {name: more[name] if name in more else _of(row, name, kind) for name in kind.ids}
    episode_id = more["episode_id"] if "episode_id" in more else _episode(row)
    if not isinstance(episode_id, UUID | None):
        raise TypeError(f"{kind.name}: episode_id is no id")
    rows = [each for each in (row, *also) if isinstance(each, Model) and covered(each)]
    plain = _plain(kind, ids)
    return entries.write(kind.name, plain, episode_id=episode_id, by=by, at=at, rows=rows)


def _of(row: object, name: str, kind: Kind) -> Value:
    own = f"{_HUMP.sub('_', type(row).__name__).lower()}_id"
    attribute = "pk" if name == own else name
    if not hasattr(row, attribute):
        raise TypeError(f"{kind.name} carries {name}, which was not given")
    value: Value = getattr(row, attribute)
    return value


def _episode(row: object) -> Value:
    own = type(row).__name__ == "Episode"
    value: Value = getattr(row, "pk" if own else "episode_id", None)
    return value


def _plain(kind: Kind, ids: Mapping[str, Value]) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    for name, value in ids.items():
        if isinstance(value, UUID):
            found[name] = str(value)
        elif type(value) is int:
            found[name] = value
        elif value is not None:
            raise TypeError(f"{kind.name}: {name} is neither an id nor a number")
    return found
