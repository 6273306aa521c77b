"""Who reads which answer, what is never rewritten, and two desks that answer at once."""

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes.models import Episode
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotFound
from nowrongdoor.triage import commands, queries, step
from nowrongdoor.triage.facts import Level
from nowrongdoor.triage.models import Answer, Screening
from tests.episodes.test_races import race
from tests.makers import NOON, a_screening, an_actor, an_episode, later
from tests.triage.desks import STOPS, screened, shared

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]


def read(by: Actor, episode: Episode) -> dict[str, str]:
    """The answers as the database gives them to this program."""
    with act_as(by):
        return dict(Answer.objects.filter(episode=episode).values_list("question", "value"))


def test_a_counselor_s_answers_are_not_read_by_911_and_hard_stops_are() -> None:
    episode, anna, maria = shared()
    a_screening(episode, maria, SI="active", PLAN="Y", MEANS="Y", TIME="day", MED="N", WPN="none")

    assert read(anna, episode) == {"MED": "N", "WPN": "none"}
    assert queries.answers(anna, episode.pk) == {"MED": "N", "WPN": "none"}
    [step] = queries.steps(anna, episode.pk)
    assert dict(step.answers) == {"MED": "N", "WPN": "none"}
    assert len(read(maria, episode)) == 6


def test_what_911_asked_travels_with_the_call() -> None:
    episode, _anna, maria = shared()
    a_screening(episode, SI="passive", REL="family")

    assert read(maria, episode) == {"SI": "passive", "REL": "family"}


def test_letting_them_travel_opens_ones_own_answers_and_no_others() -> None:
    episode, anna, maria = shared()
    a_screening(episode, maria, SI="active")

    with act_as(anna):
        commands.let_travel(episode_id=episode.pk)
        connection.cursor().execute("UPDATE triage_answer SET travels = true")
    before = read(anna, episode)
    with act_as(maria):
        commands.let_travel(episode_id=episode.pk)

    assert before == {}
    assert read(anna, episode) == {"SI": "active"}


def test_the_level_weighs_every_answer_also_those_that_one_may_not_read() -> None:
    episode, anna, maria = shared()
    a_screening(episode, **STOPS)
    a_screening(episode, maria, SI="active", PLAN="Y", MEANS="Y")

    row = a_screening(episode, anna, TIME="day")

    assert "SI" not in read(anna, episode)
    assert (row.level, row.rule) == ("3B", "L09")
    assert queries.needs(anna, [episode.pk])[episode.pk].shown is Level.PAIR


def test_whoever_does_not_work_on_it_is_told_nothing() -> None:
    episode, _anna, _maria = shared()
    screened(episode, HI="named")
    judith = an_actor("judith.park")

    with act_as(judith):
        assert not Screening.objects.exists()
        assert not Answer.objects.exists()
        assert step.so_far(episode.pk, at=NOON).known == {"HOT": "N"}
    assert queries.needs(judith, [episode.pk]) == {}
    with pytest.raises(NotFound):
        a_screening(episode, an_actor("walter.pena"), MED="N")


STATEMENTS = [
    "UPDATE triage_screening SET standing = '1'",
    "DELETE FROM triage_screening",
    "UPDATE triage_answer SET value = 'none'",
    "DELETE FROM triage_answer",
    "UPDATE triage_duty_done SET duty = 'x'",
    "DELETE FROM triage_duty_done",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_was_written_is_not_rewritten_by_the_app(statement: str) -> None:
    episode, anna = an_episode(), an_actor()
    screened(episode, HI="named")
    commands.do_duty(by=anna, at=later(1), episode_id=episode.pk, duty="duty_to_warn_task")

    with pytest.raises(DatabaseError, match="permission denied"), act_as(anna):
        connection.cursor().execute(statement)


def test_an_answer_is_not_rewritten_by_anybody(admin: Admin) -> None:
    screened(an_episode(), WPN="in_hand")

    for change in ("value = 'none'", "question = 'X'", "step = 9", "at = now()", "travels = false"):
        with pytest.raises(psycopg.errors.IntegrityError, match="triage_answer_stands"):
            admin.execute(f"UPDATE triage_answer SET {change} WHERE question = 'WPN'")


def test_two_desks_answer_at_once_and_nothing_is_lost(admin: Admin) -> None:
    episode, anna, luis = an_episode(), an_actor(), an_actor("luis.ortega")

    rule = race(
        admin,
        lambda: a_screening(episode, anna, WPN="in_hand"),
        anna,
        lambda: a_screening(episode, luis, SI="active"),
    )

    with act_as(anna):
        rows = list(Screening.objects.order_by("step").values_list("step", "standing", "rule"))
    assert rule == ""
    assert rows == [(1, "4", "L02"), (2, "4", "L02")]
    assert read(anna, episode) == {"WPN": "in_hand", "SI": "active"}


def test_without_the_lock_the_second_desk_does_not_wait_for_the_episode(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the same race, with the episode read and not held."""
    episode, anna, luis = an_episode(), an_actor(), an_actor("luis.ortega")
    monkeypatch.setattr(
        "nowrongdoor.triage.commands.screening.episodes.lock_episode",
        lambda episode_id: Episode.objects.get(pk=episode_id).facts(),
    )

    with pytest.raises(AssertionError, match="never waited"):
        race(
            admin,
            lambda: Episode.objects.select_for_update().get(pk=episode.pk),
            anna,
            lambda: a_screening(episode, luis, SI="active"),
            most_s=1,
        )


def test_needs_are_read_with_as_many_queries_for_five_as_for_one() -> None:
    anna = an_actor()
    ids = [an_episode(anna).pk for _ in range(5)]
    for id in ids:
        commands.screen(by=anna, at=NOON, episode_id=id, given=STOPS)
    queries.needs(anna, ids)  # the protocol is parsed

    def count(some: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(queries.needs(anna, ids[:some])) == some
        return len(captured)

    assert count(1) == count(5)


def test_the_steps_tell_who_did_what_and_why() -> None:
    episode, anna, maria = shared()
    screened(episode, WPN="in_reach")
    commands.recommend(by=maria, at=later(1), episode_id=episode.pk, level="2")
    commands.lower(by=anna, at=later(2), episode_id=episode.pk, to="2", reason="new_facts")

    asked, said, lowered = queries.steps(anna, episode.pk)

    assert (asked.cause, asked.by_name, dict(asked.answers)["WPN"]) == (
        "answers",
        "Anna Miller",
        "in_reach",
    )
    assert (said.cause, said.said, said.by_name) == ("recommended", "2", "Maria Lopez")
    assert (lowered.shown, lowered.reason, lowered.agreed_with) == ("2", "new_facts", "Maria Lopez")
