"""The one worker process: seals the journal, fires deadlines, notices lost desks, anchors, forgets.

Several may run; the sequencer's lock and SKIP LOCKED see to it that each thing is done once.
"""

import logging
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.clocks import commands as clocks
from nowrongdoor.community import queries as community
from nowrongdoor.journal import anchor
from nowrongdoor.journal.sequencer import Sequencer
from nowrongdoor.site import reactions
from nowrongdoor.web import clock, idempotency
from nowrongdoor.web.clock import now

log = logging.getLogger(__name__)

DEADLINES_S = 1.0
LOST_DESKS_S = 0.5
ANCHOR_S = 60.0
FORGET_S = 3600.0


def main() -> None:
    """Run until SIGTERM or SIGINT. Each duty has its own thread and connection."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    duties: list[threading.Thread] = [
        threading.Thread(target=Sequencer().run, args=(stop,), name="sequencer"),
        _every(DEADLINES_S, fire_deadlines, stop),
        _every(LOST_DESKS_S, find_lost_desks, stop),
        _every(ANCHOR_S, write_anchor, stop),
        _every(FORGET_S, forget, stop),
    ]
    for duty in duties:
        duty.start()
    stop.wait()
    for duty in duties:
        duty.join(timeout=5)
    write_anchor()


def fire_deadlines() -> None:
    clocks.fire_due(at=now(), reactions=reactions.DEADLINES)


def find_lost_desks() -> None:
    at = now()
    lost_after_s = int(community.setting("presence_lost_s", at)) * clock.pace()
    agencies.mark_lost_desks(at=at, lost_after_s=lost_after_s)


def write_anchor() -> None:
    anchor.write(Path(settings.VAR) / "anchor.log", at=now())


def forget() -> None:
    """Delete remembered answers and sessions whose time is over."""
    with act_as_task("forget"):
        idempotency.forget(at=now())
    SessionStore.clear_expired()


def _every(seconds: float, duty: Callable[[], None], stop: threading.Event) -> threading.Thread:
    """A thread that does one duty again and again; a failure is logged and tried again."""

    def run() -> None:
        pause = 0.0  # the first time at once
        while not stop.wait(pause):
            pause = seconds
            try:
                duty()
            except (
                Exception
            ):  # whatever it is: a duty that ended for good would be missed by nobody
                log.exception("%s failed; trying again", duty.__name__)
                connection.close()
        connection.close()

    return threading.Thread(target=run, name=duty.__name__)
