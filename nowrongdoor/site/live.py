"""Live boards: one table from what happened to what is drawn again.

Each server process follows the journal's feed while anybody listens. An entry about an episode
makes its row be read once for each program and language that may see it, and drawn once for each
of their roles, by one process for all (`drawer`); the same bytes go to every listener of that audience. Whoever may no longer see it
is told that it left.
"""

import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise, product
from uuid import UUID

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.access import POSITION, requires
from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.agencies.actors import SessionPosition, still_open
from nowrongdoor.agencies.facts import Action
from nowrongdoor.community import queries as community
from nowrongdoor.desks.board_rows import HOLDING
from nowrongdoor.episodes import queries as episodes
from nowrongdoor.journal import feed, lag
from nowrongdoor.journal.feed import FedEntry
from nowrongdoor.journal.kinds import Effect
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kit.module import Readers
from nowrongdoor.site.alerts import ALERTS, receives, severity_of
from nowrongdoor.site.audiences import BOARDS, Audience, draw
from nowrongdoor.site.drawer import ASKS, Rows
from nowrongdoor.site.modules import KINDS
from nowrongdoor.web import clock
from nowrongdoor.web.clock import now
from nowrongdoor.web.streams import FRESH, Cap, Listener, Message, stream

log = logging.getLogger(__name__)

TICK_S = 0.02
IDLE_S = 0.2
HEARD_EVERY_S = 1.0
LONGEST_POSITION = 18  # digits
CATCH_UP_MOST = 200
"""A screen further behind than this gets a fresh page instead of every step; well below what a
listener's queue holds, or it would be sent away for being behind, and come back as far behind."""


DRAW_AGAIN = (Effect.UNITS, Effect.SHARED)
"""What pages draw again of themselves, whoever looks: nothing goes along but that it is time to."""
EFFECTS: Mapping[str, frozenset[Effect]] = {kind.name: kind.effects for kind in KINDS}
"""What an entry of each kind does to open screens, beside drawing the rows that changed."""


@dataclass(slots=True)
class Screen:
    """One open page: who looks, at which board."""

    by: Actor
    board: str
    listener: Listener
    seat: SessionPosition

    @property
    def audience(self) -> Audience:
        return Audience(self.by.agency_id, self.by.program_id, self.by.role, self.by.language)


@dataclass(slots=True)
class Hub:
    """The screens of this process, and the thread that follows the feed for them."""

    cap: Cap
    screens: list[Screen] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    thread: threading.Thread | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    seq: int = 0
    sealed_at: datetime | None = None
    """When the feed, as it was last read here, was known to be complete."""

    def start(self) -> None:
        """Follow the feed from here on, in a thread of its own, once in a process."""
        with self.lock:
            if self.thread is None:
                self.seq = feed_head()
                self.thread = threading.Thread(target=follow, args=(self,), daemon=True)
                self.thread.start()

    def join(self, screen: Screen, seq: int) -> bool:
        """Add a screen that was told everything up to `seq`. False: it is behind, tell it more first."""
        with self.lock:
            if seq < self.seq:
                return False
            screen.listener.after = seq
            self.screens.append(screen)
            return True

    def leave(self, screen: Screen) -> None:
        with self.lock:
            if screen in self.screens:
                self.screens.remove(screen)

    def all(self) -> list[Screen]:
        with self.lock:
            return list(self.screens)

    def return_to(self, head: int) -> list[Screen]:
        """Where the journal is shorter than this process remembers, it was restored: begin again there.

        Answers the screens that show what is no longer so.
        """
        with self.lock:
            if head >= self.seq:
                return []
            self.seq = head
            for screen in self.screens:
                screen.listener.after = head
            return list(self.screens)

    def pass_to(self, seq: int) -> list[Screen]:
        """Move on to `seq`, and say whom that has to be told: those who joined before."""
        with self.lock:
            self.seq = seq
            return list(self.screens)


HUB = Hub(Cap(settings.STREAM_CAP))


@require_GET
@requires(Action.SEE_BOARD)
def live(request: HttpRequest) -> HttpResponseBase:
    """The stream of one board, from a position of the feed on."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    name = request.GET.get("board", "holding")
    after = _position(request)
    seat = SessionPosition(str(request.session.session_key), UUID(request.session[POSITION]))
    screen = Screen(by, name if name in BOARDS else "holding", Listener(after), seat)
    HUB.start()
    while not HUB.join(screen, after := _catch_up(screen, after)):
        HUB.return_to(feed_head())
    return stream(
        screen.listener,
        cap=HUB.cap,
        who=by.member_id,
        beat=_beat,
        leave=lambda: HUB.leave(screen),
    )


def _position(request: HttpRequest) -> int:
    text = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_POSITION else 0


def _beat() -> Message:
    """A sign of life. `lag_ms`: for how long nothing new could have been seen; -1 is "not known"."""
    sealed = HUB.sealed_at
    lag_ms = -1 if sealed is None else int((clock.real() - sealed).total_seconds() * 1000)
    beat = {"at": now().isoformat(), "pace": clock.pace(), "lag_ms": lag_ms}
    return Message("beat", beat)


def _catch_up(screen: Screen, after: int) -> int:
    """Send what happened since the page was drawn, or ask it to draw itself afresh.

    Afresh: from no position, from too far back, and from one that a restore has taken away.
    Answers the position up to which the screen has now been told.
    """
    with act_as_task("feed"):
        page, head = feed.entries_after(after, CATCH_UP_MOST), feed.latest_position()
    if after == 0 or page.more or after > head:
        screen.listener.put(Message(FRESH, {"board": screen.board}, head))
        return head
    if page.entries:
        _tell(page.entries, [screen])
        return page.entries[-1].seq
    return after


def feed_head() -> int:
    with act_as_task("feed"):
        return feed.latest_position()


def follow(hub: Hub) -> None:
    """Follow the feed. Runs on its own thread with its own connection, for as long as the process."""
    heard_at: datetime | None = None
    read = ""
    while not hub.stopped.wait(TICK_S if hub.all() else IDLE_S):
        try:
            if (visible := feed.snapshot()) != read and step(hub) < CATCH_UP_MOST:
                read = visible
            heard_at = _hear(hub, heard_at)
        except Exception:  # whatever it is: without this thread every screen here would be STALE
            log.exception("the feed could not be followed; trying again")
            connection.close()
            hub.stopped.wait(0.5)


def step(hub: Hub) -> int:
    """One look at the feed. Answers how many entries were told.

    Whoever joins while it is told has caught up past it already, or is told it here: never neither.
    """
    before = hub.seq
    with act_as_task("feed"):
        page = feed.entries_after(before, CATCH_UP_MOST)
    if page.entries:
        screens = hub.pass_to(page.entries[-1].seq)
        try:
            _tell(page.entries, screens)
        except Error:
            hub.pass_to(before)
            raise
    return len(page.entries)


def _hear(hub: Hub, last: datetime | None) -> datetime:
    """Every second: close the screens whose session ended, say whose are still open, and ask whether
    the journal is being sealed.
    """
    at = clock.real()
    if last is not None and (at - last).total_seconds() < HEARD_EVERY_S:
        return last
    age_ms = lag.age_ms()
    if age_ms is not None:
        hub.sealed_at = at - timedelta(milliseconds=age_ms)
    head = feed_head()
    for screen in hub.return_to(head):
        screen.listener.put(Message(FRESH, {"board": screen.board}, head))
    screens = _close_ended(hub.all())
    members = {screen.by.member_id for screen in screens if screen.by.member_id is not None}
    agencies.heartbeat(frozenset(members), at=_heard_at())
    return at


def _heard_at() -> datetime:
    """When a desk was heard. Where the city's clock runs fast, silence is still counted in our seconds."""
    at = now()
    return at + timedelta(
        seconds=(clock.pace() - 1) * int(community.setting("presence_lost_s", at))
    )


def _close_ended(screens: list[Screen]) -> list[Screen]:
    """Say goodbye where the door would be shut by now, and answer the others.

    A stream passed its door once. A new password, a session or a position that is over ends it too.
    """
    if not screens:
        return []
    seats = still_open({screen.seat for screen in screens}, at=now(), real_at=clock.real())
    for screen in screens:
        if screen.seat not in seats:
            screen.listener.put(Message("bye", {"kind": "agencies.session_ended"}))
    return [screen for screen in screens if screen.seat in seats]


def _tell(entries: Iterable[FedEntry], screens: list[Screen]) -> None:
    """Send tones, rows and farewells of these entries to these screens.

    Tones first: a row carries the position from which a cut stream goes on, and what came after it
    would never be heard. So a tone may be heard twice.
    """
    entries = list(entries)
    _sound(entries, screens)
    boards = {screen.board for screen in screens}
    changed = {name: _changed(name, entries) for name in boards}
    seen_by = {name: BOARDS[name].seen_by(frozenset(ids)) for name, ids in changed.items() if ids}
    for name, group in _groups(screens):
        about = changed[name], seen_by.get(name, {})
        for audience, messages in _messages(name, [*group], *about).items():
            for screen, message in product(group[audience], messages):
                screen.listener.put(message)
    for effect in DRAW_AGAIN:
        if any(_has(entry, effect) for entry in entries):
            for screen in screens:
                screen.listener.put(Message(effect.value, {}))
    for entry in entries:
        _farewell(entry, screens)


def _messages(
    name: str,
    audiences: list[Audience],
    changed: Mapping[UUID, int],
    seen_by: Mapping[UUID, Readers],
) -> dict[Audience, list[Message]]:
    """The rows, or that they left, in the order of their positions; nothing to whoever never saw one."""
    program_id = audiences[0].program_id
    ours = frozenset(id for id, seen in seen_by.items() if program_id in seen.now)
    drawn = _drawn(name, audiences, {id: changed[id] for id in ours}) if ours else {}
    found: dict[Audience, list[Message]] = {audience: [] for audience in audiences}
    for id, seq in changed.items():
        about: dict[str, object] = {"board": name, "key": str(id), "seq": seq}
        left = id in seen_by and program_id in seen_by[id].ever
        for audience in audiences:
            row = drawn.get((audience, id))
            if row is not None:
                found[audience].append(Message("row", about | row, seq))
            elif left:
                found[audience].append(Message("gone", about, seq))
    return {audience: _bounded(name, messages) for audience, messages in found.items()}


def _bounded(name: str, messages: list[Message]) -> list[Message]:
    """Which of them share a position, as all that one member holds do; or a fresh page in place of too many."""
    if len(messages) > CATCH_UP_MOST:
        return [Message(FRESH, {"board": name}, messages[-1].seq)]
    for one, following in pairwise(messages):
        one.more = one.seq == following.seq
    return messages


def _drawn(name: str, audiences: list[Audience], ids: Mapping[UUID, int]) -> Rows:
    """By the process that draws for all here; where there is none, or it does not answer, by this one."""
    found = ASKS.rows(name, audiences, ids)
    return draw(audiences, BOARDS[name], frozenset(ids)) if found is None else found


def _groups(screens: list[Screen]) -> list[tuple[str, dict[Audience, list[Screen]]]]:
    """Board by board, the audiences that are read for together, each with its screens."""
    groups: dict[tuple[str, UUID, str], dict[Audience, list[Screen]]] = {}
    for screen in screens:
        audience = screen.audience
        group = groups.setdefault((screen.board, *audience.reads), {})
        group.setdefault(audience, []).append(screen)
    return [(board, group) for (board, *_reads), group in groups.items()]


def _changed(name: str, entries: list[FedEntry]) -> dict[UUID, int]:
    """Each row of a board that changed, with the last position at which it did, in their order.

    The order is what makes a position safe to resume from: all before it has been sent.
    """
    touched = _episodes_of if name == HOLDING.name else BOARDS[name].touched
    changed: dict[UUID, int] = {}
    for entry in entries:
        for id in touched(entry):
            changed.pop(id, None)  # and in again, at the end
            changed[id] = entry.seq
    return changed


def _episodes_of(entry: FedEntry) -> set[UUID]:
    """The episodes that an entry says have changed."""
    found: set[UUID] = set()
    if entry.episode_id is not None:
        found.add(entry.episode_id)
    for other in ("into_id", "from_id"):  # the other one of a join, or of a separation
        if other in entry.ids:
            found.add(UUID(str(entry.ids[other])))
    if _has(entry, Effect.OWNED_BY_MEMBER):
        found |= episodes.held_by_member(_member(entry)).keys()
    return found


def _has(entry: FedEntry, effect: Effect) -> bool:
    return effect in EFFECTS.get(entry.kind, ())


def _member(entry: FedEntry) -> UUID:
    return UUID(str(entry.ids["member_id"]))


def _sound(entries: Iterable[FedEntry], screens: list[Screen]) -> None:
    for entry in entries:
        if entry.kind not in ALERTS:
            continue
        message = Message("tone", {"tier": severity_of(entry), "kind": entry.kind})
        for screen, heard in zip(
            screens, receives(entry, [each.by for each in screens]), strict=True
        ):
            if heard:
                screen.listener.put(message)


def _farewell(entry: FedEntry, screens: list[Screen]) -> None:
    if not _has(entry, Effect.ENDS_STREAMS):
        return
    for screen in screens:
        if str(screen.by.member_id) == str(entry.ids.get("member_id")):
            screen.listener.put(Message("bye", {"kind": entry.kind}))
