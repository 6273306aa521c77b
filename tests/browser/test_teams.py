"""Somebody to come, from the desks by keyboard and from the team's phone by thumb, without a reload.

`NWD_SHOTS` keeps pictures of what was seen on the way.
"""

import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import NAME, City, desk, do, sign_in
from tests.browser.test_first_call import holder, level, shot
from tests.browser.test_journeys import Moves, take_call
from tests.browser.test_pages import wrong
from tests.browser.timers import overdue
from tests.conftest import database_url

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def pocket(browser: Browser) -> Iterator[BrowserContext]:
    """A phone in a hand: narrow, and touched."""
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="en-US")  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    yield context
    context.close()


def phone(pocket: BrowserContext, city: City, name: str) -> Page:
    sign_in(pocket, city, "field", name)
    page = pocket.new_page()
    page.goto(city.url("field", "/board/"))
    page.get_by_role("link", name="My assignment").tap()
    page.wait_for_url("**/field/")
    return page


def sign_on(page: Page, unit: str, *names: str) -> None:
    """Roll-call on the phone itself."""
    each = page.locator("details.panel", has_text=unit)
    if each.get_attribute("open") is None:
        each.locator("summary").tap()
    for name in names:
        box = each.get_by_label(name, exact=True)
        if not box.is_checked():
            box.tap()
    each.get_by_role("button", name="Sign on").tap()
    expect(page.get_by_role("heading", name=unit)).to_be_visible()


def tap(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).tap()


def ask(page: Page, what: str) -> None:
    """Ask for help on the call's page: A, the first letters of what, Tab to the button."""
    do(page, "A")
    expect(page.locator("#ask-for")).to_be_focused()
    found = page.locator("#ask-for option", has_text=re.compile(f"^{what}")).first
    page.locator("#ask-for").select_option(found.get_attribute("value"))
    for _ in range(3):  # note, language, the button
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(help_of(page, what.split(" ·", maxsplit=1)[0])).to_be_visible()


def help_of(page: Page, what: str) -> Locator:
    return page.locator(".asked-for", has_text=what).last


def waiting(page: Page, place: str) -> Locator:
    return page.locator("tr[data-key-row]", has_text=place)


def open_request(page: Page, place: str, what: str) -> None:
    """The request on the board of the desk that sends: T, down to it, Enter."""
    do(page, "T")
    page.wait_for_url("**/teams/")
    mine = waiting(page, place).filter(has_text=what).first
    expect(mine).to_be_visible()
    for _ in range(60):
        page.keyboard.press("ArrowDown")
        if page.evaluate("(row) => row === document.activeElement", mine.element_handle()):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/requests/*/")


def to_3b(page: Page) -> None:
    """Plan, means, today; will talk."""
    page.locator("#ask-MED").focus()
    page.keyboard.press("0")
    level(page, "2?")
    for key in ("2", "n", "3", "y"):
        page.keyboard.press(key)
    expect(page.locator("#ask-TALK [aria-pressed=true]")).to_have_count(1)
    for question, key in (("PLAN", "y"), ("MEANS", "y"), ("TIME", "2")):
        page.locator(f"#ask-{question}").focus()
        page.keyboard.press(key)
    level(page, "3B?")


def holders(number: str) -> list[tuple[str, str]]:
    """Who came to hold an episode, and how, as the database knows it."""
    query = """SELECT h.purpose, coalesce(m.name, h.attested_name) FROM episodes_handoff h
        JOIN episodes_episode e ON e.id = h.episode_id LEFT JOIN agencies_member m ON m.id = h.accepted_by_id
        WHERE e.label = %s AND h.accepted_at IS NOT NULL ORDER BY h.accepted_at"""
    with psycopg.connect(database_url("admin", NAME)) as admin:
        return admin.execute(query, [number]).fetchall()


def test_a_pair_goes_police_stage_and_the_center_accepts_by_name(
    browser: Browser, window: BrowserContext, pocket: BrowserContext, city: City
) -> None:
    maria = desk(window, city, "line", "Maria Lopez")
    david = desk(window, city, "911", "David Chavez")
    place = "77 N Pair Street"
    take_call(maria, place)
    number = maria.locator(".call-head .number").inner_text()
    to_3b(maria)
    luis = phone(pocket, city, "Luis Garza")
    sign_on(luis, "MHST-1", "Luis Garza", "Susan Kim")  # of two employers
    maria_stays = Moves(maria)

    ask(maria, "Co-responder · 911 floor")
    ask(maria, "Police staged")
    open_request(david, place, "Co-responder")
    expect(david.locator(".ranked li").first).to_contain_text("MHST-1")
    shot(david, "ranking")
    david.keyboard.press("1")
    expect(david.locator(".team", has_text="MHST-1")).to_contain_text("Luis Garza, Susan Kim")
    expect(help_of(maria, "Co-responder")).to_contain_text("MHST-1")
    open_request(david, place, "Police staged")
    david.keyboard.press("1")
    expect(david.locator(".team").first).to_contain_text("Dispatched")

    expect(luis.locator(".place")).to_have_text(place)  # it came by itself
    tap(luis, "En route")
    expect(help_of(maria, "Co-responder")).to_contain_text("En route")
    tap(luis, "On scene")
    tap(luis, "Keep police")
    expect(luis.locator("section", has_text="Police staged").first).to_contain_text("Police kept")
    shot(luis, "field")
    expect(help_of(maria, "Police staged")).to_contain_text("Police kept by the team")
    tap(luis, "Contact made")
    tap(luis, "Release police")
    expect(help_of(maria, "Police staged")).to_contain_text("Police released by the team")
    expect(maria.locator(".legs .line")).to_contain_text(
        "On the call"
    )  # the counselor is on the phone
    holder(maria, "Maria Lopez")
    assert holders(number) == []

    luis.locator("summary", has_text="Transport to…").tap()
    luis.locator(".going", has_text="Crisis Response Center").first.locator("button").tap()
    expect(luis.get_by_text("Waiting for acceptance")).to_be_visible()
    tap(luis, "Guest link for the receiver")
    expect(luis.locator(".secret")).to_be_visible()
    nurse = browser.new_context(viewport=PHONE, has_touch=True).new_page()  # type: ignore[arg-type]
    nurse.goto(luis.locator(".secret").inner_text())
    nurse.get_by_role("button", name="Open").click()
    nurse.get_by_label("Your name").first.fill("J. Park")
    nurse.get_by_label("operator/badge ID").fill("CRC 12")
    nurse.get_by_role("button", name="Accept").click()
    expect(nurse.get_by_text("You said yes. Arrival not recorded yet")).to_be_visible()
    expect(maria.locator(".now")).to_contain_text("J. Park said yes. Arrival not recorded yet")
    holder(maria, "Maria Lopez")  # still on the way
    shot(nurse, "guest-promised")
    nurse.get_by_role("button", name="Arrived and received").click()
    expect(nurse.get_by_role("heading", name="Arrived and received by J. Park")).to_be_visible()
    nurse.context.close()
    expect(maria.locator(".now")).to_contain_text("J. Park")
    assert holders(number) == [("transfer", "J. Park")] * 2  # the promise, and the arrival
    shot(maria, "call-with-teams")

    luis.goto(city.url("field", "/field/"))
    luis.locator("summary", has_text="Clear").last.tap()
    luis.get_by_label("Disposition").select_option("crc_vol")
    tap(luis, "Clear")
    expect(luis.locator("p.error")).to_contain_text("left at the scene")  # a required answer
    luis.get_by_label("No one and nothing").tap()
    tap(luis, "Clear")
    expect(luis.get_by_text("No active assignment.")).to_be_visible()
    expect(help_of(maria, "Co-responder")).to_contain_text("Completed")
    assert maria_stays == []
    tap(luis, "Sign off")


def test_a_queued_team_shows_its_promise_and_asks_to_choose(
    window: BrowserContext, city: City
) -> None:
    maria = desk(window, city, "line", "Maria Lopez")
    carl = desk(window, city, "desk", "Carl Jensen")
    place = "12 Queue Street"
    take_call(maria, place)
    ask(maria, "Mobile crisis team")
    open_request(carl, place, "Mobile crisis team")
    do(carl, "w")
    carl.locator("details[open] input[name=promised_at]").fill("40")
    carl.locator("details[open] button").press("Enter")
    expect(carl.locator("main")).to_contain_text("No unit assigned")
    expect(help_of(maria, "Mobile crisis team")).to_contain_text(
        "Carl Jensen calls the caller meanwhile"
    )
    moves = Moves(maria)

    overdue(city, "dispatch.choice", minutes=21)
    expect(help_of(maria, "Mobile crisis team")).to_contain_text("Decide now (1)")
    assert moves == []
    expect(carl.get_by_role("heading", name="No team is on the way. Choose:")).to_be_visible()
    shot(carl, "choose")
    do(carl, "k")
    expect(carl.locator(".now.alarm")).to_have_count(0)
    overdue(city, "dispatch.choice", minutes=20)
    expect(help_of(maria, "Mobile crisis team")).to_contain_text("Decide now (2)")


def test_a_missed_check_in_climbs_to_police(
    window: BrowserContext, pocket: BrowserContext, city: City
) -> None:
    maria = desk(window, city, "line", "Maria Lopez")
    carl = desk(window, city, "desk", "Carl Jensen")
    david = desk(window, city, "911", "David Chavez")
    place = "9 Silent Street"
    take_call(maria, place)
    ask(maria, "Mobile crisis team")
    ruben = phone(pocket, city, "Ruben Salas")
    sign_on(ruben, "CMT-A2", "Ruben Salas", "Kathy Burns")
    open_request(carl, place, "Mobile crisis team")
    carl.get_by_role("button", name="Dispatch").first.focus()
    for button in carl.locator(".ranked li", has_text="CMT-A2").get_by_role("button").all():
        button.focus()
    carl.keyboard.press("Enter")
    tap(ruben, "En route")
    tap(ruben, "On scene")
    do(david, "T")
    david.wait_for_url("**/teams/")
    do(carl, "T")
    carl.wait_for_url("**/teams/")

    overdue(city, "dispatch.check_in")
    expect(waiting(carl, place)).to_contain_text("1 check-in missed")
    overdue(city, "dispatch.check_in")
    expect(waiting(carl, place)).to_contain_text("2 check-ins missed")
    expect(waiting(david, place)).to_have_count(0)
    overdue(city, "dispatch.check_in")
    expect(waiting(david, place).filter(has_text="Police now")).to_have_class("waits")
    shot(david, "climbs-to-police")
    ruben.get_by_role("button", name="We're OK").tap()
    expect(waiting(carl, place).first).not_to_contain_text("missed")


def test_duress_is_seen_on_every_page_until_somebody_acknowledges_it(
    window: BrowserContext, pocket: BrowserContext, browser: Browser, city: City
) -> None:
    """A3: seen and heard by who must act, acknowledged by name, and the phone is told what is true."""
    carl = desk(window, city, "desk", "Carl Jensen")
    floor = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    ruth = desk(floor, city, "boss", "Ruth Palmer")
    ana = phone(pocket, city, "Ana Ruiz")  # with somebody since the busy hour began
    carl.goto(city.url("desk", "/messages/"))  # a page that has nothing to do with teams
    button = ana.get_by_role("button", name="DURESS: police now")
    button.tap()  # a pocket does that
    expect(ana.locator("#duress-said")).to_have_count(0)

    button.click(delay=1200)

    expect(ana.locator("#duress-said")).to_contain_text("Waiting for your desk.")
    for page in (carl, ruth):
        expect(page.locator(".duress-bar")).to_contain_text("Duress: CMT-A1")
        expect(page).to_have_title(re.compile(r"^\(\d+\) "))
        assert wrong(page) == []
    shot(carl, "duress-desk")
    shot(ruth, "duress-shift-supervisor")
    shot(ana, "duress-phone")
    assert ana.locator(".duress-bar").count() == 0  # whoever stands beside it reads along
    ruth.locator(".duress-bar").get_by_role("button", name="Acknowledge").click()
    expect(ana.locator("#duress-said")).to_contain_text("Ruth Palmer acknowledged")
    expect(carl.locator(".duress-bar")).to_have_count(0)
    carl.locator("#bell").click()
    expect(carl.locator(".alarm-list")).to_contain_text("Ruth Palmer acknowledged")
    shot(carl, "alarms-open")
    ana.get_by_role("button", name="Send the alarm again").click(delay=1200)
    expect(carl.locator(".duress-bar")).to_contain_text("Duress: CMT-A1")
    carl.goto(city.url("desk", "/teams/"))
    carl.locator("tr.alarm", has_text="CMT-A1").first.focus()
    do(carl, "e")
    carl.wait_for_url("**/teams/")
    expect(carl.locator("tr", has_text="CMT-A1").first).not_to_contain_text("DURESS")
    floor.close()
