"""What every story of the city shares: the time it is, who works, what is drawn, and what was refused."""

import heapq
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from nowrongdoor.agencies.facts import Role
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.sandbox.sampling import chosen, spell
from nowrongdoor.sandbox.schema import Desks, Rates
from nowrongdoor.sandbox.staff import Staff

Story = Generator[float, None, None]
"""Somebody's doing, from one act to the next: it yields for how many seconds it then waits."""


@dataclass(slots=True)
class Town:
    """`at` is the time of what happens now. `clock` None: time passes only as stories are told."""

    rates: Rates
    zones: dict[str, float]
    zone_ids: dict[str, UUID]
    program_ids: dict[str, UUID]
    seed: int
    staff: Staff
    at: datetime
    clock: Callable[[], datetime] | None = None
    crews: dict[UUID, tuple[Actor, ...]] = field(default_factory=dict)
    told: "Counter[str]" = field(default_factory=Counter)
    refused: "Counter[str]" = field(default_factory=Counter)
    to_show: set[str] = field(default_factory=set)
    """What happens the next time it can, however rare it is."""
    quiet: bool = False
    """Nobody new calls."""
    _waiting: list[tuple[datetime, int, Story]] = field(default_factory=list)
    _number: int = 0

    def start(self, story: Story, *, after_s: float = 0, at: datetime | None = None) -> None:
        """Begin a story at a time, or so many seconds from now."""
        self._put(story, at or self.at + timedelta(seconds=after_s))

    @property
    def desks(self) -> Desks:
        return self.rates.desks

    @property
    def senders(self) -> dict[str, Role]:
        """Whoever sends for each program that is asked for help."""
        others = {each.sent_by: Role(each.role) for each in self.rates.others}
        desks = {self.desks.teams: Role.TEAM_DISPATCHER, self.desks.floor: Role.DISPATCHER}
        return others | desks

    def happens(self, random: Random, what: str, chance: float) -> bool:
        """Whether something rare happens this time: by chance, or because it is to be shown."""
        drawn = random.random() < chance
        shown = what in self.to_show
        self.to_show.discard(what)
        return drawn or shown

    def chosen(self, random: Random, share: Mapping[str, float]) -> str:
        """One of these by their weights, or one that is to be shown."""
        drawn = chosen(random, share)
        shown = next((name for name in share if name in self.to_show), drawn)
        self.to_show.discard(shown)
        return shown

    def spell(self, random: Random, stage: str) -> float:
        """Seconds that a stage takes this time."""
        return spell(random, getattr(self.rates.stages, stage))

    def put_off(self, by: timedelta) -> None:
        """Everything that waits happens later by this."""
        self._waiting = [(due + by, number, story) for due, number, story in self._waiting]

    @property
    def going(self) -> int:
        return len(self._waiting)

    def step(self, until: datetime) -> bool:
        """Tell the next piece of whichever story is due until then. False: none is.

        A story whose act is refused ends there: somebody at a desk was quicker, and goes on with it.
        """
        if not self._waiting or self._waiting[0][0] > until:
            return False
        due, _number, story = heapq.heappop(self._waiting)
        self.at = due if self.clock is None else self.clock()
        try:
            pause_s = next(story)
        except StopIteration:
            return True
        except Refused as refusal:
            name = getattr(story, "__name__", "story")
            self.refused[f"{name} {refusal.verdict.rule}"] += 1
            return True
        self._put(story, self.at + timedelta(seconds=pause_s))
        return True

    def _put(self, story: Story, due: datetime) -> None:
        self._number += 1
        heapq.heappush(self._waiting, (due, self._number, story))
