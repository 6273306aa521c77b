"""The board as a table: in any order, filtered, by keyboard; what arrives keeps both, and nothing urgent is hidden silently."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import City, desk, sign_in
from tests.browser.test_journeys import enter_call, row

WIDTHS = (1280, 1440, 1920)
LOOK = """() => ({
  wide: document.documentElement.scrollWidth - innerWidth,
  heights: [...document.querySelectorAll(".calls tbody tr:not([hidden])")].map((row) => row.getBoundingClientRect().height),
  top: document.querySelector(".calls tbody").getBoundingClientRect().top,
})"""
PLACES = "[...document.querySelectorAll('.calls tbody tr:not([hidden]) .l-place bdi')].map((each) => each.textContent)"
ROLES = """() => [...document.querySelectorAll(".calls tbody tr")].every((row) => row.getAttribute("role") === "row"
  && [...row.children].every((each) => each.matches("[role=cell], [role=rowheader]")))"""


def by_place(page: Page) -> list[str]:
    found: list[str] = page.evaluate(PLACES)
    return [place for place in found if place.startswith(("Alpha", "Beta", "Gamma"))]


def test_a_row_is_one_line_and_no_desk_scrolls_sideways(window: BrowserContext, city: City) -> None:
    """Of every role that has a board: whoever may do most with a row, and whoever is shown least of it."""
    for label, name in (("911", "Ruth Palmer"), ("line", "Maria Lopez"), ("911", "Anna Miller")):
        page = desk(window, city, label, name)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            seen = page.evaluate(LOOK)
            assert (seen["wide"], {32 <= each <= 36 for each in seen["heights"]}) == (0, {True})
            assert seen["top"] + 20 * max(seen["heights"]) <= 900
        page.set_viewport_size({"width": 390, "height": 844})  # cards, and still a table
        assert page.evaluate(LOOK)["wide"] == 0
        assert page.evaluate(ROLES)
        page.close()


def test_order_and_filters_stay_and_what_arrives_keeps_them(
    window: BrowserContext, city: City
) -> None:
    ruth = desk(window, city, "boss", "Ruth Palmer")
    asked: list[str] = []
    ruth.on("request", lambda sent: asked.append(f"{sent.url} {sent.post_data or ''}"))
    anna = desk(window, city, "911", "Anna Miller")
    for place in ("Gamma Street", "Alpha Street"):
        enter_call(anna, place)
        expect(row(ruth, place)).to_be_visible()

    ruth.locator("#by-place").focus()
    ruth.keyboard.press("Enter")
    expect(ruth.locator("th[data-by=place]")).to_have_attribute("aria-sort", "ascending")
    assert by_place(ruth) == ["Alpha Street", "Gamma Street"]
    enter_call(anna, "Beta Street")
    expect(row(ruth, "Beta Street")).to_be_visible()
    assert by_place(ruth) == ["Alpha Street", "Beta Street", "Gamma Street"]
    ruth.keyboard.press("Enter")
    assert by_place(ruth) == ["Gamma Street", "Beta Street", "Alpha Street"]

    ruth.locator("[data-filter=owner]").select_option(label="Anna Miller")
    expect(ruth.locator("#filters-count")).to_contain_text("calls")
    ruth.locator("#view-name").evaluate("(field) => { field.closest('details').open = true; }")
    ruth.locator("#view-name").fill("With Anna")
    ruth.keyboard.press("Enter")
    ruth.reload()
    expect(ruth.locator("th[data-by=place]")).to_have_attribute("aria-sort", "descending")
    assert by_place(ruth) == ["Gamma Street", "Beta Street", "Alpha Street"]
    owners = ruth.locator(".calls tbody tr:not([hidden]) .l-owner strong").all_inner_texts()
    assert set(owners) == {"Anna Miller"}

    ruth.locator("#filters-clear").click()
    expect(ruth.locator("#filters-count")).to_be_empty()
    ruth.locator("#views summary").click()
    ruth.get_by_role("button", name="With Anna", exact=True).click()
    expect(ruth.locator("[data-filter=owner] option:checked")).to_have_text("Anna Miller")
    kept = ruth.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert not [
        each for each in [*asked, kept, ruth.url] if "Anna Miller" in each or "With" in each
    ]


def test_what_is_urgent_is_not_hidden_silently(window: BrowserContext, city: City) -> None:
    ruth = desk(window, city, "boss", "Ruth Palmer")
    anna = desk(window, city, "911", "Anna Miller")
    place = "Hidden and urgent, Ina Road"
    enter_call(anna, place)
    expect(row(ruth, place)).to_be_visible()

    ruth.locator("[data-filter=level]").select_option("1")
    expect(row(ruth, place)).to_be_hidden()
    row(anna, place).locator("[data-row-open]").click()
    anna.wait_for_url("**/episodes/*/")
    anna.locator("#ask-MED").focus()
    anna.keyboard.press("y")  # level E

    expect(row(ruth, place).locator(".level-E")).to_have_count(1)
    told = ruth.locator("#urgent-hidden")
    expect(told).to_contain_text("hidden by filters")
    expect(row(ruth, place)).to_be_hidden()
    told.get_by_role("button", name="Show").press("Enter")
    expect(row(ruth, place)).to_be_visible()
    expect(told).to_be_hidden()
    assert ruth.evaluate("document.activeElement.matches('.calls tr[data-urgent], .calls tr')")


def test_what_may_be_done_comes_when_a_row_has_the_focus_or_is_tapped(
    window: BrowserContext, city: City
) -> None:
    sign_in(window, city, "911", "Ruth Palmer")
    ruth = window.new_page()
    ruth.goto(city.url("911", "/board/"))
    first = ruth.locator("tr[data-key-row]", has=ruth.locator("template.acts")).first
    name = first.get_attribute("id") or ""
    acts = ruth.locator(f"#{name} .acts form")

    expect(acts).to_have_count(0)
    ruth.locator(f"#{name} [data-row-open]").focus()
    ruth.keyboard.press("Tab")
    expect(acts.first).to_be_attached()
    assert ruth.evaluate("document.activeElement.closest('.acts') !== null")
    ruth.locator("h1").click()
    ruth.mouse.move(0, 0)
    expect(ruth.locator(f"#{name} .acts")).to_be_hidden()
    ruth.locator(f"#{name} .l-place").click()  # as a finger does, which points at nothing
    expect(ruth.locator(f"#{name} .acts")).to_be_visible()
