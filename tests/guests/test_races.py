"""Two at once at one link. Each race names the statement at which the second one waits."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.guests import commands
from nowrongdoor.guests.models import OPEN, Link
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from tests.guests.links import BELL, a_guests_offer, a_link, guest_of, held, link_row, offer_of
from tests.makers import an_actor, later, program_id
from tests.waits import waiting_at

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
EPISODE, LINK = 'SELECT "episodes_episode"', 'SELECT "guests_link"'


def race(
    admin: Admin,
    first: Callable[[], object],
    by: Actor,
    second: Callable[[], object],
    *,
    at: str,
    most_s: float = 10,
) -> str:
    """`first` has acted and not committed when `second` starts and waits at `at`; the rule that refused it."""
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

    with act_as(by):
        first()
        thread = threading.Thread(target=late)
        thread.start()
        assert begun.wait(10)
        waiting_at(admin, pid[0], at, most_s=most_s)
    thread.join(20)
    return told[0]


def test_two_phones_accept_one_link(admin: Admin) -> None:
    made = a_link(opened=True)
    guest = guest_of(made)

    def accept(name: str) -> None:
        commands.accept_by_link(
            by=guest, at=later(1), link_id=made.link_id, receiver=BELL.__class__(name, "114")
        )

    rule = race(admin, lambda: accept("First"), guest, lambda: accept("Second"), at=EPISODE)

    assert rule == "offer.accepted"
    assert offer_of(made).attested_name == "First"


def test_accepting_comes_before_taking_back(admin: Admin) -> None:
    made = a_link(opened=True)
    guest, anna = guest_of(made), an_actor()
    offer = offer_of(made)

    rule = race(
        admin,
        lambda: commands.accept_by_link(by=guest, at=later(1), link_id=made.link_id, receiver=BELL),
        guest,
        lambda: episodes.withdraw_offer(by=anna, at=later(1), handoff_id=offer.pk),
        at=EPISODE,
    )

    assert rule == "offer.accepted"
    assert held(made).holder_program_id == program_id("sheriff911/floor")


def test_taking_back_comes_before_accepting(admin: Admin) -> None:
    made = a_link(opened=True)
    guest, anna = guest_of(made), an_actor()
    offer = offer_of(made)

    rule = race(
        admin,
        lambda: episodes.withdraw_offer(by=anna, at=later(1), handoff_id=offer.pk),
        anna,
        lambda: commands.accept_by_link(by=guest, at=later(1), link_id=made.link_id, receiver=BELL),
        at=EPISODE,
    )

    assert rule == "offer.ended"
    assert held(made).holder_member_id == anna.member_id
    assert link_row(made.link_id).answered_at is None


def test_ending_the_link_comes_before_accepting(admin: Admin) -> None:
    """The acceptance was written already when the link says no: all of it goes back."""
    made = a_link(opened=True)
    guest, anna = guest_of(made), an_actor()

    rule = race(
        admin,
        lambda: commands.end_link(by=anna, at=later(1), link_id=made.link_id),
        anna,
        lambda: commands.accept_by_link(by=guest, at=later(1), link_id=made.link_id, receiver=BELL),
        at=LINK,
    )

    assert rule == "link.ended"
    assert offer_of(made).ended == ""
    assert held(made).holder_member_id == anna.member_id


def test_accepting_comes_before_ending_the_link(admin: Admin) -> None:
    made = a_link(opened=True)
    guest, anna = guest_of(made), an_actor()

    rule = race(
        admin,
        lambda: commands.accept_by_link(by=guest, at=later(1), link_id=made.link_id, receiver=BELL),
        guest,
        lambda: commands.end_link(by=anna, at=later(1), link_id=made.link_id),
        at=LINK,
    )

    assert rule == "link.answered"
    assert link_row(made.link_id).answered_how == "accepted"


def test_two_links_made_at_once_leave_one_open(admin: Admin) -> None:
    anna, offer = an_actor(), a_guests_offer()

    rule = race(
        admin, lambda: a_link(offer, later(1)), anna, lambda: a_link(offer, later(2)), at=EPISODE
    )

    assert rule == ""
    with act_as(anna):
        assert (Link.objects.count(), Link.objects.filter(OPEN).count()) == (2, 1)


def test_without_the_lock_the_second_does_not_wait(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the first race, with the rows read and not locked."""

    def unlocked(handoff_id: object) -> tuple[Episode, Handoff]:
        handoff = Handoff.objects.get(pk=handoff_id)
        return Episode.objects.get(pk=handoff.episode_id), handoff

    monkeypatch.setattr("nowrongdoor.episodes.commands.guest.lock_offer_and_episode", unlocked)
    made = a_link(opened=True)
    guest = guest_of(made)

    with pytest.raises(AssertionError, match="never waited"):
        race(
            admin,
            lambda: Link.objects.get(pk=made.link_id),
            guest,
            lambda: commands.accept_by_link(
                by=guest, at=later(1), link_id=made.link_id, receiver=BELL
            ),
            at=EPISODE,
            most_s=1,
        )
