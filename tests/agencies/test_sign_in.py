"""Signing in: passwords, second factors, lockout, and an agency's own OpenID Connect."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import time
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlparse

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse
from jwt.algorithms import RSAAlgorithm

from nowrongdoor.agencies.models import Member
from tests.clients import HOST

pytestmark = pytest.mark.usefixtures("db")
PASSWORD = "correct horse battery staple"
LOGIN = "/account/sign-in/"


@pytest.fixture
def maria() -> Member:
    member = Member.objects.get(username="maria.lopez")
    member.set_password(PASSWORD)
    member.save()
    return member


def browser() -> Client:
    return Client(headers={"host": HOST})


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
    assert client.get(reverse("calls:board"))["Location"] == reverse("agencies:unlock")


@pytest.mark.usefixtures("real")
def test_a_locked_screen_opens_by_its_password_and_by_no_other_way() -> None:
    """Choosing a position, or coming to sign in again, used to open it."""
    client = browser()
    sign_in(client)
    client.get(reverse("agencies:positions"))
    client.post(reverse("agencies:lock"))
    for name in ("agencies:positions", "account_login", "mfa_index", "account_change_password"):
        there = client.get(reverse(name))
        assert name == "account_login" or there["Location"] == reverse("agencies:unlock"), name
        client.get(reverse(name), follow=True)
        assert client.get(reverse("calls:board"))["Location"] == reverse("agencies:unlock"), name

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


def test_where_people_are_real_a_second_factor_is_needed(maria: Member, settings: Any) -> None:
    settings.SYNTHETIC = False
    client = browser()
    sign_in(client)

    told = client.get(reverse("agencies:positions"))
    assert told["Location"] == reverse("mfa_activate_totp")

    Authenticator.objects.create(user=maria, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get(reverse("agencies:positions"))["Location"] == reverse("agencies:home")


# An agency's own OpenID Connect provider, small and real: it answers over HTTP.


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(BaseHTTPRequestHandler):
    claims: ClassVar[dict[str, str]] = {}

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        if self.path.startswith("/.well-known"):
            self.tell(
                {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/authorize",
                    "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/userinfo",
                    "jwks_uri": f"{here}/keys",
                }
            )
        elif self.path == "/keys":
            self.tell({"keys": [json.loads(RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "1"}]})
        else:
            self.tell(self.claims)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.tell({"access_token": "t", "token_type": "Bearer", "id_token": signed(self.claims)})

    def tell(self, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


def signed(claims: dict[str, str]) -> str:
    return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "1"})


@pytest.fixture
def provider(settings: Any) -> Iterator[type[Provider]]:
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    here = f"http://127.0.0.1:{server.server_port}"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {"provider_id": "line", "name": "Crisis line", "client_id": "nwd", "secret": "s",
                 "settings": {"server_url": here, "member_claim": "preferred_username", "fetch_userinfo": True}}
            ]
        }
    }  # fmt: skip
    yield Provider
    server.shutdown()
    thread.join()
    server.server_close()


def come_back(client: Client, claims: dict[str, str], provider: type[Provider]) -> Any:
    started = client.post(reverse("openid_connect_login", args=["line"]))
    asked = parse_qs(urlparse(started["Location"]).query)
    issuer = f"{urlparse(started['Location']).scheme}://{urlparse(started['Location']).netloc}"
    times = {"iat": int(time()), "exp": int(time()) + 60}
    provider.claims = {"sub": "abc", "aud": "nwd", "iss": issuer} | times | claims
    return client.get(
        reverse("openid_connect_callback", args=["line"]), {"code": "c", "state": asked["state"][0]}
    )


def test_an_agencys_own_provider_signs_its_member_in(provider: type[Provider]) -> None:
    client = browser()

    told = come_back(client, {"preferred_username": "maria.lopez"}, provider)

    assert told["Location"] == reverse("agencies:positions")
    assert client.session["_auth_user_id"] == str(Member.objects.get(username="maria.lopez").pk)


def test_somebody_whose_access_ended_is_told_so_and_stays_out(provider: type[Provider]) -> None:
    from nowrongdoor.agencies import commands
    from nowrongdoor.web.clock import now
    from tests.makers import an_actor

    claims = {"preferred_username": "maria.lopez"}
    come_back(browser(), claims, provider)
    member = Member.objects.get(username="maria.lopez")
    commands.end_access(by=an_actor("oscar.nunez"), at=now(), member_id=member.pk)

    client = browser()
    page = client.get(come_back(client, claims, provider)["Location"])

    assert "_auth_user_id" not in client.session
    assert (page.status_code, "Your access here has ended" in page.content.decode()) == (403, True)


def test_whoever_the_provider_knows_and_we_do_not_stays_out(provider: type[Provider]) -> None:
    client = browser()

    told = come_back(client, {"preferred_username": "someone.else"}, provider)

    assert told.status_code == 403
    assert "not a member here" in told.content.decode()
    assert "_auth_user_id" not in client.session
    assert not Member.objects.filter(username="someone.else").exists()


def test_an_answer_nobody_asked_for_is_refused(provider: type[Provider]) -> None:
    client = browser()

    told = client.get(
        reverse("openid_connect_callback", args=["line"]), {"code": "c", "state": "made up"}
    )

    assert "_auth_user_id" not in client.session
    assert told.status_code in (200, 302, 401, 403)
