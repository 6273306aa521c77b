"""NWD_SECRET_KEY is replaced while people work: what the old one signed is believed for as long as it is listed."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nowrongdoor.agencies.models import Member
from nowrongdoor.web.clock import now
from tests.agencies.test_sign_in import browser, sign_in
from tests.clients import Desk, Visitor
from tests.guests.links import a_link

pytestmark = pytest.mark.usefixtures("db")
Replace = Callable[..., None]


@pytest.fixture
def replaced(settings: Any) -> Replace:
    """Every process was started with another key, and with the one of before or without it."""

    def replace(*, listed: bool) -> None:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if listed else []
        settings.SECRET_KEY = "another, since this morning"

    return replace


def opens(client: Client) -> bool:
    return client.get(reverse("calls:board")).status_code == 200


@pytest.mark.parametrize("listed", [True, False])
def test_a_session_of_before_goes_on_while_the_old_key_is_listed(
    maria: Member, replaced: Replace, listed: bool
) -> None:
    """Its other tabs too, which send the same cookie; and one that is begun now does not need the old key."""
    before, after = browser(), browser()
    sign_in(before)
    before.get(reverse("agencies:positions"))
    cookie = before.cookies["session"].value
    assert opens(before)

    replaced(listed=listed)
    first, again = opens(before), opens(before)
    tab = browser()
    tab.cookies["session"] = cookie
    other = opens(tab)
    sign_in(after)
    after.get(reverse("agencies:positions"))
    replaced_again = opens(after)

    assert (first, again, other) == (listed, listed, listed)
    assert replaced_again


@pytest.mark.parametrize("listed", [True, False])
def test_a_spoken_code_of_before_opens_while_the_old_key_is_listed(
    replaced: Replace, listed: bool
) -> None:
    link = a_link(at=now())

    replaced(listed=listed)
    told = Visitor().post(reverse("guests:code"), {"place": link.place, "code": link.code})

    assert (told.status_code == 302) == listed, told.content.decode()


def test_a_form_that_was_open_is_sent_after_it(replaced: Replace) -> None:
    desk, page = Desk("anna.miller").with_tokens(), reverse("calls:paper")
    [token, *_] = re.findall(
        r'name="csrfmiddlewaretoken" value="([^"]+)"', desk.get(page).content.decode()
    )

    replaced(listed=True)
    sent, without = (desk.post(page, given) for given in ({"csrfmiddlewaretoken": token}, {}))

    assert (sent.status_code, without.status_code) == (422, 403)  # the sheet lacks its time


def test_factors_hang_on_the_old_key_too_where_they_have_none_of_their_own() -> None:
    said = "from nowrongdoor.site import settings; print(settings.FACTOR_KEYS)"
    environment = os.environ | {"NWD_SECRET_KEY": "new", "NWD_OLD_SECRET_KEYS": "old, older"}
    environment.pop("NWD_FACTOR_KEYS", None)

    done = subprocess.run(
        [sys.executable, "-c", said], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "['new', 'old', 'older']"
