"""The guest link on a real phone: previewed, opened, answered, without an account or a script of ours."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import City, desk
from tests.browser.test_journeys import take_call
from tests.browser.test_pages import LOOKS, SIZES, look_at

PLACES = iter(f"{number} Guest Road" for number in range(1, 99))


def offered(window: BrowserContext, city: City) -> Page:
    """A call offered to the sheriff's center, and the sender's page with its new link."""
    page = desk(window, city, "911", "Anna Miller")
    take_call(page, next(PLACES))
    page.locator("summary[data-key=o]").click()
    sheriff = page.locator("#send-to option", has_text="Sheriff").get_attribute("value")
    page.locator("#send-to").select_option(sheriff)
    page.get_by_role("button", name="Transfer", exact=True).click()
    page.get_by_role("button", name="Guest link").click()
    expect(page.locator(".secret")).to_be_visible()
    return page


@pytest.mark.parametrize("way", ["address", "code"])
def test_a_deputy_accepts_on_a_phone(
    browser: Browser, window: BrowserContext, city: City, way: str
) -> None:
    sender = offered(window, city)
    phone = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, java_script_enabled=False
    )
    page = phone.new_page()
    if way == "address":
        page.goto(sender.locator(".secret").inner_text())
    else:
        page.goto(city.url("911", "/guest/"))
        page.get_by_label("Short name of your facility").fill(sender.locator("#place").inner_text())
        page.get_by_label("Eight-digit code").fill(sender.locator("#digits").inner_text())
    page.get_by_role("button", name="Open").click()
    page.wait_for_url("**/guest/card/")
    expect(page.get_by_text("Guest Road")).to_be_visible()
    page.get_by_label("Your name").first.fill("R. Bell")
    page.get_by_label("operator/badge ID").fill("PCSD 114")
    page.get_by_role("button", name="Accept").click()

    expect(page.get_by_role("heading", name="Accepted at")).to_be_visible()
    number = page.locator("strong.number").inner_text()
    sender.get_by_role("link", name="Back to the call").click()
    expect(sender.locator(".call-head .number")).to_have_text(number)
    expect(sender.get_by_text("R. Bell").first).to_be_visible()
    page.get_by_role("button", name="Sign out of this device").click()
    page.goto(city.url("911", "/guest/card/"))
    expect(page.get_by_label("Eight-digit code")).to_be_visible()
    phone.close()


@pytest.mark.parametrize("look", LOOKS)
def test_the_guests_pages_are_accessible_and_fit(
    browser: Browser, window: BrowserContext, city: City, look: str
) -> None:
    theme, language, size = LOOKS[look]
    sender = offered(window, city)
    address = sender.locator(".secret").inner_text()
    context = browser.new_context(
        viewport=SIZES[size],  # type: ignore[arg-type]
        color_scheme=theme,  # type: ignore[arg-type]
        locale=language,
        reduced_motion="reduce",
        has_touch=size == "phone",
    )
    page, troubles = context.new_page(), []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)

    def open_all(page: Page, _city: City) -> None:
        page.locator("main form button").first.click()
        page.wait_for_url("**/guest/card/")
        page.locator("summary").click()

    def press(page: Page, _city: City) -> None:
        page.locator("input[name=name]").first.fill("R. Bell")
        page.locator("input[name=operator]").fill("PCSD 114")
        page.locator("main form button").first.click()
        page.wait_for_load_state()

    def half(page: Page, city: City) -> None:
        page.goto(city.url("911", "/guest/"))
        page.locator("input[name=place]").fill("crc")
        page.locator("input[name=code]").fill("12")
        page.locator("main form button").first.click()

    found: dict[str, object] = {}
    for name, go in {
        "follow": lambda page, _: page.goto(address),
        "card": open_all,
        "done": press,
        "half": half,
        "gone": lambda page, _: (page.goto(address), page.locator("main button").click()),
    }.items():
        found |= look_at(page, city, f"guest-{name}-{look}", go) | small(page, name)
    sender.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    sender.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    found |= look_at(sender, city, f"guest-made-{look}", lambda _page, _city: None)
    context.close()

    assert found == {}
    assert [each for each in troubles if not re.search("404|422", each)] == []


def small(page: Page, name: str) -> dict[str, object]:
    """What a finger must hit and is lower than 48 px."""
    wrong = page.evaluate(
        "[...document.querySelectorAll('main button, main .button, main input:not([type=hidden]), main select, main summary')]"
        ".filter((each) => each.offsetHeight > 0 && each.offsetHeight < 48)"
        ".map((each) => each.outerHTML.slice(0, 80))"
    )
    return {f"{name}: too small": wrong} if wrong else {}
