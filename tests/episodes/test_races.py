"""Two at once. Each race says at which statement the second one waits; nothing rests on luck.

Negative control: the last test removes the lock, and the second one is no longer made to wait.
"""

import threading
from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands
from nowrongdoor.episodes.facts import Closing
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from tests.makers import an_actor, an_episode, an_offer, later, member_id, seen
from tests.waits import waiting_at

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
LOCKED = 'SELECT "episodes_episode"'


def race(
    admin: Admin,
    first: Callable[[], object],
    by: Actor,
    second: Callable[[], object],
    *,
    at: str = LOCKED,
    most_s: float = 10,
) -> str:
    """`first` has acted and not committed when `second` starts; answers the rule that refused it.

    `at`: how the statement begins at which the second one waits.
    """
    told: list[str] = []
    pid: list[int] = []
    begun = threading.Event()

    def late() -> None:
        connection.ensure_connection()
        pid.append(connection.connection.info.backend_pid)
        begun.set()
        try:
            second()
            told.append("")
        except Refused as refusal:
            told.append(refusal.verdict.rule)
        finally:
            connection.close()

    thread = threading.Thread(target=late)
    try:
        with act_as(by):
            first()
            thread.start()
            assert begun.wait(10)
            waiting_at(admin, pid[0], at, most_s=most_s)
    finally:
        if thread.ident is not None:
            thread.join(20)  # also where nobody waited: it may not outlive its test
    return told[0]


def test_two_accept_one_offer(admin: Admin) -> None:
    maria, thomas = an_actor("maria.lopez"), an_actor("thomas.baker")
    episode = an_episode()
    offer = an_offer(episode)

    rule = race(
        admin,
        lambda: commands.accept_offer(by=maria, at=later(1), handoff_id=offer.pk),
        maria,
        lambda: commands.accept_offer(by=thomas, at=later(1), handoff_id=offer.pk),
    )

    held = seen(maria, episode.pk)
    assert rule == "offer.accepted"
    assert held is not None
    assert held.holder_member_id == maria.member_id


def test_accepting_comes_before_taking_back(admin: Admin) -> None:
    anna, maria = an_actor(), an_actor("maria.lopez")
    offer = an_offer(an_episode(anna))

    rule = race(
        admin,
        lambda: commands.accept_offer(by=maria, at=later(1), handoff_id=offer.pk),
        maria,
        lambda: commands.withdraw_offer(by=anna, at=later(1), handoff_id=offer.pk),
    )

    assert rule == "offer.accepted"


def test_taking_back_comes_before_accepting(admin: Admin) -> None:
    anna, maria = an_actor(), an_actor("maria.lopez")
    episode = an_episode(anna)
    offer = an_offer(episode)

    rule = race(
        admin,
        lambda: commands.withdraw_offer(by=anna, at=later(1), handoff_id=offer.pk),
        anna,
        lambda: commands.accept_offer(by=maria, at=later(1), handoff_id=offer.pk),
    )

    held = seen(anna, episode.pk)
    assert rule == "offer.ended"
    assert held is not None
    assert held.holder_member_id == anna.member_id


def test_two_offers_of_one_episode(admin: Admin) -> None:
    anna = an_actor()
    episode = an_episode(anna)

    rule = race(
        admin,
        lambda: an_offer(episode, anna),
        anna,
        lambda: an_offer(episode, anna, to="911/in-center"),
    )

    assert rule == "offer.open_already"
    with act_as(anna):
        assert Handoff.objects.filter(episode=episode).count() == 1


def test_closing_comes_before_offering(admin: Admin) -> None:
    anna = an_actor()
    episode = an_episode(anna)
    closing = Closing("information", declined_by_person=True)

    rule = race(
        admin,
        lambda: commands.close_episode(
            by=anna, at=later(1), episode_id=episode.pk, closing=closing
        ),
        anna,
        lambda: an_offer(episode, anna, at=later(1)),
    )

    assert rule == "episode.closed"


def test_a_supervisor_assumes_while_another_accepts(admin: Admin) -> None:
    maria, ruth = an_actor("maria.lopez"), an_actor("ruth.palmer")
    episode = an_episode()
    offer = an_offer(episode)

    rule = race(
        admin,
        lambda: commands.assume_episode(
            by=ruth, at=later(1), episode_id=episode.pk, reason="supervisor_decision"
        ),
        ruth,
        lambda: commands.accept_offer(by=maria, at=later(1), handoff_id=offer.pk),
    )

    held = seen(ruth, episode.pk)
    assert rule == "offer.ended"
    assert held is not None
    assert held.holder_member_id == ruth.member_id


def test_two_take_from_one_queue(admin: Admin) -> None:
    anna, luis = an_actor(), an_actor("luis.ortega")
    episode = in_the_queue(admin)

    rule = race(
        admin,
        lambda: commands.take_episode(by=anna, at=later(3), episode_id=episode.pk),
        anna,
        lambda: commands.take_episode(by=luis, at=later(3), episode_id=episode.pk),
    )

    assert rule == "holder.another"


def in_the_queue(admin: Admin) -> Episode:
    """An episode in the 911 floor's queue, as an import leaves it."""
    episode = an_episode()
    admin.execute("SET session_replication_role = replica")
    admin.execute("UPDATE episodes_episode SET holder_member_id = NULL")
    admin.execute("SET session_replication_role = origin")
    return episode


def test_a_new_call_and_a_relief_leave_nobody_behind() -> None:
    """Relief offers what is held; a call taken meanwhile is not in it, and stays with who took it."""
    anna = an_actor()
    first = an_episode(anna)
    commands.relieve(by=anna, at=later(1), to_member_id=member_id("luis.ortega"))
    second = an_episode(anna, at=later(2))

    with act_as(anna):
        batch = Handoff.objects.get(purpose="relief").batch_id
        offered = set(Handoff.objects.filter(batch_id=batch).values_list("episode_id", flat=True))
    assert offered == {first.pk}
    held = seen(anna, second.pk)
    assert held is not None
    assert held.holder_member_id == anna.member_id


def test_without_the_lock_the_second_does_not_wait(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the same race, with the rows read and not locked."""

    def unlocked(handoff_id: object) -> tuple[dict[UUID, Episode], Handoff]:
        handoff = Handoff.objects.get(pk=handoff_id)
        return {handoff.episode_id: Episode.objects.get(pk=handoff.episode_id)}, handoff

    monkeypatch.setattr("nowrongdoor.episodes.commands.handoffs.lock_offer", unlocked)
    maria, thomas = an_actor("maria.lopez"), an_actor("thomas.baker")
    offer = an_offer(an_episode())

    with pytest.raises(AssertionError, match="never waited"):
        race(
            admin,
            lambda: Handoff.objects.get(pk=offer.pk),
            maria,
            lambda: commands.accept_offer(by=thomas, at=later(1), handoff_id=offer.pk),
            most_s=1,
        )
