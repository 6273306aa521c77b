"""Which passwords there may be, how they are asked for and kept; and second factors beside them."""

import re
import string
from math import log2
from time import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from nowrongdoor.agencies import commands
from nowrongdoor.agencies.models import Member
from nowrongdoor.agencies.passwords import NotSoonGuessed
from nowrongdoor.web.clock import now
from tests.agencies.test_sign_in import PASSWORD, browser, sign_in
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")
LONG = (
    "ñandú 鳥 quilt bramble osprey tundra " + "mosaic gravel " * 6 + "lamps 鳥 "
)  # 128 characters, and a space at its end


def at_her_board() -> Client:
    client = browser()
    sign_in(client)
    client.get(reverse("agencies:positions"))
    return client


def change(client: Client, new: str, old: str = PASSWORD) -> int:
    """302 where it was taken, 200 where the page comes back and says why not."""
    typed = {"oldpassword": old, "password1": new, "password2": new}
    return client.post(reverse("account_change_password"), typed).status_code


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("elevenchars", "short"),
        ("123456789987654321", "common"),
        ("Maria.Lopez!", "too similar"),
        ("Passw0rd2026!", "Too easy to guess"),
        ("Mental Health Support Team", "Too easy to guess"),  # a program of this community
        ("zzzzzzzzzzzzzzzz", "Too easy to guess"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(maria: Member, new: str, why: str) -> None:
    client = at_her_board()
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}

    page = client.post(reverse("account_change_password"), typed)

    assert (page.status_code, why in page.content.decode()) == (200, True)
    assert sign_in(browser())["Location"] == reverse("agencies:positions")


def test_no_common_password_will_do_nor_one_with_something_behind_it() -> None:
    rule = NotSoonGuessed()
    common = [*rule.common[::500], "password", "qwerty", "monkey"]
    made = [
        *(each for each in rule.common if len(each) >= 12),
        *(each * 2 for each in common),
        *(f"{each}12345678" for each in common),
        *(f"{each.capitalize()}2026!" for each in common),
    ]
    assert len(made) > 300

    for each in made:
        with pytest.raises(ValidationError):
            rule.validate(each)
    rule.validate("a horse of my own")


@pytest.mark.parametrize("new", ["gravel lamp osprey", "zhqwmxkvbjrt", LONG])
def test_any_characters_do_and_each_counts(maria: Member, new: str) -> None:
    """Neither cut off, nor trimmed, nor read in another case."""
    assert change(at_her_board(), new) == 302

    for other in (new[:-1], new.strip() if new != new.strip() else new + " ", new.upper()):
        assert "_auth_user_id" not in _signed_in(other).session
    assert "_auth_user_id" in _signed_in(new).session


def _signed_in(password: str) -> Client:
    client = browser()
    sign_in(client, password)
    return client


def test_without_the_old_password_there_is_no_new_one(maria: Member) -> None:
    client = at_her_board()

    assert [change(client, LONG, old) for old in ("", "wrong", LONG)] == [200] * 3
    assert "_auth_user_id" in _signed_in(PASSWORD).session


def test_what_is_typed_is_masked_and_a_password_manager_may_type_it(maria: Member) -> None:
    client, locked = at_her_board(), at_her_board()
    locked.post(reverse("agencies:lock"))
    pages = {
        1: browser().get(reverse("account_login")),
        3: client.get(reverse("account_change_password")),
    }
    maria.synthetic = False
    maria.save()
    pages |= {1 + 10: locked.get(reverse("agencies:unlock"))}
    maria.synthetic = True
    maria.save()

    for count, page in pages.items():
        fields = re.findall(r'<input[^>]*name="\w*password\w*"[^>]*>', page.content.decode())
        assert len(fields) == count % 10, page.request["PATH_INFO"]
        for field in fields:
            assert 'type="password"' in field
            assert re.search(r'autocomplete="(current|new)-password"', field), field
            assert not re.search(r"onpaste|readonly|maxlength", field), field


@pytest.mark.usefixtures("real_hashing")
def test_a_password_is_kept_as_argon2(maria: Member) -> None:
    kept = Member.objects.get(pk=maria.pk).password

    assert kept.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    assert PASSWORD not in kept


def test_a_session_cannot_be_guessed(maria: Member) -> None:
    keys = {at_her_board().session.session_key or "" for _ in range(3)}

    assert len(keys) == 3
    for key in keys:
        assert set(key) <= set(string.ascii_lowercase + string.digits)
        assert len(key) * log2(36) > 128


def code_of(secret: str, *, periods_ago: int = 0) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time()) // 30 - periods_ago))


def with_code(code: str) -> Client:
    client = browser()
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    return client


def test_a_code_of_an_app_opens_once_and_only_in_its_time(maria: Member) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(maria, secret)

    assert "_auth_user_id" not in with_code(code_of(secret, periods_ago=3)).session
    code = code_of(secret)
    assert ["_auth_user_id" in with_code(code).session for _ in range(2)] == [True, False]


def test_recovery_codes_are_long_enough_and_differ(maria: Member) -> None:
    codes = RecoveryCodes.activate(maria).get_unused_codes()

    assert len(set(codes)) == len(codes)
    assert all(len(code) * log2(10) > 20 and code.isdecimal() for code in codes)


def test_a_given_password_does_not_go_around_the_second_factor(maria: Member) -> None:
    totp.TOTP.activate(maria, totp.generate_totp_secret())
    given = commands.give_password(by=an_actor("oscar.nunez"), at=now(), member_id=maria.pk)
    client = browser()

    assert sign_in(client, given)["Location"].startswith("/account/second-factor/authenticate/")
    assert "_auth_user_id" not in client.session


def test_a_second_factor_is_changed_by_whoever_typed_the_password_just_now(maria: Member) -> None:
    """Having signed in is not enough; and five minutes later it is asked for again."""
    client = at_her_board()
    pages = [reverse(name) for name in ("mfa_activate_totp", "mfa_add_webauthn")]

    def asked_again() -> list[bool]:
        answers = [client.get(page) for page in pages]
        return [each.get("Location", "").startswith("/account/again/") for each in answers]

    assert asked_again() == [True, True]
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert asked_again() == [False, False]

    session = client.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 301
    session.save()
    assert asked_again() == [True, True]


def test_a_given_password_opens_nothing_but_the_choice_of_another(maria: Member) -> None:
    given = commands.give_password(by=an_actor("oscar.nunez"), at=now(), member_id=maria.pk)
    client = browser()
    choosing = reverse("account_change_password")

    assert sign_in(client, given)["Location"] == reverse("agencies:positions")
    for page in (
        "agencies:positions",
        "agencies:home",
        "calls:board",
        "live",
        "mfa_index",
        "mfa_activate_totp",
    ):
        answer = client.get(reverse(page), follow=True)
        assert answer.redirect_chain[-1][0].partition("?")[0] == choosing, page
    assert "Choose your own now" in client.get(choosing).content.decode()
    assert change(client, "a horse of my own", given) == 302

    commands.confirm_sign_in(by=an_actor("denise.wright"), at=now(), member_id=maria.pk)
    assert client.get(reverse("agencies:positions"))["Location"] == reverse("agencies:home")
    for password, opens in ((given, False), ("a horse of my own", True)):
        later = browser()
        sign_in(later, password)
        assert ("_auth_user_id" in later.session) is opens
