"""Deadlines: promised once, kept or fired once, and nothing ends by itself."""

import threading

import psycopg
import pytest
from django.db import connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.system import system
from nowrongdoor.clocks import commands, queries
from nowrongdoor.clocks.models import Deadline
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.models import Handoff
from nowrongdoor.journal.models import Entry
from nowrongdoor.site.reactions import DEADLINES
from tests.makers import NOON, an_actor, an_episode, an_offer, later
from tests.waits import waiting_at

pytestmark = pytest.mark.usefixtures("db")


def fire(seconds: float) -> int:
    return commands.fire_due(at=later(seconds), reactions=DEADLINES)


def alerts() -> int:
    with act_as(an_actor()):
        return Handoff.objects.get().alerts


def test_an_offer_nobody_answers_alerts_step_by_step_and_stays_open() -> None:
    """Alerts at 20, 30 and 60 s (sources, "Timers of a warm transfer"), then every 60 s."""
    an_offer(an_episode())

    assert [(fire(at), alerts()) for at in (19, 20, 29, 30, 59, 60, 119, 120)] == [
        (0, 0), (1, 1), (0, 1), (1, 2), (0, 2), (1, 3), (0, 3), (1, 4),
    ]  # fmt: skip
    with act_as(an_actor()):
        assert Handoff.objects.get().ended == ""
        kinds = list(Entry.objects.filter(kind="episodes.unanswered").values_list("by", flat=True))
    assert kinds == ["timer"] * 4


def test_an_answer_keeps_the_promise() -> None:
    offer = an_offer(an_episode())
    episodes.accept_offer(by=an_actor("maria.lopez"), at=later(5), handoff_id=offer.pk)

    assert fire(9999) == 0
    with act_as(an_actor()):
        row = Deadline.objects.get()
        assert (row.fired_at, row.cancelled_at) == (None, later(5))


def test_a_worker_that_slept_fires_late_and_does_not_flood() -> None:
    an_offer(an_episode())

    assert [fire(3600) for _ in range(3)] == [1, 0, 0]
    assert [fire(3659), fire(3660)] == [0, 1]
    assert alerts() == 2


def test_the_next_deadline_is_on_the_board() -> None:
    episode = an_episode()
    an_offer(episode)

    with act_as(an_actor("maria.lopez")):
        assert queries.next_due([episode.pk]) == {episode.pk: (later(20), "episodes.unanswered")}
    with act_as(an_actor("judith.park")):
        assert queries.next_due([episode.pk]) == {}


def test_two_workers_fire_one_deadline_once(
    admin: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    an_offer(an_episode())
    fired: list[int] = []
    both = threading.Barrier(2)

    def work() -> None:
        both.wait()
        try:
            fired.append(fire(20))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert sum(fired) == 1
    assert alerts() == 1


def test_a_deadline_being_fired_is_skipped_by_the_other(
    admin: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    """The first holds the row; the second passes on instead of waiting."""
    an_offer(an_episode())
    with admin.transaction():
        admin.execute("SELECT id FROM clocks_deadline FOR UPDATE")
        assert fire(20) == 0
    assert fire(20) == 1


def test_one_bad_reaction_stops_nothing_else() -> None:
    first, second = an_offer(an_episode()), an_offer(an_episode())
    seen: list[object] = []

    def breaks_once(*, by: object, at: object, subject_id: object) -> None:
        seen.append(subject_id)
        if subject_id == first.pk:
            raise ValueError("a bug")

    with pytest.raises(ExceptionGroup) as group:
        commands.fire_due(at=later(20), reactions={"episodes.unanswered": breaks_once})

    assert [type(each) for each in group.value.exceptions] == [ValueError]
    assert set(seen) == {first.pk, second.pk}
    with act_as(an_actor()):
        open_now = Deadline.objects.filter(fired_at=None).values_list("subject_id", flat=True)
        assert list(open_now) == [first.pk]  # rolled back, to be tried again


def test_the_timer_answering_waits_for_the_person_accepting(
    admin: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    """Accepting holds the episode; the alert comes after and leaves the answered offer alone."""
    offer = an_offer(an_episode())
    maria = an_actor("maria.lopez")
    pid: list[int] = []
    begun = threading.Event()

    def late() -> None:
        connection.ensure_connection()
        pid.append(connection.connection.info.backend_pid)
        begun.set()
        by = system(program_id=an_actor().program_id, agency_id=an_actor().agency_id, code="timer")
        try:
            episodes.alert_unanswered(by=by, at=later(20), subject_id=offer.pk)
        finally:
            connection.close()

    with act_as(maria):
        episodes.accept_offer(by=maria, at=later(20), handoff_id=offer.pk)
        thread = threading.Thread(target=late)
        thread.start()
        begun.wait(10)
        waiting_at(admin, pid[0], 'SELECT "episodes_episode"')
    thread.join(10)

    assert alerts() == 0


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        (
            "UPDATE clocks_deadline SET fired_at = due_at, cancelled_at = due_at",
            "deadline_ends_once",
        ),
        (
            "UPDATE clocks_deadline SET fired_at = due_at - interval '1 s'",
            "deadline_never_fires_early",
        ),
        (
            "INSERT INTO clocks_deadline SELECT gen_random_uuid(), kind, subject_id, episode_id, set_at, due_at, "
            "fired_at, cancelled_at, agency_id, other_program_id, program_id FROM clocks_deadline",
            "deadline_once_open",
        ),
    ],
)
def test_the_constraints_stand_behind(
    admin: "psycopg.Connection[tuple[object, ...]]", statement: str, name: str
) -> None:
    an_offer(an_episode(at=NOON))

    with pytest.raises(psycopg.errors.IntegrityError, match=name):
        admin.execute(statement)


def test_a_clock_waits_for_nobody_who_acts_on_its_episode() -> None:
    """Whoever acts holds the episode, then keeps the deadline: a clock that held it and waited would
    stop both. It fires a second later instead, where it is still due."""
    episode = an_episode()
    an_offer(episode)
    fired: list[int] = []

    def clock() -> None:
        fired.append(fire(20))
        connection.close()

    with act_as(an_actor()):
        episodes.lock_episode(episode.pk)
        thread = threading.Thread(target=clock)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
        assert fired == [0]

    assert fire(21) == 1


def test_a_clock_that_another_program_may_not_see_is_canceled_too() -> None:
    """Row-level security would turn the update into nothing, and the clock would go on."""
    offer = an_offer(an_episode())
    stranger = an_actor("judith.park")
    with act_as(stranger):
        assert not Deadline.objects.filter(subject_id=offer.pk).exists()

        commands.cancel_deadline(offer.pk, at=later(5))

    with act_as(an_actor()):
        assert [each.cancelled_at for each in Deadline.objects.filter(subject_id=offer.pk)] == [
            later(5)
        ]
