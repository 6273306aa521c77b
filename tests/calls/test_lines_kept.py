"""Callers' lines, kept by the database itself: who sees them, and what cannot be written."""

from collections.abc import Callable

import psycopg
import pytest
from django.db import DatabaseError, connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands, queries
from nowrongdoor.calls.facts import Medium, SearchFor
from nowrongdoor.calls.models import (
    CallRequest,
    ExternalResponder,
    Leg,
    Participant,
    PlanNote,
    Search,
    SearchAttempt,
)
from nowrongdoor.episodes.models import Episode
from tests.calls.full import a_full_line
from tests.calls.lines import ANNA, GLORIA, MARIA, leaving, on_line, refused, the_leg
from tests.makers import NOON, an_actor, an_episode, seen

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
LEFT = "UPDATE calls_participant SET until_at = now(), ended_as = 'left'"
ALONE = "UPDATE calls_leg SET alone_since = now()"
ENDED = "UPDATE calls_leg SET ended_at = now(), ended_as = 'ended'"


# walls ------------------------------------------------------------------------------------------


@pytest.fixture
def full() -> Episode:
    return a_full_line()


def rows() -> dict[str, int]:
    return {
        model.__name__: model.objects.count()
        for model in (Leg, Participant, Search, SearchAttempt, ExternalResponder, PlanNote)
    }


def test_whoever_works_on_it_sees_its_lines_and_the_plan_of_nobody_else(full: Episode) -> None:
    for name, notes in ((ANNA, 0), (GLORIA, 1)):
        with act_as(an_actor(name)):
            found = rows()
        assert found.pop("PlanNote") == notes
        assert min(found.values()) > 0


@pytest.mark.parametrize("name", [MARIA, "judith.park", "walter.pena"])
def test_whoever_does_not_work_on_it_sees_nothing_of_its_lines(full: Episode, name: str) -> None:
    """Maria's program is told that somebody is there; the others not even that."""
    who = an_actor(name)

    with act_as(who):
        assert set(rows().values()) == {0}
    assert queries.legs(who, [full.pk]) == {}
    assert queries.searches(who, [full.pk]) == queries.responders(who, [full.pk]) == ()
    assert (seen(who, full.pk) is not None) == (name == MARIA)


@pytest.mark.parametrize(
    "act",
    [
        lambda who, leg, _: commands.join_line(by=who, at=NOON, leg_id=leg.pk),
        lambda who, leg, _: commands.lose_caller(by=who, at=NOON, leg_id=leg.pk),
        lambda who, _, one: commands.start_search(
            by=who, at=NOON, episode_id=one, seeking=SearchFor.PLACE
        ),
        lambda who, _, one: commands.record_dispatched(
            by=who, at=NOON, episode_id=one, axis="ems", value="now"
        ),
        lambda who, _, one: commands.escalate(by=who, at=NOON, episode_id=one),
    ],
    ids=["join_line", "lose_caller", "start_search", "record_dispatched", "escalate"],
)
def test_whoever_is_only_informed_does_nothing_on_its_lines(
    full: Episode, act: Callable[..., object]
) -> None:
    leg = the_leg(full)

    rule = refused(lambda: act(an_actor(MARIA), leg, full.pk))

    assert rule in {"row.missing", "search.not_working", "sent.not_working"}
    assert on_line(full) == {ANNA: "listening", GLORIA: "joined"}


def test_a_program_writes_sendings_and_notes_in_its_own_name_only(full: Episode) -> None:
    anna, gloria = an_actor(), an_actor(GLORIA)
    for model, values in (
        (ExternalResponder, {"axis": "ems", "value": "now"}),
        (PlanNote, {"text": "not hers"}),
    ):
        with pytest.raises(DatabaseError, match="row-level security"), act_as(anna):
            model.objects.create(
                id=full.pk,
                episode=full,
                program_id=gloria.program_id,
                by_member_id=anna.member_id,
                at=NOON,
                **values,
            )


def test_a_question_is_seen_by_who_asks_and_who_holds(full: Episode) -> None:
    commands.request_call(by=an_actor(MARIA), at=NOON, episode_id=full.pk)

    for name, count in ((MARIA, 1), (GLORIA, 1), (ANNA, 0), ("judith.park", 0)):
        with act_as(an_actor(name)):
            assert CallRequest.objects.count() == count


def test_nothing_of_a_line_is_deleted_and_a_try_and_a_note_stand(full: Episode) -> None:
    tables = (
        "leg",
        "participant",
        "search",
        "search_attempt",
        "external_responder",
        "call_request",
        "plan_note",
        "line_status",
    )
    forbidden = [f"DELETE FROM calls_{table}" for table in tables]
    forbidden += [
        f"UPDATE calls_{table} SET at = now()" for table in ("search_attempt", "plan_note")
    ]

    for statement in forbidden:
        with pytest.raises(DatabaseError, match="permission denied"), act_as(an_actor(GLORIA)):
            run(statement)


# triggers ---------------------------------------------------------------------------------------


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("statements", "name"),
    [
        # everybody gone and nobody says so
        ((LEFT,), "leg_alone_is_said"),
        # said to be alone while somebody is on it
        ((ALONE,), "leg_alone_is_said"),
        # said, but nothing will ring
        ((LEFT, ALONE), "leg_alone_rings"),
        # ended over the head of somebody who is still on it
        ((ENDED,), "leg_ended_is_left"),
        # alone and ended at once
        ((LEFT, ENDED, ALONE), "leg_alone_while_open|_end_stands"),
    ],
)
def test_a_caller_alone_is_said_to_be_or_nothing_is_written(
    statements: tuple[str, ...], name: str
) -> None:
    episode = an_episode()

    with pytest.raises(DatabaseError, match=name), act_as(an_actor()):
        run(*statements)

    assert on_line(episode) == {ANNA: "joined"}
    assert the_leg(episode).alone_since is None


def test_an_alarm_that_is_switched_off_is_noticed() -> None:
    episode = an_episode()
    commands.lose_line(**leaving(episode))
    off = "UPDATE clocks_deadline SET cancelled_at = now() WHERE kind = 'calls.alone'"
    touch = "UPDATE calls_leg SET alone_s = alone_s + 1"

    with pytest.raises(DatabaseError, match="leg_alone_rings"), act_as(an_actor()):
        run(off, touch)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE calls_leg SET ended_at = NULL, ended_as = ''",
        "UPDATE calls_leg SET ended_as = 'lost'",
        "UPDATE calls_leg SET alone_s = 0",
        "UPDATE calls_participant SET until_at = NULL, ended_as = ''",
        "UPDATE calls_participant SET ended_as = 'released'",
        "UPDATE calls_participant SET mode = 'listening'",
        "UPDATE calls_participant SET since_at = since_at - interval '1 h'",
    ],
)
def test_what_has_ended_on_a_line_stands(statement: str) -> None:
    episode = an_episode()
    commands.lose_caller(**leaving(episode))

    with pytest.raises(DatabaseError, match="_end_stands"), act_as(an_actor()):
        run(statement)


def test_how_often_it_was_asked_what_became_may_still_be_counted() -> None:
    episode = an_episode()
    commands.lose_caller(**leaving(episode))

    with act_as(an_actor()):
        run("UPDATE calls_participant SET reminders = 1")


# constraints ------------------------------------------------------------------------------------

COPIED = (
    "INSERT INTO calls_participant (id, leg_id, episode_id, medium, program_id, member_id, attested_name, "
    "mode, since_at, ended_as, seen_step, reminders) SELECT gen_random_uuid(), leg_id, episode_id, "
    "{}, since_at, '', 0, 0 FROM calls_participant"
)


# of what is still open: of what is over another rule may speak first, by where its rows lie
KEPT = [
    (COPIED.format("medium, program_id, member_id, '', mode"), "on_line_once"),
    (COPIED.format("medium, program_id, NULL, '', mode"), "on_line_by_name"),
    (
        "UPDATE calls_participant SET mode = 'whispering' WHERE until_at IS NULL",
        "on_line_mode_known",
    ),
    (
        "UPDATE calls_participant SET until_at = now() WHERE until_at IS NULL",
        "on_line_ends_one_way",
    ),
    (
        "UPDATE calls_participant SET ended_as = 'left' WHERE until_at IS NULL",
        "on_line_ends_one_way",
    ),
    ("UPDATE calls_leg SET medium = 'smoke' WHERE ended_at IS NULL", "leg_medium_known"),
    ("UPDATE calls_leg SET ended_at = now() WHERE ended_at IS NULL", "leg_ends_one_way"),
    ("UPDATE calls_leg SET ended_as = 'lost' WHERE ended_at IS NULL", "leg_ends_one_way"),
    ("UPDATE calls_search SET seeking = 'gold'", "search_seeks_known"),
    ("UPDATE calls_external_responder SET axis = 'navy'", "sent_axis_known"),
    ("UPDATE calls_external_responder SET rescue = 'forced'", "sent_rescue_known"),
    ("UPDATE calls_external_responder SET met_at = now()", "sent_met_by_name"),
    (
        "INSERT INTO calls_search (id, episode_id, seeking, program_id, began_at, alerts) "
        "SELECT gen_random_uuid(), episode_id, seeking, program_id, began_at, 0 FROM calls_search",
        "search_once_open",
    ),
    (
        "INSERT INTO calls_call_request (id, episode_id, program_id, holder_program_id, asked_by_id, asked_at, given) "
        "SELECT gen_random_uuid(), episode_id, program_id, holder_program_id, asked_by_id, asked_at, given FROM calls_call_request",
        "pull_once_open",
    ),
    (
        "INSERT INTO calls_line_status (id, program_id, said_by_program_id, down_at, down_by_id) "
        "SELECT gen_random_uuid(), program_id, said_by_program_id, down_at, down_by_id FROM calls_line_status",
        "line_down_once",
    ),
]


def test_the_constraints_stand_behind(full: Episode, admin: Admin) -> None:
    ruth = an_actor("ruth.palmer")
    commands.request_call(by=an_actor(MARIA), at=NOON, episode_id=full.pk)
    commands.report_line_down(by=ruth, at=NOON, program_id=an_actor(MARIA).program_id)

    for statement, name in KEPT:
        with pytest.raises(psycopg.errors.IntegrityError, match=name):
            admin.execute(statement)


def test_nobody_listens_to_text_whatever_a_command_says(admin: Admin) -> None:
    an_episode(an_actor(MARIA), medium=Medium.TEXT)

    with pytest.raises(psycopg.errors.IntegrityError, match="on_line_never_listens_to_text"):
        admin.execute("UPDATE calls_participant SET mode = 'listening'")
