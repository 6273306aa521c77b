"""One evening at the desks, by keyboard alone and without a reload.

After sign-in no test calls goto or reload on a desk whose liveness it checks: what a page shows
came by the stream, and the recorded navigations say so.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import City, desk, do, hears
from tests.conftest import ROOT, database_url


class Moves(list[str]):
    """Where a page went by itself or by its person's keys, since it was watched."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        page.on("framenavigated", lambda frame: self.append(frame.url))


def row(page: Page, place: str) -> "object":
    return page.locator("tr[data-key-row]", has_text=place)


def take_call(page: Page, place: str) -> None:
    """A call, answered: n, Enter; then where, with w and Enter. The page of the call is open."""
    do(page, "n")
    expect(page.locator("button[name=medium]").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/*/")
    expect(page.locator("#ask-MED")).to_be_focused()
    do(page, "w")
    page.keyboard.type(place)
    page.keyboard.press("Enter")
    expect(page.locator("#saved")).not_to_be_empty()
    page.keyboard.press("Escape")


def enter_call(page: Page, place: str, *, send: bool = False) -> None:
    """A call, answered and perhaps transferred with t; then back at the board."""
    take_call(page, place)
    if send:
        do(page, "t")
        expect(page.get_by_role("button", name="Cancel transfer")).to_be_visible()
    do(page, "b")
    page.wait_for_url("**/board/")


def walk_to(page: Page, selector: str) -> None:
    for _ in range(40):
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never reaches {selector}")


def choose_row(page: Page, place: str) -> None:
    """Walk down the board with the arrow, then up, until the row has the focus."""
    found = row(page, place)
    for arrow in ("ArrowDown",) * 60 + ("ArrowUp",) * 60:
        if found.evaluate("(tr) => tr === document.activeElement"):  # type: ignore[attr-defined]
            return
        page.keyboard.press(arrow)
    raise AssertionError(f"the keyboard never reaches {place}")


def test_a_call_goes_to_the_line_and_its_holder_is_relieved_by_name(
    window: BrowserContext, city: City
) -> None:
    anna = desk(window, city, "911", "Anna Miller")
    maria = desk(window, city, "line", "Maria Lopez")
    thomas = desk(window, city, "relief", "Thomas Baker")
    ruth = desk(window, city, "boss", "Ruth Palmer")
    still = {"maria": Moves(maria), "ruth": Moves(ruth)}
    place = "Laundromat on Grant"

    enter_call(anna, place, send=True)

    expect(row(ruth, place)).to_contain_text("Anna Miller")
    expect(row(maria, place)).to_contain_text("Awaiting your answer")
    hears(maria, "A transfer to you is waiting.")

    choose_row(maria, place)
    do(maria, "a")
    for page in (maria, ruth, anna):
        expect(row(page, place).locator("td.l-owner")).to_contain_text("Maria Lopez")
    assert still == {"maria": [], "ruth": []}

    do(maria, "r")
    maria.wait_for_url("**/relief/")
    walk_to(maria, "#to")
    maria.keyboard.type("Thomas")
    maria.keyboard.press("Escape")
    do(maria, "o")
    expect(thomas.locator("[data-waits=r]")).not_to_be_empty()

    do(thomas, "r")
    thomas.wait_for_url("**/relief/")
    do(thomas, "a")
    expect(row(ruth, place).locator("td.l-owner")).to_contain_text("Thomas Baker")
    expect(maria.locator("main")).to_contain_text("You have no active calls, so you can sign out.")
    assert still["ruth"] == []


def test_a_declined_offer_comes_back_with_its_reason_and_is_followed(
    window: BrowserContext, city: City
) -> None:
    luis = desk(window, city, "911", "Luis Ortega")
    rosa = desk(window, city, "line", "Rosa Figueroa")
    place = "Trailhead, Sweetwater"
    enter_call(luis, place, send=True)
    expect(row(rosa, place)).to_be_visible()

    choose_row(rosa, place)
    do(rosa, "d")
    rosa.keyboard.type("At capacity")
    rosa.keyboard.press("Tab")
    rosa.keyboard.press("Enter")

    hears(luis, "A transfer was declined.")
    expect(row(luis, place).locator("td.l-owner")).to_contain_text("Luis Ortega")
    choose_row(luis, place)
    expect(row(luis, place).locator("summary", has_text="Transfer")).to_be_visible()
    luis.keyboard.press("Enter")
    luis.wait_for_url("**/episodes/*/")
    expect(luis.locator("main")).to_contain_text("Declined")
    expect(luis.locator("main")).to_contain_text("At capacity")


def test_an_episodes_own_page_draws_itself_again(window: BrowserContext, city: City) -> None:
    karen = desk(window, city, "911", "Karen Hughes")
    maria = desk(window, city, "line", "Maria Lopez")
    place = "Church steps, 6th Ave"
    enter_call(karen, place, send=True)
    choose_row(karen, place)
    karen.keyboard.press("Enter")
    karen.wait_for_url("**/episodes/*/")
    moves = Moves(karen)

    choose_row(maria, place)
    do(maria, "a")

    expect(karen.locator(".call-head")).to_contain_text("Maria Lopez")
    assert moves == []
    hears_beats(karen)


def hears_beats(page: Page) -> None:
    """Signs of life arrive here: two of them, so that one may have been on its way already."""
    page.evaluate(
        """Promise.race([
            new Promise((heard) => {
                let beats = 0;
                addEventListener("nwd:beat", () => (beats += 1) === 2 && heard());
            }),
            new Promise((_, silent) => setTimeout(silent, 20000, new Error("no sign of life"))),
        ])"""
    )


def test_whoever_turns_out_worse_moves_up_on_every_board(
    window: BrowserContext, city: City
) -> None:
    luis = desk(window, city, "911", "Luis Ortega")
    karen = desk(window, city, "911", "Karen Hughes")
    enter_call(karen, "Order, the first to ring")
    take_call(karen, "Order, rang later")
    both = luis.locator("tr[data-key-row]", has_text="Order,")
    expect(both).to_contain_text(["the first to ring", "rang later"])
    moves = Moves(luis)

    karen.locator("#ask-MED").focus()
    karen.keyboard.press("y")

    expect(both).to_contain_text(["rang later", "the first to ring"])
    assert moves == []


def test_an_answer_that_came_too_late_says_so_and_changes_nothing(
    window: BrowserContext, city: City
) -> None:
    """Two counselors press accept; one of them has a screen that hears nothing."""
    anna = desk(window, city, "911", "Anna Miller")
    maria = desk(window, city, "line", "Maria Lopez")
    deaf = desk(window, city, "deaf", "Thomas Baker")
    place = "Pharmacy on Broadway"
    enter_call(anna, place, send=True)
    expect(row(deaf, place)).to_be_visible()
    deaf.evaluate("document.querySelector('[data-board]').dataset.board = 'none'")
    choose_row(maria, place)
    do(maria, "a")
    expect(row(maria, place)).to_contain_text("Maria Lopez")

    choose_row(deaf, place)
    do(deaf, "a")

    expect(deaf.locator("#notice")).to_be_visible()
    expect(deaf.locator("#notice")).not_to_be_empty()
    expect(row(anna, place).locator("td.l-owner")).to_contain_text("Maria Lopez")


@contextmanager
def frozen(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """A process group that stands still, as in a full disk or a paused machine."""
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGCONT)


@pytest.mark.parametrize("which", ["worker", "server"])
def test_a_screen_that_hears_nothing_new_says_stale(
    window: BrowserContext, city: City, which: str
) -> None:
    page = desk(window, city, "911", "David Chavez")

    with frozen(getattr(city, which)):
        started = time.monotonic()
        expect(page.locator("#live.stale")).to_contain_text("Not updating for", timeout=8_000)
        assert time.monotonic() - started > 1  # not before anything was missed
        page.emulate_media(media="print")  # paper is printed exactly then
        expect(page.locator("#as-of")).to_contain_text("NOT UPDATING since")
        expect(page.locator("#as-of .paper")).to_contain_text("As of")
        faint = "getComputedStyle(document.querySelector('.calls')).opacity"
        assert page.evaluate(faint) == "1"
        page.emulate_media(media="screen")

    expect(page.locator("#live")).to_have_text("Live", timeout=8_000)


def test_many_tabs_share_one_stream(window: BrowserContext, city: City) -> None:
    """A browser opens six connections a host; with a stream each, the seventh tab would never load."""
    pages = [desk(window, city, "911", "Ruth Palmer")]
    for _ in range(7):
        page = window.new_page()
        page.goto(city.url("911", "/board/"))
        pages.append(page)
    anna = desk(window, city, "desk2", "Anna Miller")
    enter_call(anna, "Food court, tab test")

    for page in pages:
        expect(row(page, "Food court, tab test")).to_be_visible()
        expect(page.locator("#live")).to_have_text("Live")


def test_ended_access_ends_the_screen_at_once(window: BrowserContext, city: City) -> None:
    page = desk(window, city, "line", "Irma Salas")
    end = """
import django; django.setup()
from nowrongdoor.agencies import commands
from nowrongdoor.web.clock import now
from tests.makers import an_actor, member_id
commands.end_access(by=an_actor("oscar.nunez"), at=now(), member_id=member_id("irma.salas"))
"""
    environment = os.environ | {"DATABASE_URL": database_url("app", "nwd_browser")}
    subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-c", end], env=environment, cwd=ROOT, check=True
    )

    page.wait_for_url("**/account/sign-in/**", timeout=5_000)
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_idle_screen_locks_but_never_over_somebody_who_is_held(
    window: BrowserContext, city: City
) -> None:
    free = desk(window, city, "line", "Denise Wright")
    holding = desk(window, city, "911", "Anna Miller")
    for page in (free, holding):
        page.clock.install()
        page.reload()
        page.clock.fast_forward("16:00")

    free.wait_for_url("**/unlock/**")
    expect(free.get_by_role("heading")).to_have_text("Screen locked")
    free.keyboard.press("Enter")
    free.wait_for_url("**/board/")
    assert holding.url.split("#")[0].endswith("/board/")


def test_the_question_mark_tells_the_keys(window: BrowserContext, city: City) -> None:
    page = desk(window, city, "911", "Karen Hughes")

    page.keyboard.press("?")

    told = page.get_by_role("dialog")
    for words in ("New call", "Shift change", "Search", "Print for downtime"):
        expect(told).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()


def test_a_number_read_over_the_radio_finds_its_episode(window: BrowserContext, city: City) -> None:
    page = desk(window, city, "911", "Karen Hughes")
    page.keyboard.press("/")
    page.keyboard.type("t26-000002")
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/*/")
    expect(page.locator(".call-head .number")).to_have_text("T26-000002")
    assert "000002" not in page.url

    do(page, "b")
    page.wait_for_url("**/board/")
    page.keyboard.press("/")
    page.keyboard.type("karen hug")
    page.keyboard.press("Enter")
    first = page.locator("tr[data-key-row]").first
    expect(first).to_be_focused()
    expect(first).to_contain_text("Karen Hughes")
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/*/")
    expect(page.locator(".call-head")).to_contain_text("Karen Hughes")


def test_a_page_on_paper_is_the_list_and_nothing_to_press(
    window: BrowserContext, city: City
) -> None:
    page = desk(window, city, "911", "Ruth Palmer")

    page.emulate_media(media="print")

    expect(page.locator("table.board")).to_be_visible()
    expect(page.locator("#as-of")).to_contain_text("As of")
    expect(page.locator("#as-of")).not_to_contain_text("NOT UPDATING")
    for gone in (
        ".rail",
        ".tabs",
        ".bar form",
        "#sound",
        "#theme",
        "[data-print]",
        "td.act",
        "#filters",
    ):
        expect(page.locator(gone).first).to_be_hidden()


def test_two_desks_of_one_browser_do_not_share_their_cookies(
    window: BrowserContext, city: City
) -> None:
    desk(window, city, "911", "Anna Miller")
    other = window.new_page()
    other.goto(city.url("line", "/board/"))

    assert "/account/sign-in/" in other.url


def test_on_a_call_bare_keys_only_answer(window: BrowserContext, city: City) -> None:
    """A4: no letter leaves the page, opens a second call or sends somebody; the command bar does, by key or by word."""
    page = desk(window, city, "911", "Karen Hughes")
    take_call(page, "14 W Bare Keys Rd")
    here = page.url
    page.locator("body").evaluate("() => document.activeElement.blur()")

    for letter in "nbzTRMr7qGuxtleAwo0":
        page.keyboard.press(letter)
    assert page.url == here
    expect(page.get_by_role("button", name="Cancel transfer")).to_have_count(0)
    do(page, "w")
    page.keyboard.type("14 W Bare Keys Road")
    page.keyboard.press("Enter")
    expect(page.locator("#screen .ask:focus")).to_have_count(1)  # and goes on asking

    page.keyboard.press("Control+k")
    page.keyboard.type("new ca")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calls/new/")
    page.keyboard.press("?")
    page.locator("#keys-bare").uncheck()
    page.keyboard.press("Escape")
    do(page, "b")  # turned off, also elsewhere
    assert page.url.endswith("/calls/new/")
