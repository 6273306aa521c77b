"""The map of the dispatch board: drawn where the browser can, under the strict policy; a picture where it cannot."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHROMIUM, City, sign_in

DRAWS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
"""Without a graphics card: the browser draws by itself."""
REFUSED = """
window.refused = [];
addEventListener("securitypolicyviolation", (each) => refused.push(each.violatedDirective + " " + each.blockedURI));
"""


@pytest.fixture
def drawing(browser: Browser) -> Iterator[Browser]:
    """A browser with WebGL; the one of the other journeys has none."""
    another = browser.browser_type.launch(executable_path=CHROMIUM, args=DRAWS)
    yield another
    another.close()


def opened(browser: Browser, city: City) -> Page:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-US", reduced_motion="reduce"
    )
    context.add_init_script(REFUSED)
    sign_in(context, city, "desk", "Carl Jensen")
    page = context.new_page()
    page.goto(city.url("desk", "/teams/"))
    return page


def test_the_map_is_drawn_and_nothing_is_fetched_from_elsewhere(
    drawing: Browser, city: City
) -> None:
    asked: list[str] = []
    page = opened(drawing, city)
    page.on("request", lambda request: asked.append(request.url))
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.reload()
    page.wait_for_selector("#map[data-map=drawn]")
    before = page.locator("#map").screenshot()
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_selector("#map[data-map=drawn]")

    assert page.locator("#map").screenshot() != before  # what is seen is drawn, and moves
    assert page.evaluate("refused") == []
    assert troubles == []
    assert {
        url for url in asked if not url.startswith((city.url("desk"), "data:", "blob:"))
    } == set()
    expect(page.locator("svg.map")).to_be_hidden()
    page.emulate_media(media="print")  # on paper stands what needs no script
    expect(page.locator("svg.map")).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()


def test_without_webgl_the_picture_stands_there(browser: Browser, city: City) -> None:
    page = opened(browser, city)

    expect(page.locator("svg.map")).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    page.context.close()
