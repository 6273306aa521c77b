"""Every page, as everybody may meet it: both themes, both languages, desk and phone.

Each look walks over a busy hour with axe, and sees at both sizes that nothing is wider than the screen.
`NWD_SHOTS=folder` keeps what was seen as pictures, for somebody to look at.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from nowrongdoor.agencies.facts import Role
from nowrongdoor.agencies.rules import GRANTS
from nowrongdoor.site.modules import MODULES
from tests.browser.conftest import City, sign_in

WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what is right is not gathered
}
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 360, "height": 740}}
LOOKS = {"light-en-desk": ("light", "en-US", "desk"), "dark-es-phone": ("dark", "es-MX", "phone")}
"""Axe in each theme; how wide it is at either size in each language."""


def at(path: str, desk: str = "911") -> Callable[[Page, City], None]:
    def go(page: Page, city: City) -> None:
        page.goto(city.url(desk, path))

    return go


def open_first(page: Page, city: City) -> None:
    page.goto(city.url("911", "/board/"))
    page.locator("[data-row-open]").first.click()
    page.wait_for_url("**/episodes/*/")
    for each in page.locator("main details > summary").all():
        each.click()


def open_person(page: Page, city: City) -> None:
    """The record of somebody who may be two others, with every small form open."""
    page.goto(city.url("911", "/persons/"))
    page.get_by_role("link", name="Rosa Villa Soto").first.click()
    page.wait_for_url("**/persons/*/")
    page.evaluate(OPEN_ALL)


def open_forms(page: Page, city: City) -> None:
    """The board with a row's small forms open, and the list of keys over it."""
    page.goto(city.url("911", "/board/"))
    page.locator("tr[data-key-row]").first.hover()
    page.locator("tr[data-key-row] details > summary").first.click()


def found(page: Page, city: City) -> None:
    """What a search found, open and closed."""
    page.goto(city.url("911", "/episodes/find/"))
    page.locator("#sought").fill("karen")
    page.locator("#sought").press("Enter")
    page.wait_for_selector("[data-key-row]")


def keys(page: Page, city: City) -> None:
    page.goto(city.url("911", "/board/"))
    page.keyboard.press("?")


def locked(page: Page, city: City) -> None:
    page.goto(city.url("911", "/board/"))
    page.evaluate(
        "void fetch('/lock/', {method: 'POST',"
        " headers: JSON.parse(document.body.getAttribute('hx-headers'))})"
    )
    page.wait_for_url("**/unlock/**")


def refused(page: Page, city: City) -> None:
    page.goto(city.url("911", "/no-such-page/"))


def people(page: Page, city: City) -> None:
    """An administrator's page with every small form open."""
    page.goto(city.url("911", "/people/"))
    for each in page.locator("main details > summary").all():
        each.click()


def screens() -> dict[str, Callable[[Page, City], None]]:
    """The screens that modules declare and a 911 supervisor has: a new one is looked at by itself."""
    hers = GRANTS[Role.PSAP_SUPERVISOR]
    return {
        screen.page: at(reverse(screen.page))
        for module in MODULES
        for screen in module.screens
        if hers & set(screen.needs if isinstance(screen.needs, tuple) else (screen.needs,))
    }


BEFORE = {"sign-in": at("/account/sign-in/"), "demo": at("/demo/")}
SIGNED_IN = {
    "home": at("/"),
    "board": at("/board/"),
    "board-offered": at("/board/?show=offered"),
    "board-empty": at("/board/?show=queue"),
    "board-forms": open_forms,
    "found": found,
    "keys": keys,
    "new-call": at("/calls/new/"),
    "episode": open_first,
    "person": open_person,
    "relief": at("/relief/"),
    "supervising": at("/supervising/"),
    "queue-empty": at("/queue/"),
    "morning": at("/morning/"),
    "second-factor": at("/account/second-factor/"),
    "account": at("/account/"),
    "refused": refused,
    **screens(),
    "locked": locked,
}


OPEN_ALL = "document.querySelectorAll('main details').forEach((each) => { each.open = true; })"


def request(page: Page, city: City) -> None:
    """The first request that waits, with every small form open."""
    page.goto(city.url("desk", "/teams/"))
    page.locator("tr.waits [data-row-open], tr.alarm [data-row-open]").first.click()
    page.wait_for_url("**/requests/*/")
    page.evaluate(OPEN_ALL)


def opened(path: str) -> Callable[[Page, City], None]:
    def go(page: Page, city: City) -> None:
        page.goto(city.url("desk", path))
        page.evaluate(OPEN_ALL)

    return go


PEOPLE: dict[tuple[str, str], dict[str, Callable[[Page, City], None]]] = {
    ("911", "Ruth Palmer"): SIGNED_IN,
    ("desk", "Gloria Mendez"): {"queue": at("/queue/", "desk")},
    ("desk", "Carl Jensen"): {
        "teams": at("/teams/", "desk"),
        "rollcall": opened("/rollcall/"),
        "request": request,
    },
    ("desk", "Ana Ruiz"): {"field": at("/field/", "desk"), "field-open": opened("/field/")},
    ("desk", "Maria Lopez"): {"home-with-work": at("/", "desk")},
    ("desk", "Grace Webb"): {"home-to-look": at("/", "desk")},
    ("desk", "Kathy Burns"): {"field-nobody": opened("/field/")},
    ("911", "Victor Reed"): {"people": people},
    ("911", "Helen Marsh"): {"keys-of-machines": at("/keys/"), "home-without-a-board": at("/")},
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible_and_fits(browser: Browser, city: City, look: str) -> None:
    theme, language, size = LOOKS[look]
    context = browser.new_context(
        viewport=SIZES[size],  # type: ignore[arg-type]
        color_scheme=theme,  # type: ignore[arg-type]
        locale=language,
        reduced_motion="reduce",
        has_touch=size == "phone",
    )
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    found: dict[str, object] = {}
    for name, go in BEFORE.items():
        found |= look_at(page, city, f"{name}-{look}", go)
    for (label, somebody), theirs in PEOPLE.items():
        sign_in(context, city, label, somebody)
        for name, go in theirs.items():
            found |= look_at(page, city, f"{name}-{look}", go)
    context.close()

    assert found == {}
    assert [each for each in troubles if "404" not in each] == []


# A key that leads to another screen must not be another thing's on the page: the screen would win.
CLASHES = """
() => {
  const keys = (part) => [...document.querySelectorAll(`${part} [data-key]`)].map((each) => each.dataset.key);
  const screens = new Set(keys("#rail"));
  return keys("main").filter((key) => screens.has(key));
}
"""

# The act of a row, in a table that is scrolled sideways: whoever does not scroll does not know of it.
OUT_OF_SIGHT = """
() => [...document.querySelectorAll(".scroll td:last-child > form > button")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth)
  .map((each) => each.textContent.trim())
"""


def look_at(
    page: Page, city: City, name: str, go: Callable[[Page, City], None]
) -> dict[str, object]:
    """What is wrong with one page: rules of axe that it breaks, or that it is too wide."""
    go(page, city)
    page.wait_for_load_state()
    if page.locator("#live").count():
        page.wait_for_selector("#live:has-text('live'), #live:has-text('en vivo')")
    if folder := os.environ.get("NWD_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    found = wrong(page)
    now = page.viewport_size
    for size, other in SIZES.items():
        if other != now:
            page.set_viewport_size(other)  # type: ignore[arg-type]
            found += [f"{each} at a {size}" for each in too_wide(page)]
    page.set_viewport_size(now)  # type: ignore[arg-type]
    return {name: found} if found else {}


def wrong(page: Page) -> list[str]:
    """The rules of axe that a page breaks, keys that clash, and what is wider than the screen."""
    found = [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}"
        for each in Axe().run(page, options=WCAG).response["violations"]
    ]
    found += [f"the key {key} is a screen's and this page's" for key in page.evaluate(CLASHES)]
    return found + too_wide(page)


def too_wide(page: Page) -> list[str]:
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    found = [f"{overflow} px too wide"] if overflow > 0 else []
    return found + [f"{each} is out of sight" for each in page.evaluate(OUT_OF_SIGHT)]


def test_axe_finds_what_is_wrong(browser: Browser, city: City) -> None:
    """The negative control: a page made worse on purpose is named."""
    page = browser.new_page()
    page.goto(city.url("911", "/account/sign-in/"))
    page.evaluate("document.querySelector('label').remove()")
    page.evaluate("document.querySelector('input[name=login]').removeAttribute('placeholder')")

    def stay(_page: Page, _city: City) -> None:
        """It is there already."""

    assert "label" in str(look_at(page, city, "worse", stay))

    page.evaluate("document.body.style.width = '900px'")
    assert "too wide at a phone" in str(look_at(page, city, "worse", stay))
    page.close()


def test_the_screen_reader_hears_what_waits_not_every_second(browser: Browser, city: City) -> None:
    """Live regions do not shout: ages tick without being announced."""
    page = browser.new_page()
    page.goto(city.url("911", "/demo/"))
    page.get_by_role("button", name="Ruth Palmer").first.focus()
    page.keyboard.press("Enter")  # as the demo's picker allows; other tests pass it by
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    page.goto(city.url("911", "/board/"))

    loud = page.evaluate(
        "[...document.querySelectorAll('[aria-live], [role=status], [role=alert]')]"
        ".filter((each) => each.querySelector('time')).length"
    )

    assert loud == 0
    page.close()


@pytest.mark.parametrize("path", ["/board/", "/calls/new/", "/relief/"])
def test_a_stranger_meets_the_sign_in_page(browser: Browser, city: City, path: str) -> None:
    page = browser.new_page()
    page.goto(city.url("911", path))

    assert "/account/sign-in/" in page.url
    page.close()
