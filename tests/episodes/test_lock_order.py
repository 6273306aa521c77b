"""Whoever needs several episodes locks them in one order; the victim of a deadlock is asked again, or told."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands as calls
from nowrongdoor.episodes import commands
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.rows.locks import TRIES
from tests.conftest import database_url
from tests.episodes.test_races import LOCKED
from tests.makers import an_actor, an_episode, an_offer, later, member_id
from tests.waits import waiting_at

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
HOLD = "SELECT id FROM episodes_episode"


def late(admin: Admin, first: Episode, act: Callable[[], object]) -> list[bool]:
    """Run `act` while somebody else holds `first`. Answers, once it waits, which others it holds itself."""
    pid: list[int] = []
    begun = threading.Event()

    def run() -> None:
        connection.ensure_connection()
        pid.append(connection.connection.info.backend_pid)
        begun.set()
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with psycopg.connect(database_url("admin", admin.info.dbname)) as holding:
        holding.execute(f"{HOLD} WHERE id = %s FOR UPDATE", [first.pk])
        thread.start()
        try:
            assert begun.wait(10)
            waiting_at(admin, pid[0], LOCKED)
            free = admin.execute(f"{HOLD} WHERE id <> %s FOR UPDATE SKIP LOCKED", [first.pk])
            left = {id for (id,) in free.fetchall()}
            rows = admin.execute(f"{HOLD} WHERE id <> %s", [first.pk]).fetchall()
        finally:
            holding.rollback()
            thread.join(20)
    return [id not in left for (id,) in rows]


def two() -> tuple[Episode, Episode]:
    """Two episodes of Anna's, the one with the lower id first."""
    one, other = an_episode(), an_episode(at=later(1))
    return (one, other) if one.pk < other.pk else (other, one)


@pytest.mark.parametrize("turned", [False, True])
def test_to_join_waits_for_the_lower_id_before_it_holds_the_other(
    admin: Admin, turned: bool
) -> None:
    """Two desks that ask to join A into B and B into A cannot wait for each other."""
    low, high = two()
    into, episode = (low, high) if turned else (high, low)

    held = late(
        admin,
        low,
        lambda: commands.join_episode(
            by=an_actor(), at=later(2), episode_id=episode.pk, into_id=into.pk
        ),
    )

    assert held == [False]


def test_relief_and_a_transfer_of_the_whole_wait_in_that_order(admin: Admin) -> None:
    low, high = two()
    commands.join_episode(by=an_actor(), at=later(2), episode_id=high.pk, into_id=low.pk)

    for act in (
        lambda: an_offer(low, at=later(3)),
        lambda: calls.relieve_all(
            by=an_actor(), at=later(3), to_member_id=member_id("luis.ortega")
        ),
        lambda: commands.lock_episode(high.pk),
    ):
        assert late(admin, low, lambda act=act: acting(act)) == [False]  # type: ignore[misc]


def acting(act: Callable[[], object]) -> None:
    with act_as(an_actor()):
        act()


def test_the_victim_of_a_deadlock_is_asked_again_and_its_act_is_done_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    episode = an_episode()
    tried = ended_for_another(monkeypatch, times=2)

    an_offer(episode)

    with act_as(an_actor()):
        assert Handoff.objects.filter(episode=episode).count() == 1
    assert len(tried) == 3


def test_who_is_the_victim_each_time_is_told_that_nothing_was_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    episode = an_episode()
    ended_for_another(monkeypatch, times=TRIES)

    with pytest.raises(Refused, match="Nothing was changed"):
        an_offer(episode)

    with act_as(an_actor()):
        assert not Handoff.objects.filter(episode=episode).exists()


def test_who_waited_too_long_is_not_made_to_wait_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = ended_for_another(monkeypatch, times=TRIES, state="55P03")

    with pytest.raises(Refused, match="Nothing was changed"):
        an_offer(an_episode())

    assert len(tried) == 1


def ended_for_another(
    monkeypatch: pytest.MonkeyPatch, *, times: int, state: str = "40P01"
) -> list[int]:
    """The database ends so many offers, at their last statement, as it does for a deadlock."""
    tried: list[int] = []
    kept = commands.handoffs.set_next_deadline

    def ended(*args: object, **kwargs: object) -> None:
        kept(*args, **kwargs)  # type: ignore[arg-type]
        tried.append(1)
        if len(tried) <= times:
            with connection.cursor() as cursor:
                cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")

    monkeypatch.setattr("nowrongdoor.episodes.commands.handoffs.set_next_deadline", ended)
    return tried
