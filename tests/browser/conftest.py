"""A city that runs: server and worker as in production, in a database of its own, and a real browser.

Journeys share it and each makes its own calls, so that boards are as full as on a real evening.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import ROOT, copy_database, database_url, not_run

NAME = "nwd_browser"
FILL = "import django; django.setup(); from tests.browser.busy_hour import main; main()"
SHELL = "/usr/bin/chromium-headless-shell"
"""Chromium without the window around the page: the same engine for half the work."""
CHROMIUM = next(
    (
        path
        for path in (SHELL, "/usr/bin/chromium", "/usr/bin/chromium-browser")
        if Path(path).exists()
    ),
    "",
)
expect.set_options(timeout=20_000)  # patience, not a claim about time: other tests use this machine
HEARD = """addEventListener("DOMContentLoaded", () => {
  window.heard = [];
  const tones = document.getElementById("tones");
  const listen = { childList: true };
  if (tones) new MutationObserver(() => heard.push(tones.textContent)).observe(tones, listen);
})"""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--renderer-process-limit=1",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups, where only this folder is run
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys on one test worker: one city, one browser. First what looks at every page, while boards are short."""
    items.sort(key=lambda item: Path(item.fspath) != Path(__file__).with_name("test_pages.py"))
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


class City(NamedTuple):
    """Where the running city is, and its processes."""

    port: int
    server: "subprocess.Popen[bytes]"
    worker: "subprocess.Popen[bytes]"

    def url(self, desk: str, path: str = "/") -> str:
        return f"http://{desk}.localhost:{self.port}{path}"


@contextmanager
def a_city(name: str) -> Iterator[City]:
    """Server, worker and a busy hour in a database of this name."""
    copy_database(name)
    environment = os.environ | {
        "DATABASE_URL": database_url("app", name),
        "DATABASE_OWNER_URL": database_url("owner", name),
        "NWD_STREAM_CAP": "40",
    }
    port = _free_port()
    program = str(ROOT / ".venv/bin/nowrongdoor")
    words = {
        "server": [program, "serve", "--port", str(port), "--workers", "1"],
        "worker": [program, "worker"],
    }
    started = {
        what: subprocess.Popen(each, env=environment, cwd=ROOT, start_new_session=True)
        for what, each in words.items()
    }
    try:
        _wait(port, started["server"])
        subprocess.run(
            [str(ROOT / ".venv/bin/python"), "-c", FILL],
            env=environment,
            cwd=ROOT,
            check=True,
        )
        yield City(port, **started)
    finally:
        for process in started.values():
            os.killpg(process.pid, signal.SIGCONT)
            os.killpg(process.pid, signal.SIGTERM)
        for process in started.values():
            process.wait(15)
        with psycopg.connect(database_url("admin", "postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def city() -> Iterator[City]:
    """The one that all journeys share."""
    with a_city(NAME) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        not_run("journeys in a browser: no Chromium here; `./setup.sh browser` brings it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    """One browser with its own cookies: the desks of one person at one machine."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    context.set_default_timeout(10_000)
    context.add_init_script(HEARD)
    yield context
    context.close()


def desk(window: BrowserContext, city: City, label: str, name: str, program: str = "") -> Page:
    """Somebody at `label`.localhost, at their board and listening."""
    sign_in(window, city, label, name, program)
    page = window.new_page()
    page.goto(city.url(label, "/board/"))
    page.wait_for_selector("#live:not(.stale):has-text('live')")
    return page


def sign_in(window: BrowserContext, city: City, label: str, name: str, program: str = "") -> None:
    """What the demo's picker does, without drawing it: its own page is looked at in `test_pages`."""
    from nowrongdoor.agencies import queries  # this file is read before Django is set up
    from nowrongdoor.web.clock import now

    rows = queries.pickable(at=now(), language="en")
    fitting = [row for row in rows if f"{name} {program}" in f"{row.name} {row.role} {row.program}"]
    row = next((row for row in fitting if row.agency_code == label), fitting[0])
    server = HTTPConnection("127.0.0.1", city.port, timeout=20)
    secret = "a" * 32
    headers = {
        "Host": f"{label}.localhost:{city.port}",
        "Cookie": f"csrf={secret}",
        "X-CSRFToken": secret,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    server.request("POST", "/demo/", f"position={row.id}", headers)
    answer = server.getresponse()
    cookies = SimpleCookie(", ".join(answer.headers.get_all("Set-Cookie") or ()))
    server.close()
    assert answer.status == 302, answer.status
    session = cookies["session"].value
    window.add_cookies([{"name": "session", "value": session, "url": city.url(label)}])


def do(page: Page, key: str) -> None:
    """What a key stands for: pressed, or on a call's page, where bare keys only answer, found in the command bar."""
    if page.locator("[data-only-answers]").count() == 0:
        page.keyboard.press(key)
        return
    page.keyboard.press("Control+k")
    expect(page.locator("#command")).to_be_focused()
    page.keyboard.type(key)
    page.keyboard.press("Enter")
    expect(page.locator("#command")).to_be_hidden()


def hears(page: Page, words: str) -> None:
    """Wait for a tone with these words, since the page was opened: another call's may follow it."""
    for _ in range(400):
        if words in (heard := page.evaluate("heard")):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{words!r} was not heard, but {heard}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert process.poll() is None, "the server ended before its first page"
        try:
            with urlopen(f"http://localhost:{port}/health", timeout=2) as page:
                page.read()
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("no first page")
