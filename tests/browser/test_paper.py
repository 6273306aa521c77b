"""After a failure: sheets of paper are typed back in at the desk, each with the time that it says."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import City, desk, do
from tests.browser.test_journeys import take_call, walk_to

MINUTES_AGO = (95, 80, 61, 37, 12)


def wall_clock(page: Page) -> datetime:
    """What the clock on the wall says, to the minute: as people write it down."""
    clock = page.locator("#clock")
    shown = datetime.fromisoformat(clock.get_attribute("datetime") or "")
    return shown.astimezone(ZoneInfo(clock.get_attribute("data-zone") or "")).replace(
        second=0, microsecond=0
    )


def type_in(page: Page, came_at: datetime, place: str) -> None:
    send_in(page, came_at, place)
    page.wait_for_url("**/episodes/*/")


def send_in(page: Page, came_at: datetime, place: str) -> None:
    page.keyboard.press("n")
    page.wait_for_url("**/calls/new/")
    page.get_by_role("link", name="Enter a downtime (paper) call").press("Enter")
    page.wait_for_url("**/calls/paper/")
    expect(page.locator("#came")).to_be_focused()
    page.locator("#came").fill(f"{came_at:%Y-%m-%dT%H:%M}")
    walk_to(page, "#class")
    page.keyboard.type("Welfare")
    walk_to(page, "#place")
    page.keyboard.type(place)
    page.keyboard.press("Enter")


def test_what_is_printed_says_of_which_day_it_is(window: BrowserContext, city: City) -> None:
    page = desk(window, city, "911", "David Chavez")
    day = page.locator("#as-of .paper")
    expect(day).to_be_hidden()
    page.emulate_media(media="print")
    expect(day).to_be_visible()
    expect(day).to_contain_text(str(wall_clock(page).year))


def test_a_long_note_is_printed_whole(window: BrowserContext, city: City) -> None:
    page = desk(window, city, "911", "David Chavez")
    take_call(page, "Long note, Stone Avenue")
    note = page.locator("form[action$='/card/'] [name=note]")
    hidden = "(note) => note.scrollHeight - note.clientHeight + note.scrollWidth - note.clientWidth"
    note.fill("Two dogs, and a neighbor who shouts. " * 20)
    assert note.evaluate(hidden) <= 0
    page.emulate_media(media="print")
    assert note.evaluate(hidden) <= 0


def test_five_sheets_are_typed_back_in_with_the_times_on_them(
    window: BrowserContext, city: City
) -> None:
    page = desk(window, city, "911", "David Chavez")
    now = wall_clock(page)
    sheets = {
        f"Paper sheet {number}": now - timedelta(minutes=ago)
        for number, ago in enumerate(MINUTES_AGO)
    }

    for place, came_at in sheets.items():
        type_in(page, came_at, place)
        opened = page.get_by_role("region", name="Transfer history").locator("tbody tr").first
        expect(opened).to_contain_text(f"{came_at:%H:%M}:00")
        do(page, "b")
        page.wait_for_url("**/board/")

    for place, came_at in sheets.items():
        row = page.locator("tr[data-key-row]", has_text=place)
        held = row.locator("time[data-age]").first
        expect(row).to_contain_text("paper")
        assert datetime.fromisoformat(held.get_attribute("datetime") or "") == came_at

    send_in(page, now - timedelta(minutes=90), "PAPER SHEET 0.")
    another = page.get_by_role("button", name="Different call: save")
    expect(another).to_be_focused()
    expect(page.locator("#place")).to_have_value("PAPER SHEET 0.")
    page.locator("#place").press("Enter")  # Save asks again
    expect(another).to_be_focused()
    another.press("Enter")
    page.wait_for_url("**/episodes/*/")

    counter = page.locator(".call-head .number").inner_text().partition("-")[2][:6]
    do(page, "b")
    page.wait_for_url("**/board/")
    seek(page, "T26-999999")
    expect(page.locator("main")).to_contain_text("No call found, or you don't have access to it.")
    expect(page.locator("#find")).to_have_value("T26-999999")
    seek(page, counter.lstrip("0"))
    page.wait_for_url("**/episodes/*/")


def seek(page: Page, said: str) -> None:
    page.keyboard.press("/")
    page.locator("#find").fill(said)
    page.locator("#find").press("Enter")
