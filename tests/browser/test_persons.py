"""Who is this? Typed on the call page, by keyboard: candidates with reasons, one judgment, and the record's page."""

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import City, desk
from tests.browser.test_journeys import take_call


def test_who_calls_is_recognized_while_they_talk(window: BrowserContext, city: City) -> None:
    page = desk(window, city, "911", "Anna Miller")
    take_call(page, "Recognized, Grant Road")
    typed = page.locator("#person-typed")
    like = page.locator("#person-like")

    typed.locator("[name=given]").fill("Zenaida")
    typed.locator("[name=family]").fill("Quijano Peña")
    typed.locator("[name=born]").fill("3/4/1980")
    expect(like.locator("li")).to_have_count(0)  # nobody yet
    typed.locator("button").press("Enter")
    person = page.locator("section[aria-labelledby=person]")
    expect(person.get_by_role("link", name="Zenaida Quijano Peña")).to_be_visible()

    take_call(page, "Recognized again, Grant Road")
    typed.locator("[name=given]").press_sequentially("Senaida")
    typed.locator("[name=born]").press_sequentially("4/3/1980")
    candidate = like.locator("li", has_text="Zenaida Quijano Peña")
    expect(candidate).to_contain_text("first name similar")
    expect(candidate).to_contain_text("birth date with day and month swapped")
    assert "Quijano" not in page.url
    candidate.get_by_role("button", name="Same person").press("Enter")
    expect(person.get_by_role("link", name="Zenaida Quijano Peña")).to_be_visible()

    person.get_by_role("link", name="Zenaida Quijano Peña").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zenaida Quijano Peña")
    assert "Quijano" not in page.url
