"""One command, and within a minute a newcomer watches, takes a call and sends a team."""

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_pages import wrong
from tests.conftest import ROOT
from tests.faults.house import free_port, plain_environment

PROGRAM = str(ROOT / ".venv/bin/nowrongdoor")
PATIENCE_MS = 90_000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The real thing, with its city, in a folder and a database of its own."""
    folder = Path(tempfile.mkdtemp(prefix="nwd-"))
    folder.chmod(0o711)
    said, port = folder / "said", free_port()
    environment = plain_environment() | {"NWD_VAR": str(folder / "v")}
    with said.open("wb") as out:
        runner = subprocess.Popen(
            [PROGRAM, "run", "--port", str(port)],
            cwd=ROOT, env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        while "Ctrl-C stops" not in said.read_text():
            assert runner.poll() is None, said.read_text()
            time.sleep(0.2)
        yield f"http://localhost:{port}"
    finally:
        runner.terminate()
        runner.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def newcomer(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def first_page(newcomer: BrowserContext, address: str) -> Page:
    page = newcomer.new_page()
    page.goto(f"{address}/city/")
    return page


def test_a_transfer_is_watched_from_both_desks(newcomer: BrowserContext, address: str) -> None:
    page = first_page(newcomer, address)
    page.get_by_role("button", name="Watch a transfer from both desks").click()
    desks = page.locator("#desks")
    expect(desks).to_contain_text("Monitoring", timeout=PATIENCE_MS)
    assert desks.locator("section").count() == 2
    assert desks.get_by_text("Owner").count() == 2


def test_the_next_call_is_taken_and_time_goes_as_ours(
    newcomer: BrowserContext, address: str
) -> None:
    page = first_page(newcomer, address)
    page.get_by_role("button", name="Take the next call").click()
    expect(page.locator("#screen")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".legs .line")).to_contain_text("Anna Miller")
    page.keyboard.press("0")
    beside = first_page(newcomer, address)  # the call's own page stays open: somebody sits there
    until = time.monotonic() + PATIENCE_MS / 1000
    while not beside.get_by_text("Real time").count():
        assert time.monotonic() < until, "the city's clock does not slow down"
        beside.wait_for_timeout(500)
        beside.reload()


def test_a_team_is_sent(newcomer: BrowserContext, address: str) -> None:
    page = first_page(newcomer, address)
    page.get_by_role("button", name="Dispatch a team").click()
    expect(page.get_by_role("heading", name="Recommended units")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Dispatch .* 1$")).click()
    expect(page.locator(".team")).to_contain_text("Dispatched", timeout=PATIENCE_MS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_pages_are_accessible_and_fit_a_phone(
    browser: Browser, address: str, theme: str
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, color_scheme=theme, locale="es"  # type: ignore[arg-type]
    )  # fmt: skip
    page = context.new_page()
    try:
        for path in ("/city/", "/city/watch/", "/city/practice/"):
            page.goto(address + path)
            assert wrong(page) == [], path
        page.get_by_role("button", name="Escenario al azar").click()
        page.wait_for_url("**/city/practice/*-*/")
        call = page.url
        for link in ("", "caller/", "debrief/"):
            page.goto(call + link)
            assert wrong(page) == [], link
    finally:
        context.close()
