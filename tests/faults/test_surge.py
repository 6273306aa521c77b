"""F17: ten times, and in the long run a hundred times, what a city's busy hour asks for.

Open loop: every call comes at its own time, however long those before it take. Levels are mixed. No
call may be lost, and whoever chooses whom to take next reads the highest level first.
"""

import queue
import threading
import time
from collections import Counter

import psycopg
import pytest
from django.db import connection

from nowrongdoor.calls import rules
from nowrongdoor.desks import board_rows
from nowrongdoor.desks.queue import queue as pulled
from nowrongdoor.episodes.queries import MOST
from nowrongdoor.web.clock import now
from tests.desks.floor import LEVELS, STOPS
from tests.makers import a_screening, an_actor, an_episode

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("db")]
Admin = psycopg.Connection[tuple[object, ...]]
BUSY_A_S = 0.5  # calls a second; each is entered and screened: one command a second
DESKS = 8
LEAST_FIRST = ("2", "3A", "3B", "E")


def surge(times: int, seconds: float) -> dict[str, list[float]]:
    """Calls at `times` the busy rate. Answers how long each took from when it came, by level."""
    rate = BUSY_A_S * times
    due: queue.SimpleQueue[tuple[float, str] | None] = queue.SimpleQueue()
    took: dict[str, list[float]] = {level: [] for level in LEAST_FIRST}
    broken: list[BaseException] = []
    start = time.monotonic() + 0.2
    for number in range(int(rate * seconds)):
        due.put((start + number / rate, LEAST_FIRST[number % len(LEAST_FIRST)]))
    for _ in range(DESKS):
        due.put(None)

    def desk() -> None:
        try:
            while (call := due.get()) is not None:
                came, level = call
                time.sleep(max(came - time.monotonic(), 0))
                at = now()
                a_screening(an_episode(at=at, place=level), at=at, **STOPS | LEVELS[level])
                took[level].append(time.monotonic() - came)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=desk) for _ in range(DESKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken, broken
    return took


def in_order(levels: list[str]) -> bool:
    """Whether no level stands below a lesser one."""
    places = [rules.level_place(level) for level in levels]
    return places == sorted(places)


def look(admin: Admin, times: int, took: dict[str, list[float]]) -> None:
    sent = Counter({level: len(each) for level, each in took.items()})
    place = (
        "SELECT c.place, count(*) FROM episodes_card c JOIN triage_screening s "
        "ON s.episode_id = c.episode_id WHERE s.shown = c.place GROUP BY 1"
    )
    page = board_rows.page(an_actor(), at=now(), show="all")
    drawn = [row.level for row in page["rows"]]
    queued = pulled(an_actor("peter.lang", "911/in-center"), at=now())

    assert dict(admin.execute(place).fetchall()) == sent
    assert (len(drawn), page["total"]) == (min(sent.total(), MOST), sent.total())
    assert page["more"] is (sent.total() > MOST)
    for part in ("could", "others"):
        levels = [call.level for call in queued[part]]
        assert levels
        assert in_order(levels)
    assert in_order(drawn)
    came = sorted(page["rows"], key=lambda row: row.opened_at)
    assert not in_order([row.level for row in came])  # control: the highest did not come first
    waits = sorted(took["E"])
    print(
        f"\nF17: {sent.total()} calls at {times} times a busy hour, 0 lost, {len(drawn)} drawn, highest "
        f"first there and in the queue; level E done in {waits[len(waits) // 2]:.2f} s (median), {waits[-1]:.2f} s"
    )


def test_ten_times_a_busy_hour(admin: Admin) -> None:
    look(admin, 10, surge(10, seconds=6))


def test_a_hundred_times_a_busy_hour(admin: Admin) -> None:
    look(admin, 100, surge(100, seconds=24))
