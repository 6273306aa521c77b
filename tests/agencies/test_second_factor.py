"""The second factor is of the session: what another session of the same member showed opens nothing."""

from time import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from nowrongdoor.agencies import access
from nowrongdoor.agencies.models import Member
from tests.agencies.conftest import PASSWORD
from tests.agencies.test_sign_in import browser, sign_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def real(maria: Member, settings: Any) -> None:
    """Where people are real: the demo asks nobody for a factor."""
    settings.SYNTHETIC = False


def code(secret: str) -> str:
    """What the member's app shows."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time()) // 30))


def again(client: Client) -> None:
    """Say the password again, as a page about one's factors asks."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def add_an_app(client: Client) -> str:
    """Set an authenticator app up; answers its secret."""
    again(client)
    client.get(reverse("mfa_activate_totp"))
    secret: str = client.session["mfa.totp.secret"]
    assert client.post(reverse("mfa_activate_totp"), {"code": code(secret)}).status_code == 302
    return secret


def first_day() -> Client:
    client = browser()
    sign_in(client)
    first = client.get(reverse("agencies:positions"))["Location"]
    assert first == f"{reverse('mfa_activate_totp')}?next=%2Fpositions%2F"
    return client


def test_a_session_that_showed_no_factor_opens_nothing_once_its_member_has_one() -> None:
    """H1: somebody who knows the password signed in before the member had a factor."""
    thief, maria = first_day(), first_day()

    add_an_app(maria)

    assert maria.get(reverse("agencies:positions"), follow=True).status_code == 200
    assert maria.get(reverse("calls:board")).status_code == 200
    for name in ("agencies:positions", "calls:board", "mfa_index", "live", "mfa_deactivate_totp"):
        assert thief.get(reverse(name))["Location"].startswith("/account/sign-in/"), name
    assert Authenticator.objects.filter(user__username="maria.lopez", type="totp").exists()


def test_nor_where_its_session_were_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same without the ending of other sessions: the session's own records decide, at each request."""
    monkeypatch.setattr("nowrongdoor.agencies.commands.end_sessions", lambda *_a, **_k: None)
    thief, maria = first_day(), first_day()
    add_an_app(maria)

    for name in ("agencies:positions", "calls:board", "mfa_index", "live", "mfa_deactivate_totp"):
        first = thief.get(reverse(name))["Location"].partition("?")[0]
        assert first == reverse("mfa_reauthenticate"), name
    thief.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    thief.post(reverse("mfa_deactivate_totp"))

    assert thief.get(reverse("calls:board")).status_code == 302
    assert thief.get("/api/v1/episodes").status_code == 401
    assert Authenticator.objects.filter(user__username="maria.lopez", type="totp").exists()


def test_the_control_asks_the_account_and_lets_the_thief_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it was: the member has a factor, so whoever knows the password passes."""
    from allauth.mfa.utils import is_mfa_enabled

    monkeypatch.setattr("nowrongdoor.agencies.commands.end_sessions", lambda *_a, **_k: None)
    monkeypatch.setattr(access, "second_factor", lambda request: is_mfa_enabled(request.user))
    thief, maria = first_day(), first_day()

    add_an_app(maria)

    thief.get(reverse("agencies:positions"))
    assert thief.get(reverse("calls:board")).status_code == 200


def test_to_take_a_factor_away_asks_for_a_factor_and_ends_the_other_sessions() -> None:
    maria = first_day()
    add_an_app(maria)
    spare = RecoveryCodes.activate(Member.objects.get(username="maria.lopez")).get_unused_codes()
    other = browser()
    sign_in(other)
    other.post(reverse("mfa_authenticate"), {"code": spare[0]})
    other.get(reverse("agencies:positions"))
    assert other.get(reverse("calls:board")).status_code == 200

    asked = other.get(reverse("mfa_deactivate_totp"))
    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    other.post(reverse("account_reauthenticate"), {"password": PASSWORD})  # not by the password
    other.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type="totp").exists()

    maria.post(reverse("mfa_deactivate_totp"))  # just shown: five minutes have not gone by

    assert not Authenticator.objects.exists()
    assert maria.get(reverse("agencies:home"), follow=True).status_code == 200
    assert other.get(reverse("calls:board")).status_code == 302
