"""F6: clocks of several processes that step by five minutes, forwards and back, between two acts.

Every act gets its time from its caller, so a clock that steps is an `at` that steps. Nothing is
refused for it, nothing lasts less than no time, and the order of what happened is the journal's.
"""

import itertools
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from nowrongdoor.calls import commands as calls
from nowrongdoor.dispatch.facts import Stage
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.journal.sequencer import Sequencer
from nowrongdoor.site.verify import verify
from tests.conftest import ROOT, clear, not_run
from tests.dispatch.floor import MARIA, a_crew, a_request, an_assignment, cleared, step
from tests.faults.counts import cycles
from tests.makers import a_screening, accepted, an_actor, an_episode, later

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("db")]
Admin = psycopg.Connection[tuple[object, ...]]
STEP_S = 300
SKEWS = list(itertools.product((-STEP_S, 0, STEP_S), repeat=3))
OVER = Closing("information", declined_by_person=True)
# Of each table the times that follow each other. A time that is not known is passed over.
_ORDER = {
    "episodes_episode": ("opened_at", "held_since", "closed_at"),
    "episodes_handoff": ("offered_at", "accepted_at"),
    "calls_leg": ("began_at", "ended_at"),
    "calls_participant": ("since_at", "until_at"),
    "dispatch_request": ("asked_at", "accepted_at", "ended_at"),
    "dispatch_assignment": ("assigned_at", "on_scene_at", "engaged_at", "cleared_at"),
    "dispatch_crew": ("since_at", "until_at"),
    "clocks_deadline": ("set_at", "fired_at"),
}
_JOURNAL = """
SELECT e.kind, e.at FROM journal_seal s JOIN journal_entry e ON e.id = s.entry_id ORDER BY s.seq
"""
IN_ORDER = [
    "calls.received",
    "triage.screened",
    "episodes.offered",
    "episodes.accepted",
    "dispatch.asked",
    "dispatch.signed_on",
    "dispatch.assigned",
    "dispatch.stepped",
    "dispatch.cleared",
    "episodes.closed",
]


def live_through(skews: tuple[int, ...]) -> int:
    """One call from its first key to its end; each act by the next of these clocks. Answers how many."""
    acts, clocks = itertools.count(1), itertools.cycle(skews)

    def now() -> datetime:
        return later(next(acts) * 10 + next(clocks))

    maria = an_actor(MARIA)
    episode = an_episode(at=now())
    a_screening(episode, at=now(), SI="passive")
    accepted(episode, to=maria, at=now())
    request = a_request(episode, maria, at=now())
    a_crew(at=now())
    row = an_assignment(request, at=now())
    for stage in (Stage.ON_SCENE, Stage.ENGAGED):
        row = step(row, stage, at=now())
    cleared(row, at=now())
    calls.close_call(by=maria, at=now(), episode_id=episode.pk, closing=OVER)
    return next(acts) - 1


def negative(admin: Admin) -> list[str]:
    """What ended before it began."""
    found = []
    for table, times in _ORDER.items():
        for first, second in itertools.combinations(times, 2):
            query = f"SELECT count(*) FROM {table} WHERE {second} < {first}"
            [count] = admin.execute(query).fetchone() or [0]
            if count:
                found.append(f"{table}: {second} before {first}")
    return found


def kinds(admin: Admin) -> tuple[list[str], list[str]]:
    """What happened in the order of the journal, and in the order of the clocks."""
    rows = [(str(kind), at) for kind, at in admin.execute(_JOURNAL).fetchall() if kind in IN_ORDER]
    by_clock = sorted(rows, key=lambda row: row[1])  # type: ignore[arg-type,return-value]
    return list(dict(rows)), list(dict(by_clock))


def test_clocks_step_both_ways_between_any_two_acts(admin: Admin, db: None) -> None:
    acts = disordered = 0
    every = SKEWS if cycles(0) else SKEWS[::4]
    for number, skews in enumerate(every):
        if number:
            clear()
        acts += live_through(skews)
        url = os.environ["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as connection:
            Sequencer(url).take_over(connection)

        by_seq, by_clock = kinds(admin)
        assert by_seq == IN_ORDER, skews
        disordered += by_clock != IN_ORDER
        assert negative(admin) == [], skews
        assert verify(None).findings == (), skews
    assert disordered  # control: whoever sorts by the clock gets another order
    print(
        f"\nF6: {acts} acts on {len(every)} clocks of ±5 min, 0 refused, 0 negative; in order by "
        f"number each time, by the clock not in {disordered} of {len(every)}"
    )


def elsewhere(clock: str, program: str, library: str) -> str:
    """What another process says, whose clock is so far from ours."""
    start = "import django; django.setup()\nfrom nowrongdoor.web.clock import now\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{start}from tests import makers\n{program}"],
        cwd=ROOT,
        env=os.environ | {"LD_PRELOAD": library, "FAKETIME": clock, "DONT_FAKE_MONOTONIC": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_two_processes_whose_clocks_are_ten_minutes_apart(admin: Admin, db: None) -> None:
    library = next(map(str, Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), "")
    if not library:
        not_run("F6 by the system's clock: libfaketime is not here")

    offer_id = elsewhere(
        "+5m", "print(makers.an_offer(makers.an_episode(at=now()), at=now()).pk)", library
    )
    accept = (
        "from uuid import UUID\nfrom nowrongdoor.episodes import commands\n"
        "maria = makers.an_actor('maria.lopez')\n"
        f"print(commands.accept_offer(by=maria, at=now(), handoff_id=UUID('{offer_id}')).pk)"
    )

    assert elsewhere("-5m", accept, library) == offer_id
    assert negative(admin) == []
    print("\nF6: 2 processes 10 minutes apart, 0 refused, 0 negative")
