"""What a provider says that nobody should say: one clear refusal each, and never a fault of ours (H18)."""

from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from django.urls import reverse

from tests.agencies.test_provider import MARIA, Provider, back, come_back, provider, vouch
from tests.agencies.test_sign_in import browser

pytestmark = pytest.mark.usefixtures("db")
__all__ = ["provider"]  # the fixture

ODD = (
    {"sub": ""}, {"sub": None}, {"sub": 7}, {"sub": True}, {"sub": "x" * 5000}, {"sub": "a\0b"},
    {"sub": "\ud800"}, {"sub": ["abc"]}, {"sub": {}}, {"aud": ["nwd", "stranger"]},
    {"aud": ["nwd", "stranger"], "azp": "stranger"},
)  # fmt: skip
NAMES_NOBODY = ({}, True, 7, ["maria.lopez"], "maria.lopez\0", "\ud800", "x" * 5000, None, "")


@pytest.mark.parametrize("odd", ODD)
def test_a_token_that_names_nobody_is_one_refusal(provider: type[Provider], odd: Any) -> None:
    client = browser()

    told = come_back(client, MARIA | odd, provider)

    assert (told.status_code, "_auth_user_id" in client.session) == (401, False)


@pytest.mark.parametrize("odd", NAMES_NOBODY)
def test_a_claim_that_is_no_name_is_nobodys(provider: type[Provider], odd: Any) -> None:
    client = browser()

    told = come_back(client, {"preferred_username": odd, "other": "\0"}, provider)

    assert (told.status_code, "_auth_user_id" in client.session) == (403, False)


@pytest.mark.parametrize("said", [True, [], 7, "text", {}])
def test_userinfo_that_is_no_list_of_claims_is_refused(provider: type[Provider], said: Any) -> None:
    provider.userinfo = said
    client = browser()

    told = come_back(client, MARIA, provider)

    assert (told.status_code, "_auth_user_id" in client.session) == (401, False)


@pytest.mark.parametrize("process", ["connect", "redirect", "made up"])
def test_whoever_comes_back_signs_in_whatever_the_address_asked_for(
    provider: type[Provider], process: str
) -> None:
    client = browser()
    url = reverse("openid_connect_login", args=["line"])
    started = client.post(f"{url}?process={process}")
    asked = parse_qs(urlparse(started["Location"]).query) | {"at": [started["Location"]]}
    vouch(provider, asked, MARIA)

    told = back(client, asked)

    assert told["Location"] == reverse("agencies:positions")
