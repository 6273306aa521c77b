"""What the guest link's pages do not open, and what no page leaves behind."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nowrongdoor.episodes import commands as episodes
from nowrongdoor.guests import views
from nowrongdoor.web.clock import now
from tests.clients import HOST, Desk
from tests.guests.links import (
    BELL,
    SIGNED,
    a_guests_offer,
    a_link,
    held,
    link_row,
    offer_of,
    opened,
    phone,
    text,
)
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")
SECRET = re.compile(r'csrfmiddlewaretoken" value="\w+"')


def test_a_preview_of_the_message_opens_nothing() -> None:
    made = a_link(at=now())
    url = reverse("guests:follow", args=[made.token])

    page = phone().get(url)

    assert page.status_code == 200
    assert "12 Quiet Street" not in text(page)
    assert link_row(made.link_id).opened_at is None
    assert "guest_link" not in page.cookies
    assert text(phone().get(reverse("guests:follow", args=["nothing"]))).count("Open") >= 1


def test_a_wrong_address_opens_nothing_and_says_so() -> None:
    answer = phone().post(reverse("guests:follow", args=["x" * 43]))

    assert answer.status_code == 404
    assert "This link is no longer valid." in text(answer)


def test_a_used_link_is_not_opened_again_elsewhere() -> None:
    made = a_link(at=now())
    opened(made).post(reverse("guests:accept"), SIGNED)

    assert phone().post(reverse("guests:follow", args=[made.token])).status_code == 404
    assert (
        phone().post(reverse("guests:code"), {"place": made.place, "code": made.code}).status_code
        == 422
    )


@pytest.mark.parametrize("how", ["withdrawn", "attested"])
def test_what_was_withdrawn_or_answered_otherwise_shows_no_card(how: str) -> None:
    made = a_link(at=now())
    client, anna, offer = opened(made), an_actor(), offer_of(made)
    if how == "withdrawn":
        episodes.withdraw_offer(by=anna, at=now(), handoff_id=offer.pk)
    else:
        episodes.attest_offer(by=anna, at=now(), handoff_id=offer.pk, receiver=BELL)

    page = text(client.get(reverse("guests:card")))

    assert "This transfer was canceled or already answered" in page
    for word in ("12 Quiet Street", "R. Bell", "Accept by name"):
        assert word not in page
    client.post(reverse("guests:accept"), SIGNED | {"name": "Somebody Else"})
    assert offer_of(made).attested_name in ("", "R. Bell")


def test_an_ended_link_shows_nothing_at_once() -> None:
    made = a_link(at=now())
    client, desk = opened(made), Desk("anna.miller")

    ended = desk.post(
        reverse("guests:end_link", args=[made.link_id]),
        {"on": "call", "on_id": str(made.episode_id)},
    )

    assert ended["Location"] == reverse("calls:episode", args=[made.episode_id])
    answer = client.get(reverse("guests:card"))
    assert (answer.status_code, "12 Quiet Street" in text(answer)) == (404, False)
    client.post(reverse("guests:accept"), SIGNED)
    assert offer_of(made).ended == ""


def test_a_code_too_old_is_answered_like_one_that_never_was_and_its_address_still_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, untouched = a_link(at=now()), a_link(at=now())
    early, url = phone(), reverse("guests:code")
    last = made.code_expires_at - timedelta(microseconds=1)
    monkeypatch.setattr(views, "now", lambda: last)
    assert early.post(url, {"place": made.place, "code": made.code})["Location"] == reverse(
        "guests:card"
    )

    monkeypatch.setattr(views, "now", lambda: made.code_expires_at)
    unknown = f"{(int(made.code) + 1) % 10**8:08d}"
    answers = [
        phone().post(url, {"place": made.place, "code": code}) for code in (made.code, unknown)
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    old, never = (SECRET.sub("", answer.content.decode()) for answer in answers)
    assert old == never
    assert "This code is no longer valid." in old
    assert early.get(reverse("guests:card")).status_code == 200
    assert opened(untouched).get(reverse("guests:card")).status_code == 200


@pytest.mark.parametrize("answered", [False, True])
def test_after_twelve_hours_the_page_is_gone(
    monkeypatch: pytest.MonkeyPatch, answered: bool
) -> None:
    made = a_link(at=now())
    client = opened(made)
    if answered:
        client.post(reverse("guests:accept"), SIGNED)
    at = made.expires_at - timedelta(seconds=1)
    monkeypatch.setattr(views, "now", lambda: at)
    assert client.get(reverse("guests:card")).status_code == 200

    monkeypatch.setattr(views, "now", lambda: made.expires_at)

    answer = client.get(reverse("guests:card"))
    assert answer.status_code == 404
    assert held(made).label not in text(answer)
    client.post(reverse("guests:accept"), SIGNED)
    assert offer_of(made).ended == ("accepted" if answered else "")


def test_a_cookie_that_we_did_not_sign_opens_nothing() -> None:
    made = a_link(at=now())
    client = phone()
    for value in (str(made.link_id), f"{made.link_id}:forged", ""):
        client.cookies[views.COOKIE] = value
        assert client.get(reverse("guests:card"))["Location"] == reverse("guests:code")
        client.post(reverse("guests:accept"), SIGNED)
    assert offer_of(made).ended == ""


def test_the_cookie_is_sent_to_the_guests_pages_alone_and_opens_no_other_door() -> None:
    client = opened(a_link(at=now()))

    cookie = client.cookies["guest_link"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/guest/", True, "Lax")
    assert "_auth_user_id" not in client.session
    for name in ("calls:board", "calls:new_call", "calls:relief", "agencies:people"):
        assert client.get(reverse(name))["Location"].startswith("/account/sign-in/")
    assert client.get("/api/v1/episodes").status_code in (401, 404)


def test_leaving_forgets_it_on_this_device() -> None:
    client = opened(a_link(at=now()))

    client.post(reverse("guests:leave"))

    assert client.get(reverse("guests:card"))["Location"] == reverse("guests:code")


def test_a_member_who_follows_a_link_is_its_guest_and_not_themselves() -> None:
    """A supervisor tries the link at their own desk: what they do there is the guest's."""
    made = a_link(at=now())
    desk = Desk("karen.hughes")
    desk.post(reverse("guests:follow", args=[made.token]))
    desk.post(reverse("guests:accept"), SIGNED)

    offer = offer_of(made)
    assert (offer.accepted_by_id, offer.attested_name, offer.guest) == (None, "R. Bell", True)


def test_no_page_is_kept_listed_or_named_to_others() -> None:
    made = a_link(at=now())
    client = opened(made)
    pages = [
        client.get(reverse("guests:card")),
        client.get(reverse("guests:code")),
        client.get(reverse("guests:follow", args=[made.token])),
        client.post(reverse("guests:accept"), {}),
        client.post(reverse("guests:accept"), SIGNED),
        client.get(reverse("guests:card")),
        phone().post(reverse("guests:code"), {"code": "000000"}),
        Desk("anna.miller").post(reverse("guests:make", args=[a_guests_offer(now()).pk])),
    ]
    for page in pages:
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "strict-origin"
        assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_a_form_of_another_site_answers_nothing() -> None:
    made = a_link(at=now())
    client = Client(enforce_csrf_checks=True, headers={"host": HOST})
    page = client.get(reverse("guests:follow", args=[made.token])).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    client.post(reverse("guests:follow", args=[made.token]), {"csrfmiddlewaretoken": token[1]})
    assert client.get(reverse("guests:card")).status_code == 200

    assert client.post(reverse("guests:accept"), SIGNED).status_code == 403
    assert offer_of(made).ended == ""


def test_what_a_guest_types_is_escaped_everywhere() -> None:
    hostile = '"><script>alert(1)</script>'
    made = a_link(at=now())
    client, desk = opened(made), Desk("anna.miller")
    wrong = client.post(reverse("guests:accept"), {"name": hostile})
    client.post(
        reverse("guests:accept"), {"name": hostile, "operator": hostile, "incident": hostile}
    )

    for page in (
        wrong,
        client.get(reverse("guests:card")),
        desk.get(reverse("calls:board")),
        desk.get(reverse("calls:episode", args=[made.episode_id])),
    ):
        assert "<script>alert" not in page.content.decode()
    assert offer_of(made).attested_name == hostile
