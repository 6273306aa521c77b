"""The map of the dispatch board: drawn where the browser can, under the strict policy; a picture where it cannot."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import CHROMIUM, City, desk, sign_in
from tests.browser.test_journeys import take_call

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


def test_an_address_that_is_typed_names_its_zone_and_of_several_one_is_chosen(
    window: BrowserContext, city: City
) -> None:
    page = desk(window, city, "line", "Maria Lopez")
    take_call(page, "9 Nowhere Lane")
    place, zone = page.locator("input[name=place]"), page.locator("select[name=zone_id]")

    expect(page.locator("#place-found")).to_contain_text("Not found on the street list")
    place.fill("500 6th")
    chosen = page.get_by_role("button", name="500 S 6th Ave")
    with (
        page.expect_response(lambda answer: answer.url.endswith("/card/")),
        page.expect_response(lambda answer: answer.url.endswith("/class/")),
    ):
        chosen.click()
    expect(place).to_have_value("500 S 6th Ave")
    expect(page.locator("#place-found")).to_contain_text("On the map")
    expect(zone.locator("option:checked")).to_have_text("Central Tucson")
    page.reload()  # both were kept
    expect(place).to_have_value("500 S 6th Ave")
    expect(zone.locator("option:checked")).to_have_text("Central Tucson")
