"""A session, a token or a form that somebody else has got hold of: what it opens, and for how long."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from nowrongdoor.agencies import commands
from nowrongdoor.agencies.models import Member, Position, Token
from nowrongdoor.web.clock import now
from tests.clients import HOST, Visitor
from tests.conftest import ROOT
from tests.desks.machines import a_key
from tests.makers import an_actor, member_id

pytestmark = pytest.mark.usefixtures("db")
MARIA, PASSWORD, ANOTHER = "maria.lopez", "correct horse battery staple", "nine lives of a red cat"
BEATS = 12
"""How many messages a stream that was to end may still carry: one a second."""


@pytest.fixture
def maria() -> Client:
    """Maria's browser, signed in with her password, at her board."""
    member = Member.objects.get(username=MARIA)
    member.set_password(PASSWORD)
    member.password_given = False  # chosen, as far as anybody here knows
    member.save()
    return sign_in()


def sign_in() -> Client:
    client = Visitor()
    client.post(reverse("account_login"), {"login": MARIA, "password": PASSWORD})
    client.get(reverse("agencies:positions"))
    return client


def stolen(client: Client) -> Client:
    """Another browser with a copy of the session's cookie."""
    other = Visitor()
    other.cookies["session"] = client.cookies["session"].value
    return other


def sign_out(client: Client) -> None:
    assert client.post(reverse("account_logout")).status_code == 302


def end_access(_client: Client) -> None:
    commands.end_access(by=an_actor("oscar.nunez"), at=now(), member_id=member_id(MARIA))


def give_password(_client: Client) -> None:
    commands.give_password(by=an_actor("oscar.nunez"), at=now(), member_id=member_id(MARIA))


def change_password(client: Client) -> None:
    new = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    assert client.post(reverse("account_change_password"), new).status_code == 302


def end_position(_client: Client) -> None:
    Position.objects.filter(member__username=MARIA).update(until_at=now())


def let_expire(_client: Client) -> None:
    Session.objects.update(expire_date=now() - timedelta(seconds=1))


ENDS = (sign_out, end_access, give_password, change_password, end_position, let_expire)


@pytest.mark.parametrize("end", ENDS)
def test_a_stolen_session_opens_nothing_once_it_is_over(
    maria: Client, end: Callable[[Client], None]
) -> None:
    thief = stolen(maria)
    assert thief.get(reverse("calls:board")).status_code == 200

    end(maria)

    turned = thief.get(reverse("calls:board"))
    assert (turned.status_code, turned["Location"].split("?")[0]) == (302, "/account/sign-in/")
    assert thief.get("/api/v1/episodes").status_code == 401
    assert thief.get(reverse("live")).status_code == 302
    assert thief.post(reverse("agencies:lock")).status_code == 302


def said(stream: object) -> list[str]:
    """The events of a stream until it ends, or until it should have."""
    found: list[str] = []
    for block in stream:  # type: ignore[attr-defined]
        # several that waited go out as one piece
        found += re.findall(r"^event: (\w+)$", block.decode(), re.MULTILINE)
        if len(found) >= BEATS:
            break
    stream.close()  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("end", ENDS)
def test_its_open_stream_ends_too(maria: Client, end: Callable[[Client], None]) -> None:
    """Nobody seals here, so no line of the journal ends it: the stream is asked again whether it may."""
    stream = stolen(maria).get(reverse("live"))
    assert stream.status_code == 200

    end(maria)

    assert said(stream)[-1] == "bye"


def test_a_stream_whose_session_goes_on_goes_on(maria: Client) -> None:
    """The control of the test above."""
    stream = stolen(maria).get(reverse("live"))

    assert "bye" not in said(stream)


def test_a_stolen_session_of_a_locked_screen_meets_the_lock(maria: Client) -> None:
    thief = stolen(maria)
    maria.post(reverse("agencies:lock"))

    for name in ("calls:board", "live"):
        assert thief.get(reverse(name))["Location"].partition("?")[0] == reverse("agencies:unlock")
    assert thief.get("/api/v1/episodes").status_code == 401


def test_whoever_changes_their_password_stays_signed_in_and_no_other_browser(maria: Client) -> None:
    thief = sign_in()  # with the password itself: a session of their own
    stream = thief.get(reverse("live"))

    change_password(maria)

    assert said(stream)[-1] == "bye"  # before the thief asks for anything: that would end it too
    assert maria.get(reverse("calls:board")).status_code == 200
    assert thief.get(reverse("calls:board")).status_code == 302


def test_the_session_is_another_one_after_signing_in(maria: Client) -> None:
    """What was put into a browser before is worth nothing afterwards."""
    client = Visitor()
    planted = client.session
    planted["planted"] = "yes"
    planted.save()
    client.cookies["session"] = planted.session_key

    client.post(reverse("account_login"), {"login": MARIA, "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(member_id(MARIA))
    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


def test_a_form_of_another_session_is_refused(maria: Client) -> None:
    """And one of before signing in: its token is another one from then on."""
    browsers = [Client(enforce_csrf_checks=True, headers={"host": HOST}) for _ in range(2)]
    position = Position.objects.get(member__username="anna.miller").pk
    forms = []
    for browser in browsers:
        before = token_of(browser, reverse("agencies:demo"))
        sent = {"position": str(position), "csrfmiddlewaretoken": before}
        assert browser.post(reverse("agencies:demo"), sent).status_code == 302
        forms.append((before, token_of(browser, reverse("calls:board"))))
    (before, own), (_, others) = forms

    for token, status in ((others, 403), (before, 403), ("", 403), (own, 302)):
        sent = {"csrfmiddlewaretoken": token}
        assert browsers[0].post(reverse("agencies:lock"), sent).status_code == status, token


def token_of(browser: Client, url: str) -> str:
    page = browser.get(url).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"|"X-CSRFToken": "(\w+)"', page)
    assert found is not None
    return found[1] or found[2]


def test_a_key_opens_nothing_once_it_was_revoked() -> None:
    machine = Visitor(headers={"Authorization": a_key()})
    assert machine.get("/api/v1/episodes").status_code == 200

    Token.objects.update(revoked_at=now())

    assert machine.get("/api/v1/episodes").status_code == 401


def test_a_token_opens_no_page_and_no_stream() -> None:
    machine = Visitor(headers={"Authorization": a_key()})

    for name in ("calls:board", "live", "agencies:home"):
        assert machine.get(reverse(name)).status_code == 302, name


def test_a_token_is_not_helped_by_a_session(maria: Client) -> None:
    """Whoever sends a token acts by it alone: one that ended is not replaced by who is signed in."""
    told = maria.get("/api/v1/episodes", headers={"Authorization": "Bearer ended"})

    assert told.status_code == 401


SIGN_IN = """
import json, sys, django
django.setup()
from django.test import Client
client = Client(headers={"host": "desk.example"})
client.post("/account/sign-in/", {"login": sys.argv[1], "password": sys.argv[2]}, secure=True)
client.get("/account/sign-in/", secure=True)
client.post("/language/", {"language": "es"}, secure=True)
print(json.dumps({name: dict(morsel) for name, morsel in client.cookies.items()}))
"""


@pytest.mark.usefixtures("maria")
def test_behind_tls_cookies_go_to_this_host_alone_and_no_script_reads_the_session() -> None:
    environment = os.environ | {"NWD_TLS": "1", "NWD_HOSTS": "desk.example", "NWD_SYNTHETIC": ""}
    words = [sys.executable, "-c", SIGN_IN, MARIA, PASSWORD]
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, check=True)
    cookies = json.loads(done.stdout)

    assert set(cookies) == {"__Host-session", "__Host-csrf", "__Host-language"}
    for cookie in cookies.values():
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
        assert cookie["samesite"] == "Lax"
    assert cookies["__Host-session"]["httponly"] is True
