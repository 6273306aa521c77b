"""Running the synthetic city: filled fast, up to now; or live, beside whoever looks."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings

from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.community import queries as community
from nowrongdoor.desks.person_told import read_told
from nowrongdoor.journal import feed
from nowrongdoor.journal.sequencer import Sequencer
from nowrongdoor.sandbox import city, repairs, schema, shown, staff
from nowrongdoor.sandbox.state import Town
from nowrongdoor.site.reactions import DEADLINES
from nowrongdoor.triage import queries as triage
from nowrongdoor.web.clock import now

HIRED_AT = datetime(2019, 1, 1, tzinfo=UTC)
SHOWN_AFTER_S = 60.0


class NotPlayed(Exception):  # noqa: N818 - it is an answer, not a fault
    """A city may be played only where nobody is real, and only since somebody could be screened."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of a fill: how often each thing happened, what was refused, and what still goes on."""

    start: datetime
    end: datetime
    told: dict[str, int]
    refused: dict[str, int]
    going: int

    def text(self) -> str:
        days = (self.end - self.start).total_seconds() / 86400
        lines = [f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M} UTC, {days:.2f} days"]
        for what, count in sorted(self.told.items()):
            lines.append(f"{what:<28}{count:>8}{count / days:>10.1f} a day")
        lines += [f"refused: {rule:<40}{count:>8}" for rule, count in sorted(self.refused.items())]
        return "\n".join([*lines, f"{self.going} stories still go on"])


def require_synthetic() -> None:
    """Errors: NotPlayed where people are, or may be, real."""
    if not settings.SYNTHETIC or not community.community().synthetic:
        raise NotPlayed("A city is played only with NWD_SYNTHETIC=1, in a synthetic community.")


def hire(folder: Path) -> None:
    """Put the city's staff and units into the database, as the owner."""
    require_synthetic()
    staff.hire(schema.read(folder), community.community(), at=HIRED_AT)


def fill(
    folder: Path,
    *,
    hours: float,
    seed: int,
    say: Callable[[datetime], None],
    until: datetime | None = None,
) -> tuple[Town, Filled]:
    """Play the hours before `until` (now), as fast as the commands go. Sealing goes on meanwhile.

    Errors: NotPlayed where no protocol was in force when they begin.
    """
    end = until or now()
    start = end - timedelta(hours=hours)
    try:
        triage.in_force(start)
    except triage.NoProtocol:
        begins = f"{start:%Y-%m-%d %H:%M} UTC"
        raise NotPlayed(
            f"On {begins} no protocol was in force to screen callers by: play fewer days, or a later end."
        ) from None
    town = city.found(folder, seed=seed, at=start)
    stop = threading.Event()
    sealing = threading.Thread(target=Sequencer().run, args=(stop,), name="sequencer")
    sealing.start()
    try:
        city.wake(town)
        town.start(shown.known_to_all(town, look=read_told), after_s=SHOWN_AFTER_S)
        city.fast(town, end, fire=partial(clocks.fire_due, reactions=DEADLINES), say=say)
        _wait_until_sealed(stop)
    finally:
        stop.set()
        sealing.join()
    return town, Filled(start, end, dict(town.told), dict(town.refused), town.going)


def play(folder: Path, *, hours: float, seed: int, say: Callable[[datetime], None]) -> Town:
    """The city as it is when a newcomer comes: the last hours where nothing has happened yet here."""
    hire(folder)
    with act_as_task("feed"):
        untouched = feed.latest_position() == 0
    if untouched:
        town, _filled = fill(folder, hours=hours, seed=seed, say=say)
        town.clock = now
        return town
    town = city.found(folder, seed=seed, at=now(), clock=now)
    for number, each in enumerate(repairs.left_open(town)):
        town.start(each, after_s=number * repairs.APART_S)
    city.wake(town)
    return town


def _wait_until_sealed(stop: threading.Event) -> None:
    """Until two looks, a little apart, find the journal no longer growing."""
    before = -1
    while not stop.wait(0.3):
        with act_as_task("feed"):
            head = feed.latest_position()
        if head == before:
            return
        before = head
