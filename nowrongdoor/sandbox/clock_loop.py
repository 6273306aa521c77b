"""The city beside whoever looks: its stories by the clock, its staff at their desks, people answered.

The clock runs as fast as somebody chose, and as ours does while a person holds anybody.
"""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies import queries as desks
from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.community import queries as community
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.journal import feed
from nowrongdoor.sandbox import call_taking, control, repairs, responders
from nowrongdoor.sandbox.control import Traffic
from nowrongdoor.sandbox.state import Town
from nowrongdoor.sandbox.walkthroughs import spoken
from nowrongdoor.web import clock

TICK_S = 0.1
LOOK_EVERY = 5
"""Ticks between two looks at who did what and who holds whom."""
HEARD_AHEAD = timedelta(minutes=10)
BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
EXTRA_EVERY = timedelta(minutes=12)
SHOW_EVERY = timedelta(minutes=100)
TO_SHOW = frozenset(
    [
        "declined",
        "late",
        "returned",
        "lost",
        "relief",
        "other_county",
        "deflection",
        "outreach",
        "follow_up",
        "team",
        "queued",
        "police_kept",
        "center",
        "ed",
        "not_found",
        "check_in_missed",
        "duress",
    ]
)
"""What is shown at least once in that time, whatever the city's rates are; the city's page says so."""
MOST = 500
"""Entries that are read at once."""


@dataclass(slots=True)
class Living:
    """One running city. `people` are those whom it does not play, and who hold or did something."""

    town: Town
    seq: int
    people: set[UUID] = field(default_factory=set)
    paused_at: datetime | None = None
    ticks: int = 0
    heard_until: datetime | None = None
    show_at: datetime = BEFORE
    extra_at: datetime = BEFORE

    def tick(self) -> None:
        """One look at the clock: everything that is due, one piece after another."""
        if self.ticks % LOOK_EVERY == 0:
            self._look()
        self.ticks += 1
        if self.paused_at is None:
            while self.town.step(clock.now()):
                pass

    def _look(self) -> None:
        chosen = control.read()
        self._hear()
        holds = any(self._holds(each) for each in self.people)
        pace = 1 if holds or chosen.traffic is Traffic.PAUSED else chosen.pace
        if pace != clock.pace():
            clock.run_at(pace)
        self.town.quiet = chosen.traffic is Traffic.OFF
        self._pause(paused=chosen.traffic is Traffic.PAUSED)
        self._at_their_desks()
        self._show()

    def _holds(self, member_id: UUID) -> bool:
        """Whether somebody at a desk holds a person; a browser that was closed slows nothing down."""
        at = clock.now()
        lost_after_s = int(community.setting("presence_lost_s", at))
        here = desks.member_reachable(member_id, lost_after_s, at=at)
        return here and bool(episodes.held_by_member(member_id))

    def _at_their_desks(self) -> None:
        """The staff's screens are heard; seldom, and for some time ahead."""
        at = clock.now()
        if self.heard_until is None or at > self.heard_until - HEARD_AHEAD / 2:
            self.heard_until = at + HEARD_AHEAD
            agencies.heartbeat(self.town.staff.ids, at=self.heard_until)

    def _show(self) -> None:
        """So that a newcomer sees every screen at work: more calls to 911, and what is rare, now and then."""
        at, town = clock.now(), self.town
        if at >= self.show_at and not town.quiet:
            self.show_at = at + SHOW_EVERY
            town.to_show |= TO_SHOW
        if control.wished() or (at >= self.extra_at and not town.quiet):
            self.extra_at = at + EXTRA_EVERY
            town.start(call_taking.calls_911(town, spoken(town, "911")))

    def _hear(self) -> None:
        """What people did since the last look, and what the city does about it."""
        with act_as_task("feed"):
            page = feed.entries_after(self.seq, MOST)
        self.town.at = clock.now()
        for entry in page.entries:
            self.seq = entry.seq
            if responders.is_manual(self.town, entry):
                self.people.add(UUID(entry.by.removeprefix(responders.MEMBER)))
            story = responders.answers(self.town, entry)
            if story is not None:
                self.town.start(story)

    def _pause(self, *, paused: bool) -> None:
        """Nothing is due while the city is paused: what was, is later by as long as it lasted."""
        if paused and self.paused_at is None:
            self.paused_at = clock.now()
        elif not paused and self.paused_at is not None:
            self.town.put_off(clock.now() - self.paused_at)
            self.paused_at = None


def live(town: Town, stop: threading.Event) -> None:
    """Run until told to stop; then the clock goes on as ours does."""
    with act_as_task("feed"):
        head = feed.latest_position()
    for each in town.staff.everybody:
        agencies.occupy_desk(by=each, at=town.at)
    one = Living(town, head, set(repairs.people_holding(town)))
    try:
        while not stop.wait(TICK_S):
            one.tick()
    finally:
        clock.run_at(1)
