"""A release signed at the center opens what it names on a police page that stands open, and stopping it shuts it."""

import os
import subprocess

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.busy_hour import PLACE
from tests.browser.conftest import NAME, City, sign_in
from tests.browser.test_pages import wrong
from tests.browser.test_releases import drawn
from tests.conftest import ROOT, database_url

WITHIN_MS = 1500
"""One second, and what a loaded machine takes to draw."""
LASTS_S = 4
SOON_OVER = f"""
import sys
import django
django.setup()
from datetime import timedelta
from uuid import UUID
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.web.clock import now
from tests.makers import an_actor
from tests.sharing.full import a_release
police, center = (an_actor(name) for name in ("luis.garza", "judith.park"))
a_release(center, at=now(), plan=Plan.CARE, until_at=now() + timedelta(seconds={LASTS_S}),
    told_program_id=police.program_id, teller_id=center.program_id, person_id=UUID(sys.argv[1]))
"""
"""Signed at the center for a few seconds: no form offers less than days."""


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


def ends_by_itself(told: Locator, person_id: str) -> None:
    """A release that ends: nobody says so, and the page that stands open shows it no more."""
    environment = os.environ | {
        "DATABASE_URL": database_url("app", NAME),
        "DATABASE_OWNER_URL": database_url("owner", NAME),
    }
    words = [str(ROOT / ".venv/bin/python"), "-c", SOON_OVER, person_id]
    subprocess.run(words, env=environment, cwd=ROOT, check=True)
    expect(told).to_contain_text(PLACE, timeout=WITHIN_MS)
    expect(told).not_to_contain_text(PLACE, timeout=LASTS_S * 1000 + WITHIN_MS)


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
    opened(center, city, "crc")
    ends_by_itself(told, center.url.rstrip("/").rpartition("/")[2])
    signed(center, city)
    expect(told).to_contain_text(PLACE, timeout=WITHIN_MS)
    expect(told).to_contain_text("HIPAA authorization or a release names them")

    center.get_by_role("button", name="Stop it").click()
    expect(told).not_to_contain_text(PLACE, timeout=WITHIN_MS)
