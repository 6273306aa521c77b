"""How many changes one member or one key may send in a minute. Counted in this process alone.

A bucket for each: full, it holds a minute's share, and a minute fills it. It costs no query, and so each
worker process gives the share anew: with four of them a member has four times as much. What it stops is
one who floods, by mistake or not; it is no quota. That a call is entered is never refused by it.
"""

from dataclasses import dataclass, field
from math import ceil
from threading import Lock
from uuid import UUID

from django.conf import settings

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused, no
from nowrongdoor.web.clock import running_s

MINUTE_S = 60
MOST_KEPT = 10_000
"""So many buckets are kept; above that, those that are full again are forgotten."""


class TooOften(Refused):
    """Asked for more within a minute than anybody's share. `wait_s`: when there is room again."""

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(
            no(
                "rate.exceeded",
                "Too many changes within a minute. This one was not done. Wait {seconds} "
                "seconds, then send it again.",
                seconds=str(wait_s),
            )
        )


@dataclass(slots=True)
class Buckets:
    """What each has left, and when that was so."""

    left: dict[UUID, tuple[float, float]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def wait_s(self, who: UUID, share: int, *, at_s: float) -> int:
        """Take one; 0 where there was one, else the seconds until there is."""
        per_s = share / MINUTE_S
        with self.lock:
            left, since_s = self.left.get(who, (float(share), at_s))
            left = min(float(share), left + (at_s - since_s) * per_s)
            if left < 1:
                return ceil((1 - left) / per_s)
            if len(self.left) >= MOST_KEPT:
                self.left = {
                    id: kept for id, kept in self.left.items() if at_s - kept[1] < MINUTE_S
                }
            self.left[who] = (left - 1, at_s)
        return 0


BUCKETS = Buckets()


def require_share(by: Actor) -> None:
    """Count one change of `by`. Errors: TooOften."""
    who = by.asks_as
    if who is None:
        return
    share = settings.MEMBER_RATE if by.machine_id is None else settings.KEY_RATE
    if wait_s := BUCKETS.wait_s(who, share, at_s=running_s()):
        raise TooOften(wait_s)
