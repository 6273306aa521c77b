"""A release signed at the center opens what it names on a police page that stands open, and stopping it shuts it."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.busy_hour import PLACE
from tests.browser.conftest import City, sign_in
from tests.browser.test_pages import wrong
from tests.browser.test_releases import drawn

WITHIN_MS = 1500
"""One second, and what a loaded machine takes to draw."""


def opened(page: Page, city: City, desk: str) -> None:
    """Their program's own record of Thomas, whom the support team brought to the center (`busy_hour`)."""
    page.goto(city.url(desk, "/persons/"))
    page.get_by_role("link", name="Thomas Arnett").first.click()
    page.wait_for_url("**/persons/*-*/")


def signed(page: Page, city: City) -> None:
    """At the center, on a phone: he lets the support team know what he needs."""
    opened(page, city, "crc")
    person_id = page.url.rstrip("/").rpartition("/")[2]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(city.url("crc", f"/releases/new/?person={person_id}"))
    page.get_by_label("Permission").select_option("care")
    page.get_by_label("Name", exact=True).fill("Thomas Arnett")
    page.get_by_label("Birth date").fill("1980-03-14")
    page.get_by_label("Who is told", exact=True).select_option(
        label="Tucson Police Department, Mental Health Support Team"
    )
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Let them read and sign").click()
    page.wait_for_url("**/read/")
    drawn(page)
    page.get_by_role("button", name="Sign and get my copy").click()


def test_a_release_opens_a_police_page_and_stopping_it_shuts_it(
    window: BrowserContext, city: City
) -> None:
    sign_in(window, city, "desk", "Luis Garza")
    police = window.new_page()
    opened(police, city, "desk")
    told = police.get_by_role("region", name="What you may see from others")
    expect(told).not_to_contain_text(PLACE)
    assert wrong(police) == []

    sign_in(window, city, "crc", "Judith Park")
    center = window.new_page()
    signed(center, city)
    expect(told).to_contain_text(PLACE, timeout=WITHIN_MS)
    expect(told).to_contain_text("A release names them")

    center.get_by_role("button", name="Stop it").click()
    expect(told).not_to_contain_text(PLACE, timeout=WITHIN_MS)
