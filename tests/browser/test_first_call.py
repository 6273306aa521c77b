"""The first call, from both desks: by keyboard, without a reload.

What each desk shows of the other's acts came by the stream; recorded navigations say so. `NWD_SHOTS`
keeps pictures of what was seen on the way.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import City, desk, do, hears
from tests.browser.test_journeys import Moves, choose_row, row, take_call, walk_to
from tests.browser.timers import hurry


class Keys:
    """Presses keys on a page and counts them, as a desk's work is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("NWD_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def level(page: Page, text: str) -> None:
    expect(page.locator("#need .level")).to_have_text(text)


def open_call(page: Page, place: str) -> None:
    choose_row(page, place)
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/*/")


def offered(window: BrowserContext, city: City, place: str) -> tuple[Page, Page]:
    """A call on Anna's screen, offered to the line, and Maria's board that shows it."""
    anna = desk(window, city, "911", "Anna Miller")
    maria = desk(window, city, "line", "Maria Lopez")
    take_call(anna, place)
    do(anna, "t")
    expect(row(maria, place)).to_contain_text("Awaiting your answer")
    return anna, maria


def accept(page: Page) -> None:
    """Accept what is offered to this page, once it shows."""
    expect(page.locator("[data-key='a']")).to_be_visible()
    do(page, "a")


def new_call(page: Page) -> None:
    page.keyboard.press("n")
    expect(page.locator("button[name=medium]").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/*/")
    expect(page.locator("#ask-MED")).to_be_focused()


def holder(page: Page, name: str) -> None:
    expect(page.locator(".now p strong").first).to_have_text(name)


def test_a_call_is_screened_transferred_worsens_comes_back_and_ends(
    window: BrowserContext, city: City
) -> None:
    anna = desk(window, city, "911", "Anna Miller")
    maria = desk(window, city, "line", "Maria Lopez")
    place = "Corner store, first call"
    take_call(anna, place)
    anna.locator("#ask-MED").focus()
    anna.keyboard.press("0")
    level(anna, "2?")
    for key in ("2", "n", "3", "y"):  # thinks of killing themselves, harms no one, adult, will talk
        anna.keyboard.press(key)
    expect(anna.locator("#ask-TALK [aria-pressed=true]")).to_have_count(1)
    for question in ("PLAN", "MEANS", "TIME", "GUN"):
        anna.locator(f"#ask-{question}").focus()
        anna.keyboard.press("n")
    expect(anna.locator("#need")).to_contain_text("Willing to talk to a counselor")
    shot(anna, "call-screened")
    do(anna, "t")
    expect(row(maria, place)).to_contain_text("Awaiting your answer")

    choose_row(maria, place)
    do(maria, "a")
    expect(row(maria, place)).to_contain_text("Maria Lopez")
    open_call(maria, place)
    shot(maria, "line-opens")
    anna_stays, maria_stays = Moves(anna), Moves(maria)
    expect(anna.locator(".legs .line")).to_contain_text("Monitoring")
    holder(anna, "Maria Lopez")

    maria.locator("#ask-PLAN").focus()  # it worsens: plan, means, today
    maria.keyboard.press("y")
    maria.locator("#ask-MEANS").focus()
    maria.keyboard.press("y")
    maria.locator("#ask-TIME").focus()
    maria.keyboard.press("2")
    level(maria, "3B?")
    level(anna, "3B?")
    expect(anna.locator(".now.alarm")).to_contain_text("Acknowledge the higher level")
    hears(anna, "The level rose. Review it.")
    shot(anna, "call-worsens")
    do(anna, "l")
    expect(anna.locator(".legs .opens button")).to_be_disabled()  # not in the first half minute
    do(anna, "v")
    expect(anna.locator("[data-key='v']")).to_have_count(0)
    do(anna, "k")
    holder(anna, "Anna Miller")
    holder(maria, "Anna Miller")

    do(anna, "t")  # returned to the line, accepted again
    accept(maria)
    holder(anna, "Maria Lopez")
    do(maria, "g")
    maria.keyboard.press("Tab")
    maria.keyboard.press("Tab")
    maria.keyboard.press("Enter")  # given back: still there
    accept(anna)
    holder(maria, "Anna Miller")
    do(anna, "t")
    accept(maria)
    holder(anna, "Maria Lopez")

    assert (anna_stays, maria_stays) == ([], [])
    hurry(city, seconds=31)
    anna.reload()  # its clock has not been moved
    for page in (anna, maria):
        if page.locator("[data-key='v']").count():
            do(page, "v")
            expect(page.locator("[data-key='v']")).to_have_count(0)
    agreed = maria.locator("form:has(input[value='means_safety_before_release']) button")
    agreed.click()  # where the means are kept: nobody lets go before
    expect(agreed).to_have_count(0)
    do(anna, "l")
    expect(anna.locator(".legs .line")).not_to_contain_text("Anna Miller")
    expect(anna.locator("#remark")).to_contain_text("911 floor off")
    shot(anna, "call-released")
    shot(maria, "line-desk")

    do(maria, "f")
    maria.keyboard.type("Safety")
    walk_to(maria, "#declined")
    maria.keyboard.press("Space")
    maria.keyboard.press("Tab")
    maria.keyboard.press("Enter")
    maria.wait_for_url("**/board/")
    expect(anna.locator("main")).to_contain_text("Resolved")  # what became of it, as a code
    expect(anna.locator("main")).not_to_contain_text("Safety plan made")


def test_a_transferred_call_takes_at_most_twelve_keys(window: BrowserContext, city: City) -> None:
    luis = desk(window, city, "911", "Luis Ortega")
    maria = desk(window, city, "line", "Maria Lopez")
    window.grant_permissions(["clipboard-read", "clipboard-write"])
    luis.goto(city.url("911", "/clip/?loc=Twelve+keys+Ave&cb=520-555-0199&nature=WELFARE+CHECK"))
    expect(luis.locator("#place")).to_have_value("Twelve keys Ave")
    assert luis.url.endswith("/clip/")  # the place has left the address line
    keys = Keys(luis)

    keys.press("Enter")
    luis.wait_for_url("**/episodes/*/")
    # none apply; then the minimum in turn: no suicide, harms no one, adult, will talk, in touch, scene safe
    keys.press("0", "n", "n", "3", "y", "n", "n")
    level(luis, "2")
    expect(luis.locator("[data-does]")).to_contain_text("Transfer to Crisis line")
    keys.press("Control+Enter")
    choose_row(maria, "Twelve keys Ave")
    do(maria, "a")
    holder(luis, "Maria Lopez")
    hurry(city, seconds=31)
    luis.reload()  # its clock has not been moved
    keys.press("Control+Enter")
    expect(luis.locator(".legs .line")).not_to_contain_text("Luis Ortega")
    keys.press("Control+Enter")
    expect(luis.locator("#notice")).to_have_text("Copied.")

    assert keys.count <= 12
    copied = luis.evaluate("navigator.clipboard.readText()")
    assert len(copied) <= 200
    assert "Twelve keys" not in copied


def test_a_call_with_nothing_known_can_be_sent_now(window: BrowserContext, city: City) -> None:
    """Send now needs only a place, or that it is being sought."""
    karen = desk(window, city, "911", "Karen Hughes")
    new_call(karen)

    do(karen, "x")

    expect(karen.locator("main")).to_contain_text("Police now")
    expect(karen.locator("main")).to_contain_text("Location unknown")


@pytest.mark.parametrize(
    ("key", "so_far"), [("u", "No level so far"), ("y", "Level so far: Medical emergency")]
)
def test_the_first_answer_gives_a_level_so_far_by_what_was_said(
    window: BrowserContext, city: City, key: str, so_far: str
) -> None:
    david = desk(window, city, "911", "David Chavez")
    new_call(david)

    david.keyboard.press(key)

    expect(david.locator("#need")).to_contain_text(so_far)
    expect(david.locator("#need")).to_contain_text("Provisional: emergency questions not finished")


def test_a_key_for_the_next_question_answers_no_other(window: BrowserContext, city: City) -> None:
    """Pressed before the next question was known, by somebody who then went elsewhere."""
    page = desk(window, city, "911", "Karen Hughes")
    new_call(page)
    page.keyboard.press("0")
    level(page, "2?")
    held: list[Route] = []

    def late(route: Route) -> None:
        if held:
            return route.continue_()
        return held.append(route)

    page.route("**/answer/", late)
    page.locator("#ask-SI").focus()
    with page.expect_request("**/answer/"):
        page.keyboard.press("1")
    page.keyboard.press("n")  # meant for what comes after
    page.locator("#ask-BHN").focus()
    page.keyboard.press("y")
    held[0].continue_()

    expect(page.locator("body:not([data-asking])")).to_be_visible()
    expect(page.locator("#ask-BHN [data-value=Y][aria-pressed=true]")).to_have_count(1)
    expect(page.locator(".ask:not(.hard) [aria-pressed=true]")).to_have_count(2)


@pytest.mark.parametrize("late_ms", [0, 600])  # before the next question is chosen, and after
def test_an_answer_that_comes_back_late_moves_nobody_who_went_elsewhere(
    window: BrowserContext, city: City, late_ms: int
) -> None:
    page = desk(window, city, "911", "Karen Hughes")
    new_call(page)
    page.keyboard.press("0")
    level(page, "2?")
    page.locator("#ask-SI").focus()
    page.keyboard.press("2")  # thinks of killing themselves: plan, means and time are asked
    expect(page.locator("#ask-MEANS")).to_be_visible()
    asked: list[Route] = []
    page.route("**/answer/", lambda route: asked.append(route))  # noqa: PLW0108 - it is written upon

    page.locator("#ask-PLAN").focus()
    with page.expect_request("**/answer/"):
        page.keyboard.press("y")
    page.locator("#ask-TIME").focus()  # past the means, which would be next
    page.wait_for_timeout(late_ms)
    expect(page.locator("#ask-TIME")).to_be_focused()
    [late] = asked
    with page.expect_response("**/answer/"):
        late.continue_()
    expect(page.locator("body:not([data-asking])")).to_be_visible()  # it is drawn, and all rests

    expect(page.locator("#ask-TIME")).to_be_focused()
    expect(page.locator("#ask-PLAN [aria-pressed=true]")).to_have_count(1)


def test_an_answer_that_is_not_ours_replaces_nothing_and_the_same_key_is_sent_again(
    window: BrowserContext, city: City
) -> None:
    """What a proxy answers while its server dies."""
    page = desk(window, city, "911", "Luis Ortega")
    take_call(page, "Server gone, Alvernon Way")
    keys: list[str | None] = []
    page.on("request", lambda sent: keys.append(sent.headers.get("idempotency-key")))
    page.route(
        "**/offer/",
        lambda route: route.fulfill(status=502, content_type="text/html", body="Bad Gateway"),
        times=1,
    )
    do(page, "t")
    expect(page.locator("#notice")).to_contain_text("couldn't confirm that")
    expect(page.locator("main")).not_to_contain_text("Bad Gateway")
    holder(page, "Luis Ortega")

    do(page, "t")

    expect(page.get_by_role("button", name="Cancel transfer")).to_be_visible()
    first, again = (key for key in keys if key)
    assert first == again
