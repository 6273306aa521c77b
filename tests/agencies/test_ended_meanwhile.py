"""Access that ends while a command waits: what it did is taken back, and it says so (H12)."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

from nowrongdoor.agencies import actors, commands
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotPermitted, Refused
from tests.makers import NOON, an_actor, an_episode, an_offer, later, member_id
from tests.waits import waiting_at

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]


def while_it_waits(
    admin: Admin, blocker: Actor, meanwhile: Callable[[], object], second: Callable[[], object]
) -> str:
    """`blocker` locks the offer's call; `second` waits there; `meanwhile` is done and committed first."""
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

    def between() -> None:
        try:
            meanwhile()
        finally:
            connection.close()

    thread, other = threading.Thread(target=late), threading.Thread(target=between)
    with act_as(blocker):
        list(Episode.objects.select_for_update().all())
        thread.start()
        assert begun.wait(10)
        waiting_at(admin, pid[0], 'SELECT "episodes_episode"')
        other.start()
        other.join(10)
    thread.join(20)
    return told[0]


def accept_while_access_ends(admin: Admin) -> tuple[str, bool]:
    anna, maria, oscar = an_actor(), an_actor("maria.lopez"), an_actor("oscar.nunez")
    offer = an_offer(an_episode())

    rule = while_it_waits(
        admin,
        anna,
        lambda: commands.end_access(by=oscar, at=later(2), member_id=member_id("maria.lopez")),
        lambda: episodes.accept_offer(by=maria, at=later(1), handoff_id=offer.pk),
    )

    with act_as(anna):
        return rule, Handoff.objects.get(pk=offer.pk).accepted_at is not None


def test_what_waited_while_its_members_access_ended_is_not_done(admin: Admin) -> None:
    assert accept_while_access_ends(admin) == ("access.ended_meanwhile", False)


def test_the_control_does_not_ask_again_and_lets_it_commit(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actors, "still_acting", lambda _by: True)

    assert accept_while_access_ends(admin) == ("", True)


def test_an_administrator_does_not_end_their_own_access() -> None:
    """H18: also by a post of one's own making; the page has no button for it."""
    oscar = an_actor("oscar.nunez")

    with pytest.raises(NotPermitted) as refusal:
        commands.end_access(by=oscar, at=NOON, member_id=member_id("oscar.nunez"))

    assert refusal.value.verdict.rule == "access.own"
