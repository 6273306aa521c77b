"""What goes wrong with transfers, from the desks: by keyboard, without a reload."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import City, desk, do
from tests.browser.test_first_call import accept, holder, offered, open_call, shot
from tests.browser.test_journeys import Moves, choose_row, row, take_call, walk_to


def transferred(window: BrowserContext, city: City, place: str) -> tuple[Page, Page]:
    """A call that Anna handed to Maria, and on which Anna still listens."""
    anna, maria = offered(window, city, place)
    choose_row(maria, place)
    do(maria, "a")
    holder(anna, "Maria Lopez")
    return anna, maria


def test_whoever_listens_is_relieved_at_the_end_of_the_shift(
    window: BrowserContext, city: City
) -> None:
    anna, maria = transferred(window, city, "Shift change, Oracle Rd")
    open_call(maria, "Shift change, Oracle Rd")
    stays = Moves(maria)
    karen = desk(window, city, "relief", "Karen Hughes")

    anna.locator(".profile > summary").click()
    anna.get_by_role("button", name="Sign out").press("Enter")
    expect(anna.locator("main")).to_contain_text(re.compile("shift change", re.IGNORECASE))
    anna.go_back()
    do(anna, "r")
    anna.wait_for_url("**/relief/")
    walk_to(anna, "#to")
    anna.keyboard.type("Karen")
    anna.keyboard.press("Escape")
    do(anna, "o")
    expect(karen.locator("[data-waits=r]")).not_to_be_empty()
    do(karen, "r")
    karen.wait_for_url("**/relief/")
    do(karen, "a")

    expect(maria.locator(".legs .line")).to_contain_text("Karen Hughes")
    expect(maria.locator(".legs .line")).not_to_contain_text("Anna Miller")
    assert stays == []


def test_a_second_caller_about_the_same_place_is_joined_with_one_key(
    window: BrowserContext, city: City
) -> None:
    luis = desk(window, city, "911", "Luis Ortega")
    karen = desk(window, city, "second", "Karen Hughes")
    place = "Two callers, Euclid and 6th"
    take_call(luis, place)
    stays = Moves(luis)
    take_call(karen, place)
    suggested = karen.get_by_role("heading", name="Possible duplicate")
    expect(suggested).to_be_visible()

    do(karen, "i")
    accept(luis)

    expect(luis.locator("main")).to_contain_text("Linked to this call")
    expect(luis.locator(".legs .line")).to_have_count(2)  # each caller keeps their line
    holder(luis, "Luis Ortega")
    assert stays == []


def test_a_call_from_another_county_moves_on_to_its_own_centre(
    window: BrowserContext, city: City
) -> None:
    david = desk(window, city, "911", "David Chavez")
    walter = desk(window, city, "sheriff", "Walter Pena")
    take_call(david, "Ajo Hwy, mile 12")
    do(david, "j")
    david.keyboard.type("West")
    david.keyboard.press("Tab")
    expect(david.locator("#saved")).not_to_be_empty()
    david.keyboard.press("Escape")
    stays = Moves(david)

    do(david, "o")
    expect(david.locator("#send-to option").first).to_contain_text("520-555-0120")
    walk_to(david, "#send-to ~ *, button.first")
    david.locator("details[open] button.first").press("Enter")
    expect(row(walter, "Ajo Hwy")).to_contain_text("Awaiting your answer")
    choose_row(walter, "Ajo Hwy")
    do(walter, "a")

    holder(david, "Walter Pena")
    expect(david.locator(".legs .line")).to_contain_text("Monitoring")
    assert stays == []


def test_a_text_without_a_place_goes_to_911_while_the_counselor_stays_in_the_chat(
    window: BrowserContext, city: City
) -> None:
    rosa = desk(window, city, "line", "Rosa Figueroa")
    anna = desk(window, city, "911", "Anna Miller")
    rosa.keyboard.press("n")
    expect(rosa.locator("button[name=medium]").first).to_be_focused()
    rosa.keyboard.press("2")
    rosa.wait_for_url("**/episodes/*/")
    expect(rosa.locator("main")).to_contain_text("No one can monitor text")
    number = rosa.locator(".call-head .number").inner_text()
    stays = Moves(rosa)

    do(rosa, "g")
    expect(rosa.locator("#place-is")).to_be_focused()
    rosa.locator("details[open] button.first").press("Enter")
    expect(row(anna, number)).to_contain_text("Awaiting your answer")
    expect(row(anna, number)).to_contain_text("Location unknown")
    choose_row(anna, number)
    do(anna, "a")

    holder(rosa, "Anna Miller")
    expect(rosa.locator(".legs .line")).to_contain_text("Rosa Figueroa")
    expect(rosa.locator(".legs .line")).not_to_contain_text("Anna Miller")
    expect(rosa.locator("main")).to_contain_text("Location unknown")
    shot(rosa, "text-without-place")
    assert stays == []
