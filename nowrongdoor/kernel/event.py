"""What happened, as the journal keeps it."""

from dataclasses import dataclass, fields
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, past tense, in ids and counts only.

    A subclass names its `kind` ("episodes.opened") and adds fields that are
    ids or whole numbers. Text is refused: nothing that names or describes a
    person may enter the journal.
    """

    kind: ClassVar[str]
    episode_id: UUID | None = None

    def ids(self) -> dict[str, str | int]:
        """Everything but the episode, as plain values for the journal.

        Errors: TypeError where a field holds anything but an id, a whole
            number or None (a None is left out).
        """
        found: dict[str, str | int] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name == "episode_id" or value is None:
                continue
            if isinstance(value, UUID):
                found[each.name] = str(value)
            elif type(value) is int:
                found[each.name] = value
            else:
                raise TypeError(f"{self.kind}: {each.name} is neither an id nor a number")
        return found
