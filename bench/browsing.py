"""A browser in a bench, and one member's page in it."""

from http.cookies import SimpleCookie
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Playwright

from bench.boards import sign_in
from bench.house import House
from bench.processes import Failed, ask

CHROMIUMS = (Path("/usr/bin/chromium"), Path("/usr/bin/chromium-headless-shell"))
SENDS = ("karen.hughes", "911/floor")


def launched(playwright: Playwright, *flags: str) -> Browser:
    """Errors: Failed where there is no Chromium."""
    path = next((str(each) for each in CHROMIUMS if each.exists()), None)
    try:
        return playwright.chromium.launch(executable_path=path, args=["--no-sandbox", *flags])
    except Error as reason:
        raise Failed("no Chromium here; `./setup.sh browser` brings it") from reason


def looking(running: House, browser: Browser, username: str) -> tuple[BrowserContext, str]:
    """A window of a desk's size in which this member is signed in, and the address of its pages."""
    words = {"tokens": [SENDS], "positions": [username]}
    given = ask("tokens", words, most_s=60, environment=running.environment)
    cookie = SimpleCookie(sign_in(running.port, given["positions"][0]))["session"].value
    here = f"http://localhost:{running.port}"
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "session", "value": cookie, "url": here}])
    return context, here
