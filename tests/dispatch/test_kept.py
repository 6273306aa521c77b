"""What the database itself keeps of dispatch: who sees it, what never is written, and what stands."""

from collections.abc import Callable

import psycopg
import pytest
from django.db import DatabaseError, connection

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.dispatch import commands
from nowrongdoor.dispatch.facts import Stage
from nowrongdoor.dispatch.models import Assignment, Request
from tests.dispatch.floor import (
    ANA,
    CARL,
    DAVID,
    DENISE,
    MARIA,
    RUBEN,
    STRANGER,
    a_request,
    an_assignment,
    cleared,
    promised,
    step,
    unit_id,
)
from tests.dispatch.full import a_team_at_the_scene
from tests.makers import NOON, an_actor, later, seen

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
TABLES = (
    "request",
    "choice",
    "assignment",
    "member_time",
    "check_in",
    "duress",
    "notification",
    "caution",
)
STANDS = ("choice", "check_in", "notification")


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def counts() -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM dispatch_{table}")
            found[table] = cursor.fetchone()[0]
    return found


@pytest.fixture
def full() -> Assignment:
    return a_team_at_the_scene()


# walls ------------------------------------------------------------------------------------------


def test_whoever_works_on_the_episode_sees_what_was_asked_for_and_who_comes(
    full: Assignment,
) -> None:
    for name in (MARIA, CARL, ANA, DAVID):  # David's floor was asked for police
        with act_as(an_actor(name)):
            assert min(counts().values()) > 0, name


def test_that_a_unit_is_busy_is_known_and_nothing_else_of_its_work(full: Assignment) -> None:
    with act_as(an_actor(STRANGER)), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM dispatch_stages()")
        assert cursor.fetchall() == [(unit_id(), "on_scene", NOON)]
        cursor.execute("SELECT * FROM dispatch_cautions(%s)", [full.episode_id])
        assert cursor.fetchall() == []


def test_a_desk_that_said_no_sees_no_row_of_it_any_more() -> None:
    request = a_request()
    said = {"request_id": request.pk, "at": NOON}
    commands.decline_request(by=an_actor(CARL), reason="no_unit", **said)

    with act_as(an_actor(CARL)):
        assert not Request.objects.exists()
    with act_as(an_actor(DENISE)):
        assert not Request.objects.exclude(pk=request.pk).exists()
        assert Request.objects.count() == 1


def test_nothing_is_deleted_and_what_was_said_stands(full: Assignment) -> None:
    forbidden = [f"DELETE FROM dispatch_{table}" for table in TABLES]
    forbidden += [f"UPDATE dispatch_{table} SET at = now()" for table in STANDS]
    forbidden += ["DELETE FROM dispatch_crew", "DELETE FROM dispatch_unit"]

    for statement in forbidden:
        with pytest.raises(DatabaseError, match="permission denied"), act_as(an_actor(CARL)):
            run(statement)


def test_a_caution_is_written_in_the_own_name_and_of_what_one_works_on(full: Assignment) -> None:
    theirs = (
        "INSERT INTO dispatch_caution (id, of, episode_id, place, code, text, evidence, program_id, "
        "by_member_id, at, expires_at, appeal) SELECT gen_random_uuid(), 'person', %s, '', 'dogs', '', "
        "'seen', %s, %s, now(), now() + interval '1 day', ''"
    )
    stranger, carl = an_actor(STRANGER), an_actor(CARL)
    for by, program in ((stranger, stranger), (carl, stranger)):
        with (
            pytest.raises(DatabaseError, match="row-level security"),
            act_as(by),
            connection.cursor() as cursor,
        ):
            cursor.execute(theirs, [full.episode_id, program.program_id, by.member_id])


# what is never written --------------------------------------------------------------------------

ASSIGNED = (
    "INSERT INTO dispatch_assignment (id, request_id, episode_id, unit_id, crew_id, program_id, "
    "authority_id, by_member_id, override, assigned_at, outcome, took_somebody, left_behind, "
    "facility_code, missed, source) SELECT gen_random_uuid(), request_id, episode_id, unit_id, crew_id, "
    "program_id, authority_id, by_member_id, '', assigned_at, '', false, '{}', '', 0, source "
    "FROM dispatch_assignment"
)
OFF = "UPDATE clocks_deadline SET cancelled_at = now() WHERE kind = 'dispatch.{}'"
TOUCH = "UPDATE dispatch_request SET version = version + 1"
TOUCH_TEAM = "UPDATE dispatch_assignment SET missed = missed + 1"


def asked() -> None:
    a_request()


def queued() -> None:
    answer = {"answer": promised(45), "request_id": a_request().pk}
    commands.queue_request(by=an_actor(CARL), at=NOON, **answer)


def accepted() -> None:
    commands.accept_request(by=an_actor(CARL), at=NOON, request_id=a_request().pk)


def declined() -> None:
    no = {"reason": "no_unit", "request_id": a_request().pk}
    commands.decline_request(by=an_actor(CARL), at=NOON, **no)


def returned() -> None:
    cleared(an_assignment(), "not_found", next_try_at=later(3600))


def at_scene() -> None:
    an_assignment(reached=Stage.ON_SCENE)


def with_them() -> None:
    an_assignment(reached=Stage.ENGAGED)


def sent() -> None:
    an_assignment()


@pytest.mark.parametrize(
    ("before", "statements", "keeper"),
    [
        (sent, (ASSIGNED,), "assignment_one_open_per_unit"),
        (asked, (OFF.format("unanswered"), TOUCH), "request_waits_with_clock"),
        (queued, (OFF.format("choice"), TOUCH), "request_waits_with_clock"),
        (accepted, (OFF.format("unanswered"), TOUCH), "request_waits_with_clock"),
        (declined, (OFF.format("follow"), TOUCH), "request_no_is_followed"),
        (returned, (OFF.format("follow"), TOUCH), "request_no_is_followed"),
        (at_scene, (OFF.format("check_in"), TOUCH_TEAM), "assignment_at_scene_is_watched"),
        (with_them, (OFF.format("check_in"), TOUCH_TEAM), "assignment_at_scene_is_watched"),
        (sent, ("UPDATE dispatch_assignment SET on_scene_at = assigned_at",), "is_watched"),
        (sent, ("UPDATE dispatch_assignment SET transporting_at = assigned_at",), "is_watched"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_the_keepers_stand_also_against_a_superuser(
    admin: Admin, before: Callable[[], None], statements: tuple[str, ...], keeper: str
) -> None:
    before()

    with pytest.raises(psycopg.errors.IntegrityError, match=keeper):
        for statement in statements:
            admin.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize("before", [sent, returned], ids=["sent", "returned"])
def test_what_is_looked_after_may_be_written(admin: Admin, before: Callable[[], None]) -> None:
    """The control of the test above: the same statements, with the clocks as they are."""
    before()

    assert admin.execute(TOUCH).rowcount == 1


@pytest.mark.parametrize(
    ("before", "statement"),
    [
        (declined, "UPDATE dispatch_request SET declined_at = NULL, reason = ''"),
        (declined, "UPDATE dispatch_request SET reason = 'capacity'"),
        (declined, "UPDATE dispatch_request SET withdrawn_at = asked_at, declined_at = NULL"),
        (returned, "UPDATE dispatch_request SET ended_at = NULL, returned = false"),
        (returned, "UPDATE dispatch_request SET returned = false"),
        (returned, "UPDATE dispatch_request SET outcome = 'safety_plan'"),
        (returned, "UPDATE dispatch_assignment SET cleared_at = NULL, outcome = ''"),
        (returned, "UPDATE dispatch_assignment SET outcome = 'safety_plan'"),
        (returned, "UPDATE dispatch_assignment SET on_scene_at = assigned_at"),
    ],
)
def test_what_has_ended_stands(admin: Admin, before: Callable[[], None], statement: str) -> None:
    before()

    with pytest.raises(psycopg.errors.IntegrityError, match="_end_stands"):
        admin.execute(statement)  # type: ignore[call-overload]


KEPT = [
    (
        "UPDATE dispatch_request SET declined_at = asked_at, reason = 'x', withdrawn_at = asked_at",
        "request_ends_one_way",
    ),
    ("UPDATE dispatch_request SET queued_at = asked_at, promised_at = NULL", "request_queued_with"),
    ("UPDATE dispatch_request SET rings_id = NULL", "request_queued_with_promise"),
    ("UPDATE dispatch_request SET answered_by_id = NULL", "request_accepted_by_name"),
    ("UPDATE dispatch_request SET returned = true", "request_returned_with_next_try"),
    ("UPDATE dispatch_request SET accepted_at = 'epoch'", "request_answered_after_asked"),
    ("UPDATE dispatch_assignment SET cleared_at = assigned_at", "assignment_cleared_with_outcome"),
    (
        "UPDATE dispatch_assignment SET cleared_at = assigned_at, outcome = 'crc_vol', took_somebody = true",
        "assignment_left_behind_said",
    ),
    ("UPDATE dispatch_assignment SET en_route_at = 'epoch'", "assignment_en_route_after_assigned"),
    (
        "UPDATE dispatch_member_time SET on_scene_at = NULL, left_at = on_scene_at",
        "member_left_after",
    ),
    ("UPDATE dispatch_duress SET ended_at = at", "duress_ended_by_name"),
    (
        "INSERT INTO dispatch_duress (id, assignment_id, episode_id, at, way, by_member_id) "
        "SELECT gen_random_uuid(), assignment_id, episode_id, at, way, by_member_id FROM dispatch_duress",
        "duress_one_open",
    ),
    ("UPDATE dispatch_caution SET expires_at = at", "caution_ends"),
    ("UPDATE dispatch_caution SET place = ''", "caution_of_a_place_has_one"),
    (
        "UPDATE dispatch_caution SET decided_at = at, decided_by_id = by_member_id, kept = true",
        "caution_appeal_decided_by_another",
    ),
    (
        "INSERT INTO dispatch_crew (id, unit_id, vehicle, plain_clothes, since_at, signed_by_id) "
        "SELECT gen_random_uuid(), unit_id, '', true, since_at, signed_by_id FROM dispatch_crew",
        "crew_one_a_unit",
    ),
    (
        "INSERT INTO dispatch_crew_member (id, crew_id, member_id, program_id, role, own_car, since_at) "
        "SELECT gen_random_uuid(), crew_id, member_id, program_id, role, '', since_at FROM dispatch_crew_member",
        "crew_member_on_one_crew",
    ),
]


def test_the_constraints_stand_behind(full: Assignment, admin: Admin) -> None:
    admin.execute("DELETE FROM dispatch_request WHERE kind_id = 'police_now'")
    admin.execute("UPDATE dispatch_request SET withdrawn_at = NULL")

    for statement, name in KEPT:
        with pytest.raises(psycopg.errors.IntegrityError, match=name):
            admin.execute(statement)  # type: ignore[call-overload]


def test_a_step_of_another_team_is_not_this_ones(full: Assignment) -> None:
    """Ruben's program works on it as well as Ana's: the wall lets him see, the rule says no."""
    assert seen(an_actor(RUBEN), full.episode_id) is not None
    with act_as(an_actor(RUBEN)):
        assert Assignment.objects.filter(pk=full.pk).exists()
    with pytest.raises(Exception, match="crew or its desk"):
        step(full, Stage.ENGAGED, RUBEN)
