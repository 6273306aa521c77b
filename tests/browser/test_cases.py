"""After a call: it waits for a named person, who takes it, tries, and closes it, on a phone-sized page."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import City, sign_in


def test_a_follow_up_is_taken_by_name_tried_and_closed(browser: Browser, city: City) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844})
    sign_in(phone, city, "line", "Joan Whitfield")
    page = phone.new_page()

    page.goto(city.url("line", "/cases/"))
    row = page.locator("tr[id^=row-]").last
    expect(row).to_contain_text("Shown once you take it")
    expect(page.get_by_text("Zenobia Quill")).to_have_count(0)
    row.get_by_role("button", name="Take it").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Zenobia Quill")
    expect(page.get_by_text("520-555-0123")).to_be_visible()
    page.locator("summary", has_text="Log a try").click()
    page.get_by_label("Result").select_option("Reached")
    page.get_by_label("What was said").fill("Sleeps better.")
    page.get_by_role("button", name="Log a try").last.click()

    expect(page.get_by_text("Every task of the plan is over.")).to_be_visible()
    expect(page.get_by_text("Sleeps better.")).to_be_visible()
    page.locator("summary", has_text="Close the case").click()
    page.get_by_label("Outcome").select_option("Connected to care")
    page.get_by_role("button", name="Close the case").last.click()

    expect(page.get_by_text("by Joan Whitfield: Connected to care.")).to_be_visible()
    page.goto(city.url("line", "/cases/"))
    expect(page.get_by_text("Zenobia Quill")).to_have_count(0)
    phone.close()
