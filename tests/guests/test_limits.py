"""Wrong codes are counted for an address; many from everywhere are told, and shut nobody out."""

import re
from datetime import timedelta

import psycopg
import pytest
from django.core.cache import cache
from django.urls import reverse

from nowrongdoor.guests import commands, limits, views
from nowrongdoor.web.clock import now
from tests.clients import HOST, Visitor
from tests.guests.links import BELL, a_link, guest_of, phone, written_in
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")
PLACE = "sheriff911"
Admin = psycopg.Connection[tuple[object, ...]]


def guess(address: str, code: str = "00000000", client: Visitor | None = None) -> int:
    client = client or Visitor(REMOTE_ADDR=address)
    return client.post(reverse("guests:code"), {"place": PLACE, "code": code}).status_code


def fresh() -> tuple[str, str]:
    """A link's right code, and one that is wrong."""
    made = a_link(at=now())
    return made.code, f"{(int(made.code) + 1) % 10**8:08d}"


def test_five_wrong_codes_shut_an_address_out_of_the_right_one_too() -> None:
    right, wrong = fresh()

    assert [guess("10.0.0.7", wrong) for _ in range(6)] == [422] * 5 + [429]
    assert guess("10.0.0.7", right) == 429
    assert guess("10.0.0.8", right) == 302


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_names(settings: object) -> None:
    """What a client writes into the header itself stands before it, and gives nobody another address."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]  # as NWD_TLS sets it
    _, wrong = fresh()

    def said(number: int, last: str) -> int:
        headers = {"host": HOST, "x-forwarded-for": f"10.0.0.{number}, {last}"}
        client = Visitor(headers=headers, REMOTE_ADDR="127.0.0.1")
        return client.post(reverse("guests:code"), {"place": PLACE, "code": wrong}).status_code

    assert [said(number, "203.0.113.9") for number in range(6)] == [422] * 5 + [429]
    assert said(9, "203.0.113.10") == 422


def test_the_answer_says_when_to_come_back() -> None:
    for _ in range(5):
        guess("10.0.0.7")
    client = Visitor(REMOTE_ADDR="10.0.0.7")

    told = client.post(reverse("guests:code"), {"place": PLACE, "code": "00000000"})

    assert told["Retry-After"] == "600"
    assert "Too many wrong codes" in told.content.decode()


def test_right_codes_and_half_codes_do_not_count() -> None:
    """A hospital is one address for all of its nurses."""
    right, wrong = fresh()
    there = Visitor(REMOTE_ADDR="10.0.0.7")
    assert [guess("10.0.0.7", right, there) for _ in range(8)] == [302] * 8
    assert [guess("10.0.0.7", "12") for _ in range(8)] == [422] * 8

    assert guess("10.0.0.7", wrong) == 422
    assert guess("10.0.0.7", right, there) == 302


def test_wrong_codes_from_everywhere_shut_nobody_out_and_are_told_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MANY", 6)
    right, wrong = fresh()

    told = [guess(f"10.0.{n // 4}.7", wrong) for n in range(9)]

    assert told == [422] * 9
    assert guess("10.9.9.9", right) == 302
    assert [each.message for each in caplog.records if "guessing" in each.message] == [
        "guessing: 6 wrong guest codes within 600 s"
    ]


def test_a_code_opens_only_with_the_name_of_its_place() -> None:
    made = a_link(at=now())

    for place in ("line", "sheriff", ""):
        answer = phone().post(reverse("guests:code"), {"place": place, "code": made.code})
        assert answer.status_code == 422
    for place in ("sheriff911", " Sheriff 911 "):
        again = a_link(at=now())
        answer = phone().post(reverse("guests:code"), {"place": place, "code": again.code})
        assert answer.status_code == 302


def test_after_ten_minutes_a_seat_is_free_again(admin: Admin) -> None:
    for _ in range(5):
        guess("10.0.0.7")
    assert guess("10.0.0.7") == 429

    admin.execute("UPDATE web_cache SET expires = expires - interval '590 seconds'")
    assert guess("10.0.0.7") == 429
    admin.execute("UPDATE web_cache SET expires = expires - interval '15 seconds'")

    assert guess("10.0.0.7") == 422


def test_addresses_of_ipv4_that_are_written_as_ipv6_are_no_network() -> None:
    """A proxy that listens for both on one socket writes them so: then one stranger shut every guest out."""
    told = [guess("::ffff:198.51.100.7") for _ in range(6)]

    assert told == [422, 422, 422, 422, 422, 429]
    assert guess("::ffff:198.51.100.8") == 422
    assert guess("198.51.100.7") == 429


def test_a_network_of_ipv6_is_one_address() -> None:
    told = [guess(f"2001:db8:1:2::{n}") for n in range(6)]

    assert told == [422] * 5 + [429]
    assert guess("2001:db8:1:3::1") == 422


def test_guesses_made_at_once_are_counted_before_they_are_looked_at() -> None:
    """Five are under way; the sixth is turned away although none has been found wrong yet."""
    under_way = [limits.reserve("10.0.0.7") for _ in range(5)]

    assert None not in under_way
    assert limits.reserve("10.0.0.7") is None
    limits.release(under_way[0])  # type: ignore[arg-type]
    assert limits.reserve("10.0.0.7") is not None


def test_a_wrong_code_is_written_nowhere(admin: Admin) -> None:
    _, wrong = fresh()
    guess("10.0.0.7", wrong)

    assert written_in(admin, wrong) == []


def test_unknown_old_ended_and_answered_are_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    ended, answered, old = a_link(at=now()), a_link(at=now(), opened=True), a_link(at=now())
    taken = {ended.code, answered.code, old.code}
    unknown = next(code for n in range(4) if (code := f"{n:08d}") not in taken)
    commands.end_link(by=an_actor(), at=now(), link_id=ended.link_id)
    commands.accept_by_link(
        by=guest_of(answered), at=now(), link_id=answered.link_id, receiver=BELL
    )
    codes = {"unknown": unknown, "ended": ended.code, "answered": answered.code, "old": old.code}
    monkeypatch.setattr(views, "now", lambda: now() + timedelta(hours=12))

    pages = {}
    for n, (name, code) in enumerate(codes.items()):
        client = Visitor(REMOTE_ADDR=f"10.0.0.{n}")
        told = client.post(reverse("guests:code"), {"place": PLACE, "code": code})
        assert told.status_code == 422, name
        assert "guest_link" not in told.cookies, name
        pages[name] = re.sub(r'value="[^"]*"', "", told.content.decode())

    assert len(set(pages.values())) == 1
    assert "This code is no longer valid. Ask the person who gave it to you" in pages["unknown"]


def test_the_counts_outlive_many_others() -> None:
    """The cache's own default forgets a third of what it holds beyond 300."""
    for _ in range(5):
        guess("10.0.0.7")
    for n in range(400):
        cache.set(f"zzz:{n}", 1, 600)

    assert guess("10.0.0.7") == 429
