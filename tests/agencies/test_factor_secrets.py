"""Secrets of second factors are no use to whoever has the database, or a backup of it (H11)."""

from time import time
from typing import Any

import psycopg
import pytest
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from nowrongdoor.agencies import factor_secrets
from nowrongdoor.agencies.models import Member
from nowrongdoor.agencies.sign_in import SecondFactorAdapter
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.site import backup
from tests.agencies.test_sign_in import browser, sign_in

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]


def kept(admin: Admin) -> str:
    """What the table holds, as whoever has a dump of it reads it."""
    return str(admin.execute("SELECT data FROM mfa_authenticator ORDER BY id").fetchall())


def test_the_table_holds_no_secret_and_the_code_opens(admin: Admin, maria: Member) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(maria, secret)
    codes = RecoveryCodes.activate(maria).get_unused_codes()
    client = browser()
    sign_in(client)

    code = totp.format_hotp_value(totp.hotp_value(secret, int(time()) // 30))
    client.post(reverse("mfa_authenticate"), {"code": code})

    assert client.session["_auth_user_id"] == str(maria.pk)
    assert secret not in kept(admin)
    assert kept(admin).count(factor_secrets._BEGINS) == 2
    assert not [each for each in codes if each in kept(admin)]
    assert (
        "mfa_authenticator" not in backup.LEFT_OUT
    )  # whoever restores has their factors; the key is elsewhere


def test_the_control_keeps_it_in_clear(
    admin: Admin, maria: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SecondFactorAdapter, "encrypt", DefaultMFAAdapter.encrypt)
    secret = totp.generate_totp_secret()

    totp.TOTP.activate(maria, secret)

    assert secret in kept(admin)


def test_keys_are_replaced_one_after_the_other(admin: Admin, maria: Member, settings: Any) -> None:
    secret = totp.generate_totp_secret()
    Authenticator.objects.create(
        user=maria, type="totp", data={"secret": secret}
    )  # of before there were keys
    settings.FACTOR_KEYS = ["first"]
    assert factor_secrets.renew() == 1
    assert factor_secrets.renew() == 0

    settings.FACTOR_KEYS = ["second", "first"]
    assert factor_secrets.decrypt(Authenticator.objects.get().data["secret"]) == secret
    assert factor_secrets.renew() == 1

    settings.FACTOR_KEYS = ["second"]
    assert factor_secrets.decrypt(Authenticator.objects.get().data["secret"]) == secret
    settings.FACTOR_KEYS = ["first"]
    with pytest.raises(Refused) as refusal:
        factor_secrets.decrypt(Authenticator.objects.get().data["secret"])
    assert refusal.value.verdict.rule == "factor.unreadable"


def test_without_its_key_a_factor_opens_nothing_and_says_why(maria: Member, settings: Any) -> None:
    totp.TOTP.activate(maria, totp.generate_totp_secret())
    settings.FACTOR_KEYS = ["lost"]
    client = browser()
    sign_in(client)

    told = client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert (told.status_code, "cannot be read here" in told.content.decode()) == (409, True)
    assert "_auth_user_id" not in client.session
