"""Asking twice acts once: a double click, a lost answer, a key used for something else."""

import os
import re
import threading

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection
from django.http import HttpResponse
from django.test.client import encode_multipart
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.episodes.models import Card, Episode
from nowrongdoor.triage.models import Protocol
from nowrongdoor.web.clock import now
from nowrongdoor.web.idempotency import _ANSWER
from nowrongdoor.web.models import Answer
from tests.clients import Desk
from tests.makers import an_actor, an_episode, an_offer
from tests.triage.drafts import changed
from tests.waits import waiting_at

pytestmark = pytest.mark.usefixtures("db")
CALL = {"incident_class": "psych_distress", "place": "12 Quiet Street"}


def opened() -> int:
    with act_as(an_actor()):
        return Episode.objects.count()


def test_the_same_key_acts_once_and_answers_the_same() -> None:
    desk = Desk("anna.miller")

    first = desk.htmx(reverse("calls:new_call"), CALL, key="k-1")
    again = desk.htmx(reverse("calls:new_call"), CALL, key="k-1")

    assert opened() == 1
    assert (first.status_code, first["HX-Redirect"]) == (again.status_code, again["HX-Redirect"])
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first


def test_a_key_in_the_form_counts_too() -> None:
    desk = Desk("anna.miller")

    for _ in range(2):
        desk.post(reverse("calls:new_call"), CALL | {"idempotency_key": "k-2"})

    assert opened() == 1


def test_an_answer_is_written_where_it_is_and_no_other_is_looked_at() -> None:
    """A machine's key has thousands, and of a new table the database does not know yet how large it is."""
    by = an_actor()
    asked = {"member_id": by.asks_as, "route": "POST /", "body_digest": "", "asked_at": now()}
    with act_as(by), connection.cursor() as cursor:
        Answer.objects.bulk_create(Answer(key=f"k-{n}", **asked) for n in range(500))
        key = [by.asks_as, "POST /", "k-7"]
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {_ANSWER}", [200, "{}", "", *key])
        [[plan]] = cursor.fetchone()
        cursor.execute("SELECT key FROM web_answer WHERE status = 200")
        answered = [key for (key,) in cursor.fetchall()]

    [scan] = plan["Plan"]["Plans"][-1:]
    assert scan["Actual Rows"] == 1
    assert scan.get("Rows Removed by Filter", 0) == 0, scan
    assert answered == ["k-7"]


def test_whoever_only_looks_is_answered_anew_and_nothing_is_written() -> None:
    """A page that is kept would be old when it came again, and hold what it showed."""
    desk = Desk("anna.miller")

    for page in ("calls:new_call", "calls:paper", "calls:relief"):
        for _ in range(2):
            answer = desk.get(reverse(page), headers={"Idempotency-Key": "k"})
            assert answer.status_code == 200
            assert "Idempotency-Replayed" not in answer

    with act_as(an_actor()):
        assert not Answer.objects.exists()


def test_without_a_key_it_simply_acts() -> None:
    desk = Desk("anna.miller")

    for _ in range(2):
        desk.post(reverse("calls:new_call"), CALL)

    assert opened() == 2


def test_the_same_key_for_something_else_is_refused() -> None:
    desk = Desk("anna.miller")
    desk.htmx(reverse("calls:new_call"), CALL, key="k-3")

    other = desk.htmx(reverse("calls:new_call"), CALL | {"place": "elsewhere"}, key="k-3")

    assert other.status_code == 409
    assert opened() == 1


def test_a_key_is_its_members_alone() -> None:
    for name in ("anna.miller", "luis.ortega"):
        assert Desk(name).htmx(reverse("calls:new_call"), CALL, key="k-4").status_code == 204

    assert opened() == 2


def test_a_refusal_is_not_remembered() -> None:
    """What was refused may be allowed a moment later: the same key asks again."""
    offer = an_offer(an_episode())
    desk = Desk("thomas.baker")
    url = reverse("calls:accept_transfer", args=[offer.pk])

    refused = desk.htmx(url, {"version": "99"}, key="k-5")
    with act_as(an_actor("thomas.baker")):
        remembered = Answer.objects.count()
    accepted = desk.htmx(url, {"version": "1"}, key="k-6")

    assert (refused.status_code, remembered, accepted.status_code) == (409, 0, 200)


def test_a_form_with_a_mistake_is_not_remembered() -> None:
    """The page that says what is missing is an answer too; the corrected form may carry its key."""
    desk = Desk("anna.miller")
    when = {"came_at": "2026-11-24T14:05"}
    wrong = desk.htmx(reverse("calls:paper"), when | {"incident_class": ""}, key="k")
    right = desk.htmx(reverse("calls:paper"), when | {"incident_class": "psych_distress"}, key="k")

    assert (wrong.status_code, right.status_code) == (422, 204)


@pytest.mark.parametrize("key", ["x" * 65, "a\tb"])
def test_an_unusable_key_is_bad_input(key: str) -> None:
    answer = Desk("anna.miller").post(reverse("calls:new_call"), CALL | {"idempotency_key": key})

    assert answer.status_code == 422
    assert opened() == 0


def test_a_twin_that_comes_meanwhile_waits_and_gets_the_same_answer(
    admin: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    desk, twin = Desk("anna.miller"), Desk("anna.miller")
    answers: list[object] = []
    pids: list[int] = []

    def late() -> None:
        connection.ensure_connection()
        pids.append(connection.connection.info.backend_pid)
        try:
            answers.append(twin.htmx(reverse("calls:new_call"), CALL, key="k-7"))
        finally:
            connection.close()

    def first() -> None:
        try:
            answers.append(desk.htmx(reverse("calls:new_call"), CALL, key="k-7"))
        finally:
            connection.close()

    with admin.transaction():
        admin.execute(
            "LOCK TABLE calls_contact IN EXCLUSIVE MODE"
        )  # the first one stops in its middle
        one = threading.Thread(target=first)
        one.start()
        waiting_somewhere(admin, 'INSERT INTO "calls_contact"')
        two = threading.Thread(target=late)
        two.start()
        while not pids:
            pass
        waiting_somewhere(admin, "INSERT INTO web_answer")
    one.join(10)
    two.join(10)

    assert opened() == 1
    assert len({answer["HX-Redirect"] for answer in answers}) == 1  # type: ignore[index]


def waiting_somewhere(admin: "psycopg.Connection[tuple[object, ...]]", statement: str) -> None:
    admin.execute("SELECT pg_stat_clear_snapshot()")
    for _ in range(500):
        admin.execute("SELECT pg_stat_clear_snapshot()")
        rows = admin.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
            "AND ltrim(query, E' \\n') LIKE %s",
            [statement + "%"],
        ).fetchall()
        if rows:
            waiting_at(admin, int(str(rows[0][0])), statement)
            return
        threading.Event().wait(0.02)
    raise AssertionError(f"nobody waits at {statement}")


def test_the_stored_answer_holds_the_whole_page() -> None:
    offer = an_offer(an_episode(place="12 Quiet Street"))
    desk = Desk("maria.lopez")
    url = reverse("calls:accept_transfer", args=[offer.pk])

    first, again = (desk.htmx(url, {}, key="k-8") for _ in range(2))

    assert first.content == again.content
    assert b"Maria Lopez" in again.content


def test_what_shows_how_things_stand_is_drawn_as_they_stand_now() -> None:
    """The second answer is no old picture, and no picture is kept."""
    episode = an_episode(at=now(), place="12 Quiet Street")
    desk, url = Desk("anna.miller"), reverse("calls:change_card", args=[episode.pk])

    def place(name: str, key: str) -> HttpResponse:
        told = {"HX-Request": "true", "HX-Target": "follows", "Idempotency-Key": key}
        return desk.post(url, {"place": name}, headers=told)

    first = place("9 New Street", "k-10")
    place("7 Later Street", "k-11")
    again = place("9 New Street", "k-10")

    shown = [
        re.findall(r'name="place"[^>]* value="([^"]*)"', each.content.decode())
        for each in (first, again)
    ]
    assert shown == [["9 New Street"], ["7 Later Street"]]
    assert [each.get("Idempotency-Replayed") for each in (first, again)] == [None, "true"]
    with act_as(an_actor()):
        places = Card.objects.filter(episode_id=episode.pk).order_by("made_at", "id")
        kept = Answer.objects.values_list("body", flat=True)
        assert [card.place for card in places] == [
            "12 Quiet Street",
            "9 New Street",
            "7 Later Street",
        ]
        assert list(kept) == ["", ""]


def a_file(desk: Desk, text: str, line: str) -> HttpResponse:
    """A file as a browser sends it: the check for forgeries reads the stream first."""
    url = reverse("triage:draft")
    [token, *_] = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', desk.get(url).content.decode())
    file = SimpleUploadedFile("draft.yaml", text.encode())
    posted = {"idempotency_key": "k-12", "file": file, "text": ""}
    return desk.post(
        url,
        encode_multipart(line, posted),
        content_type=f"multipart/form-data; boundary={line}",
        headers={"X-CSRFToken": token},
    )


def test_a_form_with_a_file_is_the_same_by_its_parts() -> None:
    """A browser draws the line between the parts anew each time."""
    desk = Desk("ruth.palmer").with_tokens()

    first, again = (a_file(desk, changed(), line) for line in ("one", "other"))
    different = a_file(desk, changed(version="1.9.0"), "one")

    assert (first.status_code, again.status_code, different.status_code) == (302, 302, 409)
    assert first["Location"] == again["Location"]
    assert [each.get("Idempotency-Replayed") for each in (first, again)] == [None, "true"]
    kept = Protocol.objects.filter(drafted_by_id__isnull=False)
    assert [row.text for row in kept] == [changed()]


def test_it_is_kept_where_only_its_member_can_read_it() -> None:
    Desk("anna.miller").htmx(reverse("calls:new_call"), CALL, key="k-9")

    with psycopg.connect(os.environ["DATABASE_URL"]) as app:
        assert app.execute("SELECT count(*) FROM web_answer").fetchone() == (0,)
    with act_as(an_actor()):
        assert Answer.objects.get().key == "k-9"


def test_an_answer_is_not_made_to_look_old_so_that_it_is_deleted() -> None:
    """H18: as the app, by whatever SQL."""
    anna = an_actor()
    put = (
        "INSERT INTO web_answer (member_id, route, key, body_digest, asked_at, headers, body) "
        "VALUES (%s, 'POST /x', 'old', 'd', now() - interval '31 days', '{}', '')"
    )
    change = "UPDATE web_answer SET asked_at = now() - interval '31 days'"

    for statement, given in ((put, [anna.member_id]), (change, [])):
        with pytest.raises(ProgrammingError), act_as(anna), connection.cursor() as cursor:
            cursor.execute(statement, given)
