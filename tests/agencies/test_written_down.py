"""Signing in that failed, and what was refused to somebody, is in the log; names and passwords are not."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from nowrongdoor.agencies.models import Member
from tests.agencies.test_sign_in import browser, sign_in
from tests.clients import Desk
from tests.makers import member_id

pytestmark = pytest.mark.usefixtures("db")


def said(log: pytest.LogCaptureFixture) -> list[str]:
    found = [record.getMessage() for record in log.records if record.name.startswith("nowrongdoor")]
    log.clear()
    return found


def test_a_sign_in_that_failed_is_written_down(
    maria: Member, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser()
    sign_in(client)
    assert said(caplog) == []

    for _ in range(5):
        sign_in(browser(), "a wrong password")
    assert said(caplog) == ["sign-in failed: password"] * 5
    sign_in(browser())
    assert said(caplog) == ["sign-in failed: locked out"]


def test_a_wrong_second_factor_is_written_down(
    maria: Member, caplog: pytest.LogCaptureFixture
) -> None:
    totp.TOTP.activate(maria, totp.generate_totp_secret())
    client = browser()
    sign_in(client)

    client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert said(caplog) == ["sign-in failed: second factor"]


def test_a_refusal_is_written_down_with_who_asked_by_id(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk("judith.park")
    caplog.clear()

    desk.get(reverse("calls:new_call"))
    browser().post(reverse("agencies:lock"), headers={"HX-Request": "true"})

    assert said(caplog) == [
        f"refused: role.not_granted /calls/new/ member:{member_id('judith.park')}",
        "refused: door.stranger /lock/ -",
    ]


def test_signing_out_clears_what_the_browser_kept() -> None:
    desk = Desk("anna.miller")

    assert desk.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache", "storage"'
