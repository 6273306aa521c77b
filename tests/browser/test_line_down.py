"""The line goes down: whoever supervises 911 takes over what it held, by keyboard, without a reload."""

import psycopg
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import NAME, City, desk, do
from tests.browser.test_first_call import holder, shot
from tests.browser.test_journeys import Moves, choose_row, row, take_call, walk_to
from tests.conftest import database_url

ONE, OTHER = "First of two, Pima Street", "Second of two, Pima Street"


def at_the_line(anna: Page, maria: Page, place: str) -> str:
    """The number of a call that Anna handed to Maria. Maria's board stays open."""
    take_call(anna, place)
    do(anna, "t")
    expect(row(maria, place)).to_contain_text("Awaiting your answer")
    choose_row(maria, place)
    do(maria, "a")
    holder(anna, "Maria Lopez")
    return str(anna.locator(".call-head .number").inner_text())


def choose_line(page: Page, key: str, name: str) -> Locator:
    """The first press only chooses a line that can do it; the arrow walks on to the one meant."""
    line = page.locator("section[data-key-row]", has=page.get_by_role("heading", name=name))
    page.keyboard.press(key)
    for _ in range(60):
        if line.evaluate("(section) => section === document.activeElement"):
            return line
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the keyboard never reaches {name}")


def leave_all_but(page: Page, line: Locator, number: str) -> None:
    """Untick everybody else on the list: Tab and Space."""
    boxes = line.locator("label", has=page.locator("input[name=episode]"))
    others = boxes.filter(has_not_text=number)
    for box in others.locator("input").all():
        walk_to(page, f"input[value='{box.get_attribute('value')}']")
        page.keyboard.press("Space")
    expect(line.locator("input[name=episode]:checked")).to_have_count(1)


def said(kind: str, *, number: str = "") -> list[str]:
    """Who did what of this kind, by the journal; of an episode, or of none."""
    query = (
        "SELECT m.name FROM journal_entry j JOIN agencies_member m ON j.by = 'member:' || m.id "
        "LEFT JOIN episodes_episode e ON e.id = j.episode_id "
        "WHERE j.kind = %s AND coalesce(e.label, '') = %s ORDER BY j.recorded_at, j.id"
    )
    with psycopg.connect(database_url("admin", NAME)) as admin:
        return [str(name) for [name] in admin.execute(query, [kind, number])]


def test_the_line_is_down_and_its_people_are_taken_over_first_one_then_all(
    window: BrowserContext, city: City
) -> None:
    anna = desk(window, city, "911", "Anna Miller")
    maria = desk(window, city, "line", "Maria Lopez")
    ruth = desk(window, city, "boss", "Ruth Palmer")
    one, other = (at_the_line(anna, maria, place) for place in (ONE, OTHER))
    do(anna, "b")
    anna.wait_for_url("**/board/")
    stays = {"911": Moves(anna), "line": Moves(maria)}

    do(ruth, "z")
    ruth.wait_for_url("**/supervising/")
    choose_line(ruth, "d", "Counselors")
    do(ruth, "d")
    expect(ruth.locator("section.alarm", has_text="Counselors")).to_contain_text(
        "reported by Ruth Palmer"
    )
    line = choose_line(ruth, "t", "Counselors")
    leave_all_but(ruth, line, one)
    shot(ruth, "line-down")
    do(ruth, "t")

    for page in (anna, maria):
        expect(row(page, ONE).locator("td.l-owner")).to_contain_text("Ruth Palmer")
        expect(row(page, OTHER).locator("td.l-owner")).to_contain_text("Maria Lopez")
    expect(line.locator("label", has_text=one)).to_have_count(0)
    choose_line(ruth, "a", "Counselors")
    do(ruth, "a")

    for page in (anna, maria):
        expect(row(page, OTHER).locator("td.l-owner")).to_contain_text("Ruth Palmer")
    expect(line.locator("input[name=episode]")).to_have_count(0)
    assert stays == {"911": [], "line": []}

    choose_line(ruth, "d", "Counselors")
    do(ruth, "d")
    expect(line.get_by_role("button", name="Mark line down")).to_be_visible()
    do(ruth, "r")  # nobody stays with the supervisor
    ruth.wait_for_url("**/relief/")
    walk_to(ruth, "#to")
    ruth.keyboard.type("Anna")
    ruth.keyboard.press("Escape")
    do(ruth, "o")
    expect(anna.locator("[data-waits=r]")).not_to_be_empty()
    do(anna, "r")
    anna.wait_for_url("**/relief/")
    do(anna, "a")
    expect(ruth.locator("main")).to_contain_text("You have no active calls, so you can sign out.")

    for kind in ("calls.line_down", "calls.line_up"):
        assert said(kind) == ["Ruth Palmer"]
    for number in (one, other):
        assert said("episodes.assumed", number=number) == ["Ruth Palmer"]
