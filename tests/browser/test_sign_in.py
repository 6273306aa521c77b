"""Signing in with a passkey, on a security key that the browser pretends to have."""

import os
import re
import subprocess

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import City
from tests.browser.test_first_call import shot
from tests.conftest import ROOT, database_url

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def plug_in(page: Page) -> None:
    bus = page.context.new_cdp_session(page)
    bus.send("WebAuthn.enable")
    bus.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def first_password(username: str) -> str:
    environment = os.environ | {"DATABASE_URL": database_url("app", "nwd_browser")}
    done = subprocess.run(
        [str(ROOT / ".venv/bin/nowrongdoor"), "password", username],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def test_a_passkey_is_registered_and_then_signs_in_alone(
    window: BrowserContext, city: City
) -> None:
    """On localhost itself: a passkey belongs to a name, and browsers refuse 127.0.0.1."""
    here = f"http://localhost:{city.port}"
    page = window.new_page()
    plug_in(page)
    page.goto(f"{here}/account/sign-in/")
    page.get_by_label("Username").fill("joan.whitfield")
    password = first_password("joan.whitfield")
    page.get_by_label("Password").fill(password)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url("**/account/password/**")
    expect(page.locator("main")).to_contain_text("Choose your own now.")
    given, password = password, "lantern gravel thirteen"
    for label, typed in (("Current", given), ("New Password", password), ("again", password)):
        page.get_by_label(label).first.fill(typed)
    shot(page, "password-of-ones-own")
    page.get_by_label("again").press("Enter")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()

    page.goto(f"{here}/account/second-factor/webauthn/add/")
    page.get_by_label("Password").fill(password)  # once more, before a factor is changed
    page.get_by_label("Password").press("Enter")
    page.get_by_label("Name").fill("desk key")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name=re.compile("Add")).click()
    page.wait_for_url(re.compile("recovery|webauthn/$"))

    page.goto(f"{here}/board/")
    page.locator(".profile > summary").click()
    page.get_by_role("button", name="Sign out").click()
    # the stream's farewell leads there too, and ends the navigation that it overtakes: no waiting for that one
    expect(page).to_have_url(re.compile("/account/sign-in/"))
    page.get_by_role("button", name="Sign in with a passkey").click()

    # at home, or where the stream's farewell was heard before the answer: whichever came first
    expect(page.locator(".who")).to_contain_text("Joan Whitfield")
