"""A call entered through a pipeline: whatever fails, wherever its error comes out, nothing is left."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.pq import PipelineStatus

from nowrongdoor.agencies.acting import act_as, act_as_piped
from nowrongdoor.episodes.models import Card, Episode
from nowrongdoor.kernel.verdict import Refused, no
from nowrongdoor.rows.ids import new_id
from nowrongdoor.rows.inserts import insert
from tests.desks.machines import CALL, a_machine, done, post, rule
from tests.makers import NOON, an_actor, an_episode

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
WRITTEN = (
    "web_answer", "episodes_episode", "episodes_party", "episodes_card", "calls_contact",
    "calls_leg", "clocks_deadline", "journal_entry",
)  # fmt: skip
"""What one call writes, in the order of its statements."""
DEFERRED = """
CREATE FUNCTION no_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no_commit' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE CONSTRAINT TRIGGER no_commit AFTER INSERT ON calls_leg
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_commit();
"""


@pytest.fixture
def floor() -> Client:
    client = a_machine()
    client.raise_request_exception = False
    return client


def rows(admin: Admin) -> list[int]:
    """How many rows there are in each table; what was there before the call is a token's line."""
    return [
        int(str(admin.execute(f"SELECT count(*) FROM {each}").fetchone()[0])) for each in WRITTEN
    ]  # type: ignore[index]


@contextmanager
def shut(admin: Admin, table: str) -> Iterator[None]:
    """While this stands, no row can be written to the table."""
    admin.execute(f"ALTER TABLE {table} ADD CONSTRAINT shut CHECK (false) NOT VALID")
    try:
        yield
    finally:
        admin.execute(f"ALTER TABLE {table} DROP CONSTRAINT shut")


@pytest.mark.parametrize("table", WRITTEN)
def test_whichever_statement_fails_nothing_is_left_and_the_key_is_free(
    admin: Admin, floor: Client, table: str
) -> None:
    before = rows(admin)
    with shut(admin, table):
        assert post(floor, "/calls", CALL, key="k").status_code == 500
        assert rows(admin) == before

    done(post(floor, "/calls", CALL, key="k"))
    assert all(now > then for now, then in zip(rows(admin), before, strict=True))


def test_what_fails_at_the_commit_was_not_done(admin: Admin, floor: Client) -> None:
    before = rows(admin)
    admin.execute(DEFERRED)
    try:
        assert post(floor, "/calls", CALL, key="k").status_code == 500
    finally:
        admin.execute("DROP TRIGGER no_commit ON calls_leg; DROP FUNCTION no_commit()")

    assert rows(admin) == before
    done(post(floor, "/calls", CALL, key="k"))


def test_what_is_refused_was_not_done(admin: Admin, floor: Client) -> None:
    before = rows(admin)
    unknown = post(floor, "/calls", {"incident_class": "ghost"}, key="k")

    assert unknown.status_code == 422
    assert rows(admin) == before
    done(post(floor, "/calls", CALL, key="k"))


def test_a_key_acts_once_and_is_answered_the_same(admin: Admin, floor: Client) -> None:
    first = done(post(floor, "/calls", CALL, key="k"))
    again = post(floor, "/calls", CALL, key="k")

    assert done(again) == first
    assert again["Idempotency-Replayed"] == "true"
    assert rule(post(floor, "/calls", CALL | {"place": "elsewhere"}, key="k")) == (
        409,
        "key.reused",
    )
    assert rows(admin)[WRITTEN.index("episodes_episode")] == 1


def test_many_at_once_by_one_key_act_once(admin: Admin, floor: Client) -> None:
    def enter(_n: int) -> object:
        try:
            return done(post(floor, "/calls", CALL, key="k"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(enter, range(6)))

    assert len({str(each) for each in answers}) == 1
    assert rows(admin)[WRITTEN.index("episodes_episode")] == 1


def card(episode: Episode) -> dict[str, object]:
    by = an_actor()
    return {
        "id": new_id(NOON),
        "episode_id": episode.pk,
        "made_at": NOON,
        "made_by_program_id": by.program_id,
    }


def test_a_call_asks_nothing_about_what_it_writes(floor: Client) -> None:
    """Each question in between would wait for all that was sent before it."""
    done(post(floor, "/calls", CALL, key="k"))  # reference rows are read once
    with CaptureQueriesContext(connection) as asked:
        done(post(floor, "/calls", CALL, key="l"))

    said = [each["sql"] for each in asked]
    key = next(n for n, sql in enumerate(said) if sql.startswith("\nINSERT INTO web_answer"))
    questions = [sql for sql in said[key + 1 :] if sql.startswith("SELECT")]
    assert questions == [said[-2]], said  # whether its key is still in force, last of all
    assert "FOR SHARE" in said[-2]
    assert said[-1] == "COMMIT"


def test_statements_go_out_without_waiting_and_an_error_comes_with_the_next_answer() -> None:
    by, episode = an_actor(), an_episode()
    twice = card(episode)
    reached = []
    with pytest.raises(IntegrityError), act_as_piped(by):
        assert connection.connection.pgconn.pipeline_status == PipelineStatus.ON
        insert(Card, **twice)
        insert(Card, **twice)
        reached.append("after the statement that fails")
        Card.objects.filter(pk=episode.pk).exists()
        reached.append("after the next answer")

    assert reached == ["after the statement that fails"]
    with act_as(by):
        assert Card.objects.filter(pk=twice["id"]).count() == 0


def test_who_refuses_while_an_error_is_on_its_way_is_heard_and_nothing_is_left() -> None:
    by, episode = an_actor(), an_episode()
    twice = card(episode)
    with pytest.raises(Refused), act_as_piped(by):
        insert(Card, **twice)
        insert(Card, **twice)
        raise Refused(no("test.no", "No."))

    with act_as(by):
        assert Card.objects.filter(pk=twice["id"]).count() == 0


def test_whoever_asks_how_many_rows_it_changed_fails_loudly() -> None:
    by, episode = an_actor(), an_episode()
    with pytest.raises(DatabaseError, match="did not affect any rows"), act_as_piped(by):
        episode.class_code = "other"
        episode.save(update_fields=["class_code"])
