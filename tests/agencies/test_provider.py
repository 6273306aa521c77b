"""Signing in by an agency's own OpenID Connect provider, small and real: it answers over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import time
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlparse

import jwt
import pytest
from allauth.socialaccount.models import SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from jwt.algorithms import RSAAlgorithm

from nowrongdoor.agencies import commands
from nowrongdoor.agencies.models import Member
from nowrongdoor.web.clock import now
from tests.agencies.test_sign_in import browser
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")
KEY, ANOTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in "ab")
MARIA = {"preferred_username": "maria.lopez"}
Sign = Callable[[dict[str, Any]], str]


def signed(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "1"})


class Provider(BaseHTTPRequestHandler):
    claims: ClassVar[dict[str, Any]] = {}
    userinfo: ClassVar[dict[str, Any] | None] = None
    """What the userinfo address says; the ID token's claims where nothing else is said."""
    changes: ClassVar[dict[str, Any]] = {}
    """What it says of itself that is not so."""
    sign: ClassVar[Sign] = staticmethod(signed)
    moved: ClassVar[str] = ""
    """A path that is not answered but sent on to another server."""
    asked: ClassVar[list[str]] = []

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        self.asked.append(self.path)
        if self.moved and self.path.startswith(self.moved):
            self.send_response(302)
            self.send_header("Location", f"{here}/elsewhere{self.path}")
            self.end_headers()
        elif "/.well-known" in self.path:
            self.tell(
                {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/authorize",
                    "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/userinfo",
                    "jwks_uri": f"{here}/keys",
                }
                | self.changes
            )
        elif self.path == "/keys":
            self.tell({"keys": [json.loads(RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "1"}]})
        else:
            self.tell(self.claims if self.userinfo is None else self.userinfo)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        token = {"id_token": type(self).sign(self.claims)} if self.claims else {}
        self.tell({"access_token": "t", "token_type": "Bearer"} | token)

    def tell(self, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Provider]]:
    for name in ("claims", "userinfo", "changes", "sign", "moved"):
        monkeypatch.setattr(Provider, name, getattr(Provider, name))  # put back afterwards
    monkeypatch.setattr(Provider, "asked", [])
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    here = f"http://127.0.0.1:{server.server_port}"
    configured = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    apps = [
        {"provider_id": agency, "name": agency, "client_id": "nwd", "secret": "s",
         "settings": {"server_url": here, "member_claim": "preferred_username", "fetch_userinfo": True}}
        for agency in ("line", "911")
    ]  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": configured | {"APPS": apps}}
    yield Provider
    server.shutdown()
    thread.join()
    server.server_close()


def begin(client: Client, agency: str = "line") -> dict[str, list[str]]:
    """Go to the provider; what it is asked."""
    started = client.post(reverse("openid_connect_login", args=[agency]))
    return parse_qs(urlparse(started["Location"]).query) | {"at": [started["Location"]]}


def vouch(provider: type[Provider], asked: dict[str, list[str]], claims: dict[str, Any]) -> None:
    """Let the provider say this of whoever signs in there."""
    at = urlparse(asked["at"][0])
    times = {"iat": int(time()), "exp": int(time()) + 60}
    issuer = {"iss": f"{at.scheme}://{at.netloc}"}
    provider.claims = {"sub": "abc", "aud": "nwd"} | issuer | times | claims


def back(client: Client, asked: dict[str, list[str]], agency: str = "line") -> HttpResponse:
    url = reverse("openid_connect_callback", args=[agency])
    return client.get(url, {"code": "c", "state": asked["state"][0]})


def come_back(
    client: Client, claims: dict[str, Any], provider: type[Provider], agency: str = "line"
) -> HttpResponse:
    asked = begin(client, agency)
    vouch(provider, asked, claims)
    return back(client, asked, agency)


def test_an_agencys_own_provider_signs_its_member_in(provider: type[Provider]) -> None:
    client = browser()

    told = come_back(client, MARIA, provider)

    assert told["Location"] == reverse("agencies:positions")
    assert client.session["_auth_user_id"] == str(Member.objects.get(username="maria.lopez").pk)


def test_whoever_comes_from_a_provider_is_asked_for_nothing_more(
    provider: type[Provider], settings: Any
) -> None:
    """Neither a second factor of ours, nor another password in place of one they did not use."""
    settings.SYNTHETIC = False
    maria = Member.objects.get(username="maria.lopez")
    commands.give_password(by=an_actor("oscar.nunez"), at=now(), member_id=maria.pk)
    client = browser()
    come_back(client, MARIA | {"amr": ["pwd", "mfa"]}, provider)

    assert client.get(reverse("agencies:positions"))["Location"] == reverse("agencies:home")


@pytest.mark.parametrize(
    "said", [{}, {"amr": ["pwd"]}, {"acr": "0"}, {"amr": "mfa"}, {"amr": [["mfa"]]}]
)
def test_a_provider_that_does_not_say_it_asked_for_two_factors_asked_for_one(
    provider: type[Provider], settings: Any, said: dict[str, Any]
) -> None:
    settings.SYNTHETIC = False
    client = browser()
    come_back(client, MARIA | said, provider)

    first = client.get(reverse("agencies:positions"))["Location"]
    assert first == f"{reverse('mfa_activate_totp')}?next=%2Fpositions%2F"
    assert client.get(reverse("calls:board")).status_code == 302


def test_a_user_name_that_the_provider_gives_again_gives_no_account_away(
    provider: type[Provider],
) -> None:
    come_back(browser(), MARIA, provider)
    client, own = browser(), browser()

    told = come_back(client, MARIA | {"sub": "somebody new"}, provider)

    assert (told.status_code, "new account" in told.content.decode()) == (403, True)
    assert "_auth_user_id" not in client.session
    assert come_back(own, MARIA, provider).status_code == 302  # the first one goes on


def test_somebody_whose_access_ended_is_told_so_and_stays_out(provider: type[Provider]) -> None:
    come_back(browser(), MARIA, provider)
    member = Member.objects.get(username="maria.lopez")
    commands.end_access(by=an_actor("oscar.nunez"), at=now(), member_id=member.pk)

    client = browser()
    page = client.get(come_back(client, MARIA, provider)["Location"])

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


def test_an_agencys_provider_vouches_for_its_own_people_alone(provider: type[Provider]) -> None:
    """Or whoever runs one agency's provider could be anybody of every other."""
    client = browser()

    told = come_back(client, MARIA, provider, agency="911")

    assert (told.status_code, "not a member here" in told.content.decode()) == (403, True)
    assert "_auth_user_id" not in client.session


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", algorithm="none", headers={"kid": "1"})


def signed_by_somebody_else(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, ANOTHER_KEY, algorithm="RS256", headers={"kid": "1"})


def signed_with_what_is_public(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "s" * 32, algorithm="HS256", headers={"kid": "1"})


def signed_by_a_key_of_its_own(claims: dict[str, Any]) -> str:
    """Whoever made it sends the key along, too."""
    key = json.loads(RSAAlgorithm.to_jwk(ANOTHER_KEY.public_key()))
    more = {"kid": "2", "jwk": key, "jku": "http://127.0.0.1/keys"}
    return jwt.encode(claims, ANOTHER_KEY, algorithm="RS256", headers=more)


def without_a_key(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, KEY, algorithm="RS256")


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        signed_by_somebody_else,
        signed_with_what_is_public,
        signed_by_a_key_of_its_own,
        without_a_key,
        lambda _claims: "no token",
    ],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(
    provider: type[Provider], sign: Sign
) -> None:
    provider.sign = staticmethod(sign)  # type: ignore[method-assign]
    client = browser()

    told = come_back(client, MARIA, provider)

    assert (told.status_code, "_auth_user_id" in client.session) == (401, False)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1_600_000_000},
        {"nbf": 32_000_000_000},
        {"aud": "another"},
        {"iss": "http://127.0.0.1/another"},
    ],
)
def test_a_token_of_another_time_place_or_provider_is_refused(
    provider: type[Provider], claims: dict[str, Any]
) -> None:
    client = browser()

    told = come_back(client, MARIA | claims, provider)

    assert (told.status_code, "_auth_user_id" in client.session) == (401, False)


def test_a_provider_that_calls_itself_another_is_refused(provider: type[Provider]) -> None:
    provider.changes = {"issuer": "http://127.0.0.1/another"}
    client = browser()

    told = come_back(client, MARIA | {"iss": "http://127.0.0.1/another"}, provider)

    assert (told.status_code, "_auth_user_id" in client.session) == (401, False)


def test_what_is_said_of_another_subject_is_refused(provider: type[Provider]) -> None:
    provider.userinfo = {"sub": "another"} | MARIA
    client = browser()

    told = come_back(client, {}, provider)

    assert (told.status_code, "_auth_user_id" in client.session) == (401, False)


def test_claims_without_a_token_are_nobodys(provider: type[Provider]) -> None:
    client = browser()
    provider.userinfo = {"sub": "abc"} | MARIA

    told = back(client, begin(client))

    assert (told.status_code, "_auth_user_id" in client.session) == (401, False)


def test_an_answer_counts_where_it_was_asked_for_and_once(provider: type[Provider]) -> None:
    """Not in another browser, not at another provider's address, not a second time."""
    client, stranger = browser(), browser()
    asked = begin(client)
    vouch(provider, asked, MARIA)

    assert back(stranger, asked).status_code == 401
    assert back(client, asked, agency="911").status_code == 401
    assert "_auth_user_id" not in client.session
    assert back(client, asked).status_code == 302
    assert back(client, asked).status_code == 401


def test_only_whoever_asked_can_use_the_code(provider: type[Provider]) -> None:
    first, second = (begin(browser()) for _ in "ab")

    assert first["code_challenge_method"] == ["S256"]
    assert first["code_challenge"] != second["code_challenge"]


def test_nothing_is_begun_without_a_click(provider: type[Provider]) -> None:
    page = browser().get(reverse("openid_connect_login", args=["line"]))

    assert page.status_code == 200
    assert provider.asked == []


def test_the_providers_token_is_kept_nowhere(provider: type[Provider]) -> None:
    client = browser()
    come_back(client, MARIA, provider)

    assert not SocialToken.objects.exists()
    assert "access_token" not in json.dumps(dict(client.session))


@pytest.mark.parametrize("moved", ["/.well-known", "/keys", "/userinfo"])
def test_a_provider_is_not_followed_elsewhere(provider: type[Provider], moved: str) -> None:
    client = browser()
    asked = begin(client)
    vouch(provider, asked, MARIA)
    provider.moved = moved

    told = back(client, asked)

    assert (told.status_code, "_auth_user_id" in client.session) == (401, False)
    assert [path for path in provider.asked if path.startswith("/elsewhere")] == []


def test_a_provider_that_does_not_answer_is_a_page_that_says_so(settings: Any) -> None:
    app = {"provider_id": "line", "name": "line", "client_id": "nwd", "secret": "s",
           "settings": {"server_url": "http://127.0.0.1:9"}}  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}

    told = browser().post(reverse("openid_connect_login", args=["line"]))

    assert told.status_code == 401
    assert browser().get(reverse("account_login")).status_code == 200
