"""A half-written note is kept: from a colleague's hand, without a network, behind a lock, after a session's end."""

import json
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import City, desk, do, sign_in
from tests.browser.test_first_call import shot
from tests.browser.test_journeys import take_call

KEPT = "Object.entries(sessionStorage).filter(([name]) => name.startsWith('draft ')).map(String)"
LOCK = """() => {
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  fetch(document.body.dataset.lock, { method: "POST", headers });
}"""
DRAWN_AGAIN = """() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const there = () => [...document.querySelectorAll(`#follows :is(${all})`)];
  const lost = [];
  document.querySelectorAll("#follows details").forEach((each) => { each.setAttribute("open", ""); });
  for (const n of there().keys()) {
    const before = there()[n];
    before.focus();
    if (document.activeElement !== before) continue; // it cannot have the focus
    dispatchEvent(new Event("nwd:leaving"));
    const follows = document.getElementById("follows");
    follows.outerHTML = follows.outerHTML;
    dispatchEvent(new Event("nwd:drawn"));
    if (document.activeElement !== there()[n]) lost.push(before.outerHTML.slice(0, 200));
  }
  return [there().length, lost];
}"""


def field(page: Page, name: str) -> Locator:
    return page.locator(f"form[action$='/card/'] [name={name}]")


def says(page: Page, name: str) -> Locator:
    """The box of a field, which says that it is Not sent yet, and how long it is."""
    return page.locator("form[action$='/card/'] .field", has=page.locator(f"[name={name}]"))


def saved(page: Page) -> Any:
    return page.expect_response(lambda answer: answer.url.endswith("/card/"))


def test_of_two_tabs_neither_overwrites_the_other(window: BrowserContext, city: City) -> None:
    page = desk(window, city, "911", "Anna Miller")
    take_call(page, "Two tabs, Grant Road")
    other = window.new_page()
    other.goto(page.url)
    field(other, "place").focus()
    with saved(page):
        field(page, "note").fill("Rifle by the door")
        field(page, "note").press("Control+Enter")

    with saved(other) as answer:
        field(other, "place").fill("Two tabs, Apt 7")
        field(other, "place").press("Enter")
    assert answer.value.status == 200
    page.keyboard.press("Escape")
    expect(field(page, "place")).to_have_value("Two tabs, Apt 7")  # drawn again, by the stream
    expect(field(page, "note")).to_have_value("Rifle by the door")

    field(other, "note").fill("Two dogs")
    with saved(page):
        field(page, "note").fill("Rifle, and a pistol")
        field(page, "note").press("Control+Enter")
    with saved(other) as answer:
        field(other, "callback").focus()  # leaving the note saves it
    assert answer.value.status == 409
    expect(other.locator(".wrote")).to_contain_text("Rifle, and a pistol")
    expect(field(other, "note")).to_have_value("Two dogs")
    expect(says(other, "note")).to_have_attribute("data-says", "Not sent yet")
    shot(other, "somebody-wrote")
    other.reload()  # nothing of it is lost by leaving either
    expect(field(other, "note")).to_have_value("Two dogs")
    expect(other.locator(".wrote")).to_contain_text("Rifle, and a pistol")
    with saved(other) as answer:
        field(other, "note").press("Control+Enter")  # both were seen
    assert answer.value.status == 200
    expect(other.locator(".wrote")).to_have_count(0)

    field(other, "note").fill("x" * 2001)
    expect(says(other, "note")).to_have_attribute(
        "data-says", "Not sent yet · 2001 of 2000: too long"
    )
    with saved(other) as answer:
        field(other, "note").press("Control+Enter")
    assert answer.value.status == 422
    expect(other.locator(".card .error")).to_contain_text("You entered 2001.")
    assert len(field(other, "note").input_value()) == 2001
    shot(other, "too-long")
    assert "x" * 20 not in json.dumps(other.evaluate(KEPT))


def test_without_a_network_text_goes_by_itself_and_a_transfer_waits_to_be_pressed(
    window: BrowserContext, city: City
) -> None:
    page = desk(window, city, "911", "Luis Ortega")
    take_call(page, "Cut network, Park Avenue")
    log = page.locator("[name=text]").first
    log.evaluate("(box) => { box.closest('details').open = true; }")
    log.fill("Half a sen")
    page.locator("#ask-MED").focus()
    page.keyboard.press("n")  # the page is drawn again, by an act elsewhere on it
    expect(page.locator("#ask-MED [aria-pressed=true]")).to_have_count(1)
    with saved(page):
        field(page, "name_given").fill("Sam")
        field(page, "name_given").press("Enter")

    window.set_offline(True)
    field(page, "note").fill("Back door is open")
    page.locator("#ask-MED").focus()
    expect(page.locator("#notice")).to_contain_text("It is sent automatically")
    do(page, "t")
    expect(page.locator(".unsent")).to_contain_text("Press again")
    expect(says(page, "note")).to_have_attribute("data-says", "Not sent yet")
    shot(page, "not-sent")
    with saved(page) as answer:
        window.set_offline(False)

    assert answer.value.status == 200
    expect(says(page, "note")).not_to_have_attribute("data-says", "Not sent yet")
    expect(field(page, "note")).to_have_value("Back door is open")
    expect(page.locator(".unsent")).to_contain_text("Press again")
    expect(page.get_by_role("button", name="Cancel transfer")).to_have_count(0)
    do(page, "t")
    expect(page.get_by_role("button", name="Cancel transfer")).to_be_visible()
    expect(page.locator(".unsent")).to_have_count(0)
    expect(page.locator("[name=text]").first).to_have_value("Half a sen")


def listens(page: Page) -> None:
    """Wait for its stream: one that is asked for without a session takes the page elsewhere by itself."""
    page.wait_for_selector("#live:not(.stale):has-text('live')")


def test_a_lock_and_an_ended_session_keep_what_was_typed_for_its_member_alone(
    window: BrowserContext, city: City
) -> None:
    page = desk(window, city, "line", "Denise Wright")
    page.goto(city.url("line", "/calls/paper/"))
    page.locator("#place").fill("9 Paper Lane")
    page.locator("#came").fill("2026-11-24T14:05")
    page.locator("#class").select_option(index=1)
    page.evaluate(LOCK)

    page.wait_for_url("**/unlock/**")  # its stream was refused
    assert "Paper Lane" not in json.dumps(page.evaluate(KEPT))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/calls/paper/")
    expect(page.locator("#place")).to_have_value("9 Paper Lane")
    expect(page.locator("#came")).to_have_value("2026-11-24T14:05")

    listens(page)
    window.clear_cookies(name="session")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notice")).to_contain_text("Sign in first.")
    shot(page, "session-ended")
    sign_in(window, city, "line", "Denise Wright")
    page.reload()
    expect(page.locator("#place")).to_have_value("9 Paper Lane")
    expect(page.locator("#class")).not_to_have_value("")
    for name in ("Maria Lopez", "Denise Wright"):  # whoever comes next ends it
        listens(page)
        window.clear_cookies()
        sign_in(window, city, "line", name)
        page.reload()
        expect(page.locator("#place")).to_have_value("")
    assert page.evaluate(KEPT) == []


def test_the_focus_comes_back_to_every_control_of_a_call(
    window: BrowserContext, city: City
) -> None:
    page = desk(window, city, "911", "Anna Miller")
    take_call(page, f"https://maps.example/{'x' * 150}")

    found, lost = page.evaluate(DRAWN_AGAIN)

    assert found > 40
    assert lost == []
    page.goto(city.url("911", "/board/"))  # one long word takes nobody's columns off the screen
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    last = page.locator("tr[data-key-row] td.act").first.bounding_box()
    assert last is not None
    assert last["x"] + last["width"] <= 1440


def test_a_desk_is_idle_when_none_of_its_tabs_is_used(window: BrowserContext, city: City) -> None:
    """The last act is the browser's: what one tab hears, another knows."""
    page = desk(window, city, "boss", "Ruth Palmer")
    other = window.new_page()
    other.goto(page.url)
    before = other.evaluate("Number(localStorage.getItem('acted'))")
    page.wait_for_function("(before) => Date.now() > before + 1000", arg=before)

    page.keyboard.press("Escape")

    assert other.evaluate("Number(localStorage.getItem('acted'))") > before
