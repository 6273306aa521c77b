"""Signing in: passwords, second factors and lockout. By an agency's provider: `test_provider.py`."""

from collections.abc import Iterator
from time import time
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from nowrongdoor.agencies.models import Member
from tests.agencies.conftest import PASSWORD
from tests.clients import Visitor

pytestmark = pytest.mark.usefixtures("db")
LOGIN = "/account/sign-in/"


def browser() -> Client:
    return Visitor()


def sign_in(client: Client, password: str = PASSWORD, username: str = "maria.lopez") -> Any:
    return client.post(LOGIN, {"login": username, "password": password})


def test_a_password_leads_to_the_positions(maria: Member) -> None:
    client = browser()

    assert sign_in(client)["Location"] == reverse("agencies:positions")
    assert client.get(reverse("agencies:positions"))["Location"] == reverse("agencies:home")
    assert client.get(reverse("calls:board")).status_code == 200


def test_a_wrong_password_says_the_same_for_known_and_unknown(maria: Member) -> None:
    known, unknown = browser(), browser()

    first = sign_in(known, "wrong").content.decode()
    second = sign_in(unknown, "wrong", "nobody.known").content.decode()

    def plain(page: str) -> str:
        start = page.index('role="alert"')
        return page[start : start + 120]

    assert plain(first) == plain(second)


def test_five_bad_log_ins_lock_even_the_right_password_out(maria: Member) -> None:
    client = browser()
    for _ in range(5):
        assert "_auth_user_id" not in client.session
        sign_in(client, "wrong")

    sign_in(client)

    assert "_auth_user_id" not in client.session
    other = browser()
    sign_in(other)
    assert "_auth_user_id" not in other.session  # the name is locked, not the browser


@pytest.fixture
def real(maria: Member) -> Iterator[Member]:
    """Somebody who is not synthetic: the demo's one click does not open their screen."""
    maria.synthetic = False
    maria.save()
    yield maria
    maria.synthetic = True
    maria.save()


@pytest.mark.usefixtures("real")
def test_guessing_at_a_locked_screen_is_counted_too() -> None:
    client = browser()
    sign_in(client)
    client.get(reverse("agencies:positions"))
    client.post(reverse("agencies:lock"))
    guesses = [client.post(reverse("agencies:unlock"), {"password": "wrong"}) for _ in range(5)]

    right = client.post(reverse("agencies:unlock"), {"password": PASSWORD})

    assert [each.status_code for each in guesses] == [422] * 5
    assert right.status_code == 422
    assert client.get(reverse("calls:board"))["Location"].partition("?")[0] == reverse(
        "agencies:unlock"
    )


@pytest.mark.usefixtures("real")
def test_a_locked_screen_opens_by_its_password_and_by_no_other_way() -> None:
    """Choosing a position, or coming to sign in again, used to open it."""
    client = browser()
    sign_in(client)
    client.get(reverse("agencies:positions"))
    client.post(reverse("agencies:lock"))
    for name in ("agencies:positions", "account_login", "mfa_index", "account_change_password"):
        there = client.get(reverse(name))
        assert name == "account_login" or there["Location"].partition("?")[0] == reverse(
            "agencies:unlock"
        ), name
        client.get(reverse(name), follow=True)
        assert client.get(reverse("calls:board"))["Location"].partition("?")[0] == reverse(
            "agencies:unlock"
        ), name

    client.post(reverse("agencies:unlock"), {"password": PASSWORD})

    assert client.get(reverse("calls:board")).status_code == 200


def test_without_a_password_there_is_none_to_change() -> None:
    from tests.clients import Desk

    page = Desk("anna.miller").get(reverse("account_change_password"), follow=True)

    assert (page.status_code, "without a password" in page.content.decode()) == (409, True)


def test_a_member_whose_access_ended_does_not_come_in(maria: Member) -> None:
    from nowrongdoor.agencies import commands
    from nowrongdoor.web.clock import now
    from tests.makers import an_actor

    commands.end_access(by=an_actor("oscar.nunez"), at=now(), member_id=maria.pk)
    client = browser()
    sign_in(client)

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path", ["/account/signup/", "/account/email/", "/account/password/reset/"]
)
def test_there_is_no_signing_up_and_no_mail(path: str) -> None:
    assert browser().get(path).status_code == 404


def test_totp_is_asked_after_the_password(maria: Member) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(maria, secret)
    client = browser()

    assert sign_in(client)["Location"].startswith("/account/second-factor/authenticate/")
    assert client.get(reverse("calls:board")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time()) // 30))
    client.post(reverse("mfa_authenticate"), {"code": code})

    assert client.session["_auth_user_id"] == str(maria.pk)


def test_a_recovery_code_opens_once(maria: Member) -> None:
    totp.TOTP.activate(maria, totp.generate_totp_secret())
    code = RecoveryCodes.activate(maria).get_unused_codes()[0]
    client, again = browser(), browser()
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    sign_in(again)
    again.post(reverse("mfa_authenticate"), {"code": code})

    assert client.session["_auth_user_id"] == str(maria.pk)
    assert "_auth_user_id" not in again.session


def test_the_second_factor_pages_are_drawn_in_our_frame(maria: Member) -> None:
    client = browser()
    sign_in(client)
    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn"):
        page = client.get(reverse(name), follow=True)
        assert page.status_code == 200, name
        assert 'class="plain' in page.content.decode(), name


def test_a_passkey_is_offered_a_challenge() -> None:
    told = browser().get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})

    assert told.json()["request_options"]["publicKey"]["challenge"]
