"""What other systems read of callers' lines."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OnNow:
    """Somebody on a line now. `you`: whoever asks is this one; False for several who ask at once.

    `seen_step` is the last step of screening that they have seen; `relief_to` the colleague whom they
    ask to listen on, "" for nobody.
    """

    name: str
    program: str
    program_id: UUID
    mode: str
    since_at: datetime
    seen_step: int
    relief_to: str
    you: bool = False


@dataclass(frozen=True, slots=True)
class LineNow:
    """One caller's open line. `alone_since`: nobody is on it since then."""

    id: UUID
    episode_id: UUID
    medium: str
    began_at: datetime
    alone_since: datetime | None
    on: tuple[OnNow, ...]
